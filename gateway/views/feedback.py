"""View `feedback`: anonymous answers about an event, for who manages it and who spoke."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.events.states import Feedback
from gateway.views import eyes
from gateway.views.change import Change

NAME = "feedback"
KINDS = ("feedback",)
INDEXES = [IndexModel([("event_id", 1), ("order", 1), ("_id", 1)])]


def fold(feedback: Feedback) -> list[Change]:
    """The answer's document, ordered by its random id: the order of arrival would tell whose."""
    fields = {
        "version": feedback.version,
        "eyes": eyes.of_gathering(feedback.event_id, feedback.area),
        "event_id": feedback.event_id,
        "order": feedback.id,
        "feedback": encode(feedback),
    }
    seq = feedback.version
    return [Change(view=NAME, id=feedback.id, part="feedback", sequence=seq, fields=fields)]
