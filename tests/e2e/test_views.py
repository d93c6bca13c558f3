"""A view that was dropped and rebuilt is the living one, byte for byte."""

import time
from typing import Any

import pytest

from cell.cell import Cell
from tests.support.client import KOTA, Body, Community, Person, Phone, consent, problem, told

SECONDS = 60.0
VIEWS = (
    "areas",
    "institutions",
    "members",
    "directory",
    "appointments",
    "competencies",
    "frameworks",
    "keys",
)


@pytest.fixture(scope="module")
def lived_in(community: Community) -> None:
    """Something in every view, with a history."""
    person = community.listed(KOTA)
    path = f"/v1/members/{person.id}/competencies"
    person.do("PUT", path, {"ratings": [{"area": "ICT", "level": 2}]})
    person.do("PUT", path, {"ratings": [{"area": "ICT", "level": 3}]})
    offer = {"member_id": person.id, "role": "mentor", "area": KOTA, "starts_on": "2026-01-01"}
    made = community.officer(KOTA).do("POST", "/v1/appointments", offer, 201)["id"]
    person.do("POST", f"/v1/appointments/{made}/accept")
    consent(community.listed(KOTA), "directory", granted=False)
    gone = community.listed(KOTA)
    gone.do(
        "PUT", f"/v1/members/{gone.id}/competencies", {"ratings": [{"area": "LIB", "level": 1}]}
    )
    gone.do("DELETE", "/v1/me")
    school = community.institution(KOTA)
    community.officer(KOTA).do("PATCH", f"/v1/institutions/{school['id']}", {"name": "Berubah"})


def contents(database: Any, view: str) -> dict[str, bytes]:
    """Every document as the bytes that the database holds."""
    from bson.codec_options import CodecOptions
    from bson.raw_bson import RawBSONDocument

    raw = database.get_collection(view, CodecOptions(document_class=RawBSONDocument))
    return {document["_id"]: document.raw for document in raw.find({})}


def still(database: Any, view: str, seconds: float = 1.0) -> dict[str, bytes]:
    """The contents once they have not changed for a while."""
    while True:
        before = contents(database, view)
        time.sleep(seconds)
        if contents(database, view) == before:
            return before


def differences(living: Body, rebuilt: Body) -> Body:
    """Where two contents differ, decoded."""
    import bson

    ids = {id for id in living.keys() | rebuilt.keys() if living.get(id) != rebuilt.get(id)}
    sides = (living, rebuilt)
    return {id: [bson.decode(side[id]) if id in side else None for side in sides] for id in ids}


@pytest.mark.parametrize("view", VIEWS)
def test_rebuilt_is_living(
    lived_in: None, operator: Person, databases: dict[str, Any], view: str
) -> None:
    views = databases["gateway"]
    living = still(views, view)
    assert living
    answer = operator.client.post(f"/v1/operations/views/{view}/rebuild", timeout=90)
    told(answer, 202)
    until = time.monotonic() + SECONDS
    while (rebuilt := contents(views, view)) != living and time.monotonic() < until:
        time.sleep(0.2)
    assert differences(living, rebuilt) == {}


def test_a_view_that_was_dropped_by_hand_comes_back_too(
    lived_in: None, operator: Person, databases: dict[str, Any]
) -> None:
    views = databases["gateway"]
    living = still(views, "directory")
    views["directory"].delete_many({})
    told(operator.client.post("/v1/operations/views/directory/rebuild", timeout=90), 202)
    until = time.monotonic() + SECONDS
    while contents(views, "directory") != living and time.monotonic() < until:
        time.sleep(0.2)
    assert differences(living, contents(views, "directory")) == {}


def test_phones_get_nothing_new_from_a_rebuild(lived_in: None, operator: Person) -> None:
    phone = Phone(operator)
    phone.settle()
    told(operator.client.post("/v1/operations/views/areas/rebuild", timeout=90), 202)
    assert phone.await_change(2.0) == []


def test_what_changes_during_a_rebuild_is_there_afterwards(
    community: Community, operator: Person, visitor: Person, cell: Cell
) -> None:
    made = [community.institution(KOTA)["id"] for _ in range(3)]
    told(operator.client.post("/v1/operations/views/institutions/rebuild", timeout=90), 202)
    made += [community.institution(KOTA)["id"] for _ in range(20)]
    until = time.monotonic() + SECONDS
    missing = set(made)
    while missing and time.monotonic() < until:
        missing = {id for id in made if visitor.get(f"/v1/institutions/{id}").status_code != 200}
    assert missing == set()


def test_a_view_that_nobody_knows_is_not_rebuilt(operator: Person) -> None:
    for name in ("nothing", "changes", "meta", "sessions", "../members"):
        answer = operator.post(f"/v1/operations/views/{name}/rebuild")
        problem(answer, 404)


def test_nothing_is_parked(operator: Person) -> None:
    assert told(operator.get("/v1/operations/parked"), 200)["items"] == []
