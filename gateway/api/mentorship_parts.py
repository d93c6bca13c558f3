"""What belongs to a case: offers, visits, issues and follow-ups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.schema import schema_of
from contracts.mentoring import commands, states
from contracts.types import Id, Instant, Prose
from gateway import sheets
from gateway.api.mentorships import must_see
from gateway.api.shapes import page_of
from gateway.asked import Asked
from gateway.asks import asks, steps
from gateway.describe import Access, Responder
from gateway.listing import Listing, Scope, ScopeOf, as_shown, eyes
from gateway.query import Parameter
from gateway.question import Reply
from gateway.reads import lists
from gateway.resource import Resource
from gateway.shown import FOLLOW_UP, ISSUE, OFFER, VISIT, Kind, Shown
from gateway.viewer import Viewer

TAG = "Mentorships"
OFFER_SCHEMA = schema_of(states.Offer)
VISIT_SCHEMA = schema_of(states.Visit)
ISSUE_SCHEMA = schema_of(states.Issue)
FOLLOW_UP_SCHEMA = schema_of(states.FollowUp)
COLUMNS = {"visit": sheets.VISITS, "issue": sheets.ISSUES, "follow_up": sheets.FOLLOW_UPS}


def of_case(kind: Kind) -> ScopeOf:
    """What belongs to the case of the path; of offers those that he may know of."""

    def scope(viewer: Viewer, given: Mapping[str, Any]) -> Scope:
        own = eyes(viewer) if kind is OFFER else {}
        return Scope(view=kind.view, query={"mentorship_id": {"$eq": given["id"]}, **own})

    return scope


def listed(kind: Kind, order: str, summary: str, *filters: Parameter) -> Responder:
    """A list of what belongs to a case, for who may know of the case."""
    return lists(
        Listing(
            view=kind.view,
            fields=kind.fields,
            item=as_shown(kind),
            sorts={order: order},
            default=order,
            filters=filters,
            columns=COLUMNS.get(kind.name, ()),
        ),
        summary=summary,
        tag=TAG,
        answer=page_of(schema_of(kind.state)),
        access=Access.SIGNED_IN,
        scope=of_case(kind),
        guard=must_see,
    )


about_offer = steps(OFFER, {"mentorship_id": "id", "offer_id": "offer_id"}, tag=TAG)


class Offers(Resource):
    """`/v1/mentorships/{id}/offers`"""

    on_get = listed(OFFER, "created_at", "To whom the case was offered")
    on_post = asks(
        commands.MakeOffer,
        summary="Offer the case to a mentor, with a partner if needed",
        tag=TAG,
        path={"mentorship_id": "id"},
        status=201,
        location="/v1/mentorships/{mentorship_id}/offers",
        kind=OFFER,
        answer=OFFER_SCHEMA,
        example={"mentor_id": "0193"},
    )


class OfferAcceptance(Resource):
    """`/v1/mentorships/{id}/offers/{offer_id}/accept`"""

    on_post = about_offer(commands.AcceptOffer, "Take the case")


class OfferDeclining(Resource):
    """`/v1/mentorships/{id}/offers/{offer_id}/decline`"""

    on_post = about_offer(commands.DeclineOffer, "Say no", example={"unavailable": True})


class OfferQuestion(Resource):
    """`/v1/mentorships/{id}/offers/{offer_id}/ask`"""

    on_post = about_offer(
        commands.AskAboutOffer, "Ask for more first", example={"question": "Berapa komputer?"}
    )


class MyOffers(Resource):
    """`/v1/me/offers`"""

    on_get = lists(
        Listing(
            view="offers",
            fields=OFFER.fields,
            item=as_shown(OFFER),
            sorts={"created_at": "created_at"},
            default="-created_at",
        ),
        summary="Cases offered to oneself",
        tag=TAG,
        answer=page_of(OFFER_SCHEMA),
        access=Access.SIGNED_IN,
        scope=lambda viewer, _: Scope(
            view="offers",
            query={
                "$or": [
                    {"mentor_id": {"$eq": viewer.member_id}},
                    {"partner_id": {"$eq": viewer.member_id}},
                ]
            },
        ),
    )


class Visits(Resource):
    """`/v1/mentorships/{id}/visits`"""

    on_get = listed(VISIT, "started_at", "What happened at the visits")
    on_post = asks(
        commands.LogVisit,
        summary="Write down a visit; the same client_id arrives once",
        tag=TAG,
        path={"mentorship_id": "id"},
        status=201,
        location="/v1/mentorships/{mentorship_id}/visits",
        kind=VISIT,
        answer=VISIT_SCHEMA,
        example={
            "client_id": "hp-1",
            "started_at": "2026-12-10T02:00:00Z",
            "ended_at": "2026-12-10T04:00:00Z",
            "work": "Memasang SLiMS",
        },
    )


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """How a fault with the same code was solved elsewhere."""

    issue_id: Id
    remedy: Prose
    solved_at: Instant


@dataclass(frozen=True, kw_only=True)
class Reported(states.Issue):
    """A fault, what helped others with the same code, and under `issue` the fault once more."""

    issue: states.Issue
    remedies: tuple[Remedy, ...]


def reported(_: Asked, reply: Reply) -> Shown:
    """The fault as every read shows it, with what came along."""
    return Shown(body={**reply.result["issue"], **reply.result}, etag="")


about_issue = steps(ISSUE, {"mentorship_id": "id", "issue_id": "issue_id"}, tag=TAG)


class Issues(Resource):
    """`/v1/mentorships/{id}/issues`"""

    on_get = listed(
        ISSUE,
        "created_at",
        "Faults at the institution",
        Parameter(name="state", about="In this state.", one_of=states.ISSUE_STATES, field="state"),
    )
    on_post = asks(
        commands.ReportIssue,
        summary="Report a fault; remedies of faults like it come along",
        tag=TAG,
        path={"mentorship_id": "id"},
        status=201,
        location="/v1/mentorships/{issue[mentorship_id]}/issues",
        render=reported,
        answer=schema_of(Reported),
        example={"code": "SESSION_DIR", "description": "Selalu kembali ke halaman masuk"},
    )


class IssueResolution(Resource):
    """`/v1/mentorships/{id}/issues/{issue_id}/resolve`"""

    on_post = about_issue(
        commands.ResolveIssue, "Say how it was solved", example={"remedy": "chmod pada folder sesi"}
    )


class IssueEscalation(Resource):
    """`/v1/mentorships/{id}/issues/{issue_id}/escalate`"""

    on_post = about_issue(commands.EscalateIssue, "Hand it to the next level, or note remote help")


class FollowUps(Resource):
    """`/v1/mentorships/{id}/follow-ups`"""

    on_get = listed(FOLLOW_UP, "due_on", "Does it still run?")
    on_post = asks(
        commands.AnswerFollowUp,
        summary="Say whether it still runs",
        tag=TAG,
        path={"mentorship_id": "id"},
        kind=FOLLOW_UP,
        answer=FOLLOW_UP_SCHEMA,
        example={"day": 90, "running": True},
    )
