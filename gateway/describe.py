"""What an operation is: who may, what it takes, what it answers; OpenAPI is made of this."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from marshmallow import Schema

from gateway.query import Parameter

JSON = "application/json"
Responder = Callable[..., Awaitable[None]]


class Access(Enum):
    """Who may call; finer rights are decided where the rule lives, in the service."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    ACTIVE = "an active member"
    OPERATOR = "the operator"


@dataclass(frozen=True, kw_only=True)
class Success:
    """A success: its status, what the body looks like and in which type."""

    about: str
    schema: type[Schema] | Mapping[str, Any]
    status: int = 200
    content_type: str = JSON
    headers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # other content types, on request


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one path."""

    summary: str
    access: Access
    success: Success
    tag: str
    query: Mapping[str, Parameter] = field(default_factory=dict)
    body: type[Schema] | None = None
    body_types: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    body_needed: bool = False
    problems: tuple[int, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)  # of the request, and what they are
    command: bool = False
    keyed: bool = False
    matched: bool = False
    conditional: bool = False
    auth: bool = False
    example: Any = None
    perform: Callable[..., Awaitable[Any]] | None = None


def described(responder: Responder, operation: Operation) -> Responder:
    """The responder with its description on it."""
    responder.operation = operation  # type: ignore[attr-defined]
    return responder


def operation_of(responder: object) -> Operation | None:
    """The description of a responder, also of a bound one; None when nobody wrote any."""
    found = getattr(responder, "operation", None)
    return found if isinstance(found, Operation) else None
