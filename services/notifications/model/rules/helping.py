"""Who is told about offers to mentors, and about faults on their way up."""

from collections.abc import Iterator
from typing import Any

from contracts.mentoring import facts, states
from services.notifications.model.known import Books
from services.notifications.model.rules.mentoring import (
    brief,
    house_of,
    known_case,
    team_of,
    without,
)
from services.notifications.model.rules.people import in_charge, officers_now
from services.notifications.model.telling import To


def offer(fact: facts.OfferFact, books: Books) -> dict[str, Any]:
    """`case` and `offer`: until when, question, reason, and whom it was made to."""
    state = fact.offer
    asked = books.members.many(_asked(state))
    said = {
        "expires_at": state.expires_at,
        "question": state.question,
        "reason": state.reason,
        "to": ", ".join(sorted(member.name for member in asked)),
    }
    return {"case": brief(known_case(books, state.mentorship_id), books), "offer": said}


def issue(fact: facts.IssueFact, books: Books) -> dict[str, Any]:
    """`case` and `issue`: code, description, level, remedy and the newest note of help."""
    state = fact.issue
    said = {
        "code": state.code,
        "description": state.description,
        "level": state.level,
        "remedy": state.remedy,
        "note": state.hops[-1].note if state.hops else None,
    }
    return {"case": brief(known_case(books, state.mentorship_id), books), "issue": said}


def asked(fact: facts.OfferFact, _: Books) -> Iterator[To]:
    """Mentor and partner."""
    yield To(_asked(fact.offer))


def askers(fact: facts.OfferFact, books: Books) -> Iterator[To]:
    """Who made the offer and those in charge of the area, wherever the house is by now."""
    yield To(_askers(fact.offer, books), audience=True)


def lapsed(fact: facts.OfferLapsed, books: Books) -> Iterator[To]:
    """Mentor and partner: it is over; who made it: nobody answered."""
    yield To(_asked(fact.offer))
    yield To(_askers(fact.offer, books), kind="offer_unanswered", audience=True)


def holders(fact: facts.IssueFact, books: Books) -> Iterator[To]:
    """Whoever has it at its level, but for who reported it; once per level."""
    state = fact.issue
    once = f"issue:{state.id}:{state.level}"
    if state.level == "mentor":
        team = team_of(known_case(books, state.mentorship_id))
        yield To(without(team, state.reported_by), once=once)
        return
    told = {
        "area": lambda: in_charge(books, known_case(books, state.mentorship_id).area),
        "region": lambda: officers_now(books),
        "network": lambda: _pool(books),
    }
    yield To(without(told[state.level](), state.reported_by), once=once, audience=True)


def reporter(fact: facts.IssueHelped, _: Books) -> Iterator[To]:
    """Who reported it."""
    if fact.issue.reported_by:
        yield To((fact.issue.reported_by,))


def concerned(fact: facts.IssueSolved, books: Books) -> Iterator[To]:
    """The institution, mentor and partner, but for who solved it."""
    state = fact.issue
    found, once = known_case(books, state.mentorship_id), f"solved:{state.id}"
    yield To(without(house_of(found, books), state.solved_by), once=once, audience=True)
    yield To(without(team_of(found), state.solved_by), once=once)


def _asked(state: states.Offer) -> tuple[str, ...]:
    return (state.mentor_id, *([state.partner_id] if state.partner_id else []))


def _askers(state: states.Offer, books: Books) -> tuple[str, ...]:
    maker = (state.offered_by,) if state.offered_by else ()
    return (*maker, *in_charge(books, known_case(books, state.mentorship_id).area))


def _pool(books: Books) -> tuple[str, ...]:
    """All mentors in force: the network of those who can help."""
    held = books.appointments.accepted(("mentor",))
    return tuple(dict.fromkeys(a.member_id for a in held if a.in_force(books.today)))
