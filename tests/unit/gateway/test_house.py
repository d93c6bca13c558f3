"""The house: health, metrics, headers, and what keeps a worker's memory honest."""

import asyncio

import pytest
from pymongo.errors import ConnectionFailure

from chassis.errors import Outage
from gateway.middleware import traceparent_after
from gateway.pages import Page, Pages
from gateway.shown import KINDS
from gateway.views import VIEWS, log
from gateway.views.store import Slice, reached
from tests.support.stated import an_appointment

TRACE = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"


def test_a_trace_goes_on_with_a_span_of_ours():
    after = traceparent_after(TRACE)

    assert after.startswith("00-" + "a" * 32)
    assert after != TRACE
    for odd in (None, "", "x", TRACE.replace("a", "0"), TRACE + "-more"):
        assert traceparent_after(odd).split("-")[1] != "a" * 32


def test_a_page_read_before_a_change_is_not_kept_after_it():
    pages = Pages(fresh=True)
    generation = pages.generation("areas")
    pages.drop("areas")
    pages.keep("areas", "k", Page(b"", "e"), generation)
    assert pages.get("areas", "k") is None

    pages.keep("areas", "k", Page(b"", "e"), pages.generation("areas"))
    assert pages.get("areas", "k")
    pages.fresh = False
    assert pages.get("areas", "k") is None
    pages.fresh = True
    pages.drop_all()
    assert pages.get("areas", "k") is None


def test_only_so_many_pages_are_kept(monkeypatch):
    monkeypatch.setattr("gateway.pages.MOST", 1)
    pages = Pages(fresh=True)
    for key in ("a", "b"):
        pages.keep("areas", key, Page(b"", key), 0)

    assert pages.get("areas", "a") is None
    assert pages.get("areas", "b")


# -- the store's rules, without a database ------------------------------------------------------


def test_a_slice_seeks_by_the_index_first():
    assert Slice(field="order").bound({"a": 1}) == {"a": 1}
    bound = Slice(field="order", descending=True, after=("x", "i1")).bound({})

    assert bound["$and"][1] == {"order": {"$lte": "x"}}
    assert bound["$and"][2] == {"$or": [{"order": {"$lt": "x"}}, {"_id": {"$lt": "i1"}}]}


def test_an_absent_or_slow_database_is_an_outage(monkeypatch):
    async def absent():
        raise ConnectionFailure("secret uri")

    with pytest.raises(Outage, match="ConnectionFailure") as caught:
        asyncio.run(reached(absent()))
    assert "secret" not in str(caught.value)

    monkeypatch.setattr("gateway.views.store.DEADLINE_SECONDS", 0.01)
    with pytest.raises(Outage, match="TimeoutError"):
        asyncio.run(reached(asyncio.sleep(5)))


# -- the change log's rules ----------------------------------------------------------------------


def a_standing(version=1, now=("officers",), stamp=None):
    return log.Standing(
        kind="member", id="ayu", version=version, stamp=stamp or [version], now=sorted(now)
    )


def test_a_row_remembers_who_could_ever_see_it():
    before = a_standing(now=("officers", "active")).row(None, 1)
    after = a_standing(2, now=("officers",)).row(before, 2)

    assert after["now"] == ["officers"]
    assert after["ever"] == ["active", "officers"]
    assert after["position"] == 2


def test_saying_it_again_is_no_news():
    row = a_standing().row(None, 1)

    assert a_standing().is_news(None)
    assert not a_standing().is_news(row)
    assert a_standing(2).is_news(row)
    assert a_standing(now=("active",)).is_news(row)
    assert a_standing(stamp=[1, 1]).is_news(row)


def test_a_member_and_his_competencies_go_together():
    assert log.touched([("member", "a"), ("competencies", "b"), ("signing_key", "k")]) == {
        ("member", "a"),
        ("competencies", "a"),
        ("competencies", "b"),
        ("member", "b"),
    }
    assert an_appointment("a", "mentor").role == "mentor"


def test_whom_a_change_of_any_kind_addresses_is_said_once():
    by_people = ("member", "competencies", "appointment")
    said = [*log.PUBLIC, *log.EYED, *log.OF_CASE, *by_people]

    assert sorted(said) == sorted(log.LOGGED)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_is_shown_from_a_view_that_folds_it(kind):
    assert kind.name in VIEWS[kind.view].kinds
