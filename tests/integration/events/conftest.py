"""Two replicas of the events service, with empty books for every test."""

from contextlib import closing

import pytest

from services.events.repository import DATABASE
from tests.support.asker import Asker
from tests.support.house_of_events import CROWD, SERVICE, House


@pytest.fixture(scope="module")
def replicas(ground, tmp_path_factory):
    """Two replicas that serve the whole module."""
    with House(ground, tmp_path_factory.mktemp("house")) as house:
        house.hearers.append("events")
        house.declare(SERVICE)
        house.serve(SERVICE, ready=False)
        house.serve(SERVICE, ready=False)
        for service in house.services:
            service.wait_ready()
        yield house
        ground.mongo.drop_database(DATABASE)


@pytest.fixture
def house(replicas):
    """Empty books, a coordinator and a crowd."""
    for name in replicas.books.list_collection_names():
        if name not in ("leases", "signing_secret", "event_key"):
            replicas.books[name].delete_many({})
    replicas.people("rudi", *(f"m{n:03d}" for n in range(CROWD)))
    replicas.books["known_area"].insert_one(
        {"_id": "35.71", "id": "35.71", "version": 1, "name": "Kota Kediri", "active": True}
    )
    role = {"_id": "a1", "id": "a1", "version": 1, "member_id": "rudi", "area": "35.71"}
    role |= {"role": "area_coordinator", "state": "accepted", "starts_on": "2025-01-01"}
    replicas.books["known_appointment"].insert_one(role)
    return replicas


@pytest.fixture
def asker(house):
    with closing(Asker(house)) as asker:
        yield asker
