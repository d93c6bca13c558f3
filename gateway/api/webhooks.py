"""What providers of messages tell us: the bot was started, a message did not arrive.

Each proves who it is with a secret. What it says beside what we need is ignored, and whatever it
repeats has one effect, so it is answered well: a provider repeats what is refused for hours.
"""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import falcon
from falcon.asgi import Request, Response

from chassis.schema import schema_of
from contracts import common
from contracts.command import Command
from contracts.notifications import commands, refusals
from gateway.api.shapes import Acknowledged
from gateway.asked import Outcome, answer_with, asked_by
from gateway.body import as_object, malformed, read_limited
from gateway.describe import JSON, Access, Operation, Success, described
from gateway.front import Front
from gateway.problems import Problem
from gateway.query import Parameter, read_query
from gateway.question import Question
from gateway.resource import Resource
from gateway.viewer import Viewer

TAG = "Webhooks"
TELEGRAM_SECRET, WHATSAPP_SIGNATURE = "X-Telegram-Bot-Api-Secret-Token", "X-Hub-Signature-256"
LONGEST, LARGEST = 300, 2**53
DONE = Success(about="It was heard.", schema=schema_of(Acknowledged))
PROBLEMS = (403, 404, 413, 503)
ANYTHING = {JSON: {"type": "object"}}
TELEGRAM = Operation(
    summary="An update of the Telegram bot",
    tag=TAG,
    access=Access.PUBLIC,
    success=DONE,
    body_types=ANYTHING,
    body_needed=True,
    problems=PROBLEMS,
    headers={TELEGRAM_SECRET: "The secret that the webhook was set up with."},
)
WHATSAPP = Operation(
    summary="What became of messages over the WhatsApp Cloud API",
    tag=TAG,
    access=Access.PUBLIC,
    success=DONE,
    body_types=ANYTHING,
    body_needed=True,
    problems=PROBLEMS,
    headers={WHATSAPP_SIGNATURE: "HMAC-SHA256 of the body, as `sha256=<hex>`."},
)
VERIFY = Operation(
    summary="Meta makes sure that the webhook is ours",
    tag=TAG,
    access=Access.PUBLIC,
    success=Success(
        about="The challenge.", schema={"type": "string"}, content_type=falcon.MEDIA_TEXT
    ),
    query={
        "hub.mode": Parameter(
            name="hub.mode", about="Always the same.", one_of=("subscribe",), required=True
        ),
        "hub.verify_token": Parameter(
            name="hub.verify_token", about="The token of both sides.", longest=200, required=True
        ),
        "hub.challenge": Parameter(
            name="hub.challenge", about="To give back.", pattern=r"[A-Za-z0-9_-]+", required=True
        ),
    },
    problems=(403, 404),
)


class Telegram(Resource):
    """`/v1/webhooks/telegram`"""

    async def hear(self, req: Request, resp: Response) -> None:
        """A member started the bot with his code; anything else says nothing to us."""
        viewer = await self.front.admit(req, TELEGRAM)
        secret = self.front.settings.telegram_secret
        must_be_equal(secret, req.get_header(TELEGRAM_SECRET))
        read_query(req, {})
        update = as_object(await read_limited(req, self.front.settings.max_body_bytes))
        if (command := started(update, secret)) is not None:
            await heard(self.front, req, viewer, TELEGRAM, command)
        answer_with(resp, Outcome(status=200, body={"accepted": True}))

    on_post = described(hear, TELEGRAM)


class WhatsApp(Resource):
    """`/v1/webhooks/whatsapp`"""

    async def verify(self, req: Request, resp: Response) -> None:
        """Give the challenge back to who knows the token."""
        await self.front.admit(req, VERIFY)
        given = read_query(req, VERIFY.query)
        must_be_equal(self.front.settings.whatsapp_verify_token, given["hub.verify_token"])
        resp.content_type = falcon.MEDIA_TEXT
        resp.text = given["hub.challenge"]

    async def hear(self, req: Request, resp: Response) -> None:
        """Statuses of messages, signed as they came."""
        viewer = await self.front.admit(req, WHATSAPP)
        secret = self.front.settings.whatsapp_app_secret
        if not secret:
            raise Problem(common.NOT_FOUND)
        read_query(req, {})
        raw = await read_limited(req, self.front.settings.max_body_bytes)
        signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        must_be_equal(f"sha256={signature}", req.get_header(WHATSAPP_SIGNATURE))
        for command in statuses(as_object(raw)):
            await heard(self.front, req, viewer, WHATSAPP, command)
        answer_with(resp, Outcome(status=200, body={"accepted": True}))

    on_get = described(verify, VERIFY)
    on_post = described(hear, WHATSAPP)


async def heard(
    front: Front, req: Request, viewer: Viewer, operation: Operation, command: Command
) -> None:
    """Have the service hear it; a code that lapsed is no reason to say it again."""
    asked = asked_by(req, viewer, {}, {}, operation)
    question = Question(
        command=command,
        actor=asked.actor,
        request_id=asked.request_id,
        traceparent=asked.traceparent,
    )
    try:
        reply = await front.backend.ask(question)
    except Problem as refused:
        if refused.code != refusals.LINK_INVALID:
            raise
        return
    await front.fold_in(reply.facts, viewer)


def must_be_equal(wanted: str, given: str | None) -> None:
    """Raise Problem: 404 when the channel is not set up here, 403 for the wrong secret."""
    if not wanted:
        raise Problem(common.NOT_FOUND)
    if not hmac.compare_digest((given or "").encode(), wanted.encode()):
        raise Problem(common.FORBIDDEN, "not from our provider")


def started(update: Any, secret: str) -> commands.HearTelegram | None:
    """A text that somebody sent to the bot himself; None for anything else.

    Raises Problem (400) without an id, by which an update that is repeated is known.
    """
    number = update.get("update_id")
    if type(number) is not int or not 0 <= number <= LARGEST:
        raise malformed("update_id is a whole number")
    chat, text = part(update, "message", "chat"), part(update, "message").get("text")
    if chat.get("type") != "private" or type(chat.get("id")) is not int:
        return None
    if not isinstance(text, str) or abs(chat["id"]) > LARGEST:
        return None
    return commands.HearTelegram(
        secret=secret, update_id=number, chat_id=str(chat["id"]), text=text[:LONGEST]
    )


def statuses(notice: Any) -> Iterator[commands.HearWhatsApp]:
    """What became of which message."""
    for entry in parts(notice, "entry"):
        for change in parts(entry, "changes"):
            for status in parts(part(change, "value"), "statuses"):
                told, said = status.get("id"), status.get("status")
                if isinstance(told, str) and isinstance(said, str):
                    yield commands.HearWhatsApp(
                        message_id=told[:LONGEST], status=said[:LONGEST], detail=reason(status)
                    )


def reason(status: Any) -> str | None:
    """Why it failed, as the provider says it."""
    for error in parts(status, "errors"):
        return f"{error.get('code', '')} {error.get('title', '')}".strip()[:LONGEST] or None
    return None


def part(value: Any, *names: str) -> dict[str, Any]:
    """The object under these names; an empty one when it is not there."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def parts(value: Any, name: str) -> list[dict[str, Any]]:
    """The objects in the list under a name."""
    found = value.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
