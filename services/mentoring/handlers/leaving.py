"""Of members who left only what others need stays (UU PDP)."""

from contracts.fact import Fact
from contracts.members import facts
from contracts.mentoring import states
from services.mentoring.handlers import follow_ups, issues, mentors, offers, visits
from services.mentoring.model.known import KnownMember
from services.mentoring.model.mentorship import Mentorship
from services.mentoring.model.ports import Work


def has_left(fact: Fact) -> bool:
    """Whether it says of a member that he left."""
    return isinstance(fact, facts.MemberFact) and fact.member.state == "left"


def forget(work: Work, fact: facts.MemberFact) -> None:
    """Take him out of every case; one that he accompanied waits for another mentor."""
    member_id = fact.member.id
    known = work.members.get(member_id)  # with the contacts that are gone from the fact
    work.remember(fact)
    cases = _forget(work, member_id, known)
    work.forget_answers(member_id, *(one.id for one in cases if _is_contact(one, known)))


def forget_member(work: Work, member_id: str) -> None:
    """The same for a member whose leaving was heard; a second time changes nothing."""
    _forget(work, member_id, None)


def _forget(work: Work, member_id: str, known: KnownMember | None) -> list[states.Mentorship]:
    """Gives the cases that named him, as they were."""
    contacts = [way for way in (known.email, known.phone) if way] if known else []
    offers.forget_member(work, member_id)
    cases = work.mentorships.naming(member_id, *contacts)
    for before in cases:
        said = Mentorship(before).forget(work.now, member_id, _is_contact(before, known))
        after = work.record(said)
        if after.mentor_id is None and before.partner_id and after.partner_id is None:
            mentors.unload(work, before, completed=False)
    visits.forget_member(work, member_id)
    issues.forget_member(work, member_id)
    follow_ups.forget_member(work, member_id)
    mentors.forget_member(work, member_id)
    return cases


def _is_contact(case: states.Mentorship, known: KnownMember | None) -> bool:
    said = case.contact
    if said is None or known is None:
        return False
    by_mail = said.email is not None and said.email == known.email
    by_phone = said.phone is not None and said.phone == known.phone
    return by_mail or by_phone or said.name == known.name
