"""A member's own part of what others have a part in too, as his copy tells it."""

from collections.abc import Mapping
from typing import Any

import orjson

from chassis.schema import schema_of
from contracts.events import states as events
from contracts.mentoring import states as mentoring
from gateway.viewer import Viewer

TEXT = {"type": "string"}
MAYBE_TEXT = {"type": ["string", "null"]}


def part_in_event(document: Mapping[str, Any], viewer: Viewer) -> Any:
    """What he has to do with an event: whether he planned it, and where he speaks."""
    if document.get("hidden"):
        return None
    event, me = orjson.loads(document["body"]), viewer.member_id
    return {
        **{name: event[name] for name in ("id", "title", "state", "starts_at", "ends_at")},
        "planned": event["created_by"] == me,
        "speaking": [one for one in event["speakers"] if one["member_id"] == me],
    }


def own_words(document: Mapping[str, Any], viewer: Viewer) -> Any:
    """His part in a fault; what others wrote about it stays with the case."""
    issue, me = document["issue"], viewer.member_id
    reported, solved = issue["reported_by"] == me, issue["solved_by"] == me
    names = ("id", "mentorship_id", "code", "state", "created_at", "updated_at")
    return {
        **{name: issue[name] for name in names},
        "reported": reported,
        "description": issue["description"] if reported else None,
        "solved": solved,
        "remedy": issue["remedy"] if solved else None,
        "hops": [hop for hop in issue["hops"] if hop["by"] == me],
    }


def own_equipment(document: Mapping[str, Any], viewer: Viewer) -> Any:
    """What he lends, with all reservations; of what others lend, his own."""
    thing, me = document["equipment"], viewer.member_id
    if thing["owner_member_id"] == me:
        return thing
    kept = [one for one in thing["reservations"] if one["reserved_by"] == me]
    return {**thing, "reservations": kept}


def delivered(document: Mapping[str, Any], _: Viewer) -> Any:
    """A row of the ledger, without who had it sent."""
    return {name: told for name, told in document["delivery"].items() if name != "sender_id"}


PART_IN_EVENT = {
    "type": "object",
    "required": ["id", "title", "state", "starts_at", "ends_at", "planned", "speaking"],
    "properties": {
        **dict.fromkeys(("id", "title", "state", "starts_at", "ends_at"), TEXT),
        "planned": {"type": "boolean"},
        "speaking": {"type": "array", "items": schema_of(events.Speaker)},
    },
}
OWN_WORDS = {
    "type": "object",
    "required": ["id", "mentorship_id", "code", "state", "reported", "solved", "hops"],
    "properties": {
        **dict.fromkeys(("id", "mentorship_id", "code", "state", "created_at", "updated_at"), TEXT),
        "reported": {"type": "boolean"},
        "description": MAYBE_TEXT,
        "solved": {"type": "boolean"},
        "remedy": MAYBE_TEXT,
        "hops": {"type": "array", "items": schema_of(mentoring.Hop)},
    },
}
