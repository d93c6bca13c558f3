"""Commands about one event's seats take turns; what has nothing to do with seats does not wait."""

import time
from contextlib import nullcontext

import pytest

from chassis.call import Actor, Call
from chassis.errors import Busy
from contracts.events import commands
from services.events.service.attending import IN_TURN, turn_of


def a_call(command):
    return Call(command=command, actor=Actor(), deadline=time.time() + 0.02)


def test_seats_of_one_event_are_given_one_after_the_other():
    registering = a_call(commands.Register(event_id="e1"))

    with turn_of(registering), pytest.raises(Busy), turn_of(registering):
        raise AssertionError("two at a time")


def test_other_events_and_other_things_do_not_wait():
    feed = a_call(commands.OpenCalendarFeed(scope="member"))

    with turn_of(a_call(commands.Register(event_id="e1"))):
        with turn_of(a_call(commands.Register(event_id="e2"))):
            pass
        assert isinstance(turn_of(feed), nullcontext)


def test_whatever_waits_its_turn_says_of_which_event():
    for command in vars(commands).values():
        if getattr(command, "verb", None) in IN_TURN:
            assert "event_id" in command.__dataclass_fields__
