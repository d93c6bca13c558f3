"""View `calendar`: events as lists and pages show them, with how full they are.

Events of other regions are in it too, as they were told here; what is `hidden` nobody is shown.
"""

from typing import Any

import orjson
from pymongo import IndexModel

from contracts.codec import encode
from contracts.events.states import Event, Seats
from contracts.federation.states import HiddenItem, Withdrawal
from gateway.views import eyes
from gateway.views.change import Change, Document, words

NAME = "calendar"
KINDS = ("event", "seats", "withdrawal", "hidden_item")
FILTERS = ("areas", "kind", "state", "series_id", "region", "words")
INDEXES = [
    IndexModel([("eyes", 1), ("starts_at", 1), ("_id", 1)]),
    IndexModel([("eyes", 1), ("updated_at", 1), ("_id", 1)]),
    IndexModel([("areas", 1), ("starts_at", 1), ("_id", 1)]),
    *(IndexModel([(name, 1), ("starts_at", 1), ("_id", 1)]) for name in FILTERS if name != "areas"),
]


def fold(state: Event | Seats | Withdrawal | HiddenItem) -> list[Change]:
    """The event's part of its document, the seats' part, or whether it is hidden."""
    if isinstance(state, HiddenItem) and state.kind == "innovation":
        return []
    part, fields = _part_of(state)
    return [Change(view=NAME, id=state.id, part=part, sequence=state.version, fields=fields)]


def _part_of(state: Event | Seats | Withdrawal | HiddenItem) -> tuple[str, Document]:
    if isinstance(state, Seats):
        return "seats", {"seats": seats_of(state)}
    if isinstance(state, HiddenItem):
        return "hidden_item", {"hidden": state.hidden}
    if isinstance(state, Withdrawal):
        return "event", withdrawn(state)
    return "event", event_fields(state)


def withdrawn(state: Withdrawal) -> Document:
    """Nothing is left of an event that is shared no more."""
    gone = dict.fromkeys(("kind", "state", "series_id", "body"))
    return {
        **gone,
        "eyes": [],
        "areas": [],
        "words": [],
        "region": state.region,
        "starts_at": "",
        "ends_at": "",
        "updated_at": state.updated_at,
    }


def event_fields(state: Event) -> Document:
    """What lists look for, and the event as it is shown."""
    return {
        "eyes": eyes.of_event(state),
        "areas": areas_of(state),
        "kind": state.kind,
        "state": state.state,
        "series_id": state.series_id,
        "region": state.region,
        "words": words((state.title, *state.topics, state.venue.name if state.venue else None)),
        "starts_at": state.starts_at,
        "ends_at": state.ends_at,
        "updated_at": state.updated_at,
        "body": orjson.dumps(encode(state)),
    }


def areas_of(event: Event) -> list[str]:
    """The home area first, then those that agreed to host it too (source: D17)."""
    return [event.area, *(cohost.area for cohost in event.cohosts if cohost.state == "confirmed")]


def seats_of(seats: Seats) -> Document:
    """What readers want to know of the seats."""
    return {
        "seats_left": None if seats.left is None else max(0, seats.left),
        "confirmed": seats.confirmed,
        "offered": seats.offered,
        "waiting": seats.waiting,
        "attended": seats.attended,
    }


def page(document: Any) -> bytes:
    """The event with its seats, joined without reading the event again."""
    seats = document.get("seats") or {"seats_left": None, "waiting": 0}
    body: bytes = document["body"]
    return body[:-1] + b"," + orjson.dumps(seats)[1:]
