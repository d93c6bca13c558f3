"""Feedback: said once by who was there, and by nobody in particular; its problems become topics."""

from chassis import clock
from contracts.events import commands, states
from services.events.errors import FeedbackGiven, FeedbackUnknown, Forbidden
from services.events.handlers import who
from services.events.model import feedback, request
from services.events.model.feedback import Feedback
from services.events.model.ports import Work

TOPIC_LENGTH = 160


def give_feedback(work: Work, command: commands.GiveFeedback) -> states.Feedback:
    """Keep what was said, and apart from it that he has answered: nothing leads from one to other.

    From here on the work knows only the day, for an instant would tell. The service keeps no
    answer to the caller's key either (see `service.attending.UNKEPT`).
    """
    me = who.actor(work)
    event = who.event(work, command.event_id)
    feedback.must_be_open(event, work.now)
    registration = work.registrations.open_of(event.id, me.id)
    if registration is None or registration.state != "attended":
        raise Forbidden("who was there can say how it was")
    if work.feedback_marks.has(event.id, registration.id):
        raise FeedbackGiven("one answer per person")
    work.feedback_marks.add(event.id, registration.id)
    work.now = feedback.day_of(work.now)
    state: states.Feedback = work.record(feedback.give(clock.random_id(), work.now, event, command))
    return state


def take_problem(work: Work, command: commands.TakeProblem) -> states.EventRequest:
    """A topic that others can back, made of a problem by who manages the event."""
    event = who.event(work, command.event_id)
    who.authority(work).must_manage(event)
    found = work.feedback.get(command.feedback_id)
    if found is None or found.event_id != event.id:
        raise FeedbackUnknown(f"there is no answer {command.feedback_id} to this event")
    said = Feedback(found)
    problem = said.problem(command.number)
    wish = request.harvest(
        clock.new_id(),
        work.region,
        work.now,
        event.id,
        topic=problem.text[:TOPIC_LENGTH],
        description=problem.text,
        area=event.area,
    )
    work.record(said.take(work.now, command.number, wish.event_request.id))
    state: states.EventRequest = work.record(wish)
    return state
