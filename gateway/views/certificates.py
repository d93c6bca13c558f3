"""View `certificates`: by serial for anyone who holds one, by event, and one's own."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.events.states import Certificate
from gateway.views import eyes
from gateway.views.change import Change

NAME = "certificates"
KINDS = ("certificate",)
INDEXES = [
    IndexModel([("event_id", 1), ("issued_at", 1), ("_id", 1)]),
    IndexModel([("member_id", 1), ("issued_at", 1), ("_id", 1)]),
]


def fold(certificate: Certificate) -> list[Change]:
    """The certificate's document."""
    owner = [f"member:{certificate.member_id}"] if certificate.member_id else []
    fields = {
        "version": certificate.version,
        "eyes": sorted({*eyes.of_area(certificate.area), *owner}),
        "event_id": certificate.event_id,
        "member_id": certificate.member_id,
        "issued_at": certificate.issued_at,
        "certificate": encode(certificate),
    }
    seq = certificate.version
    return [Change(view=NAME, id=certificate.id, part="certificate", sequence=seq, fields=fields)]
