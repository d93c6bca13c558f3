"""Mentors: what they can, whether they take cases, and the best assignment of many cases."""

from chassis.schema import schema_of
from contracts.mentoring import commands, states
from gateway.api.institutions import AREA
from gateway.api.shapes import page_of
from gateway.asks import asks
from gateway.describe import Access
from gateway.listing import Listing, as_shown, for_eyes
from gateway.reads import lists, shows
from gateway.resource import Resource
from gateway.shown import ASSIGNMENT, MENTOR, TEMPLATE

TAG = "Mentors"
SCHEMA = schema_of(states.Mentor)
ASSIGNMENT_SCHEMA = schema_of(states.Assignment)
TEMPLATE_SCHEMA = schema_of(states.Template)


class Collection(Resource):
    """`/v1/mentors`"""

    on_get = lists(
        Listing(
            view="mentors",
            fields=MENTOR.fields,
            item=as_shown(MENTOR),
            sorts={"updated_at": "updated_at"},
            default="-updated_at",
            filters=(AREA,),
        ),
        summary="Mentors, for coordinators, and oneself",
        tag=TAG,
        answer=page_of(SCHEMA),
        access=Access.SIGNED_IN,
        scope=for_eyes("mentors"),
    )


class Profile(Resource):
    """`/v1/me/mentor-profile`"""

    on_put = asks(
        commands.ProfileMentor,
        summary="Say what one can, where, and how many cases at once",
        tag=TAG,
        kind=MENTOR,
        answer=SCHEMA,
        example={"background": "librarian", "skills": ["slims", "metadata"], "capacity": 2},
    )


class Availability(Resource):
    """`/v1/me/mentor-availability`"""

    on_put = asks(
        commands.SetAvailability,
        summary="Take no more cases for now, or take some again",
        tag=TAG,
        kind=MENTOR,
        answer=SCHEMA,
        example={"available": False},
    )


class Assignments(Resource):
    """`/v1/mentoring-assignments`"""

    on_get = lists(
        Listing(
            view="assignments",
            fields=ASSIGNMENT.fields,
            item=as_shown(ASSIGNMENT),
            sorts={"created_at": "created_at"},
            default="-created_at",
        ),
        summary="Assignments of many cases, proposed and confirmed",
        tag=TAG,
        answer=page_of(ASSIGNMENT_SCHEMA),
        access=Access.SIGNED_IN,
        scope=for_eyes("assignments"),
    )
    on_post = asks(
        commands.ProposeAssignment,
        summary="Work out who should take which open case; nothing is sent yet",
        tag=TAG,
        status=201,
        location="/v1/mentoring-assignments/{id}",
        kind=ASSIGNMENT,
        answer=ASSIGNMENT_SCHEMA,
        deadline_seconds=15.0,
    )


class Assignment(Resource):
    """`/v1/mentoring-assignments/{id}`"""

    on_get = shows(
        ASSIGNMENT,
        summary="One assignment",
        tag=TAG,
        answer=ASSIGNMENT_SCHEMA,
        access=Access.SIGNED_IN,
    )


class AssignmentConfirmation(Resource):
    """`/v1/mentoring-assignments/{id}/confirm`"""

    on_post = asks(
        commands.ConfirmAssignment,
        summary="Send its offers",
        tag=TAG,
        path={"assignment_id": "id"},
        kind=ASSIGNMENT,
        answer=ASSIGNMENT_SCHEMA,
        matched=True,
        deadline_seconds=15.0,
    )


class Templates(Resource):
    """`/v1/mentoring-templates/readiness`"""

    on_get = lists(
        Listing(
            view="templates",
            fields=TEMPLATE.fields,
            item=as_shown(TEMPLATE),
            sorts={"created_at": "created_at"},
            default="-created_at",
        ),
        summary="Versions of the readiness form and of the checklist",
        tag=TAG,
        answer=page_of(TEMPLATE_SCHEMA),
        access=Access.ACTIVE,
        scope=for_eyes("templates"),
    )
