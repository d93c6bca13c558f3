"""Sign-off by three, and what comes after it (source: F9, F10)."""

from contracts.mentoring import commands, states
from services.mentoring.errors import PartyInvalid
from services.mentoring.handlers import mentors
from services.mentoring.handlers.follow_ups import plan_all
from services.mentoring.handlers.progressing import must_speak_for
from services.mentoring.handlers.who import taking_part
from services.mentoring.model import checklist
from services.mentoring.model import sign_off as rules
from services.mentoring.model.ports import Work


def sign_off(work: Work, command: commands.SignOff) -> states.Mentorship:
    """As head, mentor or coordinator, each another person; with three yes it is signed off."""
    who, before = taking_part(work, command.mentorship_id)
    must_speak_for(who, before, command.party)
    me = who.member.id
    if any(vote.by == me and vote.party != command.party for vote in before.votes):
        raise PartyInvalid("one person speaks for one party", pointer="/as")
    done = checklist.finish(before, work.now)
    if done:
        before = work.record(done)
    said = states.Vote(
        party=command.party, agrees=command.agrees, by=me, at=work.now, comment=command.comment
    )
    state: states.Mentorship = work.record(rules.vote(before, work.now, work.today, said))
    if state.state == "signed_off":
        plan_all(work, state)
        mentors.unload(work, state, completed=True)
    return state
