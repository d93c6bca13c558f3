"""The application: THE route table, and nothing that a route does."""

import os
from collections.abc import Mapping
from functools import partial
from typing import Any

import falcon
import falcon.asgi
from falcon.routing import CompiledRouter

from chassis import log, travel
from chassis.settings import Settings
from gateway import arrival, openapi, problems
from gateway.api import (
    announcements,
    appointments,
    areas,
    audit,
    auth,
    calendars,
    certificates,
    check_ins,
    competencies,
    deliveries,
    event_parts,
    event_requests,
    event_series,
    events,
    federation,
    feedback,
    fieldwork,
    frameworks,
    house,
    identity,
    imports,
    innovations,
    institutions,
    me,
    members,
    mentors,
    mentorship_parts,
    mentorships,
    notification_preferences,
    notifications,
    operations,
    photos,
    places,
    places_of_cases,
    region,
    registrations,
    reports,
    stream,
    suggestions,
    sync,
    timelines,
    unsubscribe,
    webhooks,
)
from gateway.describe import operation_of
from gateway.front import Front
from gateway.middleware import Edge
from gateway.register import Register
from gateway.resource import Resource

ROUTES: dict[str, type[Resource]] = {
    "/healthz": house.Live,
    "/readyz": house.Ready,
    "/readyz/reads": house.ReadyForReads,
    "/metrics": house.Metrics,
    "/openapi.json": house.OpenApi,
    "/docs": house.DocsPage,
    "/docs/{name}": house.DocsAsset,
    "/.well-known/jwks.json": auth.Keys,
    "/v1/auth/token": auth.Token,
    "/v1/auth/codes": auth.Codes,
    "/v1/auth/revoke": auth.Revocation,
    "/v1/me": me.Item,
    "/v1/me/consents": me.ConsentsItem,
    "/v1/me/export": me.Export,
    "/v1/region": region.Item,
    "/v1/federation/identity": identity.Own,
    "/v1/federation/peers": federation.Peers,
    "/v1/federation/peers/{id}": federation.Peer,
    "/v1/federation/peers/{id}/approve": federation.Approval,
    "/v1/federation/peers/{id}/block": federation.Blocking,
    "/v1/federation/peers/{id}/unblock": federation.Unblocking,
    "/v1/federation/hidden": federation.Hidden,
    "/v1/federation/items/{id}/hide": federation.Hiding,
    "/v1/federation/items/{id}/show": federation.Showing,
    "/v1/federation/erasures": federation.Erasures,
    "/v1/areas": areas.Collection,
    "/v1/areas/resolve": areas.Resolution,
    "/v1/areas/{id}": areas.Item,
    "/v1/institutions": institutions.Collection,
    "/v1/institutions/imports": imports.Institutions,
    "/v1/institutions/{id}": institutions.Item,
    "/v1/members": members.Collection,
    "/v1/members/imports": imports.Members,
    "/v1/members/{id}": members.Item,
    "/v1/members/{id}/approve": members.Approval,
    "/v1/members/{id}/suspend": members.Suspension,
    "/v1/members/{id}/reinstate": members.Reinstatement,
    "/v1/members/{id}/messages": members.Messages,
    "/v1/members/{id}/competencies": competencies.Item,
    "/v1/members/{id}/competencies/evidence": competencies.Evidence,
    "/v1/members/{id}/competencies/endorsements": competencies.Endorsements,
    "/v1/competency-frameworks": frameworks.Collection,
    "/v1/competency-frameworks/{id}": frameworks.Item,
    "/v1/innovations": innovations.Collection,
    "/v1/innovations/{id}": innovations.Item,
    "/v1/innovations/{id}/withdraw": innovations.Withdrawal,
    "/v1/appointments": appointments.Collection,
    "/v1/appointments/{id}": appointments.Item,
    "/v1/appointments/{id}/accept": appointments.Acceptance,
    "/v1/appointments/{id}/decline": appointments.Declining,
    "/v1/appointments/{id}/end": appointments.Ending,
    "/v1/event-requests": event_requests.Collection,
    "/v1/event-requests/{id}": event_requests.Item,
    "/v1/event-requests/{id}/back": event_requests.Backing,
    "/v1/event-requests/{id}/accept": event_requests.Acceptance,
    "/v1/event-requests/{id}/decline": event_requests.Declining,
    "/v1/events": events.Collection,
    "/v1/events/{id}": events.Item,
    "/v1/events/{id}/publish": events.Publication,
    "/v1/events/{id}/reschedule": events.Rescheduling,
    "/v1/events/{id}/cancel": events.Cancellation,
    "/v1/events/{id}/close": events.Closing,
    "/v1/events/{id}/host": events.HostAnswer,
    "/v1/events/{id}/cohosts": events.Cohosts,
    "/v1/events/{id}/cohosts/{area}/answer": events.CohostAnswer,
    "/v1/events/{id}/speakers": event_parts.Speakers,
    "/v1/events/{id}/speakers/{speaker_id}": event_parts.Speaker,
    "/v1/events/{id}/speakers/{speaker_id}/answer": event_parts.SpeakerAnswer,
    "/v1/events/{id}/materials": event_parts.Materials,
    "/v1/events/{id}/minutes": event_parts.EventMinutes,
    "/v1/events/{id}/registrations": registrations.Collection,
    "/v1/events/{id}/registrations/{registration_id}": registrations.Item,
    "/v1/events/{id}/check-ins": check_ins.Collection,
    "/v1/events/{id}/check-in-codes": check_ins.Codes,
    "/v1/events/{id}/attendance/imports": check_ins.Attendance,
    "/v1/events/{id}/feedback": feedback.Collection,
    "/v1/events/{id}/feedback/{feedback_id}/topic": feedback.ProblemTopic,
    "/v1/events/{id}/certificates": certificates.OfEvent,
    "/v1/certificates/{serial}": certificates.Item,
    "/v1/certificates/{serial}/revoke": certificates.Revocation,
    "/v1/event-series": event_series.Collection,
    "/v1/event-series/{id}": event_series.Item,
    "/v1/event-series/{id}/end": event_series.Ending,
    "/v1/venues": places.Venues,
    "/v1/venues/{id}": places.Venue,
    "/v1/equipment": places.Equipment,
    "/v1/equipment/{id}": places.Thing,
    "/v1/equipment/{id}/reservations": places.Reservations,
    "/v1/equipment/{id}/reservations/{reservation_id}/hand-over": places.HandOver,
    "/v1/equipment/{id}/reservations/{reservation_id}/return": places.Return,
    "/v1/equipment/{id}/reservations/{reservation_id}/release": places.Release,
    "/v1/calendar-feeds": calendars.Collection,
    "/v1/calendar-feeds/{id}": calendars.Item,
    "/v1/calendar.ics": calendars.File,
    "/v1/registrations": registrations.OfAreas,
    "/v1/me/agenda": registrations.Agenda,
    "/v1/me/certificates": certificates.Mine,
    "/v1/notifications": notifications.Collection,
    "/v1/notifications/{id}": notifications.Item,
    "/v1/notifications/{id}/read": notifications.Reading,
    "/v1/notification-templates/{kind}/preview": notifications.Preview,
    "/v1/notification-preferences": notification_preferences.Item,
    "/v1/notification-channels/{channel}": notification_preferences.Channel,
    "/v1/unsubscribe": unsubscribe.Tap,
    "/v1/announcements": announcements.Collection,
    "/v1/announcements/{id}": announcements.Item,
    "/v1/deliveries": deliveries.Collection,
    "/v1/deliveries/{id}/requeue": deliveries.Requeue,
    "/v1/webhooks/telegram": webhooks.Telegram,
    "/v1/webhooks/whatsapp": webhooks.WhatsApp,
    "/v1/mentorships": mentorships.Collection,
    "/v1/mentorships/map": places_of_cases.Map,
    "/v1/mentorships/{id}": mentorships.Item,
    "/v1/mentorships/{id}/assessment": mentorships.Assessment,
    "/v1/mentorships/{id}/mentor-suggestions": suggestions.Collection,
    "/v1/mentorships/{id}/offers": mentorship_parts.Offers,
    "/v1/mentorships/{id}/offers/{offer_id}/accept": mentorship_parts.OfferAcceptance,
    "/v1/mentorships/{id}/offers/{offer_id}/decline": mentorship_parts.OfferDeclining,
    "/v1/mentorships/{id}/offers/{offer_id}/ask": mentorship_parts.OfferQuestion,
    "/v1/mentorships/{id}/unmatch": mentorships.Unmatching,
    "/v1/mentorships/{id}/agreement": mentorships.Agreement,
    "/v1/mentorships/{id}/agreement/accept": mentorships.AgreementAcceptance,
    "/v1/mentorships/{id}/visits": mentorship_parts.Visits,
    "/v1/mentorships/{id}/visits/{visit_id}/photos": photos.Collection,
    "/v1/mentorships/{id}/visits/{visit_id}/photos/{photo_id}": photos.Item,
    "/v1/mentorships/{id}/items/{item_id}/complete": mentorships.ItemCompletion,
    "/v1/mentorships/{id}/stages/complete": mentorships.StageCompletion,
    "/v1/mentorships/{id}/issues": mentorship_parts.Issues,
    "/v1/mentorships/{id}/issues/{issue_id}/resolve": mentorship_parts.IssueResolution,
    "/v1/mentorships/{id}/issues/{issue_id}/escalate": mentorship_parts.IssueEscalation,
    "/v1/mentorships/{id}/sign-off": mentorships.SigningOff,
    "/v1/mentorships/{id}/follow-ups": mentorship_parts.FollowUps,
    "/v1/mentorships/{id}/hold": mentorships.Holding,
    "/v1/mentorships/{id}/resume": mentorships.Resumption,
    "/v1/mentorships/{id}/stop": mentorships.Stopping,
    "/v1/mentorships/{id}/timeline": timelines.Timeline,
    "/v1/mentorships/{id}/lineage": places_of_cases.Lineage,
    "/v1/mentoring-templates/readiness": mentors.Templates,
    "/v1/mentoring-assignments": mentors.Assignments,
    "/v1/mentoring-assignments/{id}": mentors.Assignment,
    "/v1/mentoring-assignments/{id}/confirm": mentors.AssignmentConfirmation,
    "/v1/mentoring-visits": fieldwork.Visits,
    "/v1/mentoring-issues": fieldwork.Issues,
    "/v1/mentoring-follow-ups": fieldwork.FollowUps,
    "/v1/mentors": mentors.Collection,
    "/v1/me/mentor-profile": mentors.Profile,
    "/v1/me/mentor-availability": mentors.Availability,
    "/v1/me/offers": mentorship_parts.MyOffers,
    "/v1/reports/activity": reports.Activity,
    "/v1/reports/attendance": reports.Attendance,
    "/v1/reports/competency": reports.Competency,
    "/v1/reports/mentoring": reports.Mentoring,
    "/v1/reports/dashboard": reports.Dashboard,
    "/v1/sync": sync.Changes,
    "/v1/sync/commands": sync.Commands,
    "/v1/stream": stream.Stream,
    "/v1/operations/audit": audit.Collection,
    "/v1/operations/parked": operations.Collection,
    "/v1/operations/parked/{id}/replay": operations.Replay,
    "/v1/operations/parked/{id}/drop": operations.Drop,
    "/v1/operations/views": operations.Views,
    "/v1/operations/views/{name}/rebuild": operations.Rebuild,
}
METHODS = ("get", "post", "put", "patch", "delete")


class Undescribed(TypeError):
    """A responder without a declared access: nobody may call what nobody decided about."""


class Lifespan:
    """Starts and stops the front with the server."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def process_startup(self, _: Any, __: Any) -> None:
        """The loop runs."""
        self._front.start()

    async def process_shutdown(self, _: Any, __: Any) -> None:
        """The loop is about to end."""
        await self._front.stop()


class Application(falcon.asgi.App[Any, Any]):
    """Falcon's application, which knows its front."""

    front: Front

    async def __call__(  # type: ignore[override]
        self, scope: dict[str, Any], receive: Any, send: Any
    ) -> None:
        """Handle one request as it is meant, or the server's start and stop."""
        if scope["type"] == "http":
            scope, receive = arrival.as_meant(scope), arrival.of_body(scope, receive)
        await super().__call__(scope, receive, send)


def create_app(front: Front) -> Application:
    """The ASGI application over a front; raises Undescribed for a responder without operation."""
    settings = front.settings
    around: list[Any] = [Edge(settings), Register(front), Lifespan(front)]
    if settings.cors_origins:
        exposed = (
            "ETag, Location, X-Request-ID, X-View-Lag-Seconds, Idempotent-Replayed, Retry-After"
        )
        origins = list(settings.cors_origins)
        around.insert(0, falcon.CORSMiddleware(allow_origins=origins, expose_headers=exposed))
    front.router = CompiledRouter()
    app = Application(middleware=around, router=front.router)
    app.front = front
    app.req_options.strip_url_path_trailing_slash = False
    problems.install(app)
    resources = {path: made(cls, front) for path, cls in ROUTES.items()}
    for path, resource in resources.items():
        app.add_route(path, resource)
    page = resources["/openapi.json"]
    assert isinstance(page, house.OpenApi)
    page.write = partial(openapi.document, operations_of(resources), settings)
    return app


def made(cls: type[Resource], front: Front) -> Resource:
    """The resource, every responder described, HEAD wherever there is GET."""
    for method in METHODS:
        responder = getattr(cls, f"on_{method}", None)
        if responder is not None and operation_of(responder) is None:
            raise Undescribed(f"{cls.__module__}.{cls.__name__}.on_{method}")
    resource = cls(front)
    if hasattr(resource, "on_get"):
        resource.on_head = resource.on_get  # type: ignore[attr-defined]
    return resource


def operations_of(resources: Mapping[str, Resource]) -> openapi.Operations:
    """Path → method → operation."""
    return {
        path: {
            method: operation
            for method in METHODS
            if (operation := operation_of(getattr(resource, f"on_{method}", None)))
        }
        for path, resource in resources.items()
    }


def from_environment() -> Application:
    """For gunicorn: `gunicorn -c gateway/gunicorn.py 'gateway.app:from_environment()'`."""
    settings = Settings.from_environment(os.environ)
    log.configure(settings.log_level)
    travel.follow(settings)
    return create_app(Front.of(settings))
