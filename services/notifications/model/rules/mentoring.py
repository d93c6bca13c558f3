"""Who is told how a case goes: its institution, who accompanies it, who coordinates its area."""

from collections.abc import Iterator
from typing import Any

from contracts.mentoring import facts, states
from services.notifications.errors import NotYetKnown
from services.notifications.model.known import Books, KnownMentorship
from services.notifications.model.rules.people import in_charge
from services.notifications.model.telling import To

Case = states.Mentorship | KnownMentorship
LAST_DAY = states.FOLLOW_UP_DAYS[-1]


def brief(case: Case, books: Books) -> dict[str, Any]:
    """What texts name of a case: institution, goal, and who accompanies it."""
    team = books.members.many(team_of(case))
    return {
        "institution": case.institution_name,
        "goal": case.goal,
        "reason": case.state_reason,
        "team": ", ".join(sorted(member.name for member in team)) or None,
    }


def known_case(books: Books, id: str) -> KnownMentorship:
    """A case that was heard of; raises NotYetKnown."""
    found = books.mentorships.get(id)
    if found is None:
        raise NotYetKnown(f"case {id} was not heard of")
    return found


def team_of(case: Case) -> tuple[str, ...]:
    """Mentor and partner."""
    return tuple(one for one in (case.mentor_id, case.partner_id) if one)


def house_of(case: Case, books: Books) -> tuple[str, ...]:
    """Who asked, and the members of the institution."""
    asked = (case.requested_by,) if case.requested_by else ()
    return (*asked, *books.members.active_at(case.institution_id))


def without(told: tuple[str, ...], one: str | None) -> tuple[str, ...]:
    """All but one, who knows it already."""
    return tuple(member for member in told if member != one)


# -- what is said -----------------------------------------------------------------------------


def case(fact: facts.MentorshipFact, books: Books) -> dict[str, Any]:
    """`case`, with the stage it is at and its progress."""
    state = fact.mentorship
    stage = {"stage": state.stage, "progress": state.progress}
    return {"case": {**brief(state, books), **stage}}


def assessment(fact: facts.MentorshipAssessed, books: Books) -> dict[str, Any]:
    """`case` and `readiness`: verdict, score now and before, how many conditions."""
    ready = fact.mentorship.readiness
    said = ready and {
        "verdict": ready.verdict,
        "score": ready.score,
        "before": ready.before,
        "conditions": len(ready.conditions),
    }
    return {**case(fact, books), "readiness": said}


def votes(fact: facts.SignOffVoted, books: Books) -> dict[str, Any]:
    """`case` and `vote`: the newest word, and whether the parties disagree."""
    newest = max(fact.mentorship.votes, key=lambda vote: vote.at)
    said = {"party": newest.party, "agrees": newest.agrees, "comment": newest.comment}
    return {**case(fact, books), "vote": {**said, "disputed": fact.mentorship.disputed}}


def visit(fact: facts.VisitFact, books: Books) -> dict[str, Any]:
    """`case` and `visit`: when it was, and what comes next."""
    state = fact.visit
    said = {"started_at": state.started_at, "next_steps": state.next_steps}
    return {"case": brief(known_case(books, state.mentorship_id), books), "visit": said}


def follow_up(fact: facts.FollowUpFact, books: Books) -> dict[str, Any]:
    """`case` and `follow_up`: its day, and the answer's note."""
    state = fact.follow_up
    said = {"day": state.day, "note": state.note}
    return {"case": brief(known_case(books, state.mentorship_id), books), "follow_up": said}


# -- who is told ------------------------------------------------------------------------------


def coordinators(fact: facts.MentorshipFact, books: Books) -> Iterator[To]:
    """Those in charge of the area, but for who asked."""
    told = in_charge(books, fact.mentorship.area)
    yield To(without(told, fact.mentorship.requested_by), audience=True)


def house_and_coordinators(fact: facts.MentorshipFact, books: Books) -> Iterator[To]:
    """The institution and those in charge."""
    state = fact.mentorship
    yield To((*house_of(state, books), *in_charge(books, state.area)), audience=True)


def everybody(fact: facts.MentorshipFact, books: Books) -> Iterator[To]:
    """The institution, those in charge, mentor and partner."""
    yield from house_and_coordinators(fact, books)
    yield To(team_of(fact.mentorship))


def both_sides(fact: facts.AgreementDrafted, books: Books) -> Iterator[To]:
    """The institution, mentor and partner."""
    yield To(house_of(fact.mentorship, books), audience=True)
    yield To(team_of(fact.mentorship))


def accepted(fact: facts.AgreementAccepted, books: Books) -> Iterator[To]:
    """Both sides, as long as one has to answer; with both answers the work begins, or goes on."""
    said = fact.mentorship.agreement
    if said and not (said.head_accepted_at and said.mentor_accepted_at):
        yield To(house_of(fact.mentorship, books), audience=True)
        yield To(team_of(fact.mentorship))


def stage_completed(fact: facts.StageCompleted, books: Books) -> Iterator[To]:
    """Both sides; all three parties when everything is there for sign-off."""
    state = fact.mentorship
    ready = state.state == "ready_for_signoff"
    told = house_of(state, books)
    if ready:
        told = (*told, *in_charge(books, state.area))
    kind = "mentorship_ready" if ready else None
    yield To(told, kind=kind, audience=True)
    yield To(team_of(state), kind=kind)


def signed_off(fact: facts.MentorshipSignedOff, books: Books) -> Iterator[To]:
    """Everybody; the institution may host and accompany others from now on (source: F11)."""
    yield from everybody(fact, books)
    yield To(house_of(fact.mentorship, books), kind="host_welcome", audience=True)


def late(fact: facts.VisitOverdue, books: Books) -> Iterator[To]:
    """Mentor, partner and those in charge, once for each visit that did not take place."""
    state = fact.mentorship
    for planned in state.agreement.visits if state.agreement else ():
        if planned.overdue_told_at == state.updated_at:
            once, said = f"overdue:{planned.id}", {"planned_at": planned.planned_at}
            yield To(team_of(state), once=once, params=said)
            yield To(in_charge(books, state.area), once=once, params=said, audience=True)


def visited(fact: facts.VisitLogged, books: Books) -> Iterator[To]:
    """The institution."""
    found = known_case(books, fact.visit.mentorship_id)
    told = house_of(found, books)
    yield To(without(told, fact.visit.logged_by), audience=True)


def asked(fact: facts.FollowUpDue, books: Books) -> Iterator[To]:
    """Whoever can say whether it still runs."""
    found = known_case(books, fact.follow_up.mentorship_id)
    once = f"due:{fact.follow_up.id}"
    told = (*house_of(found, books), *in_charge(books, found.area))
    yield To(told, once=once, audience=True)
    yield To(team_of(found), once=once)


def answered(fact: facts.FollowUpAnswered, books: Books) -> Iterator[To]:
    """It still runs: who accompanied it and those in charge; a stop and the end are told apart."""
    state = fact.follow_up
    if not state.running or state.day == LAST_DAY:
        return
    found = known_case(books, state.mentorship_id)
    once = f"answered:{state.id}"
    told = in_charge(books, found.area)
    yield To(without(told, state.answered_by), once=once, audience=True)
    yield To(without(team_of(found), state.answered_by), once=once)
