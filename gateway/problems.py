"""Every answer that is not a success: RFC 9457 problem+json, in Indonesian or English."""

from collections.abc import Mapping, Sequence
from typing import Any

import falcon
import falcon.asgi
import orjson
from falcon.asgi import Request, Response

from chassis import log as context
from chassis.errors import Outage, Refusal
from contracts import common
from contracts.catalogue import REFUSALS
from contracts.refusal import RefusalCode
from gateway.language import field_error, language_of
from gateway.phrases import in_indonesian

log = context.get_logger()

CONTENT_TYPE = "application/problem+json"
TIMEOUT = RefusalCode(
    code="request.timeout",
    status=408,
    en="The request did not come whole in time",
    id="Permintaan tidak datang utuh pada waktunya",
)
URI_TOO_LONG = RefusalCode(
    code="request.uri_too_long",
    status=414,
    en="The address is too long",
    id="Alamat terlalu panjang",
)
HEADERS_TOO_LARGE = RefusalCode(
    code="request.headers_too_large",
    status=431,
    en="The headers are too large",
    id="Header permintaan terlalu besar",
)
STATE_FORBIDS = ("_state", "_state_forbids", "_closed")  # these tell `allowed`, if only nothing
BY_STATUS = {
    code.status: code
    for code in (
        common.MALFORMED,
        common.NOT_SIGNED_IN,
        common.FORBIDDEN,
        common.NOT_FOUND,
        common.METHOD,
        common.NOT_ACCEPTABLE,
        common.TOO_LARGE,
        common.MEDIA_TYPE,
        common.INVALID,
        common.TOO_MANY,
        common.INTERNAL,
        common.UNAVAILABLE,
        TIMEOUT,
        URI_TOO_LONG,
        HEADERS_TOO_LARGE,
    )
}


class Problem(Exception):
    """A refusal on its way to the client; `errors` are {pointer, code, message}."""

    def __init__(
        self,
        code: RefusalCode,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        allowed: Sequence[str] = (),
        retry_after_seconds: int | None = None,
        headers: Mapping[str, str] | None = None,
        facts: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(code.code)
        self.facts = facts
        self.code, self.detail = code, detail
        self.errors, self.allowed = list(errors), list(allowed)
        self.retry_after_seconds = retry_after_seconds
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.code.status

    def body(self, language: str, request_id: str) -> dict[str, Any]:
        """The problem document, all words in one language; what is not known in it is left out."""
        title = self.code.en if language == "en" else self.code.id
        told = {
            "type": f"urn:jejaring:problem:{self.code.code}",
            "title": title,
            "status": self.code.status,
            "detail": self._detail(language, title),
            "code": self.code.code,
            "request_id": request_id,
        }
        if self.errors:
            told["errors"] = [in_language(error, language) for error in self.errors]
        elif self.status == common.INVALID.status:
            whole = {"pointer": "", "code": self.code.code, "message": told["detail"]}
            told["errors"] = [whole]
        if self.allowed or self.code.code.endswith(STATE_FORBIDS):
            told["allowed"] = self.allowed
        return told

    def _detail(self, language: str, title: str) -> str:
        if language == "en":
            return self.detail or title
        said = in_indonesian(self.detail)
        return f"{title}: {said}" if said else title

    def all_headers(self, language: str) -> dict[str, str]:
        """The headers that go with it."""
        told = {**self.headers, "Content-Language": language}
        if self.retry_after_seconds is not None:
            told["Retry-After"] = str(self.retry_after_seconds)
        if self.code.status == 401:
            told["WWW-Authenticate"] = "Bearer"
        return told


def in_language(error: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A field error with the message of one language."""
    message = error.get("message", "")
    if not isinstance(message, Mapping):
        message = in_both(str(message))
    message = message.get(language, "")
    return {"pointer": error["pointer"], "code": error["code"], "message": message}


def in_both(said: str) -> dict[str, str]:
    """What a service or the library said of a value, in both languages."""
    if (indonesian := in_indonesian(said)) is not None:
        return {"en": said, "id": indonesian}
    error = field_error("", said)
    known: dict[str, str] = error["message"]
    return known if error["code"] != "type" else {"en": said, "id": known["id"]}


def report_in_language(req: Request, report: Mapping[str, Any]) -> dict[str, Any]:
    """A report line by line, each reason in the caller's language as a problem would give it."""
    language = language_of(req.get_header("Accept-Language"))
    return {**report, "lines": [_reason(line, language) for line in report["lines"]]}


def _reason(line: Mapping[str, Any], language: str) -> dict[str, Any]:
    code, said = line["code"], line["message"]
    if code == common.INVALID.code:
        said = in_both(said)[language]
    elif code in REFUSALS:
        said = Problem(REFUSALS[code], said).body(language, "")["detail"]
    return {**line, "message": said}


def of_refusal(told: Mapping[str, Any], facts: Sequence[Mapping[str, Any]] = ()) -> Problem:
    """A refusal that crossed the wire; a code nobody here knows is still a refusal.

    `facts` are what it caused all the same, such as the end of a session.
    """
    code = REFUSALS.get(told["code"])
    if code is None:
        code = RefusalCode(code=told["code"], status=409, en=told["code"], id=told["code"])
    errors = list(told.get("errors") or ())
    if told.get("pointer") and not errors:
        said = told.get("detail") or ""
        message = {"en": said or code.en, "id": in_indonesian(said) or code.id}
        errors = [{"pointer": told["pointer"], "code": code.code, "message": message}]
    return Problem(
        code,
        told.get("detail") or "",
        errors=errors,
        allowed=told.get("allowed") or (),
        retry_after_seconds=told.get("retry_after_seconds"),
        facts=facts,
    )


def of(error: Exception) -> Problem:
    """The problem that an exception stands for; anything unknown is a bug (500)."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Outage):
        seconds = error.retry_after_seconds
        return Problem(common.UNAVAILABLE, str(error), retry_after_seconds=seconds)
    if isinstance(error, Refusal):
        return of_refusal(error.as_dict())
    if isinstance(error, falcon.HTTPError):
        return _of_http(error)
    log.error("bug", exc_info=error)
    return Problem(common.INTERNAL)


def _of_http(error: falcon.HTTPError) -> Problem:
    """What the framework itself refuses: no route, no such method, unreadable forms."""
    code = BY_STATUS.get(falcon.http_status_to_code(error.status), common.MALFORMED)
    headers = dict(error.headers or {})
    kept = {name: text for name, text in headers.items() if name.lower() == "allow"}
    return Problem(code, headers=kept)


def write(req: Request, resp: Response, problem: Problem) -> None:
    """Turn the response into the problem."""
    language = language_of(req.get_header("Accept-Language"))
    resp.status = falcon.code_to_http_status(problem.status)
    resp.data = orjson.dumps(problem.body(language, getattr(req.context, "request_id", "")))
    resp.text = None
    resp.content_type = CONTENT_TYPE
    resp.set_headers(problem.all_headers(language))
    resp.set_header("Cache-Control", "no-store")
    if _has_body(req) and not req.stream.eof:
        resp.set_header("Connection", "close")  # the server ends it: what is left is no request


def _has_body(req: Request) -> bool:
    return bool(req.content_length or req.get_header("Transfer-Encoding"))


async def handle(req: Request, resp: Response, error: Exception, _: Mapping[str, Any]) -> None:
    """Falcon's error handler for everything."""
    if not isinstance(error, (Problem, Outage, Refusal, falcon.HTTPError)):
        context.bind(
            request_id=getattr(req.context, "request_id", ""),
            traceparent=getattr(req.context, "traceparent", ""),
        )
    write(req, resp, of(error))


def install(app: "falcon.asgi.App[Any, Any]") -> None:
    """Make this the only way in which the app reports failures."""
    app.add_error_handler(Exception, handle)
    app.add_error_handler(falcon.HTTPError, handle)
