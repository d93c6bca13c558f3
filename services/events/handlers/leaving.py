"""Of members who left only what others need stays (UU PDP)."""

from contracts.fact import Fact
from contracts.members import facts
from services.events.handlers import abroad, calendars, certificates, registrations
from services.events.model.equipment import Equipment
from services.events.model.event import UNDER_WAY
from services.events.model.ports import Work
from services.events.model.request import EventRequest
from services.events.model.speaker import Speakers

NOBODY = "—"


def has_left(fact: Fact) -> bool:
    """Whether it says of a member that he left."""
    return isinstance(fact, facts.MemberFact) and fact.member.state == "left"


def forget(work: Work, fact: facts.MemberFact) -> None:
    """Take a member out of what is still to come, and his name out of what was."""
    forget_member(work, fact.member.id)
    work.forget_answers(fact.member.id)


def forget_member(work: Work, member_id: str) -> None:
    """The same for a member whose leaving was heard; a second time changes nothing."""
    for wish in work.requests.backed_by(member_id):
        work.record(EventRequest(wish).forget(work.now, member_id))
    _forget_speaker(work, member_id)
    for thing in work.equipment.owned_by(member_id):
        work.record(Equipment(thing).forget_owner(work.now))
    registrations.forget_member(work, member_id)
    abroad.forget_member(work, member_id)
    certificates.forget_member(work, member_id)
    calendars.forget_member(work, member_id)


def _forget_speaker(work: Work, member_id: str) -> None:
    for event in work.events.speaking(member_id):
        if event.state not in UNDER_WAY or event.starts_at <= work.now:
            work.record(Speakers(event).erase(work.now, member_id, NOBODY))
            continue
        for mine in [s.id for s in event.speakers if s.member_id == member_id]:
            event = work.record(Speakers(event).remove(work.now, mine))
