"""Members: they join, are approved, suspended and reinstated, and leave."""

from typing import Any

from chassis import clock
from chassis.aggregate import given
from contracts.members import commands, states
from services.members.errors import ContactTaken, NotYours
from services.members.handlers.codes import count_attempt, send_code
from services.members.handlers.coordination import keep_coordinated, settle
from services.members.handlers.innovations import follow_consents, forget_author
from services.members.handlers.profiles import must_be_free, placed
from services.members.handlers.sessions import end_sessions
from services.members.handlers.who import actor, area_of, authority, in_force, member
from services.members.model import attempts, contact, ledger
from services.members.model.account import Account
from services.members.model.appointment import REGION_ROLES, Appointment
from services.members.model.authority import Authority
from services.members.model.competency import Competencies
from services.members.model.innovation import PURPOSE
from services.members.model.member import Member, called, join
from services.members.model.ports import Work

LEFT = "the member left"


def sign_up(work: Work, command: commands.SignUp) -> Any:
    """A pending member with an account, and a code on its way to his contact.

    Raises ContactMissing, EmailInvalid, PhoneInvalid, ContactTaken, AreaInvalid, InstitutionInvalid
    and TooManyAttempts (source: features A1). That a contact is taken is told, so it is counted.
    """
    fields = given(command)
    fields |= contact.contacts(command.email, command.phone) | {"name": called(command.name)}
    fields, to = placed(work, fields, None), str(fields.get("phone") or fields["email"])
    _count_sign_up(work, to)
    try:
        must_be_free(work, fields, None)
    except ContactTaken as taken:
        return work.refused(taken)
    fact = join(clock.new_id(), work.region, work.now, work.today, **fields)
    state: states.Member = work.record(fact)
    work.accounts.put(Account(member_id=state.id))
    send_code(work, state, to)
    return state


def _count_sign_up(work: Work, to: str) -> None:
    """One more from the address and for the contact; raises TooManyAttempts with the wait."""
    most = work.policy.sign_ups_per_hour
    gate = attempts.SigningUpGate(to, work.call.actor.address, most)
    count_attempt(work, gate, known=False)


def approve_member(work: Work, command: commands.ApproveMember) -> states.Member:
    """A coordinator of the member's area lets him in."""
    before = _of_ones_area(work, authority(work), command.member_id)
    state: states.Member = work.record(Member(before).approve(work.now))
    return state


def suspend_member(work: Work, command: commands.SuspendMember) -> states.Member:
    """He may not sign in and his roles rest; who holds an office is for officers to suspend."""
    who = authority(work)
    before = _of_ones_area(work, who, command.member_id)
    fact = Member(before).suspend(work.now, command.reason)
    _must_not_be_mutiny(work, who, before)
    keep_coordinated(work, before.id)
    state: states.Member = work.record(fact)
    end_sessions(work, state.id, "suspended")
    settle(work)
    return state


def reinstate_member(work: Work, command: commands.ReinstateMember) -> states.Member:
    """The suspension is lifted and his roles count again; by officers, if he has such roles."""
    who = authority(work)
    before = _of_ones_area(work, who, command.member_id)
    _must_be_officer_for_an_office(work, who, before)
    state: states.Member = work.record(Member(before).reinstate(work.now))
    settle(work)
    return state


def leave(work: Work, _: commands.Leave) -> states.Member:
    """He leaves: roles end, consents are withdrawn, what is personal is erased (UU PDP)."""
    before = work.to_change(actor(work))
    fact = Member(before).leave(work.now)
    keep_coordinated(work, before.id)
    work.ledger.add(ledger.entries(before.id, ledger.withdrawals(before), work.now, proof(work)))
    state: states.Member = work.record(fact)
    for appointment in work.appointments.open_of(before.id):
        work.record(Appointment(appointment).end(work.now, work.today, LEFT))
    settle(work)
    _erase(work, before)
    return state


def set_consents(work: Work, command: commands.SetConsents) -> states.Member:
    """Every answer goes into the ledger; the newest per purpose stands (source: L4)."""
    before = work.to_change(actor(work))
    if not command.consents:
        return before
    fact = Member(before).consent(work.now, command.consents)
    work.ledger.add(ledger.entries(before.id, command.consents, work.now, proof(work)))
    state: states.Member = work.record(fact)
    if before.consents_to(PURPOSE):
        follow_consents(work, state)
    return state


def proof(work: Work) -> ledger.Proof:
    """How an answer reached us."""
    caller = work.call.actor
    return ledger.Proof(
        session_id=caller.session_id, address=caller.address, request_id=work.call.request_id
    )


def _of_ones_area(work: Work, who: Authority, id: str) -> states.Member:
    """A member whom the actor coordinates; raises MemberUnknown, NotYours, Stale."""
    state = member(work, id)
    who.must_coordinate(area_of(work, state))
    return work.to_change(state)


def _must_not_be_mutiny(work: Work, who: Authority, state: states.Member) -> None:
    if state.id == who.member.id:
        raise NotYours("nobody suspends himself")
    _must_be_officer_for_an_office(work, who, state)


def _must_be_officer_for_an_office(work: Work, who: Authority, state: states.Member) -> None:
    offices = (*REGION_ROLES, "area_coordinator")
    if any(a.role in offices for a in in_force(work, state.id)):
        who.must_be_officer()


def _erase(work: Work, before: states.Member) -> None:
    """Remove what the service kept beside the aggregates."""
    contacts = [text for text in (before.email, before.phone) if text]
    end_sessions(work, before.id, "left")
    work.accounts.remove(before.id)
    work.codes.remove(code.id for code in work.codes.of_member(before.id))
    work.code_requests.remove_for(contacts)
    work.letters.remove_to(contacts)
    forget_author(work, before.id)
    competencies = work.competencies.get(before.id)
    if competencies:
        work.record(Competencies(competencies, competencies.framework_version).erase(work.now))
    work.forget_answers(before.id)
