"""Registrations at events of other regions: the same paths, asked of our own events service.

Nobody else knows whose event it is: when ours is not its owner, it may be another region's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from falcon.asgi import Request, Response

from contracts.codec import decode
from contracts.events import commands, refusals, states
from gateway.asked import Asked, Outcome, answer_with, asked_by
from gateway.asks import asks
from gateway.body import read_json
from gateway.describe import Operation, Responder, described, operation_of
from gateway.front import Front
from gateway.problems import Problem
from gateway.query import read_query
from gateway.question import Reply
from gateway.shown import AWAY_REGISTRATION, EVENT, Shown, seen
from gateway.views.agenda import away_fields


def shown_here(asked: Asked, reply: Reply) -> Shown:
    """The registration as its own ones are shown."""
    told = away_fields(decode(states.AwayRegistration, reply.result))
    return Shown(body=told["registration"], etag=str(told["version"]))


def away(command: Any, schema: Any, **more: Any) -> Responder:
    """What is asked about an event of another region."""
    return asks(
        command,
        summary="",
        tag="Registrations",
        kind=AWAY_REGISTRATION,
        render=shown_here,
        answer=schema,
        as_read=True,
        **more,
    )


@dataclass(frozen=True, kw_only=True)
class Either:
    """One operation for events of the region and of others."""

    here: Operation
    away: Operation

    async def perform(self, front: Front, asked: Asked) -> Outcome:
        """Ask about ours; when there is none, about another region's that the caller sees."""
        assert self.here.perform
        assert self.away.perform
        try:
            done: Outcome = await self.here.perform(front, asked)
        except Problem as refused:
            if refused.code != refusals.EVENT_UNKNOWN or not await _is_abroad(front, asked):
                raise
            done = await self.away.perform(front, asked)
        return done


def either(here: Responder, there: Responder) -> Responder:
    """A responder for both."""
    operation, other = operation_of(here), operation_of(there)
    assert operation is not None
    assert other is not None
    told = replace(operation, perform=Either(here=operation, away=other).perform)

    async def respond(self: Any, req: Request, resp: Response, **params: str) -> None:
        viewer = await self.front.admit(req, told)
        read_query(req, {})
        body = await read_json(req, self.front.settings.max_body_bytes)
        asked = asked_by(req, viewer, params, body, told)
        assert told.perform is not None
        answer_with(resp, await told.perform(self.front, asked))

    return described(respond, told)


async def _is_abroad(front: Front, asked: Asked) -> bool:
    found = await front.store.get(EVENT.view, asked.params["id"], [*EVENT.fields, "region"])
    return bool(
        found
        and found.get("region") not in (None, front.settings.region)
        and seen(found, asked.viewer)
    )


PATH = {"event_id": "id", "registration_id": "registration_id"}


def register(schema: Any) -> Responder:
    """Ask for a place at an event of another region."""
    return away(
        commands.RegisterAbroad,
        schema,
        path={"event_id": "id"},
        status=201,
        location="/v1/events/{event_id}/registrations/{id}",
    )


def change(schema: Any) -> Responder:
    """Accept, reconfirm or answer again there."""
    return away(commands.ChangeAwayRegistration, schema, path=PATH, matched=True)


def cancel(schema: Any) -> Responder:
    """Give it back there."""
    return away(commands.CancelAwayRegistration, schema, path=PATH, matched=True)


def line(document: Mapping[str, Any]) -> dict[str, Any]:
    """A line of an agenda for an event that another region does not share any more."""
    told = document["occasion"]
    place = told["place"]
    return {
        "registration": document["registration"],
        **{name: told[name] for name in ("title", "starts_at", "ends_at", "timezone")},
        "venue": {"name": place} if place else None,
        "event_state": "published",
    }
