"""Members: sign-up, the directory, and what coordinators do; lists never show contacts."""

from collections.abc import Mapping
from typing import Any

from chassis.schema import schema_of
from contracts.members import commands, states
from contracts.notifications.commands import SendMessage
from gateway.api.institutions import AREA, WORDS
from gateway.api.shapes import Acknowledged, MemberEntry, answer, page_of
from gateway.asked import ID, Asked
from gateway.asks import asks, nothing_more, steps
from gateway.body import malformed
from gateway.describe import Access
from gateway.listing import Listing, Scope
from gateway.query import Parameter, flag, period
from gateway.question import Reply
from gateway.reads import lists, shows
from gateway.resource import Resource
from gateway.shown import MEMBER, Shown, entry
from gateway.viewer import Viewer
from gateway.views.change import Document
from gateway.views.members import SHOWN, UNTOLD

TAG = "Members"
SCHEMA = schema_of(states.Member)
ENTRY = schema_of(MemberEntry)
LISTING = Listing(
    view="members",
    fields=("entry", "levels"),
    item=lambda document, _: entry(document),
    sorts={"name": "order", "updated_at": "updated_at"},
    default="name",
    filters=(
        AREA,
        Parameter(name="state", about="In this state.", one_of=states.MEMBER_STATES, field="state"),
        Parameter(
            name="job_area", about="In this work.", one_of=states.JOB_AREAS, field="job_area"
        ),
        Parameter(
            name="institution_id",
            about="At this place.",
            pattern=ID.pattern,
            field="institution_id",
        ),
        Parameter(
            name="education",
            about="With this education; for coordinators.",
            one_of=(*states.EDUCATION, UNTOLD),
            field="background",
        ),
        *period("rated_at", "Whose competencies were last told", "rated_"),
        Parameter(name="competency", about="Good at this.", one_of=states.COMPETENCY_AREAS),
        Parameter(name="level", about="With `competency`: at least this good.", whole=(0, 4)),
        flag("listed", "Only the directory: who consented to be found."),
        WORDS,
    ),
)


def whose(viewer: Viewer, given: Mapping[str, Any]) -> Scope:
    """What of the members a viewer may list: all, those of his areas, the directory, or himself.

    A search by competency names no area when an expert is wanted from anywhere: the directory.
    """
    skilled = skills(given)
    if not given.get("listed"):
        if viewer.officer:
            return Scope(view="members", query={"order": {"$gte": ""}, **skilled})
        anywhere = "competency" in given and "area" not in given
        if viewer.areas and not anywhere and given.get("area") in (None, *viewer.areas):
            return Scope(view="members", query={"area": {"$in": sorted(viewer.areas)}, **skilled})
    if viewer.may_search:
        return Scope(view="directory", query={"listed": True, **skilled})
    return Scope(view="members", query={"_id": {"$eq": viewer.member_id}, **skilled})


def skills(given: Mapping[str, Any]) -> Document:
    """The query for `competency` and `level`; raises Problem (400) for a level of nothing."""
    if "competency" not in given:
        if "level" in given:
            raise malformed("level goes with competency")
        return {}
    return {"skills": {"$eq": f"{given['competency']}{given.get('level', 1)}"}}


def member_of(asked: Asked, reply: Reply) -> Shown:
    """The changed member in full for himself and his coordinators; else what a list would show."""
    state = reply.result
    viewer, etag = asked.viewer, str(state["version"])
    own = state["id"] == viewer.member_id
    if own or viewer.coordinates(state.get("area")):
        return Shown(body=state, etag=etag)
    return Shown(body={name: state[name] for name in SHOWN} | {"competencies": {}}, etag=etag)


action = steps(
    MEMBER, {"member_id": "id"}, tag=TAG, render=member_of, answer={"anyOf": [SCHEMA, ENTRY]}
)


class Collection(Resource):
    """`/v1/members`"""

    on_get = lists(
        LISTING,
        summary="Members of one's areas, or the directory",
        tag=TAG,
        answer=page_of(ENTRY),
        access=Access.SIGNED_IN,
        scope=whose,
    )
    on_post = asks(
        commands.SignUp,
        summary="Sign up; a code goes to the contact. So many an hour from one address (429)",
        tag=TAG,
        access=Access.PUBLIC,
        status=201,
        location="/v1/members/{id}",
        kind=MEMBER,
        answer=SCHEMA,
        example={"name": "Siti Aminah", "phone": "0812 3456 7890", "area": "35.71"},
    )


class Item(Resource):
    """`/v1/members/{id}`"""

    on_get = shows(
        MEMBER,
        summary="One member, as far as one may see him",
        tag=TAG,
        answer={"anyOf": [SCHEMA, ENTRY]},
        access=Access.SIGNED_IN,
    )
    on_patch = action(commands.ChangeMember, "Change a member's profile")


class Approval(Resource):
    """`/v1/members/{id}/approve`"""

    on_post = action(commands.ApproveMember, "Approve a pending member")


class Suspension(Resource):
    """`/v1/members/{id}/suspend`"""

    on_post = action(
        commands.SuspendMember, "Suspend a member", example={"reason": "Diminta sendiri"}
    )


class Reinstatement(Resource):
    """`/v1/members/{id}/reinstate`"""

    on_post = action(commands.ReinstateMember, "Lift a suspension")


class Messages(Resource):
    """`/v1/members/{id}/messages`"""

    on_post = asks(
        SendMessage,
        summary="Write to a member who agreed to be contacted, or answer one; no address is told",
        tag=TAG,
        access=Access.ACTIVE,
        path={"member_id": "id"},
        status=202,
        render=nothing_more,
        answer=answer(Acknowledged),
        example={"text": "Bolehkah saya bertanya tentang barcode?"},
    )
