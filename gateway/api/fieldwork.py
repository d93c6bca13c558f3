"""Visits, issues and follow-ups of all cases of an area, for who coordinates it."""

from collections.abc import Mapping
from typing import Any

from chassis.schema import schema_of
from contracts import common
from contracts.mentoring import states
from gateway import sheets
from gateway.api.institutions import AREA
from gateway.api.shapes import page_of
from gateway.asked import ID
from gateway.describe import Access, Responder
from gateway.front import Front
from gateway.listing import Column, Listing, Scope, ScopeOf, as_shown
from gateway.problems import Problem
from gateway.query import Parameter, flag, period
from gateway.reads import lists
from gateway.resource import Resource
from gateway.shown import FOLLOW_UP, ISSUE, VISIT, Kind
from gateway.viewer import Viewer
from gateway.views.follow_ups import OUTCOMES

TAG = "Mentorships"
CASE = Parameter(
    name="mentorship_id",
    about="Of this case.",
    pattern=ID.pattern,
    field="mentorship_id",
)


async def must_coordinate(_: Front, viewer: Viewer, __: Mapping[str, Any]) -> None:
    """Raise Problem (403) for who coordinates nothing."""
    if not viewer.officer and not viewer.areas:
        raise Problem(common.FORBIDDEN, "for coordinators")


def coordinated(view: str, order: str) -> ScopeOf:
    """What lies in the areas of a coordinator; all of it for officers, found by its order."""

    def scope(viewer: Viewer, _: Mapping[str, Any]) -> Scope:
        if viewer.officer:
            return Scope(view=view, query={order: {"$gte": ""}})
        return Scope(view=view, query={"area": {"$in": sorted(viewer.areas)}})

    return scope


def listing(kind: Kind, order: str, columns: tuple[Column, ...], *filters: Parameter) -> Listing:
    """Newest first, by area, case and time."""
    return Listing(
        view=kind.view,
        fields=kind.fields,
        item=as_shown(kind),
        sorts={order: order},
        default=f"-{order}",
        filters=(AREA, CASE, *filters),
        columns=columns,
    )


VISITS = listing(VISIT, "started_at", sheets.VISITS, *period("started_at", "Began"))
ISSUES = listing(
    ISSUE,
    "created_at",
    sheets.ISSUES,
    Parameter(name="code", about="With this code.", one_of=states.FAULT_CODES, field="code"),
    Parameter(name="state", about="In this state.", one_of=states.ISSUE_STATES, field="state"),
    Parameter(name="level", about="At this level.", one_of=states.LEVELS, field="level"),
    *period("created_at", "Reported"),
)
FOLLOW_UPS = listing(
    FOLLOW_UP,
    "due_on",
    sheets.FOLLOW_UPS,
    Parameter(name="day", about="So many days after sign-off.", whole=(1, 400), field="day"),
    Parameter(name="outcome", about="What came of it.", one_of=OUTCOMES, field="outcome"),
    flag("settled", "Those that wait for no answer, or only the others.", "settled"),
    *period("due_on", "Due", days=True),
)


def of_areas(kind: Kind, listed: Listing, order: str, summary: str) -> Responder:
    """The list, for coordinators."""
    return lists(
        listed,
        summary=summary,
        tag=TAG,
        answer=page_of(schema_of(kind.state)),
        access=Access.SIGNED_IN,
        scope=coordinated(kind.view, order),
        guard=must_coordinate,
    )


class Visits(Resource):
    """`/v1/mentoring-visits`"""

    on_get = of_areas(VISIT, VISITS, "started_at", "Visits in one's areas")


class Issues(Resource):
    """`/v1/mentoring-issues`"""

    on_get = of_areas(ISSUE, ISSUES, "created_at", "Faults in one's areas")


class FollowUps(Resource):
    """`/v1/mentoring-follow-ups`"""

    on_get = of_areas(FOLLOW_UP, FOLLOW_UPS, "due_on", "Follow-ups in one's areas")
