"""The mentoring service and the members service, with a region's people for every test."""

from contextlib import closing

import pytest

from services.members.repository import DATABASE as MEMBERS
from services.mentoring.repository import DATABASE
from tests.support.asker import Asker
from tests.support.house_of_mentoring import SERVICES, House, School
from tests.support.mentoring import a_region


@pytest.fixture(scope="module")
def replicas(ground, tmp_path_factory):
    """Both services, and a second replica of mentoring, for the whole module."""
    with House(ground, tmp_path_factory.mktemp("house")) as house:
        house.hearers += ["mentoring", "members"]
        house.declare(*SERVICES)
        house.serve(*SERVICES, ready=False)
        house.serve(SERVICES[0], ready=False)
        for service in house.services:
            service.wait_ready()
        yield house
        for name in (DATABASE, MEMBERS):
            ground.mongo.drop_database(name)


@pytest.fixture
def house(replicas):
    """Empty books and the region of the unit tests."""
    for database in (replicas.books, replicas.people):
        for name in database.list_collection_names():
            if name not in ("leases", "signing_secret", "signing_key", "framework", "template"):
                database[name].delete_many({})
    replicas.knows(a_region())
    replicas.joined("ayu", "eko")
    replicas.joined("budi", institution_id="sman4")
    return replicas


@pytest.fixture
def school(house):
    with closing(Asker(house)) as asker:
        yield School(house, asker)
