"""Parts of an event with paths of their own: its speakers, materials and minutes."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from falcon.asgi import Request, Response
from marshmallow import Schema

from chassis.schema import schema_of
from contracts.events import commands, states
from gateway.api.event_shapes import Minutes
from gateway.api.events import act, seen_event
from gateway.api.shapes import answer, page_of
from gateway.describe import Access, Operation, Responder, Success, described
from gateway.pages import Page
from gateway.query import read_query
from gateway.reads import READ_HEADERS, answer_page
from gateway.resource import Resource

TAG = "Events"
Event = Mapping[str, Any]


def part_of_event(
    summary: str, schema: type[Schema] | Mapping[str, Any], part: Callable[[Event], Any]
) -> Responder:
    """A responder that shows a part of an event to whom the event is shown."""
    operation = Operation(
        summary=summary,
        tag=TAG,
        access=Access.PUBLIC,
        success=Success(about="It.", schema=schema, headers=READ_HEADERS),
        problems=(404, 503),
        conditional=True,
    )

    async def respond(self: Any, req: Request, resp: Response, id: str) -> None:
        viewer = await self.front.admit(req, operation)

        async def live() -> Page:
            read_query(req, {})
            found, event = await seen_event(self.front, viewer, id)
            return Page(orjson.dumps(part(event)), str(found["seq"]["event"]))

        await answer_page(self.front, req, resp, None, live)

    return described(respond, operation)


def items(field: str) -> Callable[[Event], Any]:
    """All items of a list field, as one page."""
    return lambda event: {"items": event[field], "next": None}


class Speakers(Resource):
    """`/v1/events/{id}/speakers`"""

    on_get = part_of_event("Who speaks", page_of(schema_of(states.Speaker)), items("speakers"))
    on_post = act(
        commands.InviteSpeaker,
        "Ask somebody to speak",
        status=201,
        location="/v1/events/{id}/speakers",
        example={
            "name": "Siti Rahayu",
            "kind": "practitioner",
            "subject": "Mencetak barcode dari SLiMS",
            "answer_by": "2026-12-01",
        },
    )


class SpeakerAnswer(Resource):
    """`/v1/events/{id}/speakers/{speaker_id}/answer`"""

    on_post = act(
        commands.AnswerAsSpeaker,
        "A speaker confirms or declines",
        path={"speaker_id": "speaker_id"},
        example={"confirms": True},
    )


class Speaker(Resource):
    """`/v1/events/{id}/speakers/{speaker_id}`"""

    on_delete = act(commands.RemoveSpeaker, "Take a speaker off", path={"speaker_id": "speaker_id"})


class Materials(Resource):
    """`/v1/events/{id}/materials`"""

    on_get = part_of_event(
        "What is left to read", page_of(schema_of(states.Material)), items("materials")
    )
    on_post = act(
        commands.AddMaterial,
        "Leave a material with its licence",
        status=201,
        location="/v1/events/{id}/materials",
        example={
            "title": "Salindia",
            "link": "https://contoh.id/barcode.pdf",
            "licence": "CC-BY-4.0",
        },
    )


class EventMinutes(Resource):
    """`/v1/events/{id}/minutes`"""

    on_get = part_of_event(
        "The minutes, or why there are none",
        answer(Minutes),
        lambda event: {"text": event["minutes"], "waiver": event["minutes_waiver"]},
    )
    on_post = act(commands.WriteMinutes, "Write the minutes", example={"text": "Hadir 18 orang."})
