"""JSON Schemas (draft-07, the dialect of AsyncAPI 3.0) made from contracts dataclasses."""

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from contracts.codec import encode, field_types, required
from contracts.types import UNSET, Many, Number, Text, Unset

JsonSchema = dict[str, Any]

HOME = "#/components/schemas/"
PLAIN: dict[Any, JsonSchema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    dict: {"type": "object"},
}
FORMATS = ("date", "date-time", "email", "uri")


def schema_name(cls: type) -> str:
    """A name that two speakers cannot share: `members.Area`."""
    page = cls.__module__.removeprefix("contracts.").partition(".")[0]
    return f"{page}.{cls.__name__}"


def schema(cls: type) -> JsonSchema:
    """The schema of one dataclass; dataclasses inside are references."""
    described: JsonSchema = {
        "type": "object",
        "description": cls.__doc__ or "",
        "properties": {name: _property(cls, name) for name in field_types(cls)},
    }
    needed = [name for name in field_types(cls) if name in required(cls)]
    return described | ({"required": needed} if needed else {})


def _property(cls: type, name: str) -> JsonSchema:
    """One field's schema with its default."""
    found = value_schema(field_types(cls)[name])
    default = next(field.default for field in fields(cls) if field.name == name)
    if default in (MISSING, UNSET) or "$ref" in found:
        return found
    return found | {"default": encode(default)}


def value_schema(kind: Any) -> JsonSchema:
    """The schema of an annotated type."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return value_schema(inside[0]) | _limits(inside[-1])
    if origin in (Union, UnionType):
        return _optional(inside)
    if origin is tuple:
        return {"type": "array", "items": value_schema(inside[0])}
    if is_dataclass(kind):
        return {"$ref": HOME + schema_name(kind)}  # type: ignore[arg-type]
    return dict(PLAIN[origin or kind])


def _optional(choices: tuple[Any, ...]) -> JsonSchema:
    found = [value_schema(choice) for choice in choices if choice not in (NoneType, Unset)]
    if NoneType in choices:
        found.append({"type": "null"})
    return found[0] if len(found) == 1 else {"anyOf": found}


def _limits(marker: Any) -> JsonSchema:
    """What a marker of `contracts.types` allows."""
    if isinstance(marker, Number):
        return {"minimum": marker.least, "maximum": marker.most}
    if isinstance(marker, Many):
        return {"maxItems": marker.most}
    return _text_limits(marker)


def _text_limits(text: Text) -> JsonSchema:
    found: JsonSchema = {"maxLength": text.longest}
    if text.shortest:
        found["minLength"] = text.shortest
    if text.pattern:
        found["pattern"] = f"^(?:{text.pattern})$"
    if text.one_of:
        found["enum"] = list(text.one_of)
    if text.format in FORMATS:
        found["format"] = text.format
    return found


def inside(cls: type) -> Iterator[type]:
    """The dataclass and all dataclasses that its fields name, each once."""
    seen: dict[type, None] = {}
    waiting = [cls]
    while waiting:
        taken = waiting.pop()
        if taken not in seen:
            seen[taken] = None
            waiting += [part for kind in field_types(taken).values() for part in _named(kind)]
    yield from seen


def _named(kind: Any) -> Iterator[type]:
    if isinstance(kind, type) and is_dataclass(kind):
        yield kind
    for part in get_args(kind):
        yield from _named(part)
