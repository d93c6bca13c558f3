"""marshmallow schemas made from contracts, so that a rule about a value is written once."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from marshmallow import RAISE, Schema, ValidationError, validate
from marshmallow import fields as ma

from chassis import clock
from contracts.codec import field_types
from contracts.types import Many, Number, Text, Unset

MOST_ENTRIES, LONGEST_NAME, LONGEST_ENTRY = 50, 64, 1000
LARGEST_NUMBER = 2**53 - 1


class StrictInteger(ma.Integer):
    """A whole JSON number; text and booleans are refused."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if type(value) is not int:
            raise self.make_error("invalid", input=value)
        return value


class StrictFloat(ma.Float):
    """A JSON number; text and booleans are refused."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if type(value) not in (int, float):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class StrictBoolean(ma.Boolean):
    """true or false and nothing like it."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if type(value) is not bool:
            raise self.make_error("invalid", input=value)
        return value


class Scalar(ma.Field[Any]):
    """A short text, a number that every reader can hold exactly, or a boolean."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            return ENTRY.deserialize(value, attr, data)
        if type(value) is bool:
            return value
        if type(value) not in (int, float) or not abs(value) <= LARGEST_NUMBER:
            raise ValidationError("Not a text, number or boolean.")
        return value


class CleanText:
    """Refuses control characters, lone surrogates and blank text where something is needed."""

    def __init__(self, needed: bool) -> None:
        self.needed = needed

    def __call__(self, value: str) -> None:
        """Raise ValidationError on text that no store or page should hold."""
        if any((c < " " and c not in "\n\r\t") or "\ud800" <= c <= "\udfff" for c in value):
            raise ValidationError("Control characters are not allowed.")
        if self.needed and not value.strip():
            raise ValidationError("Blank text is not enough.")


NAME = ma.String(
    validate=[validate.Length(min=1, max=LONGEST_NAME), validate.Regexp(r"^[A-Za-z0-9_-]+\Z")]
)
ENTRY = ma.String(validate=[validate.Length(max=LONGEST_ENTRY), CleanText(needed=False)])


class Entries(ma.Dict):
    """An object with a few entries of one kind, under short plain names."""

    most = MOST_ENTRIES

    def __init__(self, value: ma.Field[Any], **options: Any) -> None:
        super().__init__(keys=NAME, values=value, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, dict) and len(value) > self.most:
            raise ValidationError(f"Length must be at most {self.most}.")
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            if isinstance(error.messages, dict):
                raise ValidationError(_by_name(error.messages)) from None
            raise


def _by_name(messages: dict[str, Any]) -> dict[str, Any]:
    """What is wrong under each name, be it with the name itself or with what it holds."""
    return {name: said.get("key") or said["value"] for name, said in messages.items()}


class Numbered(ma.String):
    """A text; a whole number is taken for its digits."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        whole = type(value) is int and 0 <= value <= LARGEST_NUMBER
        return super()._deserialize(str(value) if whole else value, *args, **kwargs)


def real_date(value: str) -> None:
    """Raise ValidationError unless the text is a day of the calendar."""
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValidationError("Not a day of the calendar.") from None


def real_instant(value: str) -> None:
    """Raise ValidationError unless the text is an instant: RFC 3339 with an offset."""
    try:
        clock.utc(value)
    except ValueError:
        raise ValidationError("Not an instant like 2026-12-05T09:00:00+07:00.") from None


@cache
def schema_of(cls: type, exclude: tuple[str, ...] = ()) -> type[Schema]:
    """A strict schema (unknown fields refused) for a contracts dataclass, without some fields.

    Loading gives a dict of the fields that were sent, ready for `contracts.codec.decode`.
    """
    optional = {
        field.name: field.default is not MISSING or field.default_factory is not MISSING
        for field in fields(cls)
    }
    members: dict[str, Any] = {
        spelled(name, kind): _field(kind, required=not optional[name], attribute=name)
        for name, kind in field_types(cls).items()
        if name not in exclude
    }
    meta = type("Meta", (Schema.Meta,), {"unknown": RAISE})
    suffix = "Body" if exclude else ""
    return type(cls.__name__ + suffix, (Schema,), {**members, "Meta": meta})


def spelled(name: str, kind: Any) -> str:
    """How a field is called in bodies."""
    marker = get_args(kind)[-1] if get_origin(kind) is Annotated else None
    return (marker.spelled if isinstance(marker, Text) else None) or name


def _field(kind: Any, **options: Any) -> ma.Field[Any]:
    """The marshmallow field for an annotated type."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _union(kind, options)
    if origin is Annotated:
        base, *markers = get_args(kind)
        return _marked(base, markers[-1], options)
    if origin is tuple:
        return ma.List(_field(get_args(kind)[0]), **options)
    if origin is dict:
        value = get_args(kind)[1]
        return Entries(ENTRY if value is str else _field(value), **options)
    if is_dataclass(kind):
        return ma.Nested(schema_of(kind), **options)  # type: ignore[arg-type]
    return _plain(kind)(**options)


def _union(kind: Any, options: dict[str, Any]) -> ma.Field[Any]:
    choices = get_args(kind)
    if NoneType in choices:
        options["allow_none"] = True
    kinds = [choice for choice in choices if choice not in (NoneType, Unset)]
    return _field(kinds[0], **options) if len(kinds) == 1 else Scalar(**options)


def _plain(kind: Any) -> type[ma.Field[Any]]:
    known: dict[Any, type[ma.Field[Any]]] = {
        str: ma.String,
        int: StrictInteger,
        float: StrictFloat,
        bool: StrictBoolean,
    }
    return known[kind]


def _marked(base: Any, marker: Any, options: dict[str, Any]) -> ma.Field[Any]:
    """A field with the checks that its marker states."""
    if isinstance(marker, Many):
        return _field(base, validate=validate.Length(max=marker.most), **options)
    if isinstance(marker, Number):
        limits = validate.Range(min=marker.least, max=marker.most)
        return _plain(base)(validate=limits, **options)
    return _text(marker, options)


def _text(marker: Text, options: dict[str, Any]) -> ma.Field[Any]:
    checks: list[Any] = [validate.Length(min=marker.shortest or None, max=marker.longest)]
    checks.append(CleanText(needed=marker.shortest > 0 and not marker.secret))
    if marker.pattern:
        checks.append(validate.Regexp(rf"^(?:{marker.pattern})\Z"))
    if marker.one_of:
        checks.append(validate.OneOf(marker.one_of))
    if marker.format == "date":
        checks.append(real_date)
    if marker.format == "date-time":
        checks.append(real_instant)
    metadata: dict[str, Any] = {}
    if marker.format in ("date", "date-time"):
        metadata["format"] = marker.format
    if marker.numbered:
        metadata |= {"type": ["string", "integer"], "minimum": 0, "maximum": LARGEST_NUMBER}
        return Numbered(validate=checks, metadata=metadata, **options)
    return ma.String(validate=checks, metadata=metadata, load_only=marker.secret, **options)
