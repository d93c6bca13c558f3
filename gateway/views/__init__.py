"""Shapes for reading, folded from facts; `fold` is pure, so stale view + facts = rebuilt view."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import IndexModel

from contracts.fact import Fact
from gateway.views import (
    agenda,
    announcements,
    appointments,
    areas,
    assignments,
    calendar,
    cases,
    certificates,
    competencies,
    deliveries,
    directory,
    equipment,
    erasures,
    feedback,
    feeds,
    follow_ups,
    frameworks,
    hidden,
    inbox,
    innovations,
    institutions,
    issues,
    keys,
    members,
    mentors,
    offers,
    peers,
    preferences,
    series,
    sessions,
    templates,
    topics,
    unheard,
    venues,
    visits,
)
from gateway.views.change import Change

DATABASE = "jejaring_views"


@dataclass(frozen=True, kw_only=True)
class View:
    """One view: the kinds it folds, how, and the indexes its reads use."""

    name: str
    kinds: tuple[str, ...]
    fold: Callable[[Any], list[Change]]
    indexes: Sequence[IndexModel]


MODULES = (
    areas,
    institutions,
    members,
    directory,
    appointments,
    competencies,
    innovations,
    frameworks,
    keys,
    sessions,
    topics,
    calendar,
    agenda,
    venues,
    equipment,
    series,
    feedback,
    certificates,
    feeds,
    inbox,
    preferences,
    deliveries,
    announcements,
    cases,
    offers,
    mentors,
    visits,
    issues,
    follow_ups,
    templates,
    assignments,
    peers,
    hidden,
    erasures,
    unheard,
)
VIEWS = {
    module.NAME: View(
        name=module.NAME, kinds=module.KINDS, fold=module.fold, indexes=module.INDEXES
    )
    for module in MODULES
}
REBUILT = tuple(name for name in VIEWS if name not in (sessions.NAME, unheard.NAME))
INDEXES: dict[str, list[IndexModel]] = {
    **{view.name: list(view.indexes) for view in VIEWS.values() if view.indexes},
    "promised": [IndexModel("member"), IndexModel("at", expireAfterSeconds=60)],
    "changes": [
        IndexModel([("position", 1)]),
        IndexModel([("now", 1), ("position", 1)]),
        IndexModel([("ever", 1), ("position", 1)]),
    ],
}


def beside(view: str) -> str:
    """The collection in which a view is built again."""
    return f"{view}.next"


def fold(fact: Fact) -> list[Change]:
    """What the fact changes in all views; depends on nothing but the subject's state."""
    return fold_state(fact.kind, fact.state)


def fold_state(kind: str, state: Any) -> list[Change]:
    """What a subject's state means for all views."""
    return [c for view in VIEWS.values() if kind in view.kinds for c in view.fold(state)]


def kind_of(view: str) -> str:
    """The kind that a view is mainly about."""
    return VIEWS[view].kinds[0]
