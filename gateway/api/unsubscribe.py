"""One tap from a message: a page that asks, and the tap itself (RFC 8058), without signing in."""

from html import escape

import falcon
from falcon.asgi import Request, Response

from chassis.schema import schema_of
from contracts.notifications import commands
from gateway.api.shapes import Acknowledged
from gateway.asked import Outcome, answer_with, asked_by
from gateway.body import chunks
from gateway.describe import Access, Operation, Success, described
from gateway.language import language_of
from gateway.query import Parameter, read_query
from gateway.question import Question
from gateway.resource import Resource

TAG = "Notifications"
HTML = "text/html"
LARGEST_BODY = 4096
TOKEN = Parameter(
    name="token",
    about="The token in the message.",
    pattern=r"[A-Za-z0-9_.-]+",
    longest=600,
    required=True,
)
ASK = Operation(
    summary="A page that asks whether to stop these messages",
    tag=TAG,
    access=Access.PUBLIC,
    success=Success(about="A page with one button.", schema={"type": "string"}, content_type=HTML),
    query={"token": TOKEN},
)
TAP = Operation(
    summary="Stop these messages; mail programs send it on one tap",
    tag=TAG,
    access=Access.PUBLIC,
    success=Success(about="Done.", schema=schema_of(Acknowledged), also=(HTML,)),
    query={"token": TOKEN},
    body_types={
        "application/x-www-form-urlencoded": {
            "type": "object",
            "properties": {"List-Unsubscribe": {"type": "string"}},
        }
    },
    problems=(404, 413, 503),
)
WORDS = {
    "id": ("Berhenti menerima pesan seperti ini?", "Berhenti", "Selesai. Pesan ini dihentikan."),
    "en": ("Stop receiving messages like this?", "Stop", "Done. These messages are stopped."),
}
PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Jejaring</title>
<h1>{title}</h1>{form}</html>"""
FORM = '<form method="post" action="/v1/unsubscribe?token={token}"><button>{button}</button></form>'


class Tap(Resource):
    """`/v1/unsubscribe`"""

    async def ask(self, req: Request, resp: Response) -> None:
        """The page; nothing is changed by looking at it, as link checkers do."""
        await self.front.admit(req, ASK)
        token = read_query(req, ASK.query)["token"]
        language = language_of(req.get_header("Accept-Language"))
        title, button, _ = WORDS[language]
        form = FORM.format(token=escape(token, quote=True), button=button)
        self._page(resp, PAGE.format(language=language, title=title, form=form))

    async def tap(self, req: Request, resp: Response) -> None:
        """Stop; a browser gets a page, a mail program what every command answers."""
        viewer = await self.front.admit(req, TAP)
        token = read_query(req, TAP.query)["token"]
        async for _ in chunks(req, LARGEST_BODY):
            pass
        asked = asked_by(req, viewer, {}, {}, TAP)
        reply = await self.front.backend.ask(
            Question(
                command=commands.Unsubscribe(token=token),
                actor=asked.actor,
                request_id=asked.request_id,
                traceparent=asked.traceparent,
            )
        )
        await self.front.fold_in(reply.facts, viewer)
        if HTML in (req.get_header("Accept") or ""):
            language = language_of(req.get_header("Accept-Language"))
            self._page(resp, PAGE.format(language=language, title=WORDS[language][2], form=""))
        else:
            answer_with(resp, Outcome(status=200, body={"accepted": True}))

    def _page(self, resp: Response, text: str) -> None:
        resp.content_type = falcon.MEDIA_HTML
        resp.text = text

    on_get = described(ask, ASK)
    on_post = described(tap, TAP)
