"""What is looked up by contact or number is found by its index, not by looking at everybody."""

import pytest

from chassis.shelf import text, texts
from services.members.repository import INDEXES

pytestmark = pytest.mark.cell


@pytest.fixture
def crowd(ground):
    """A thousand people with contacts, indexed as in the service."""
    database = ground.mongo["uji_indexes"]
    database["member"].create_indexes(INDEXES["member"])
    database["member"].insert_many(
        [{"_id": str(n), "email": f"m{n}@sekolah.id", "phone": f"+62812{n}"} for n in range(1000)]
    )
    yield database["member"]
    ground.mongo.drop_database("uji_indexes")


@pytest.mark.parametrize(
    "query",
    [
        {"email": text("m5@sekolah.id")},
        {"$or": [{"email": texts(["m5@sekolah.id"])}, {"phone": texts(["m5@sekolah.id"])}]},
    ],
)
def test_a_contact_is_found_without_looking_at_everybody(crowd, query):
    found = crowd.find(query)

    assert found.explain()["executionStats"]["totalDocsExamined"] == 1
    assert [row["_id"] for row in found] == ["5"]
