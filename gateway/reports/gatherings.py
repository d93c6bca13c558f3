"""Numbers about events: how many, who came, and which areas have gone quiet."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace

import orjson

from contracts import common
from gateway.api import events, registrations
from gateway.front import Front
from gateway.problems import Problem
from gateway.reports import cases
from gateway.reports.numbers import Number, Report, Section, link
from gateway.views.change import Document

EVENTS = "/v1/events"
MOST_EVENTS = 1000


def held(report: Report) -> Section:
    """The region's own events by kind and state; of two areas that host one, each counts it (D17).

    What another region tells of its events names areas as it likes.
    """
    return Section(
        name="events",
        path=EVENTS,
        listing=events.LISTING,
        given={"region": report.region, **report.period},
        by=("kind", "state"),
        plural=True,
    )


def registered(report: Report) -> Section:
    """Registrations made in the time, by what came of them."""
    return Section(
        name="registrations",
        path="/v1/registrations",
        listing=registrations.OF_AREAS,
        given=report.period,
        by=("state",),
    )


async def attendance(front: Front, report: Report) -> list[Number]:
    """For each event of the time, how many registrations are in which state.

    An area that hosted it too is credited apart, so that the sum counts everybody once (source:
    D17). Raises Problem (400) when there are more events than a report takes.
    """
    found = await _events(front, report)
    wanted = {"event_id": {"$in": sorted(found)}}
    told = await front.store.tally("agenda", wanted, ("event_id", "state"))
    numbers = [
        number
        for (event, state), of in told
        for number in _attended(found[event], state, of)
        if number.area in report.areas
    ]
    return sorted(numbers, key=lambda one: (one.area, one.group["starts_at"], str(one.href)))


async def _events(front: Front, report: Report) -> dict[str, Document]:
    query = held(report).query(report.areas)
    found = await front.store.find("calendar", query, MOST_EVENTS + 1)
    if len(found) > MOST_EVENTS:
        raise Problem(common.MALFORMED, f"more than {MOST_EVENTS} events: take a shorter time")
    return {one["_id"]: one for one in found}


def _attended(document: Document, state: str, of: int) -> Iterator[Number]:
    """For its area with the list, which is for who coordinates there; for co-hosts without."""
    event = orjson.loads(document["body"])
    home, *cohosts = document["areas"]
    group = {"event": event["title"], "starts_at": event["starts_at"], "state": state}
    href = link(f"{EVENTS}/{event['id']}/registrations", {"state": state})
    yield Number(section="attendance", area=home, group=group, value=of, href=href)
    for area in cohosts:
        yield Number(section="attendance_as_cohost", area=area, group=group, value=of)


async def dormant(front: Front, report: Report) -> list[Number]:
    """Areas without an event and without a visit for so many days (source: C2, K1).

    Each is a zero: its list is empty.
    """
    since = cases.days_before(report.today, report.idle_days)
    recent = replace(report, since=since, until=cases.days_before(report.today, -1))
    happened, visited = await asyncio.gather(
        held(recent).count(front, report.areas), cases.visits(recent).count(front, report.areas)
    )
    awake = {one.area for one in happened if one.group["state"] in ("published", "closed")}
    awake |= {one.area for one in visited}
    return [_quiet(area, recent) for area in _still(report.areas, awake)]


def _still(areas: Sequence[str], awake: set[str]) -> list[str]:
    return sorted(set(areas) - awake)


def _quiet(area: str, recent: Report) -> Number:
    given = {"area": area, "region": recent.region, "state": "closed", **recent.period}
    return Number(
        section="dormant_areas",
        area=area,
        group={"idle_days": str(recent.idle_days)},
        value=0,
        href=link(EVENTS, given),
    )
