"""Mentorships: an institution asks, is assessed, accompanied, signed off and looked after."""

from collections.abc import Mapping
from typing import Any

from chassis.schema import schema_of
from contracts.mentoring import commands, states
from gateway import sheets
from gateway.api.institutions import AREA, WORDS
from gateway.api.shapes import page_of
from gateway.asked import ID
from gateway.asks import asks, steps
from gateway.describe import Access
from gateway.front import Front
from gateway.listing import Listing, as_shown, for_eyes
from gateway.query import Parameter, flag, period
from gateway.reads import lists, seen_document, shows
from gateway.resource import Resource
from gateway.shown import CASE
from gateway.viewer import Viewer
from gateway.views.change import Document

TAG = "Mentorships"
SCHEMA = schema_of(states.Mentorship)
LISTING = Listing(
    view="cases",
    fields=CASE.fields,
    item=as_shown(CASE),
    sorts={"updated_at": "updated_at", "created_at": "created_at"},
    default="-updated_at",
    filters=(
        AREA,
        Parameter(name="state", about="In this state.", one_of=states.STATES, field="state"),
        Parameter(name="stage", about="In this stage.", one_of=states.STAGES, field="stage"),
        flag("open", "Those that did not end, or only the others.", "open"),
        *period("created_at", "Asked for"),
        Parameter(name="mentor_id", about="Of this mentor.", pattern=ID.pattern, field="mentor_id"),
        Parameter(
            name="institution_id",
            about="Of this institution.",
            pattern=ID.pattern,
            field="institution_id",
        ),
        WORDS,
    ),
    columns=sheets.CASES,
)


async def seen_case(front: Front, viewer: Viewer, mentorship_id: str) -> Document:
    """A case's document; raises Problem (404) for one that is not his to know of."""
    return await seen_document(front, viewer, CASE, mentorship_id)


async def must_see(front: Front, viewer: Viewer, given: Mapping[str, Any]) -> None:
    """Raise Problem (404) for a case that is not his to know of."""
    await seen_case(front, viewer, given["id"])


act = steps(CASE, {"mentorship_id": "id"}, tag=TAG)


class Collection(Resource):
    """`/v1/mentorships`"""

    on_get = lists(
        LISTING,
        summary="Cases: one's own, one's institution's, and those of one's areas",
        tag=TAG,
        answer=page_of(SCHEMA),
        access=Access.SIGNED_IN,
        scope=for_eyes("cases"),
    )
    on_post = asks(
        commands.RequestMentorship,
        summary="Ask to be accompanied",
        tag=TAG,
        status=201,
        location="/v1/mentorships/{id}",
        kind=CASE,
        answer=SCHEMA,
        example={
            "institution_id": "0193",
            "goal": "Sirkulasi otomatis",
            "problem": "Belum ada jaringan lokal",
            "present_system": "Buku besar",
            "contact": {"name": "Bu Rina", "phone": "0812 3456 7890"},
            "head_approval": True,
        },
    )


class Item(Resource):
    """`/v1/mentorships/{id}`"""

    on_get = shows(CASE, summary="One case", tag=TAG, answer=SCHEMA, access=Access.SIGNED_IN)
    on_patch = act(commands.ChangeMentorship, "Change what was said at the request")


class Assessment(Resource):
    """`/v1/mentorships/{id}/assessment`"""

    on_put = act(
        commands.Assess,
        "Assess readiness",
        example={"template_version": 1, "answers": {"lan": True}},
    )


class Agreement(Resource):
    """`/v1/mentorships/{id}/agreement`"""

    on_put = act(
        commands.DraftAgreement,
        "Write down goals, duties and visits",
        example={
            "goals": ["Peminjaman lewat SLiMS"],
            "duties": ["Menyediakan satu komputer"],
            "visits": [{"planned_at": "2026-12-10T02:00:00Z"}],
        },
    )


class AgreementAcceptance(Resource):
    """`/v1/mentorships/{id}/agreement/accept`"""

    on_post = act(
        commands.AcceptAgreement,
        "Accept as head or as mentor",
        example={"as": "head"},
    )


class ItemCompletion(Resource):
    """`/v1/mentorships/{id}/items/{item_id}/complete`"""

    on_post = act(
        commands.CompleteItem,
        "Prove an item of the checklist",
        path={"item_id": "item_id"},
        example={"evidence": {"kind": "number", "value": "3"}},
    )


class StageCompletion(Resource):
    """`/v1/mentorships/{id}/stages/complete`"""

    on_post = act(commands.CompleteStage, "Close the present stage")


class SigningOff(Resource):
    """`/v1/mentorships/{id}/sign-off`"""

    on_post = act(
        commands.SignOff,
        "Say as head, mentor or coordinator whether the library runs",
        example={"as": "coordinator", "agrees": True},
    )


class Unmatching(Resource):
    """`/v1/mentorships/{id}/unmatch`"""

    on_post = act(
        commands.Unmatch,
        "The case goes back to wait for another mentor",
        example={"reason": "Pindah tugas"},
    )


class Holding(Resource):
    """`/v1/mentorships/{id}/hold`"""

    on_post = act(commands.Hold, "Let the case rest", example={"reason": "Ujian akhir"})


class Resumption(Resource):
    """`/v1/mentorships/{id}/resume`"""

    on_post = act(commands.Resume, "Go on")


class Stopping(Resource):
    """`/v1/mentorships/{id}/stop`"""

    on_post = act(commands.Stop, "End the case", example={"reason": "Sekolah digabung"})
