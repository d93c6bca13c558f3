"""The visits that head and mentor agreed on, as entries of a calendar (source: F5)."""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.mentoring.states import ENDED

Told = Mapping[str, Any]
Entry = dict[str, Any]


def plan(case: Told, timezone: str) -> Iterator[tuple[Entry, str]]:
    """Each visit with its status; what an earlier version planned and this one not is cancelled.

    A plan that waits to be accepted is tentative; one that never was is nobody's calendar's yet.
    """
    agreement = case["agreement"]
    if agreement is None or not (accepted(agreement) or agreement["version"] > 1):
        return
    for visit in agreement["visits"]:
        yield entry(case, visit, timezone), status(case, agreement, visit)
    for visit in agreement.get("dropped") or ():
        yield entry(case, visit, timezone), "CANCELLED"


def accepted(agreement: Told) -> bool:
    """Whether both said yes to this version."""
    return bool(agreement["head_accepted_at"] and agreement["mentor_accepted_at"])


def status(case: Told, agreement: Told, visit: Told) -> str:
    """What calendars are told of a visit that is in the plan."""
    if visit["visit_id"]:
        return "CONFIRMED"
    if case["state"] in ENDED:
        return "CANCELLED"
    return "CONFIRMED" if accepted(agreement) and case["state"] != "on_hold" else "TENTATIVE"


def entry(case: Told, visit: Told, timezone: str) -> Entry:
    """A visit as calendars take events; its identity is its own, its version the case's."""
    return {
        "id": visit["id"],
        "version": case["version"],
        "updated_at": case["updated_at"],
        "starts_at": visit["planned_at"],
        "ends_at": None,
        "timezone": timezone,
        "title": f"Pendampingan: {case['institution_name']}",
        "state": case["state"],
        "description": case["goal"],
        "kind": "mentoring",
        "topics": [],
        "venue": {
            "name": case["institution_name"],
            "address": None,
            "latitude": case["latitude"],
            "longitude": case["longitude"],
        },
    }


def is_for(case: Told, person: Told) -> bool:
    """Whether the plan is this member's: he accompanies, or the institution named him to call."""
    if person["id"] in (case["mentor_id"], case["partner_id"]):
        return True
    contact = case["contact"]
    if contact is None or person["institution_id"] != case["institution_id"]:
        return False
    return any(contact[name] and contact[name] == person[name] for name in ("email", "phone"))
