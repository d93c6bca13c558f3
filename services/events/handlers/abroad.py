"""Events of other regions: members ask for places, and hear what became of it (source: I3)."""

from typing import Any

from chassis import clock
from contracts.events import commands, facts, states
from contracts.members import facts as members
from services.events.errors import (
    AlreadyRegistered,
    EventUnknown,
    NetworkConsentNeeded,
    RegistrationClosed,
    RegistrationUnknown,
)
from services.events.handlers import who
from services.events.model import questions
from services.events.model.away import Away, Visitor, ask
from services.events.model.known import KnownEvent, KnownMember
from services.events.model.ports import Work

PURPOSE, CONTACT = "network", "contact"
CLOSED = ("blocked", "proposed")  # after a block, with another key
LEFT, WITHDRAWN = "member_left", "consent_withdrawn"


def register_abroad(work: Work, command: commands.RegisterAbroad) -> states.AwayRegistration:
    """Ask the event's region for a place.

    Raises EventUnknown, RegistrationClosed, NetworkConsentNeeded, AlreadyRegistered and
    AnswersInvalid.
    """
    me, event = who.actor(work), _event(work, command.event_id)
    work.members.pin(me.id)  # who hears that he consents no more looks for what is said here
    if event.state != "published" or event.starts_at <= work.now:
        raise RegistrationClosed("the event is over or called off")
    if not me.consents_to(PURPOSE):
        raise NetworkConsentNeeded(f"his name would go to {event.home}")
    if work.away_registrations.open_of(event.id, me.id):
        raise AlreadyRegistered("this person has a place or waits for one")
    said = questions.answered(event.questions, command.answers)
    visitor = _visitor(work, me)
    fact = ask(clock.new_id(), work.region, work.now, event, visitor, said)
    state: states.AwayRegistration = work.record(fact)
    return state


def change_away_registration(
    work: Work, command: commands.ChangeAwayRegistration
) -> states.AwayRegistration:
    """Say what he wishes now; the event's region decides."""
    before = _own(work, command.event_id, command.registration_id)
    answers = command.answers
    if answers is not None:
        answers = questions.answered(_event(work, before.event_id).questions, answers)
    wish = "accept_offer" if command.accept_offer else "register"
    wish = "reconfirm" if command.reconfirm and not command.accept_offer else wish
    state: states.AwayRegistration = work.record(Away(before).wish(work.now, wish, answers))
    return state


def cancel_away_registration(
    work: Work, command: commands.CancelAwayRegistration
) -> states.AwayRegistration:
    """Give the place back."""
    before = _own(work, command.event_id, command.registration_id)
    state: states.AwayRegistration = work.record(Away(before).cancel(work.now, command.reason))
    return state


def hear_answer(work: Work, fact: facts.VisitorRegistrationFact) -> None:
    """What the event's region decided; only that region's word counts."""
    told = fact.visitor_registration
    before = work.away_registrations.get(told.id)
    if before is None or before.event_region != told.region:
        raise RegistrationUnknown(f"{told.region} was not asked for {told.id}")
    answered = Away(before).answer(work.now, told)
    if answered is not None:
        work.record(answered)


def has_withdrawn(fact: Any) -> bool:
    """Whether it says of a member that nothing of him may be known elsewhere any more."""
    if not isinstance(fact, members.MemberConsentsChanged):
        return False
    return not fact.member.consents_to(PURPOSE)


def withdraw(work: Work, fact: members.MemberFact) -> None:
    """He consents no more: his places elsewhere are given back and his name is erased there."""
    _forget(work, fact.member.id, WITHDRAWN)


def forget_member(work: Work, member_id: str) -> None:
    """He left: likewise."""
    _forget(work, member_id, LEFT)


def _forget(work: Work, member_id: str, reason: str) -> None:
    for state in work.away_registrations.of_member(member_id):
        fact = Away(state).erase(work.now, reason)
        if fact is not None:
            work.record(fact)


def _event(work: Work, id: str) -> KnownEvent:
    """An event of a region that is not blocked, and that still shares it; raises EventUnknown."""
    event, withdrawn = work.events_abroad.get(id), work.withdrawals.get(id)
    gone = event is None or (withdrawn is not None and withdrawn.version > event.version)
    peer = work.peers.get(event.region) if event else None
    if event is None or gone or (peer is not None and peer.state in CLOSED):
        raise EventUnknown(f"there is no event {id}")
    return event


def _own(work: Work, event_id: str, id: str) -> states.AwayRegistration:
    """The actor's own registration there, seen as it is; raises RegistrationUnknown."""
    me, found = who.actor(work), work.away_registrations.get(id)
    if found is None or found.event_id != event_id or found.member_id != me.id:
        raise RegistrationUnknown(f"there is no registration {id} for this event")
    return work.to_change(found)


def _visitor(work: Work, me: KnownMember) -> Visitor:
    """What he consented to: contacts only for who may be contacted."""
    house = work.institutions.get(me.institution_id) if me.institution_id else None
    reachable = me.consents_to(CONTACT)
    return Visitor(
        member_id=me.id,
        name=me.name,
        language=me.language,
        email=me.email if reachable else None,
        phone=me.phone if reachable else None,
        institution=house.name if house else None,
    )
