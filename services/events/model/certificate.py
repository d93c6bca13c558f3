"""Certificates: proof of attendance with hours and competencies, signed and revocable (D16)."""

import secrets
from typing import Any

from chassis import clock
from chassis.aggregate import begun, moved
from chassis.signing import SigningSecret, signed
from contracts.events import facts, states
from services.events.errors import CertificateStateForbids, EventStateForbids

TYP = "certificate+jwt"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = 8
BATCH = 100


def must_certify(event: states.Event) -> None:
    """Raise EventStateForbids unless it was held."""
    if event.state != "closed":
        raise EventStateForbids(f"the event is {event.state}", allowed=("close",))


def new_serial(now: str) -> str:
    """`JJR-<year>-<8 letters>`: 40 random bits, easily read aloud, and not to be guessed."""
    return f"JJR-{now[:4]}-" + "".join(secrets.choice(CROCKFORD) for _ in range(LETTERS))


def issue(
    serial: str,
    now: str,
    key: SigningSecret,
    issuer: str,
    event: states.Event,
    registration: states.Registration,
    language: str,
) -> facts.CertificateIssued:
    """The certificate of one who was there."""
    said: dict[str, Any] = {
        "event_id": event.id,
        "name": registration.name,
        "title": event.title,
        "kind": event.kind,
        "held_on": clock.date_in(event.timezone, event.starts_at),
        "hours": event.hours,
        "awards": event.awards,
        "language": language,
        "issued_at": now,
    }
    state = states.Certificate(
        **begun(serial, event.region, now),
        **said,
        area=event.area,
        registration_id=registration.id,
        member_id=registration.member_id,
        state="valid",
        signed=_signed(key, issuer, serial, said),
    )
    return facts.CertificateIssued(certificate=state)


class Certificate:
    """One certificate and what may happen to it."""

    def __init__(self, state: states.Certificate) -> None:
        self.state = state

    def revoke(self, now: str, reason: str) -> facts.CertificateRevoked:
        """It was given in error; raises CertificateStateForbids when it counts no more already."""
        if self.state.state == "revoked":
            raise CertificateStateForbids("it was revoked already")
        after = moved(self.state, now, state="revoked", revoked_reason=reason)
        return facts.CertificateRevoked(certificate=after)

    def erase(self, now: str, key: SigningSecret, issuer: str) -> facts.CertificateErased:
        """The person left: the serial still verifies, without a name."""
        names = ("event_id", "title", "kind", "held_on", "hours", "awards", "language", "issued_at")
        said = {name: getattr(self.state, name) for name in names}
        anew = _signed(key, issuer, self.state.id, {**said, "name": None})
        after = moved(self.state, now, name=None, member_id=None, signed=anew)
        return facts.CertificateErased(certificate=after)


def _signed(key: SigningSecret, issuer: str, serial: str, said: dict[str, Any]) -> str:
    """Everything that the paper says, so that the paper can be checked without us."""
    awards = [{"area": award.area, "level": award.level} for award in said["awards"]]
    told = {name: value for name, value in said.items() if name not in ("event_id", "issued_at")}
    issued = int(clock.moment(said["issued_at"]).timestamp())
    names = {"iss": issuer, "sub": serial, "event": said["event_id"], "iat": issued}
    return signed(key, TYP, {**names, **told, "awards": awards})
