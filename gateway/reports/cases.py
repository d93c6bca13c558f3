"""Numbers about mentoring: cases, faults, visits, follow-ups, and the share that still runs."""

from datetime import date, timedelta

from contracts.mentoring.states import FOLLOW_UP_DAYS
from gateway.api import fieldwork, mentorships
from gateway.front import Front
from gateway.reports.numbers import Number, Report, Section, link

CASES = "/v1/mentorships"
ISSUES = "/v1/mentoring-issues"
VISITS = "/v1/mentoring-visits"
FOLLOW_UPS = "/v1/mentoring-follow-ups"
AGES = ((0, 30), (30, 90), (90, 180), (180, None))
LAST_DAY = FOLLOW_UP_DAYS[-1]


def begun(report: Report) -> Section:
    """Cases that were asked for."""
    return Section(
        name="cases",
        path=CASES,
        listing=mentorships.LISTING,
        given=report.period,
        by=("state", "stage"),
    )


def open_by_stage() -> Section:
    """Open cases, whenever they were asked for."""
    return Section(
        name="open_cases_by_stage",
        path=CASES,
        listing=mentorships.LISTING,
        given={"open": True},
        by=("stage",),
    )


def open_by_age(report: Report) -> list[Section]:
    """Open cases by days since they were asked for."""
    return [_of_age(report.today, *bounds) for bounds in AGES]


def _of_age(today: str, least: int, below: int | None) -> Section:
    given: dict[str, bool | str] = {"open": True}
    if below is not None:
        given["from"] = days_before(today, below - 1)
    if least:
        given["to"] = days_before(today, least - 1)
    name = f"{least}-{below - 1}" if below else f"{least}+"
    return Section(
        name="open_cases_by_age",
        path=CASES,
        listing=mentorships.LISTING,
        given=given,
        group={"days": name},
    )


def faults(report: Report) -> Section:
    """Faults that were reported."""
    return Section(
        name="issues",
        path=ISSUES,
        listing=fieldwork.ISSUES,
        given=report.period,
        by=("code", "state"),
    )


def visits(report: Report) -> Section:
    """Visits that took place."""
    return Section(name="visits", path=VISITS, listing=fieldwork.VISITS, given=report.period)


def follow_ups(report: Report) -> Section:
    """Follow-ups whose day has come, by what came of them."""
    return Section(
        name="follow_ups",
        path=FOLLOW_UPS,
        listing=fieldwork.FOLLOW_UPS,
        given=report.period,
        by=("day", "outcome"),
    )


async def running(front: Front, report: Report) -> list[Number]:
    """Of the libraries that reached 180 days, the percentage that still runs (source: F10).

    A case that was opened again or ended before counts as one that does not; those of which nobody
    said anything yet are left out.
    """
    given = {"day": LAST_DAY, **report.period}
    still = Section(
        name="running_at_180",
        path=FOLLOW_UPS,
        listing=fieldwork.FOLLOW_UPS,
        given={**given, "outcome": "running"},
    )
    every = Section(
        name="running_at_180",
        path=FOLLOW_UPS,
        listing=fieldwork.FOLLOW_UPS,
        given={**given, "settled": True},
    )
    run = {one.area: one.value or 0 for one in await still.count(front, report.areas)}
    return [
        Number(
            section="running_at_180",
            area=one.area,
            value=round(100 * run.get(one.area, 0) / one.value, 1),
            unit="percent",
            href=link(FOLLOW_UPS, {"area": one.area, **still.given}),
            of=one.href,
        )
        for one in await every.count(front, report.areas)
        if one.value
    ]


def days_before(today: str, days: int) -> str:
    """The ISO date that many days before another."""
    return (date.fromisoformat(today) - timedelta(days=days)).isoformat()
