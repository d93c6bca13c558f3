"""A refusal that may stem from a fact not heard yet is given only after some waiting."""

import time

import eventlet
import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from chassis.call import Actor, Call
from chassis.errors import Forbidden, Invalid, Outage
from chassis.mongo import is_outage
from chassis.patience import MOST_LACKING, MOST_PATIENT, patiently
from contracts.command import Command

AT_ONCE = (0.0, 0.0, 0.0)
FAR = time.time() + 3600


def until(deadline):
    """A call that waits as long."""
    return Call(command=Command(), actor=Actor(member_id="baru"), deadline=deadline)


def nothing(shown):
    """All that was shown has been heard."""
    return False


def refusing(times, refusal=Forbidden):
    """A decision that is refused so often, and then taken; it remembers how often it was asked."""
    asked = []

    def decide():
        asked.append(1)
        if len(asked) <= times:
            raise refusal("not known here")
        return "decided"

    decide.asked = asked
    return decide


def test_what_is_decided_at_once_is_asked_once():
    decide = refusing(0)

    assert patiently(decide, (Forbidden,), until(FAR), nothing, AT_ONCE) == "decided"
    assert len(decide.asked) == 1


@pytest.mark.parametrize("times", [1, 3])
def test_what_becomes_known_in_time_is_decided(times):
    assert patiently(refusing(times), (Forbidden,), until(FAR), nothing, AT_ONCE) == "decided"


def test_what_stays_unknown_is_refused_in_the_end():
    decide = refusing(9)

    with pytest.raises(Forbidden):
        patiently(decide, (Forbidden,), until(FAR), nothing, AT_ONCE)
    assert len(decide.asked) == 4


@pytest.mark.parametrize(("refusal", "times"), [(Forbidden, 4), (Invalid, 6)])
def test_who_may_not_is_asked_about_less_often_than_what_may_be_missing(refusal, times):
    decide = refusing(9, refusal)

    with pytest.raises(refusal):
        patiently(decide, (Forbidden, Invalid), until(FAR), nothing, (0.0,) * 5)
    assert len(decide.asked) == times


def test_another_refusal_is_given_at_once():
    decide = refusing(9, Invalid)

    with pytest.raises(Invalid):
        patiently(decide, (Forbidden,), until(FAR), nothing, AT_ONCE)
    assert len(decide.asked) == 1


def test_nobody_waits_past_the_deadline():
    decide = refusing(9)

    with pytest.raises(Forbidden):
        patiently(decide, (Forbidden,), until(time.time() + 1), nothing, (5.0,))
    assert len(decide.asked) == 1


def test_what_is_known_to_be_lacking_is_waited_for_and_then_decided():
    decide, lacking = refusing(3), iter((True, True, False))

    assert (
        patiently(decide, (Forbidden,), until(FAR), lambda _: next(lacking), AT_ONCE) == "decided"
    )
    assert len(decide.asked) == 4


def test_what_lacks_to_the_end_is_an_outage_and_no_refusal():
    with pytest.raises(Outage, match="not been heard"):
        patiently(refusing(9), (Forbidden,), until(time.time() + 0.3), lambda _: True, AT_ONCE)


def test_who_may_not_is_told_after_a_quarter_of_a_second():
    began = time.monotonic()

    with pytest.raises(Forbidden):
        patiently(refusing(9), (Forbidden,), until(FAR), nothing)
    assert 0.2 < time.monotonic() - began < 2


@pytest.fixture
def crowd():
    """As many as may be patient at a time, each in his pause."""
    decides = [refusing(1, Invalid) for _ in range(MOST_PATIENT)]
    waiting = [
        eventlet.spawn(patiently, decide, (Invalid,), until(FAR), nothing, (0.3,))
        for decide in decides
    ]
    eventlet.sleep(0)
    assert [len(decide.asked) for decide in decides] == [1] * MOST_PATIENT
    return waiting


def test_who_finds_no_place_among_the_patient_is_refused_at_once(crowd):
    decide, began = refusing(9, Invalid), time.monotonic()

    with pytest.raises(Invalid):
        patiently(decide, (Invalid,), until(FAR), nothing, (5.0,))

    assert (len(decide.asked), time.monotonic() - began < 2) == (2, True)
    assert [one.wait() for one in crowd] == ["decided"] * MOST_PATIENT
    assert patiently(refusing(1), (Forbidden,), until(FAR), nothing, (0.0, 5.0)) == "decided"


def test_what_is_known_to_be_lacking_is_waited_for_without_a_place(crowd):
    lacking = iter((True, False))

    decided = patiently(refusing(1), (Forbidden,), until(FAR), lambda _: next(lacking), (5.0,))

    assert decided == "decided"
    assert [one.wait() for one in crowd] == ["decided"] * MOST_PATIENT


def test_few_wait_for_what_is_lacking_and_the_others_are_told_soon_to_come_again():
    here = []
    waiting = [
        eventlet.spawn(patiently, refusing(1), (Forbidden,), until(FAR), lambda _: not here, (0.0,))
        for _ in range(12)
    ]

    eventlet.sleep(1.0)
    still = [one for one in waiting if not one.dead]
    for one in waiting:
        if one.dead:
            with pytest.raises(Outage, match="not been heard"):
                one.wait()
    assert len(still) == MOST_LACKING
    once = iter((True, False))
    assert patiently(refusing(1), (Forbidden,), until(FAR), lambda _: next(once), (0.0,))
    here.append("heard")
    assert [one.wait() for one in still] == ["decided"] * MOST_LACKING


def test_a_look_at_what_is_lacking_ends_with_the_deadline():
    away = MongoClient("mongodb://127.0.0.1:1", timeoutMS=10_000)
    soon, began = until(time.time() + 0.3), time.monotonic()

    with away, pytest.raises(PyMongoError) as found:
        patiently(refusing(9), (Forbidden,), soon, lambda _: away["x"]["x"].find_one(), AT_ONCE)

    assert is_outage(found.value)
    assert time.monotonic() - began < 4
