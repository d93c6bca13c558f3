"""Hypothesis strategies for contracts: any value that their types allow."""

from dataclasses import is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from hypothesis import strategies as st

from contracts.codec import field_types
from contracts.types import UNSET, Many, Number, Unset

PLAIN = {
    str: st.text(max_size=12),
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    dict: st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
    NoneType: st.none(),
    Unset: st.just(UNSET),
}


def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of an annotated type (lengths and patterns are the door's business)."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return limited(inside[0], inside[-1])
    if origin in (Union, UnionType):
        return st.one_of([any_of(choice) for choice in inside])
    if origin is tuple:
        return st.lists(any_of(inside[0]), max_size=3).map(tuple)
    if is_dataclass(kind):
        parts = {name: any_of(part) for name, part in field_types(kind).items()}
        return st.builds(kind, **parts)
    return PLAIN[origin or kind]


def limited(kind: Any, marker: Any) -> st.SearchStrategy[Any]:
    """Numbers within their limits; everything else as the bare type."""
    if isinstance(marker, Number) and kind is int:
        return st.integers(int(marker.least), int(marker.most))
    if isinstance(marker, Number):
        return st.floats(marker.least, marker.most)
    return any_of(tuple[get_args(kind)[0], ...] if isinstance(marker, Many) else kind)
