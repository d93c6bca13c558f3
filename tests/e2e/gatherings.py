"""Events as end-to-end tests need them: planned, announced, filled, held."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.support.client import KOTA, Body, Community, Person, told

AT_ONCE = 8
TOGETHER = "Latihan bersama"


def at(**away: float) -> str:
    """The instant that far from now (days, hours, seconds), as the API takes it."""
    moment = datetime.now(UTC) + timedelta(**away)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")[:-4] + "Z"


def workshop(**fields: Any) -> Body:
    """What a workshop in Kota Kediri is planned with; a month away unless told otherwise."""
    plan: Body = {
        "title": f"Lokakarya {uuid4().hex[:8]}",
        "kind": "workshop",
        "area": KOTA,
        "starts_at": at(days=30),
        "ends_at": at(days=30, hours=3),
    }
    return {**plan, **fields}


def planned(who: Person, **fields: Any) -> Body:
    """A draft."""
    return who.do("POST", "/v1/events", workshop(**fields), 201)


def announced(who: Person, **fields: Any) -> Body:
    """An event that people can register for."""
    return publish(who, planned(who, **fields))


def publish(who: Person, event: Body) -> Body:
    """The draft, announced without a speaker."""
    return who.do("POST", f"{path(event)}/publish", {"no_speaker_reason": TOGETHER})


def path(event: Body, *parts: str) -> str:
    """The event's path, or one under it."""
    return "/".join((f"/v1/events/{event['id']}", *parts))


def register(person: Person, event: Body, **body: Any) -> Body:
    """His registration."""
    return person.do("POST", path(event, "registrations"), body, 201)


def registration(person: Person, of: Body) -> Body:
    """A registration as he sees it now."""
    return told(person.get(f"/v1/events/{of['event_id']}/registrations/{of['id']}"), 200)


def change(person: Person, of: Body, **body: Any) -> Body:
    """The registration, changed."""
    return person.do("PATCH", f"/v1/events/{of['event_id']}/registrations/{of['id']}", body)


def give_back(person: Person, of: Body) -> Body:
    """The registration, cancelled."""
    return person.do("DELETE", f"/v1/events/{of['event_id']}/registrations/{of['id']}")


def together(act: Callable[[Any], Any], those: Iterable[Any], at_once: int = AT_ONCE) -> list[Any]:
    """The results of acting on all of them, several at once."""
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(act, those))


def members(community: Community, number: int, **fields: Any) -> list[Person]:
    """New members of Kota Kediri, several at once."""
    community.officer(KOTA)
    return together(lambda _: community.member(KOTA, **fields), range(number))


def wait_for_start(event: Body) -> None:
    """Until it has begun."""
    begins = datetime.fromisoformat(event["starts_at"])
    time.sleep(max(0.0, (begins - datetime.now(UTC)).total_seconds() + 0.05))


def close(who: Person, event: Body) -> Body:
    """The event, held and written down."""
    wait_for_start(event)
    who.do("POST", path(event, "minutes"), {"text": "Semua mencetak satu lembar barcode."})
    return who.do("POST", path(event, "close"), {})
