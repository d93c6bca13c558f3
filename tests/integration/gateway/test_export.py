"""The copy that a member takes along is found by indexes, not by looking at everybody's."""

from typing import Any

import pytest

from gateway.api.held import SECTIONS
from gateway.views import INDEXES

pytestmark = pytest.mark.cell
DATABASE = "uji_salinan"


@pytest.fixture
def database(ground: Any) -> Any:
    yield ground.mongo[DATABASE]
    ground.mongo.drop_database(DATABASE)


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_no_section_goes_through_a_whole_collection(database: Any, name: str) -> None:
    section = SECTIONS[name]
    database[section.view].create_indexes(INDEXES[section.view])
    database[section.view].insert_many([{"member_id": None} for _ in range(10)])

    plan = database[section.view].find(section.query("ayu")).explain()

    assert "COLLSCAN" not in repr(plan["queryPlanner"]["winningPlan"])
    assert plan["executionStats"]["totalDocsExamined"] == 0
