"""View `agenda`: who has which place at which event; one's own, and an event's participants."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.events.states import Registration
from gateway.views import eyes
from gateway.views.change import Change, plain, words

NAME = "agenda"
KINDS = ("registration",)
FILTERS = ("state", "words")
INDEXES = [
    IndexModel([("event_id", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("event_id", 1), ("order", 1), ("_id", 1)]),
    *(IndexModel([("event_id", 1), (name, 1), ("created_at", 1), ("_id", 1)]) for name in FILTERS),
    IndexModel([("member_id", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("event_id", 1), ("member_id", 1)]),
]


def fold(registration: Registration) -> list[Change]:
    """The registration's document."""
    fields = {
        "version": registration.version,
        "eyes": eyes.of_registration(registration),
        "event_id": registration.event_id,
        "member_id": registration.member_id,
        "state": registration.state,
        "order": plain(registration.name or ""),
        "words": words((registration.name,)),
        "created_at": registration.created_at,
        "updated_at": registration.updated_at,
        "registration": encode(registration),
    }
    seq = registration.version
    return [Change(view=NAME, id=registration.id, part="registration", sequence=seq, fields=fields)]
