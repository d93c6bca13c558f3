"""The OpenAPI 3.1 document, generated from the operations and the schemas they name."""

import re
from collections.abc import Mapping
from typing import Any

import orjson
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from chassis.settings import Settings
from contracts import common
from gateway.asked import ID, MATCH
from gateway.describe import Access, Operation
from gateway.openapi_fields import ATTRIBUTES
from gateway.problems import CONTENT_TYPE
from gateway.query import Parameter

Operations = Mapping[str, Mapping[str, Operation]]
ID_PATTERN = f"^{ID.pattern}$"
REASONS = {
    400: "The request cannot be read.",
    401: "Not signed in, or the token is not valid.",
    403: "Not yours to do.",
    404: "Not there, or not yours to know.",
    405: "This method is not offered here.",
    406: "This format is not offered.",
    408: "The request did not come whole in time.",
    409: "The state forbids it; `allowed` tells what it allows.",
    412: "It changed since you read it.",
    413: "The body is too large.",
    414: "The address is too long.",
    415: "This content type is not understood.",
    422: "Some values are not valid; `errors` points at them.",
    431: "The headers are too large.",
    429: "Slow down; see Retry-After.",
    500: "Something went wrong on our side.",
    503: "An outage; see Retry-After. Repeat with the same Idempotency-Key.",
}
ALWAYS = (400, 406, 408, 414, 429, 431, 500)
HEADERS = {
    "ETag": "The version, for If-Match and If-None-Match.",
    "X-View-Lag-Seconds": "How old the answer may be, in seconds.",
    "Idempotent-Replayed": "true when this is the answer of an earlier request with the same key.",
    "Location": "Where the new resource is.",
    "Retry-After": "Seconds to wait.",
    "X-Request-ID": "The request's id.",
}
KEY = """Repeating with the same key has one effect and the same answer. A key belongs to one
member and one kind of command; with another path or body it is a mismatch (422)."""
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable; never translated."},
        "request_id": {"type": "string"},
        "allowed": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What the state allows, where it forbids this; perhaps nothing.",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {"type": "string", "description": "Empty: the whole body."},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
INVALID_PROBLEM = {
    "allOf": [{"$ref": "#/components/schemas/Problem"}, {"required": ["errors"]}],
}


def document(operations: Operations, settings: Settings) -> bytes:
    """The whole document as JSON."""
    marshmallow = MarshmallowPlugin(schema_name_resolver=named)
    spec = APISpec(
        title="Jejaring",
        version="1",
        openapi_version="3.1.0",
        info={"description": f"The library network of {settings.region}."},
        servers=[{"url": "/"}],
        plugins=[marshmallow],
    )
    assert marshmallow.converter is not None
    for tell in ATTRIBUTES:
        marshmallow.converter.add_attribute_function(tell)  # type: ignore[no-untyped-call]
    spec.components.schema("Problem", component=PROBLEM)
    spec.components.schema("InvalidProblem", component=INVALID_PROBLEM)
    spec.components.security_scheme(
        "bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    )
    for path, methods in operations.items():
        told = {method: operation_object(path, one) for method, one in methods.items()}
        spec.path(path=path, operations=told, parameters=path_parameters(path))
    return orjson.dumps(tidy(spec.to_dict()), option=orjson.OPT_NON_STR_KEYS)


def named(schema: Any) -> str:
    """A component's name: the schema's class, without the suffix of a library."""
    cls = schema if isinstance(schema, type) else type(schema)
    return str(cls.__name__)


def path_parameters(path: str) -> list[dict[str, Any]]:
    """The parameters in a path's braces."""
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": ID_PATTERN},
        }
        for name in re.findall(r"{(\w+)}", path)
    ]


def operation_object(path: str, operation: Operation) -> dict[str, Any]:
    """An operation as OpenAPI tells it."""
    told: dict[str, Any] = {
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [*map(query_parameter, operation.query.values()), *headers_of(operation)],
        "responses": responses_of(operation),
        "security": security_of(operation),
    }
    if body := body_of(operation):
        told["requestBody"] = body
    return told


def security_of(operation: Operation) -> list[dict[str, list[str]]]:
    """Needed, possible, or pointless."""
    if operation.access is not Access.PUBLIC:
        return [{"bearer": []}]
    return []


def query_parameter(parameter: Parameter) -> dict[str, Any]:
    """A query parameter."""
    schema: dict[str, Any] = {"type": "string", "maxLength": parameter.longest}
    if parameter.pattern:
        schema["pattern"] = f"^(?:{parameter.pattern})$"
    if parameter.one_of:
        schema = {"type": "string", "enum": list(parameter.one_of)}
    if parameter.boolean:
        schema = {"type": "boolean"}
    if parameter.whole:
        least, most = parameter.whole
        schema = {"type": "integer", "minimum": least, "maximum": most}
    if parameter.default is not None:
        schema["default"] = parameter.default
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "required": parameter.required,
        "schema": schema,
    }


def headers_of(operation: Operation) -> list[dict[str, Any]]:
    """The request headers that mean something here."""
    plain = {"type": "string", "maxLength": 200}
    told = [header(name, about, plain) for name, about in operation.headers.items()]
    if operation.keyed:
        text = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"}
        told.append(header("Idempotency-Key", KEY, text))
    if operation.matched:
        version = {"type": "string", "pattern": rf"^({MATCH.pattern}|\*)$"}
        told.append(header("If-Match", "Only if it still has this version.", version))
    if operation.conditional:
        told.append(header("If-None-Match", "304 if it still has this ETag.", {"type": "string"}))
    return told


def header(name: str, about: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A header parameter."""
    return {"name": name, "in": "header", "description": about, "schema": dict(schema)}


def body_of(operation: Operation) -> dict[str, Any] | None:
    """The request body."""
    content: dict[str, Any] = {name: {"schema": one} for name, one in operation.body_types.items()}
    if operation.body is not None:
        content["application/json"] = {"schema": operation.body}
        if operation.example is not None:
            content["application/json"]["example"] = operation.example
    return {"required": operation.body_needed, "content": content} if content else None


def responses_of(operation: Operation) -> dict[str, Any]:
    """Every status that can occur."""
    success = operation.success
    told: dict[str, Any] = {str(success.status): success_of(operation)}
    if operation.conditional:
        told["304"] = {"description": "It still has the ETag you named."}
    refused = {*ALWAYS, *operation.problems}
    refused |= {401} if operation.access is Access.PUBLIC else {401, 403}
    refused |= {403} if operation.command else set()
    return told | {str(status): problem_of(status) for status in sorted(refused)}


def success_of(operation: Operation) -> dict[str, Any]:
    """The success."""
    success = operation.success
    headers = {name: response_header(name) for name in (*success.headers, "X-Request-ID")}
    content: dict[str, Any] = {success.content_type: {"schema": success.schema}}
    content |= {media: {"schema": {"type": "string"}} for media in success.also}
    return {"description": success.about, "headers": headers, "content": content}


def problem_of(status: int) -> dict[str, Any]:
    """A problem."""
    headers = {"X-Request-ID": response_header("X-Request-ID")}
    schema = "InvalidProblem" if status == common.INVALID.status else "Problem"
    if status in (429, 503):
        headers["Retry-After"] = response_header("Retry-After")
    return {
        "description": REASONS[status],
        "headers": headers,
        "content": {CONTENT_TYPE: {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def response_header(name: str) -> dict[str, Any]:
    """A response header."""
    return {"description": HEADERS[name], "schema": {"type": "string"}}


def tidy(told: Any) -> Any:
    """Plain values; patterns as ECMA writes them, `\\Z` being Python's."""
    if isinstance(told, Mapping):
        return {name: tidy(value) for name, value in told.items()}
    if isinstance(told, (list, tuple)):
        return [tidy(value) for value in told]
    if isinstance(told, str) and told.endswith("\\Z"):
        return told[:-2] + "$"
    return told
