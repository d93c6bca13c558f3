"""View `calendar`: events as lists and pages show them, with how full they are."""

from typing import Any

import orjson
from pymongo import IndexModel

from contracts.codec import encode
from contracts.events.states import Event, Seats
from gateway.views import eyes
from gateway.views.change import Change, Document, words

NAME = "calendar"
KINDS = ("event", "seats")
FILTERS = ("areas", "kind", "state", "series_id", "words")
INDEXES = [
    IndexModel([("eyes", 1), ("starts_at", 1), ("_id", 1)]),
    IndexModel([("eyes", 1), ("updated_at", 1), ("_id", 1)]),
    IndexModel([("areas", 1), ("starts_at", 1), ("_id", 1)]),
    *(IndexModel([(name, 1), ("starts_at", 1), ("_id", 1)]) for name in FILTERS if name != "areas"),
]


def fold(state: Event | Seats) -> list[Change]:
    """The event's part or the seats' part of its document."""
    if isinstance(state, Seats):
        fields: Document = {"seats": seats_of(state)}
        return [Change(view=NAME, id=state.id, part="seats", sequence=state.version, fields=fields)]
    fields = {
        "eyes": eyes.of_event(state),
        "areas": areas_of(state),
        "kind": state.kind,
        "state": state.state,
        "series_id": state.series_id,
        "words": words((state.title, *state.topics, state.venue.name if state.venue else None)),
        "starts_at": state.starts_at,
        "ends_at": state.ends_at,
        "updated_at": state.updated_at,
        "body": orjson.dumps(encode(state)),
    }
    return [Change(view=NAME, id=state.id, part="event", sequence=state.version, fields=fields)]


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
