"""Certificates: issued after the event closed, in batches, once per attendee (source: D16)."""

from contracts.events import commands, states
from services.events.errors import CertificateUnknown
from services.events.handlers import who
from services.events.handlers.keys import signing_key
from services.events.model import certificate
from services.events.model.certificate import BATCH, Certificate, new_serial
from services.events.model.ports import Work


def issue_certificates(work: Work, command: commands.IssueCertificates) -> dict[str, int]:
    """`{"issued", "remaining"}`: a first batch at once, the rest follows by itself.

    Raises EventStateForbids before the event is closed. Whether it was announced that there are
    certificates only says if they come by themselves for attendance that is noted later.
    """
    event = who.managed(work, command.event_id)
    certificate.must_certify(event)
    due = _without(work, event)
    _issue(work, event, due[:BATCH], command.language)
    if len(due) > BATCH:
        work.certificate_batches.begin(event.id, command.language)
    return {"issued": len(due[:BATCH]), "remaining": len(due[BATCH:])}


def revoke_certificate(work: Work, command: commands.RevokeCertificate) -> states.Certificate:
    """A coordinator of its area takes it back; whoever verifies it is told."""
    who_asks = who.authority(work)
    found = work.certificates.get(command.serial)
    if found is None:
        raise CertificateUnknown(f"there is no certificate {command.serial}")
    who_asks.must_coordinate(found.area)
    fact = Certificate(work.to_change(found)).revoke(work.now, command.reason)
    state: states.Certificate = work.record(fact)
    return state


def more_due(work: Work, event: states.Event) -> None:
    """Somebody's attendance was noted after the event was closed."""
    if event.certificates:
        work.certificate_batches.begin(event.id, "id")


def due(work: Work) -> list[str]:
    """Ids of events of which certificates are to be issued."""
    return list(work.certificate_batches.events())


def issue_batch(work: Work, id: str) -> None:
    """The next certificates of an event; the work is done when none is left."""
    event = who.event(work, id)
    waiting = _without(work, event)
    _issue(work, event, waiting[:BATCH], work.certificate_batches.language(id))
    if len(waiting) <= BATCH:
        work.certificate_batches.end(id)


def forget_member(work: Work, member_id: str) -> None:
    """He left: the serial still verifies, without his name."""
    for found in work.certificates.of_member(member_id):
        fact = Certificate(found).erase(work.now, signing_key(work), work.policy.issuer)
        work.record(fact)


def forget_visitor(work: Work, event_id: str, registration_id: str) -> None:
    """His region has him erased: likewise."""
    for found in work.certificates.of_event(event_id):
        if found.registration_id == registration_id and found.name is not None:
            fact = Certificate(found).erase(work.now, signing_key(work), work.policy.issuer)
            work.record(fact)


def _without(work: Work, event: states.Event) -> list[states.Registration]:
    """Those who were there, whose name is known, and who have no certificate of it."""
    have = {found.registration_id for found in work.certificates.of_event(event.id)}
    attended = work.registrations.of_event(event.id, "attended")
    return [state for state in attended if state.name and state.id not in have]


def _issue(work: Work, event: states.Event, due: list[states.Registration], language: str) -> None:
    if due:
        key, issuer, now = signing_key(work), work.policy.issuer, work.now
        work.record_many(
            [
                certificate.issue(new_serial(now), now, key, issuer, event, state, language)
                for state in due
            ]
        )
