"""Contracts to plain JSON values and back, with the standard library only.

Reading is tolerant: unknown fields are ignored and fields with a default may be missing, so an
older reader understands a newer speaker.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from contracts.types import UNSET, Unset

T = TypeVar("T")
Reader = Callable[[Any], Any]

PLAIN = frozenset({str, int, float, bool, NoneType})


class Malformed(ValueError):
    """The value does not fit the contract; the message says where."""


def encode(value: Any) -> Any:
    """Plain JSON values (dict, list, str, number, bool, None); fields left UNSET are left out."""
    if type(value) in PLAIN:
        return value
    if is_dataclass(value):
        named = ((name, getattr(value, name)) for name in field_types(type(value)))
        return {name: encode(part) for name, part in named if part is not UNSET}
    if isinstance(value, (list, tuple)):
        return [encode(part) for part in value]
    if isinstance(value, Mapping):
        return {name: encode(part) for name, part in value.items()}
    return value


def _field_types(cls: Any) -> dict[str, Any]:
    """Field name → annotated type, in the order of the class."""
    hints = get_type_hints(cls, include_extras=True)
    return {field.name: hints[field.name] for field in fields(cls)}


def _required(cls: Any) -> frozenset[str]:
    """Names of the fields that have no default."""
    return frozenset(
        field.name
        for field in fields(cls)
        if field.default is MISSING and field.default_factory is MISSING
    )


field_types: Callable[[Any], dict[str, Any]] = cache(_field_types)
required: Callable[[Any], frozenset[str]] = cache(_required)


def decode(cls: type[T], raw: Any, where: str = "") -> T:
    """Build a contract from plain values; raises Malformed with the path of what is wrong."""
    try:
        return reader_of(cls)(raw)  # type: ignore[no-any-return]
    except _Misfit as misfit:
        raise Malformed(f"{where + misfit.path or cls.__name__}: {misfit.told}") from None


class _Misfit(Exception):
    """What is wrong; every object and list it is in puts its name before the path."""

    def __init__(self, told: str) -> None:
        self.told, self.path = told, ""


def _reader_of(kind: Any) -> Reader:
    """What reads and checks a value of the annotated type; made once for each type."""
    origin = get_origin(kind)
    if origin is Annotated:
        return reader_of(get_args(kind)[0])
    if origin in (Union, UnionType):
        return _optional(get_args(kind))
    if origin is tuple:
        return _many(reader_of(get_args(kind)[0]))
    return _object(kind) if is_dataclass(kind) else _plain(origin or kind)


reader_of: Callable[[Any], Reader] = cache(_reader_of)


def _object(cls: Any) -> Reader:
    needed = required(cls)
    readers = [(name, reader_of(kind)) for name, kind in field_types(cls).items()]

    def read(raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            raise _Misfit("an object is needed")
        if missing := needed - raw.keys():
            raise _Misfit(f"{', '.join(sorted(missing))} missing")
        return cls(**{name: _part(one, raw[name], name) for name, one in readers if name in raw})

    return read


def _part(read: Reader, raw: Any, name: object) -> Any:
    try:
        return read(raw)
    except _Misfit as misfit:
        misfit.path = f"/{name}{misfit.path}"
        raise


def _optional(choices: tuple[Any, ...]) -> Reader:
    (some, *_) = (choice for choice in choices if choice not in (NoneType, Unset))
    known = reader_of(some)

    def read(raw: Any) -> Any:
        if raw is None and NoneType not in choices:
            raise _Misfit("null is not allowed")
        return None if raw is None else known(raw)

    return read


def _many(known: Reader) -> Reader:
    def read(raw: Any) -> Any:
        if not isinstance(raw, (list, tuple)):
            raise _Misfit("a list is needed")
        return tuple(_part(known, part, index) for index, part in enumerate(raw))

    return read


def _plain(kind: Any) -> Reader:
    def read(raw: Any) -> Any:
        if type(raw) is kind:
            return raw
        if kind is float and type(raw) is int:
            return float(raw)
        raise _Misfit(f"{kind.__name__} is needed")

    return read
