"""Parcels: rows that wait become messages with an address, or are found to have none."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contracts.notifications import states
from services.notifications.handlers.queueing import Recipient, recipients
from services.notifications.model import rendering, unsubscribe
from services.notifications.model.delivery import LEFT, NO_ADDRESS
from services.notifications.model.outgoing import Outgoing, Parcel
from services.notifications.model.ports import Work
from services.notifications.model.preferences import accepts
from services.notifications.model.stores import Contact

SWITCHED_OFF = "the member switched it off"
EVERYTHING = "registrations"  # a tap in a digest silences all that may be silenced


@dataclass
class Packed:
    """What can go, what waits for the morning, and what cannot go at all, with the reason."""

    parcels: dict[str, Parcel] = field(default_factory=dict)
    resting: list[Outgoing] = field(default_factory=list)
    hopeless: list[tuple[Outgoing, str]] = field(default_factory=list)


def pack(work: Work, rows: Sequence[Outgoing]) -> Packed:
    """The rows as parcels; a handful of queries for all of them."""
    packed = Packed()
    if not rows:
        return packed
    people = recipients(work, {row.member_id for row in rows})
    notices = {n.id: n for n in work.notices.many([i.notice_id for r in rows for i in r.items])}
    kept = [f"{row.member_id}:{row.channel}" for row in rows if row.channel != "email"]
    contacts = {contact.id: contact for contact in work.contacts.many(kept)} if kept else {}
    secret = work.marks.secret()
    for row in rows:
        to = people.get(row.member_id)
        listed = [notices[item.notice_id] for item in row.items if item.notice_id in notices]
        contact = _contact(work, row, to, contacts)
        reason = _hopeless(row, to, contact)
        if to is None or contact is None or reason:
            packed.hopeless.append((row, reason or NO_ADDRESS))
        elif not row.urgent and (morning := to.awake(work.now)) > work.now:
            packed.resting.append(row.waiting(morning, row.attempts))
        else:
            packed.parcels[row.id] = _parcel(work, row, to, contact, listed, secret)
    return packed


def _contact(
    work: Work, row: Outgoing, to: Recipient | None, contacts: dict[str, Contact]
) -> Contact | None:
    """Where the channel reaches him now; a number by the region's mail-to-message gateway."""
    if row.channel != "email":
        return contacts.get(f"{row.member_id}:{row.channel}")
    if to is None:
        return None
    address = to.member.email
    if not address and to.member.phone:
        address = f"{to.member.phone}@{work.policy.phone_mail_domain}"
    return Contact(member_id=row.member_id, channel="email", address=address) if address else None


def _hopeless(row: Outgoing, to: Recipient | None, contact: Contact | None) -> str | None:
    """Why it cannot go; None when it can."""
    if to is None or to.member.state == "left":
        return LEFT
    if not row.digest and not accepts(to.preferences, row.category, row.channel):
        return SWITCHED_OFF
    return None if contact else NO_ADDRESS


def _parcel(
    work: Work,
    row: Outgoing,
    to: Recipient,
    contact: Contact,
    notices: list[states.Notice],
    secret: str,
) -> Parcel:
    category = EVERYTHING if row.digest else row.category
    silence = unsubscribe.Silence(member_id=row.member_id, category=category, channel=row.channel)
    token = unsubscribe.token(secret, silence)
    stop = f"{work.policy.public_url}/v1/unsubscribe?token={token}"
    letter = rendering.letter(
        notices,
        name=to.member.name,
        language=to.preferences.language,
        region=work.policy.region_name,
        stop=stop,
    )
    single = notices[0] if len(notices) == 1 else None
    return Parcel(
        id=row.id,
        channel=row.channel,
        address=contact.address,
        secret=contact.secret,
        letter=letter,
        written_at=work.now,
        unsubscribe=stop,
        link=single.link if single else None,
        kind=single.kind if single else "digest",
        attempts=row.attempts,
    )
