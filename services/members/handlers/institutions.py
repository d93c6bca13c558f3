"""Institutions: entered and changed by officers, or by coordinators in their own areas."""

from chassis import clock
from chassis.aggregate import given
from contracts.members import commands, states
from services.members.errors import InstitutionUnknown, NpsnTaken
from services.members.handlers.who import authority
from services.members.model.institution import Institution, register, usable_area
from services.members.model.ports import Work


def register_institution(work: Work, command: commands.RegisterInstitution) -> states.Institution:
    """A new entry in an active area; raises NotYours, AreaInvalid, NpsnTaken, Invalid."""
    authority(work).must_coordinate(command.area)
    area = usable_area(work.areas.get(command.area), command.area)
    _npsn_is_free(work, command.npsn)
    begun = (clock.new_id(), work.region, work.now, area)
    state: states.Institution = work.record(register(*begun, **given(command, "area")))
    return state


def change_institution(work: Work, command: commands.ChangeInstitution) -> states.Institution:
    """Other values; moving it to another area needs authority over both."""
    who = authority(work)
    before = institution(work, command.institution_id)
    wanted = given(command, "institution_id")
    for area_id in {before.area, wanted.get("area", before.area)}:
        who.must_coordinate(area_id)
    work.to_change(before)
    area = _area_after(work, before, wanted.get("area", before.area))
    if wanted.get("npsn", before.npsn) != before.npsn:
        _npsn_is_free(work, wanted["npsn"])
    fact = Institution(before).change(work.now, area, wanted)
    if fact is None:
        return before
    state: states.Institution = work.record(fact)
    return state


def institution(work: Work, id: str) -> states.Institution:
    """An institution; raises InstitutionUnknown."""
    found = work.institutions.get(id)
    if found is None:
        raise InstitutionUnknown(f"there is no institution {id}")
    return found


def _area_after(work: Work, before: states.Institution, id: str) -> states.Area:
    """The area it lies in afterwards: a new one must be in use, the old one only known."""
    area = work.areas.get(id)
    if area is not None and id == before.area:
        return area
    return usable_area(area, id)


def _npsn_is_free(work: Work, npsn: str | None) -> None:
    if npsn and work.institutions.by_npsns([npsn]):
        raise NpsnTaken(f"NPSN {npsn} is in the register", pointer="/npsn")
