"""What every aggregate does: begin at version 1 and grow by one per change."""

from dataclasses import fields, replace
from typing import Any, TypeVar

from contracts.aggregate import Aggregate
from contracts.command import Command
from contracts.types import UNSET

A = TypeVar("A", bound=Aggregate)


def moved(before: A, now: str, /, **changes: Any) -> A:
    """The state after one change at the instant `now`."""
    return replace(before, version=before.version + 1, updated_at=now, **changes)


def begun(id: str, region: str, now: str) -> dict[str, Any]:
    """The fields that every aggregate begins with."""
    return {"id": id, "version": 1, "region": region, "created_at": now, "updated_at": now}


def differing(state: Aggregate, wanted: dict[str, Any]) -> dict[str, Any]:
    """Of the wanted values, those that the state does not have yet."""
    return {name: value for name, value in wanted.items() if getattr(state, name) != value}


def given(command: Command, *besides: str) -> dict[str, Any]:
    """The fields that a partial command carries, besides those that only name its subject."""
    named = ((f.name, getattr(command, f.name)) for f in fields(command) if f.name not in besides)
    return {name: value for name, value in named if value is not UNSET}
