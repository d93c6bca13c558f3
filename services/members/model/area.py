"""Areas: named sets of official kabupaten/kota codes that never overlap."""

import re
from collections.abc import Iterable
from typing import Any

from chassis.aggregate import begun, differing, moved
from contracts.members import facts, states
from services.members.errors import AreaInvalid, AreaOverlaps

DISTRICT = re.compile(r"\d{2}\.\d{2}")


def regency_of(code: str) -> str:
    """The kabupaten/kota code that an official code lies in: `35.71.01` → `35.71`."""
    return code[:5]


def checked_codes(id: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes without repetition; raises AreaInvalid when one is not a kabupaten/kota code.

    An area whose id is itself a code holds that code (source: features A3, api.md areas).
    """
    unique = tuple(dict.fromkeys(codes))
    wrong = [code for code in unique if not DISTRICT.fullmatch(code)]
    if wrong or not unique:
        named = ", ".join(wrong) or "an empty list"
        raise AreaInvalid(f"{named}: kabupaten/kota codes like 35.71 needed", pointer="/codes")
    if re.fullmatch(r"[\d.]+", id) and id not in unique:
        raise AreaInvalid(f"{id} is an official code but not one of the area's", pointer="/id")
    return unique


def no_overlap(id: str, codes: Iterable[str], active: Iterable[states.Area]) -> None:
    """Raise AreaOverlaps when another active area holds one of the codes."""
    for area in active:
        shared = sorted(set(codes) & set(area.codes))
        if area.id != id and shared:
            named = ", ".join(shared)
            raise AreaOverlaps(f"{named} belongs to area {area.id}", pointer="/codes")


def create_area(
    id: str, region: str, now: str, others: Iterable[states.Area], **fields: Any
) -> facts.AreaCreated:
    """A new area; raises AreaInvalid and AreaOverlaps."""
    codes = checked_codes(id, fields.pop("codes"))
    no_overlap(id, codes, others)
    return facts.AreaCreated(area=states.Area(**begun(id, region, now), codes=codes, **fields))


class Area:
    """One area and what may happen to it."""

    def __init__(self, state: states.Area) -> None:
        self.state = state

    def change(
        self, now: str, others: Iterable[states.Area], wanted: dict[str, Any]
    ) -> facts.AreaChanged | None:
        """Take the wanted values; None when they are there already; raises as `create_area`."""
        if "codes" in wanted:
            wanted = {**wanted, "codes": checked_codes(self.state.id, wanted["codes"])}
        changes = differing(self.state, wanted)
        if not changes:
            return None
        after = moved(self.state, now, **changes)
        if after.active:
            no_overlap(after.id, after.codes, others)
        return facts.AreaChanged(area=after)

    def coordinate(
        self, now: str, coordinators: tuple[str, ...], acting: str | None
    ) -> facts.AreaCoordinated | facts.AreaCoordinatorVacant | None:
        """Who coordinates from now on; None when nothing changes.

        Source: features A4. Without a coordinator the acting one stands in.
        """
        wanted = {"coordinators": coordinators, "acting_coordinator": acting}
        changes = differing(self.state, wanted)
        if not changes:
            return None
        after = moved(self.state, now, **changes)
        if coordinators:
            return facts.AreaCoordinated(area=after)
        return facts.AreaCoordinatorVacant(area=after)
