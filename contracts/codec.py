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


class Malformed(ValueError):
    """The value does not fit the contract; the message says where."""


def encode(value: Any) -> Any:
    """Plain JSON values (dict, list, str, number, bool, None); fields left UNSET are left out."""
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
    if not isinstance(raw, Mapping):
        raise Malformed(f"{where or cls.__name__}: an object is needed")
    missing = required(cls) - raw.keys()
    if missing:
        raise Malformed(f"{where or cls.__name__}: {', '.join(sorted(missing))} missing")
    types = field_types(cls)
    return cls(**{n: _value(types[n], raw[n], f"{where}/{n}") for n in types if n in raw})


def _value(kind: Any, raw: Any, where: str) -> Any:
    """One value of the annotated type, checked."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _value(get_args(kind)[0], raw, where)
    if origin in (Union, UnionType):
        return _optional(kind, raw, where)
    if origin is tuple:
        return _many(get_args(kind)[0], raw, where)
    if is_dataclass(kind):
        return decode(kind, raw, where)  # type: ignore[arg-type]
    return _plain(origin or kind, raw, where)


def _optional(kind: Any, raw: Any, where: str) -> Any:
    choices = [choice for choice in get_args(kind) if choice not in (NoneType, Unset)]
    if raw is None:
        if NoneType in get_args(kind):
            return None
        raise Malformed(f"{where}: null is not allowed")
    return _value(choices[0], raw, where)


def _many(kind: Any, raw: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(raw, (list, tuple)):
        raise Malformed(f"{where}: a list is needed")
    return tuple(_value(kind, part, f"{where}/{index}") for index, part in enumerate(raw))


def _plain(kind: Any, raw: Any, where: str) -> Any:
    if kind is float and type(raw) is int:
        return float(raw)
    if type(raw) is not kind:
        raise Malformed(f"{where}: {kind.__name__} is needed")
    return raw
