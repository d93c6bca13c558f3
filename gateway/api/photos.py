"""Photos of visits: taken in, cleaned, kept beside the views, shown to who may know of the case."""

from hashlib import blake2b
from typing import Any

from falcon.asgi import Request, Response

from chassis.schema import schema_of
from contracts import common
from contracts.mentoring import commands, states
from contracts.mentoring.refusals import CHILD_ON_PHOTO
from gateway.api.mentorships import TAG, seen_case
from gateway.asked import ID, Asked, Outcome, answer_with, asked_by
from gateway.body import chunks
from gateway.describe import Access, Operation, Success, described
from gateway.picture import LARGEST_BYTES
from gateway.problems import Problem
from gateway.query import flag, read_query
from gateway.question import Question, Reply
from gateway.resource import Resource

PICTURES = ("image/jpeg", "image/png", "image/webp")
BINARY = {"type": "string", "format": "binary"}
DECLARED = flag("no_identifiable_child", "That no child can be recognised on it.")
ADD = Operation(
    summary="Add a photo to a visit, once however often it is sent; metadata is stripped",
    tag=TAG,
    access=Access.ACTIVE,
    success=Success(
        about="The visit.", status=201, schema=schema_of(states.Visit), headers=("Location",)
    ),
    query={DECLARED.name: DECLARED},
    body_types=dict.fromkeys(PICTURES, BINARY),
    body_needed=True,
    problems=(404, 409, 413, 415, 422, 503),
)
SHOW = Operation(
    summary="A photo of a visit",
    tag=TAG,
    access=Access.SIGNED_IN,
    success=Success(about="The picture.", schema=BINARY, content_type="image/*"),
    problems=(404, 503),
)


def name_of(visit_id: str, raw: bytes) -> str:
    """The id of a photo: the same picture sent once more to a visit is the same photo."""
    return blake2b(visit_id.encode() + b"\0" + raw, digest_size=16).hexdigest()


class Collection(Resource):
    """`/v1/mentorships/{id}/visits/{visit_id}/photos`"""

    async def add(self, req: Request, resp: Response, id: str, visit_id: str) -> None:
        """Keep the picture, then have the service note it; what is refused stays unnoted."""
        viewer = await self.front.admit(req, ADD)
        declared = read_query(req, ADD.query).get(DECLARED.name, False)
        await seen_case(self.front, viewer, id)
        if req.content_type not in PICTURES:
            raise Problem(common.MEDIA_TYPE, f"send {', '.join(PICTURES)}")
        if not declared:
            raise Problem(CHILD_ON_PHOTO)
        raw = b"".join([piece async for piece in chunks(req, LARGEST_BYTES)])
        photo_id = name_of(visit_id, raw)
        picture = await self.front.photos.keep(photo_id, raw)
        command = commands.AddPhoto(
            mentorship_id=id,
            visit_id=visit_id,
            photo_id=photo_id,
            media_type=picture.media_type,
            size_bytes=len(picture.body),
            no_identifiable_child=declared,
        )
        reply = await self._asked(command, asked_by(req, viewer, {}, {}, ADD))
        where = {"Location": f"{req.path}/{photo_id}"}
        answer_with(resp, Outcome(status=201, body=reply.result, headers=where))

    async def _asked(self, command: commands.AddPhoto, asked: Asked) -> Reply:
        reply = await self.front.backend.ask(
            Question(
                command=command,
                actor=asked.actor,
                request_id=asked.request_id,
                traceparent=asked.traceparent,
            )
        )
        await self.front.fold_in(reply.facts, asked.viewer)
        return reply

    on_post = described(add, ADD)


class Item(Resource):
    """`/v1/mentorships/{id}/visits/{visit_id}/photos/{photo_id}`"""

    async def show(
        self, req: Request, resp: Response, id: str, visit_id: str, photo_id: str
    ) -> None:
        """The picture, for who may know of the case."""
        viewer = await self.front.admit(req, SHOW)
        read_query(req, {})
        await seen_case(self.front, viewer, id)
        photo = await self._noted(id, visit_id, photo_id)
        picture = await self.front.photos.read(photo_id)
        if picture is None:
            raise Problem(common.NOT_FOUND)
        resp.content_type = photo["media_type"]
        resp.set_header("Cache-Control", "private, max-age=86400, immutable")
        resp.data = picture

    async def _noted(self, id: str, visit_id: str, photo_id: str) -> dict[str, Any]:
        """What the visit says of the photo; raises Problem (404)."""
        found = await self.front.store.get("visits", visit_id) if ID.fullmatch(visit_id) else None
        if found is None or found["mentorship_id"] != id:
            raise Problem(common.NOT_FOUND)
        for photo in found["visit"]["photos"]:
            if photo["id"] == photo_id:
                noted: dict[str, Any] = photo
                return noted
        raise Problem(common.NOT_FOUND)

    on_get = described(show, SHOW)
