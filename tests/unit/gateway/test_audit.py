"""The audit log: only ever added to, for officers and operator, blank where somebody was erased."""

import inspect

import pytest
from pymongo.errors import AutoReconnect, BulkWriteError

from contracts.events import facts as events
from contracts.members import facts
from contracts.operations import Acted
from gateway.views import acts
from tests.support.memory import Database
from tests.support.stated import a_deed, a_member, a_registration, an_act


def said(*those):
    return [Acted(act=one) for one in those]


@pytest.fixture
def database():
    return Database()


def test_an_act_that_comes_twice_is_in_the_log_once(database):
    acts.keep(database, said(an_act(deeds=(a_deed(), a_deed("event/e1")))))
    acts.keep(database, said(an_act(deeds=(a_deed(), a_deed("event/e1")))))

    assert sorted(database[acts.ACTS].documents) == ["a1.1", "a1.2"]
    assert sorted(database[acts.VALUES].documents) == ["a1.1", "a1.2"]


def test_another_error_than_being_there_already_is_not_swallowed(database):
    acts.keep(database, said(an_act()))
    database[acts.ACTS].refusal = 13

    with pytest.raises(BulkWriteError):
        acts.keep(database, said(an_act()))


def test_no_act_is_read_without_its_values(database, monkeypatch):
    def broken(*_, **__):
        raise AutoReconnect("away")

    monkeypatch.setattr(database[acts.VALUES], "insert_many", broken)
    with pytest.raises(AutoReconnect):
        acts.keep(database, said(an_act()))

    assert not database[acts.ACTS].documents


@pytest.mark.parametrize("late", [False, True])
def test_who_is_erased_loses_the_values_and_the_acts_stay(database, late):
    left = facts.MemberLeft(member=a_member("pandu", state="left", name="", email=None))
    told = [*said(an_act(deeds=(a_deed(), a_deed("event/e1"))))]

    acts.keep(database, [left] if late else told)
    acts.keep(database, told if late else [left])

    assert sorted(database[acts.ACTS].documents) == ["a1.1", "a1.2"]
    assert "a1.1" not in database[acts.VALUES].documents
    assert database[acts.VALUES].documents["a1.2"]["subject"] == "event/e1"


def test_an_act_on_the_erased_alone_stays_without_any_values(database):
    left = facts.MemberLeft(member=a_member("pandu", state="left", name="", email=None))
    acts.keep(database, [left])

    acts.keep(database, said(an_act()))

    assert list(database[acts.ACTS].documents) == ["a1.1"]
    assert list(database[acts.VALUES].documents) == ["erased:member/pandu"]


def test_facts_that_are_no_acts_write_nothing(database):
    acts.keep(database, [facts.MemberChanged(member=a_member("pandu"))])

    assert dict(database) == {}


def test_no_code_changes_or_removes_an_act():
    code = inspect.getsource(acts)

    assert "update_" not in code
    assert "replace_" not in code
    assert [line.strip() for line in code.splitlines() if ".delete_" in line] == [
        'database[VALUES].delete_many({"subject": {"$in": gone}})'
    ]


def test_a_seat_that_is_named_no_more_is_forgotten_whatever_it_is_said_with(database):
    deed = a_deed("registration/r1", after={"name": "Pandu"})
    acts.keep(database, said(an_act(deeds=(deed,))))
    assert database[acts.VALUES].documents

    gone = a_registration("r1", name=None, state="cancelled")
    acts.keep(database, [events.RegistrationCancelled(registration=gone)])

    assert list(database[acts.VALUES].documents) == ["erased:registration/r1"]
