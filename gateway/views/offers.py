"""View `offers`: cases offered to mentors."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.mentoring.states import Offer
from gateway.views import eyes
from gateway.views.change import Change

NAME = "offers"
KINDS = ("offer",)
INDEXES = [
    IndexModel([("mentorship_id", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("mentor_id", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("partner_id", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("eyes", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel("state"),
]


def fold(offer: Offer) -> list[Change]:
    """The document."""
    fields = {
        "version": offer.version,
        "eyes": eyes.of_offer(offer),
        "mentorship_id": offer.mentorship_id,
        "mentor_id": offer.mentor_id,
        "partner_id": offer.partner_id,
        "state": offer.state,
        "created_at": offer.created_at,
        "offer": encode(offer),
    }
    seq = offer.version
    return [Change(view=NAME, id=offer.id, part="offer", sequence=seq, fields=fields)]
