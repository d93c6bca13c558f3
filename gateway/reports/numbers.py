"""A number and the list behind it: both are made of the same filters, so they cannot differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from gateway.front import Front
from gateway.listing import Listing
from gateway.query import filters
from gateway.views.change import Document

SMALLEST_GROUP = 5


@dataclass(frozen=True, kw_only=True)
class Number:
    """How many; None where so few people stand behind it that one could be meant (source: K2).

    `of` is the list that a share is a share of.
    """

    section: str
    area: str
    group: Mapping[str, str] = field(default_factory=dict)
    value: float | None
    unit: str = "count"
    hidden: bool = False
    href: str | None = None
    of: str | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is asked: of which areas (ids) of the region, from a day on and before another."""

    region: str
    areas: Sequence[str]
    since: str
    until: str
    today: str
    idle_days: int

    @property
    def period(self) -> dict[str, str]:
        """As filters of a list."""
        return {"from": self.since, "to": self.until}


@dataclass(frozen=True, kw_only=True)
class Section:
    """Numbers of one kind: a list narrowed by `given`, counted by area and by more of its filters.

    `about_people` hides small groups; `plural` is the field that holds several areas.
    """

    name: str
    path: str
    listing: Listing
    given: Mapping[str, Any] = field(default_factory=dict)
    by: Sequence[str] = ()
    group: Mapping[str, str] = field(default_factory=dict)
    about_people: bool = False
    plural: bool = False

    def query(self, areas: Sequence[str]) -> Document:
        """What is counted, found by area."""
        known = self.listing.parameters
        area = str(known["area"].field)
        return {area: {"$in": sorted(areas)}, **filters(dict(self.given), known)}

    async def count(self, front: Front, areas: Sequence[str]) -> list[Number]:
        """The numbers, in a stable order."""
        known = self.listing.parameters
        fields = [str(known[name].field) for name in ("area", *self.by)]
        each = fields[0] if self.plural else None
        told = await front.store.tally(self.listing.view, self.query(areas), fields, each)
        found = [self.number(values, of) for values, of in told if values[0] in areas]
        return sorted(found, key=lambda one: (one.area, sorted(one.group.items())))

    def number(self, values: Sequence[Any], of: int) -> Number:
        """One number with its list."""
        area, *others = values
        group = dict(zip(self.by, others, strict=True))
        number = Number(
            section=self.name,
            area=area,
            group={**self.group, **{name: text(value) for name, value in group.items()}},
            value=of,
            href=link(self.path, {"area": area, **self.given, **group}),
        )
        return veiled(number) if self.about_people and of < SMALLEST_GROUP else number


def veiled(number: Number) -> Number:
    """Without the value and the list: the group is too small."""
    return replace(number, value=None, hidden=True, href=None)


def link(path: str, given: Mapping[str, Any]) -> str:
    """The list with these filters."""
    return f"{path}?{urlencode({name: text(value) for name, value in given.items()})}"


def text(value: Any) -> str:
    """A filter's value as a query has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
