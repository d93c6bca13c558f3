"""Events, registrations and the like as other services say them, for tests of who hears."""

from dataclasses import replace
from typing import Any

from contracts.codec import encode
from contracts.envelope import seal
from contracts.events import states as events
from contracts.fact import Fact
from tests.support.members import NOW, REGION

STARTS = "2030-12-12T02:00:00.000Z"
ENDS = "2030-12-12T05:00:00.000Z"


def begun(id: str, version: int = 1) -> dict[str, Any]:
    """What every aggregate begins with."""
    return {"id": id, "version": version, "region": REGION, "created_at": NOW, "updated_at": NOW}


def an_event(id: str = "barcode", version: int = 1, **fields: Any) -> events.Event:
    """A published workshop in Kota Kediri."""
    plain: dict[str, Any] = {
        "title": "Lokakarya barcode",
        "kind": "workshop",
        "area": "35.71",
        "state": "published",
        "starts_at": STARTS,
        "ends_at": ENDS,
        "timezone": "Asia/Jakarta",
        "venue": events.Place(name="SMAN 4 Kota Kediri"),
    }
    return events.Event(**begun(id, version), **{**plain, **fields})


def a_registration(member_id: str | None, version: int = 1, **fields: Any) -> events.Registration:
    """A member's place at the workshop."""
    plain: dict[str, Any] = {
        "id": f"r-{member_id}",
        "event_id": "barcode",
        "area": "35.71",
        "name": "Siapa",
        "state": "confirmed",
        "member_id": member_id,
    }
    wanted = {**plain, **fields}
    return events.Registration(**begun(wanted.pop("id"), version), **wanted)


def a_request(id: str = "wish", version: int = 1, **fields: Any) -> events.EventRequest:
    """A topic that ayu asked for."""
    plain: dict[str, Any] = {
        "topic": "Mencetak barcode",
        "area": "35.71",
        "state": "new",
        "requested_by": "ayu",
        "backers": ("ayu",),
    }
    return events.EventRequest(**begun(id, version), **{**plain, **fields})


def a_speaker(id: str = "s1", **fields: Any) -> events.Speaker:
    """Ayu, invited to speak."""
    plain: dict[str, Any] = {
        "name": "Ayu",
        "kind": "practitioner",
        "subject": "Barcode dari SLiMS",
        "state": "invited",
        "answer_by": "2030-12-01",
        "member_id": "ayu",
    }
    return events.Speaker(id=id, **{**plain, **fields})


def moved(state: Any, /, **changes: Any) -> Any:
    """The next version."""
    return replace(state, version=state.version + 1, **changes)


def sealed(fact: Fact, id: str, region: str = REGION) -> dict[str, Any]:
    """The fact on the wire."""
    return encode(seal(fact, id=id, region=region, time=NOW))
