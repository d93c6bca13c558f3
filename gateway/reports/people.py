"""Numbers about members: their background and their competencies; small groups are hidden."""

from gateway.api import members
from gateway.front import Front
from gateway.query import filters
from gateway.reports.numbers import SMALLEST_GROUP, Number, Report, Section, link, veiled
from gateway.views.change import Document

MEMBERS = "/v1/members"


def backgrounds() -> Section:
    """Active members by education."""
    return Section(
        name="members",
        path=MEMBERS,
        listing=members.LISTING,
        given={"state": "active"},
        by=("education",),
        about_people=True,
    )


async def competencies(front: Front, report: Report) -> list[Number]:
    """Active members with at least a level, rated in the time; by area and competency.

    A number is hidden too when with a wider one beside it it would tell of a small group.
    """
    given = {"state": "active", "rated_from": report.since, "rated_to": report.until}
    known = members.LISTING.parameters
    query: Document = {"area": {"$in": sorted(report.areas)}, **filters(dict(given), known)}
    told = await front.store.tally("members", query, ("area", "skills"), "skills")
    found = {values: of for values, of in told if not values[1].endswith("0")}
    numbers, before = list[Number](), Number(section="", area="", value=None)
    for (area, skill), of in sorted(found.items()):
        group = {"competency": skill[:-1], "level": skill[-1]}
        href = link(MEMBERS, {"area": area, **given, **group})
        number = Number(section="competencies", area=area, group=group, value=of, href=href)
        shown = number if _tells_of_nobody(number, before) else veiled(number)
        numbers.append(shown)
        if not shown.hidden:
            before = shown
    return numbers


def _tells_of_nobody(number: Number, wider: Number) -> bool:
    """Whether neither the group nor what the wider one has more of is small."""
    assert number.value is not None
    same = (number.area, number.group["competency"])
    more = 0.0
    if wider.value is not None and (wider.area, wider.group["competency"]) == same:
        more = wider.value - number.value
    return number.value >= SMALLEST_GROUP and (more == 0 or more >= SMALLEST_GROUP)
