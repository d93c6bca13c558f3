"""Keeping every area and the region coordinated, in the transaction of whatever changed it."""

from contracts.members import states
from services.members.errors import LastCoordinator
from services.members.model.appointment import TERM_OVER, Appointment
from services.members.model.area import Area
from services.members.model.coordination import coordination, region_coordinators
from services.members.model.ports import Work


def standing(work: Work) -> list[states.Appointment]:
    """Accepted appointments of the region's and the areas' coordinators who are active."""
    accepted = [
        *work.appointments.accepted("coordinator"),
        *work.appointments.accepted("area_coordinator"),
    ]
    holders = work.members.many({a.member_id for a in accepted})
    active = {member.id for member in holders if member.state == "active"}
    return [a for a in accepted if a.member_id in active]


def settle(work: Work) -> None:
    """Say for every area whose coordinators changed who coordinates or acts (source: A4)."""
    _end_stand_ins(work)
    appointments = standing(work)
    for area in work.areas.active():
        coordinators, acting = coordination(area.id, appointments, work.today)
        fact = Area(area).coordinate(work.now, coordinators, acting)
        if fact:
            work.record(fact)


def _end_stand_ins(work: Work) -> None:
    """A coordinator whose term had run out stays until a regular one is there."""
    in_office = region_coordinators(standing(work), work.today)
    if any(not a.acting for a in in_office):
        for stand_in in (a for a in in_office if a.acting):
            work.record(Appointment(stand_in).end(work.now, work.today, TERM_OVER))


def keep_coordinated(work: Work, leaving: str) -> None:
    """Raise LastCoordinator when the region would have no coordinator without this member."""
    in_office = {a.member_id for a in region_coordinators(standing(work), work.today)}
    if leaving not in in_office:
        return
    work.appointments.one_at_a_time()
    if in_office == {leaving}:
        raise LastCoordinator("appoint a successor, who must have accepted, first")
