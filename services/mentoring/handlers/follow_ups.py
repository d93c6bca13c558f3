"""Follow-ups: planned at sign-off, asked for on their day, answered once (source: F10)."""

from contracts.mentoring import commands, states
from services.mentoring.handlers import mentors
from services.mentoring.handlers.who import authority, case
from services.mentoring.model import follow_up, sign_off
from services.mentoring.model.follow_up import LAST_DAY, WAITING, FollowUp
from services.mentoring.model.ports import Work
from services.mentoring.model.states import must_allow


def plan_all(work: Work, signed_off: states.Mentorship) -> None:
    """Put all looks into the calendar."""
    work.record_many(follow_up.plan(signed_off, work.now, work.today))


def answer_follow_up(work: Work, command: commands.AnswerFollowUp) -> states.FollowUp:
    """By who takes part: it runs, or the case is opened again; the last one closes it."""
    who, before = authority(work), case(work, command.mentorship_id)
    who.must_take_part(before)
    must_allow(before, "follow_up")
    found = follow_up.waiting(work.follow_ups.of_case(before.id), command.day)
    said = (work.today, who.member.id, command.running, command.note)
    fact = FollowUp(work.to_change(found)).answer(work.now, *said)
    state: states.FollowUp = work.record(fact)
    _conclude(work, before, state)
    return state


def to_ask(work: Work) -> list[str]:
    """Ids of the follow-ups whose day has come."""
    return [found.id for found in work.follow_ups.to_ask(work.today)]


def ask(work: Work, id: str) -> None:
    """Ask once whether it still runs; with the first one, the case is followed."""
    found = work.follow_ups.get(id)
    fact = FollowUp(found).fall_due(work.now) if found else None
    if found is None or fact is None:
        return
    work.record(fact)
    _follow(work, case(work, found.mentorship_id))


def withdraw_waiting(work: Work, mentorship_id: str) -> None:
    """Nobody needs to ask any more."""
    for found in work.follow_ups.of_case(mentorship_id):
        if found.state in WAITING:
            work.record(FollowUp(found).withdraw(work.now))


def forget_member(work: Work, member_id: str) -> None:
    """He left: what he answered stays, without him."""
    for found in work.follow_ups.answered_by(member_id):
        work.record(FollowUp(found).forget(work.now))


def _conclude(work: Work, before: states.Mentorship, answered: states.FollowUp) -> None:
    if not answered.running:
        withdraw_waiting(work, before.id)
        mentors.load(work, work.record(sign_off.reopen(before, work.now)))
    elif answered.day == LAST_DAY:
        withdraw_waiting(work, before.id)
        assert answered.answered_by
        work.record(sign_off.close(before, work.now, answered.answered_by))
    else:
        _follow(work, before)


def _follow(work: Work, before: states.Mentorship) -> None:
    fact = sign_off.follow(before, work.now)
    if fact:
        work.record(fact)
