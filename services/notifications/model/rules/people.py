"""Who is told about people and their roles; who is in charge where."""

from collections.abc import Iterator
from typing import Any

from contracts.members import facts
from contracts.members.roles import OFFICERS
from services.notifications.model.known import Books
from services.notifications.model.telling import To

MOST_CASES = 10


def officers_now(books: Books) -> tuple[str, ...]:
    """The region's coordinator and secretary in force."""
    held = books.appointments.accepted(OFFICERS)
    return tuple(dict.fromkeys(a.member_id for a in held if a.in_force(books.today)))


def in_charge(books: Books, area: str | None) -> tuple[str, ...]:
    """The coordinators of an area, else who stands in, else the officers."""
    found = books.areas.get(area) if area else None
    return (found.in_charge if found else ()) or officers_now(books)


def member(fact: facts.MemberFact, _: Books) -> dict[str, Any]:
    """`member`: the name, and the reason of a suspension."""
    return {"member": {"name": fact.member.name, "reason": fact.member.state_reason}}


def oneself(fact: facts.MemberFact, _: Books) -> Iterator[To]:
    """The member himself."""
    yield To((fact.member.id,))


def approvers(fact: facts.MemberContactProven, books: Books) -> Iterator[To]:
    """Those in charge of the area of somebody who waits for approval; once per person."""
    if fact.member.state == "pending":
        told = in_charge(books, fact.member.area)
        yield To(told, once=f"waits:{fact.member.id}", audience=True)


def rated(fact: facts.CompetencyEvidenceExpiring, _: Books) -> Iterator[To]:
    """Whose evidence it is, once for each that expires soon."""
    state = fact.competencies
    for item in state.evidence:
        if item.expiry_told_at == state.updated_at:
            said = {"title": item.title, "area": item.area, "expires_on": item.expires_on}
            yield To((state.member_id,), once=f"expiring:{item.id}", params={"evidence": said})


def nothing(_: facts.CompetencyEvidenceExpiring, __: Books) -> dict[str, Any]:
    """Each of its tellings names its own."""
    return {}


def candidate(fact: facts.AppointmentOffered, _: Books) -> Iterator[To]:
    """Who was offered the role."""
    yield To((fact.appointment.member_id,))


def office(fact: facts.AppointmentOffered, books: Books) -> dict[str, Any]:
    """`appointment`: role, area and term."""
    state = fact.appointment
    area = books.areas.get(state.area) if state.area else None
    return {
        "appointment": {
            "role": state.role,
            "area": area.name if area else state.area,
            "starts_on": state.starts_on,
            "ends_on": state.ends_on,
        }
    }


def officers(fact: facts.AreaCoordinatorVacant, books: Books) -> Iterator[To]:
    """The officers and who stands in."""
    acting = fact.area.acting_coordinator
    yield To((*officers_now(books), *((acting,) if acting else ())), audience=True)


def vacancy(fact: facts.AreaCoordinatorVacant, books: Books) -> dict[str, Any]:
    """`area`: its name, and the cases that wait to be handed over (source: features A4)."""
    cases = books.mentorships.open_in(fact.area.id)
    listed = [{"institution": case.institution_name, "goal": case.goal} for case in cases]
    left = {"cases": listed[:MOST_CASES], "more": max(0, len(cases) - MOST_CASES)}
    return {"area": {"name": fact.area.name, **left}}
