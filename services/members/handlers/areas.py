"""Areas: created and changed by the region's officers."""

from chassis.aggregate import given
from contracts.members import commands, states
from services.members.errors import AreaTaken, AreaUnknown
from services.members.handlers.coordination import settle, standing
from services.members.handlers.who import authority
from services.members.model import area as areas
from services.members.model.coordination import coordination
from services.members.model.ports import Work


def create_area(work: Work, command: commands.CreateArea) -> states.Area:
    """A new area; the region's coordinator acts until it has its own."""
    authority(work).must_be_officer()
    if work.areas.get(command.id):
        raise AreaTaken(f"area {command.id} exists", pointer="/id")
    coordinators, acting = coordination(command.id, standing(work), work.today)
    fact = areas.create_area(
        region=work.region,
        now=work.now,
        others=work.areas.active(),
        coordinators=coordinators,
        acting_coordinator=acting,
        **given(command),
    )
    state: states.Area = work.record(fact)
    return state


def change_area(work: Work, command: commands.ChangeArea) -> states.Area:
    """Another name, other codes, or out of use."""
    authority(work).must_be_officer()
    before = work.to_change(area(work, command.area_id))
    fact = areas.Area(before).change(work.now, work.areas.active(), given(command, "area_id"))
    if fact is None:
        return before
    work.record(fact)
    settle(work)
    return area(work, before.id)


def area(work: Work, id: str) -> states.Area:
    """An area; raises AreaUnknown."""
    found = work.areas.get(id)
    if found is None:
        raise AreaUnknown(f"there is no area {id}")
    return found
