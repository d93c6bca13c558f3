"""Institutions: the register; an NPSN, when there is one, identifies one, a name never does."""

from typing import Any

from chassis.aggregate import begun, differing, moved
from contracts.members import facts, states
from services.members.errors import AreaInvalid, Invalid
from services.members.model.area import regency_of


def register(
    id: str, region: str, now: str, area: states.Area, **fields: Any
) -> facts.InstitutionRegistered:
    """A new entry; raises Invalid when its parts do not fit together."""
    state = states.Institution(**begun(id, region, now), area=area.id, **fields)
    return facts.InstitutionRegistered(institution=_fitting(state, area))


class Institution:
    """One entry of the register and what may happen to it."""

    def __init__(self, state: states.Institution) -> None:
        self.state = state

    def change(
        self, now: str, area: states.Area, wanted: dict[str, Any]
    ) -> facts.InstitutionChanged | None:
        """Take the wanted values; `area` is where it lies afterwards; None when all are there."""
        changes = differing(self.state, wanted)
        if not changes:
            return None
        after = moved(self.state, now, **changes)
        return facts.InstitutionChanged(institution=_fitting(after, area))


def usable_area(area: states.Area | None, id: str) -> states.Area:
    """The area, if it is an active one of the region; raises AreaInvalid with pointer `/area`."""
    if area is None or not area.active:
        raise AreaInvalid(f"{id} is not an active area of this region", pointer="/area")
    return area


def _fitting(state: states.Institution, area: states.Area) -> states.Institution:
    """The entry, if place and area agree."""
    if state.district_code and regency_of(state.district_code) not in area.codes:
        detail = f"{state.district_code} does not lie in area {area.id}"
        raise Invalid(detail, pointer="/district_code")
    if (state.latitude is None) != (state.longitude is None):
        raise Invalid("latitude and longitude come together", pointer="/latitude")
    return state
