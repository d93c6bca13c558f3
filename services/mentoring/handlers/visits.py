"""Visits: written down offline, arriving once, with photos; late ones are told (source: F5, F6)."""

from chassis import clock
from chassis.aggregate import given
from contracts.mentoring import commands, states
from services.mentoring.errors import Forbidden, VisitUnknown
from services.mentoring.handlers.who import authority, case
from services.mentoring.model import agreement
from services.mentoring.model import visit as visits
from services.mentoring.model.authority import Authority
from services.mentoring.model.ports import Work
from services.mentoring.model.states import must_allow
from services.mentoring.model.visit import OVERDUE_SECONDS, Visit


def log_visit(work: Work, command: commands.LogVisit) -> states.Visit:
    """By who accompanies the case; the same client id again gives what was kept (source: F6)."""
    who, found = authority(work), case(work, command.mentorship_id)
    _must_write(who, found)
    known = work.visits.by_client(found.id, command.client_id)
    if known is not None:
        return known
    must_allow(found, "visit")
    said = given(command, "mentorship_id")
    state: states.Visit = work.record(
        visits.log(work.region, work.now, who.member.id, found, **said)
    )
    planned = agreement.visited(found, work.now, state.id, state.started_at)
    if planned:
        work.record(planned)
    return state


def add_photo(work: Work, command: commands.AddPhoto) -> states.Visit:
    """By who accompanies the case; a photo that is there already stays as it is."""
    who, found = authority(work), case(work, command.mentorship_id)
    _must_write(who, found)
    before = visit(work, found.id, command.visit_id)
    photo = states.Photo(
        id=command.photo_id,
        media_type=command.media_type,
        size_bytes=command.size_bytes,
        no_identifiable_child=command.no_identifiable_child,
        added_by=who.member.id,
    )
    fact = Visit(before).add_photo(work.now, photo)
    return work.record(fact) if fact else before


def overdue(work: Work) -> list[str]:
    """Ids of the cases with a planned visit that nobody made and nobody was told of."""
    before = clock.later(work.now, -OVERDUE_SECONDS)
    return [found.id for found in work.mentorships.with_overdue_visits(before)]


def tell_overdue(work: Work, id: str) -> None:
    """Say once that a visit did not take place."""
    before = clock.later(work.now, -OVERDUE_SECONDS)
    fact = agreement.tell_overdue(case(work, id), work.now, before)
    if fact:
        work.record(fact)


def forget_member(work: Work, member_id: str) -> None:
    """He left: what he wrote stays, without him."""
    for found in work.visits.naming(member_id):
        work.record(Visit(found).forget(work.now, member_id))


def visit(work: Work, mentorship_id: str, id: str) -> states.Visit:
    """A visit of the case; raises VisitUnknown."""
    found = work.visits.get(id)
    if found is None or found.mentorship_id != mentorship_id:
        raise VisitUnknown(f"there is no visit {id} of this case")
    return found


def _must_write(who: Authority, found: states.Mentorship) -> None:
    if not who.is_mentor(found) and not who.may_coordinate(found.area):
        raise Forbidden("who accompanies the case writes this down")
