"""Feedback: once by who was there, and nothing that is kept leads from what was said to who."""

from dataclasses import replace

import pytest

from chassis.call import Actor, Call
from contracts.codec import encode
from contracts.events import commands
from services.events.errors import (
    FeedbackClosed,
    FeedbackGiven,
    FeedbackUnknown,
    Forbidden,
    ProblemTaken,
)
from services.events.handlers.feedback import give_feedback, take_problem
from services.events.service.attending import unkept
from tests.support.events import (
    DAY,
    ENDS,
    STARTS,
    a_region,
    a_registration,
    an_event,
    later,
)


@pytest.fixture
def work():
    """Event e1 was held and closed; ayu was there, budi was not; it is the evening after."""
    event = an_event(state="closed")
    there = a_registration("ayu", state="attended")
    away = a_registration("budi", state="no_show")
    return a_region(event, there, away).at(later(5 * 3600, ENDS))


def said(**fields):
    return commands.GiveFeedback(event_id="e1", **{"score": 4, **fields})


def test_an_attendee_says_how_it_was(work):
    told = work.by("ayu")

    state = give_feedback(told, said(liked="Praktik", problems=(" Printer   macet ", " ")))

    assert told.said() == ["FeedbackGiven"]
    assert (state.score, state.liked, state.event_id) == (4, "Praktik", "e1")
    assert [problem.text for problem in state.problems] == ["Printer macet"]


def test_one_answer_per_attendee(work):
    give_feedback(work.by("ayu"), said())

    with pytest.raises(FeedbackGiven):
        give_feedback(work.by("ayu"), said(score=1))
    assert len(work.feedback.by_id) == 1


def test_who_was_not_there_has_nothing_to_say(work):
    for name in ("budi", "dewi"):
        with pytest.raises(Forbidden):
            give_feedback(work.by(name), said())


def test_what_is_said_tells_neither_who_nor_when(work):
    told = work.by("ayu")

    state = give_feedback(told, said())

    document = str(encode(state))
    assert "ayu" not in document
    assert "r-ayu" not in document
    assert state.created_at == state.updated_at == told.now == "2026-12-05T00:00:00.000Z"
    assert state.id[14] == "4", "a random id, not one that is ordered by time"


def test_the_service_keeps_no_answer_to_the_key_and_no_name_of_the_request():
    call = Call(
        command=said(),
        actor=Actor(member_id="ayu"),
        deadline=1.0,
        request_id="r1",
        traceparent="00-a-b-01",
        key="k1",
        fingerprint="f1",
    )

    bare = unkept(call)

    assert (bare.key, bare.traceparent) == (None, "")
    assert bare.request_id not in ("", "r1")
    feed = unkept(replace(call, command=commands.OpenCalendarFeed(scope="member")))
    assert (feed.key, feed.request_id) == (None, "r1")
    other = replace(call, command=commands.Register(event_id="e1"))
    assert unkept(other) is other


@pytest.mark.parametrize(
    ("fields", "now"),
    [
        ({}, STARTS),
        ({}, later(31 * DAY, ENDS)),
        ({"feedback": False}, ENDS),
        ({"state": "cancelled"}, ENDS),
    ],
)
def test_feedback_is_open_for_a_month_after_the_event(work, fields, now):
    work.holds(replace(work.events.get("e1"), **fields))

    with pytest.raises(FeedbackClosed):
        give_feedback(work.by("ayu", now=now), said())


def test_feedback_opens_when_the_event_is_closed_before_its_time(work):
    early = later(3600, STARTS)
    work.holds(replace(work.events.get("e1"), state="closed", closed_at=early))

    assert give_feedback(work.by("ayu", now=early), said()).score == said().score


def take(work, by="rudi", **fields):
    given = next(iter(work.feedback.by_id))
    wanted = {"event_id": "e1", "feedback_id": given, "number": 1, **fields}
    return take_problem(work.by(by), commands.TakeProblem(**wanted))


def test_a_problem_becomes_a_topic_of_the_area(work):
    text = "Label barcode tidak terbaca " + "sekali " * 30
    state = give_feedback(work.by("ayu"), said(problems=("Printer macet", text)))

    wish = take(work, number=2)

    assert (wish.source, wish.source_event_id, wish.area) == ("feedback", "e1", "35.71")
    assert (wish.requested_by, wish.backers, wish.state) == (None, (), "new")
    assert (len(wish.topic), wish.description) == (160, text.strip())
    assert work.feedback.get(state.id).problems[1].request_id == wish.id


def test_a_problem_is_taken_once_by_who_manages_the_event(work):
    give_feedback(work.by("ayu"), said(problems=("Printer macet",)))

    with pytest.raises(Forbidden):
        take(work, by="ayu")
    take(work)
    with pytest.raises(ProblemTaken):
        take(work)


@pytest.mark.parametrize("fields", [{"feedback_id": "f9"}, {"number": 2}])
def test_what_was_not_said_cannot_be_taken(work, fields):
    give_feedback(work.by("ayu"), said(problems=("Printer macet",)))

    with pytest.raises(FeedbackUnknown):
        take(work, **fields)
