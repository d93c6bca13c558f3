"""Reports and the dashboard: numbers for who coordinates, as JSON or for a spreadsheet."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import orjson
from falcon.asgi import Request, Response

from contracts import common
from contracts.types import AREA_PATTERN
from gateway import exports
from gateway.api.fieldwork import must_coordinate
from gateway.describe import Access, Operation, Responder, Success, described
from gateway.front import Front
from gateway.language import language_of
from gateway.pages import Page
from gateway.problems import Problem
from gateway.query import TIME, Parameter, read_query
from gateway.reads import READ_HEADERS, answer_page, digest
from gateway.reports import cases, gatherings, people
from gateway.reports.numbers import Number, Report
from gateway.reports.words import TITLES, rows
from gateway.resource import Resource
from gateway.viewer import Viewer

TAG = "Reports"
YEAR, EVER = 365, 36_500
NUMBER = {
    "type": "object",
    "required": ["section", "area", "group", "value", "unit", "hidden", "href", "of"],
    "properties": {
        "section": {"type": "string"},
        "area": {"type": "string"},
        "group": {"type": "object", "additionalProperties": {"type": "string"}},
        "value": {"type": ["number", "null"], "description": "null: too few people to say."},
        "unit": {"type": "string", "enum": ["count", "percent"]},
        "hidden": {"type": "boolean"},
        "href": {"type": ["string", "null"], "description": "The list of what is counted."},
        "of": {"type": ["string", "null"], "description": "The list a percentage is of."},
    },
}
ANSWER = {
    "type": "object",
    "required": ["areas", "from", "to", "numbers"],
    "properties": {
        "areas": {"type": "array", "items": {"type": "string"}},
        "from": {"type": "string"},
        "to": {"type": "string"},
        "numbers": {"type": "array", "items": NUMBER},
    },
}
AREA = Parameter(
    name="area", about="Only this one of one's areas.", pattern=AREA_PATTERN, longest=40
)
FROM = Parameter(name="from", about="From then on (UTC); a year back.", pattern=TIME)
TO = Parameter(name="to", about="Before then (UTC); with all of today.", pattern=TIME)
IDLE = Parameter(
    name="idle_days",
    about="An area is dormant without an event and a visit for so many days.",
    whole=(1, 3650),
    default=90,
)
Numbers = Callable[[Front, Report], Awaitable[list[Number]]]


async def activity(front: Front, report: Report) -> list[Number]:
    """What was done: events, cases, visits, faults."""
    sections = (gatherings.held(report), cases.begun(report), cases.visits(report))
    return await counted(front, report, *sections, cases.faults(report))


async def mentoring(front: Front, report: Report) -> list[Number]:
    """How cases go, and whether libraries still run."""
    sections = (cases.begun(report), cases.visits(report), cases.faults(report))
    told = await counted(front, report, *sections, cases.follow_ups(report))
    return [*told, *await cases.running(front, report)]


async def dashboard(front: Front, report: Report) -> list[Number]:
    """What a coordinator looks at first (source: K1)."""
    told, quiet, running = await asyncio.gather(
        counted(
            front,
            report,
            people.backgrounds(),
            gatherings.registered(report),
            cases.open_by_stage(),
            *cases.open_by_age(report),
        ),
        gatherings.dormant(front, report),
        cases.running(front, report),
    )
    return [*told, *quiet, *running]


async def counted(front: Front, report: Report, *sections: Any) -> list[Number]:
    """The numbers of the sections, one after the other."""
    told = await asyncio.gather(*(one.count(front, report.areas) for one in sections))
    return [number for numbers in told for number in numbers]


async def areas_of(front: Front, viewer: Viewer, wanted: str | None) -> list[str]:
    """The areas a report is about; raises Problem (403) for one that is not his."""
    if viewer.officer:
        known = {one["_id"] for one in await front.store.find("areas", {"active": True})}
        return [wanted] if wanted else sorted(known)
    if wanted and wanted not in viewer.areas:
        raise Problem(common.FORBIDDEN, "for coordinators of the area")
    return [wanted] if wanted else sorted(viewer.areas)


async def asked(front: Front, viewer: Viewer, given: Mapping[str, Any], back: int) -> Report:
    """What is reported; raises Problem (403) for who coordinates nothing."""
    await must_coordinate(front, viewer, given)
    today = front.today()
    return Report(
        region=front.settings.region,
        areas=await areas_of(front, viewer, given.get("area")),
        since=given.get("from") or cases.days_before(today, back),
        until=given.get("to") or cases.days_before(today, -1),
        today=today,
        idle_days=given.get("idle_days", IDLE.default),
    )


def told(report: Report, numbers: Sequence[Number]) -> bytes:
    """The report as JSON."""
    said = {"areas": report.areas, "from": report.since, "to": report.until}
    return orjson.dumps({**said, "numbers": [asdict(one) for one in numbers]})


def sheet(front: Front, name: str, numbers: Sequence[Number], language: str) -> exports.Sheet:
    """The report for a spreadsheet."""

    async def parts() -> AsyncIterator[list[list[object]]]:
        yield list(rows(numbers, language, front.settings.public_url))

    return exports.Sheet(name=name, titles=TITLES, parts=parts())


def reports(
    name: str, numbers: Numbers, summary: str, *more: Parameter, back: int = YEAR
) -> Responder:
    """A responder for a report."""
    known = {one.name: one for one in (AREA, FROM, TO, *more)}
    operation = Operation(
        summary=summary,
        tag=TAG,
        access=Access.ACTIVE,
        success=Success(
            about="The numbers.", schema=ANSWER, headers=READ_HEADERS, also=(exports.MEDIA,)
        ),
        query={**known, **exports.PARAMETERS},
        problems=(403, 503),
        conditional=True,
    )

    async def respond(self: Any, req: Request, resp: Response) -> None:
        front: Front = self.front
        viewer = await front.admit(req, operation)
        given = read_query(req, operation.query)
        report = await asked(front, viewer, given, back)
        found = await numbers(front, report)
        if exports.as_csv(given):
            language = language_of(req.get_header("Accept-Language"))
            await exports.send(req, resp, given, sheet(front, name, found, language))
            return

        async def live() -> Page:
            body = told(report, found)
            return Page(body, digest(body))

        await answer_page(front, req, resp, None, live)

    return described(respond, operation)


class Activity(Resource):
    """`/v1/reports/activity`"""

    on_get = reports("activity", activity, "Events, cases, visits and issues of a time")


class Attendance(Resource):
    """`/v1/reports/attendance`"""

    on_get = reports("attendance", gatherings.attendance, "Who came and who did not, by event")


class Competency(Resource):
    """`/v1/reports/competency`"""

    on_get = reports(
        "competency",
        people.competencies,
        "How many members reach which level; groups below five are hidden",
        back=EVER,
    )


class Mentoring(Resource):
    """`/v1/reports/mentoring`"""

    on_get = reports("mentoring", mentoring, "Cases, visits, issues, follow-ups, still running")


class Dashboard(Resource):
    """`/v1/reports/dashboard`"""

    on_get = reports("dashboard", dashboard, "What a coordinator looks at first", IDLE)
