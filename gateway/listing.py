"""What a list is: its view, its filters, who sees what of it, and its columns as a spreadsheet."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import orjson

from gateway.exports import Sheet
from gateway.front import Front
from gateway.query import CURSOR, LIMIT, Parameter, filters, read_cut, write_cursor
from gateway.shown import Kind
from gateway.viewer import Viewer
from gateway.views.change import Document
from gateway.views.store import Slice

Given = dict[str, Any]
EXPORTED_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a spreadsheet: its title in both languages, and what of an item stands there."""

    id: str
    en: str
    of: Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list: its view, what of a document it needs, how it filters, orders and shows.

    `joined` puts documents of other views to those of a page; with `columns` it is there as CSV.
    """

    view: str
    fields: Sequence[str]
    item: Callable[[Document, Viewer], Any]
    sorts: Mapping[str, str]
    default: str
    filters: Sequence[Parameter] = ()
    joined: Callable[[Front, list[Document]], Awaitable[list[Any]]] | None = None
    columns: Sequence[Column] = ()

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """All query parameters by name."""
        choices = tuple(name for sort in self.sorts for name in (sort, f"-{sort}"))
        sort = Parameter(
            name="sort", about="The order.", one_of=choices, default=self.default, longest=20
        )
        return {one.name: one for one in (*self.filters, sort, LIMIT, CURSOR)}


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which view a viewer's list is taken from, and what it is narrowed to."""

    view: str
    query: Document


ScopeOf = Callable[[Viewer, Given], Scope]
Guard = Callable[[Front, Viewer, Given], Awaitable[None]]


def for_eyes(view: str, **more: Any) -> ScopeOf:
    """The scope of a view whose documents say who sees them."""
    return lambda viewer, _: Scope(view=view, query={**eyes(viewer), **more})


def eyes(viewer: Viewer) -> Document:
    """What a viewer sees."""
    return {"eyes": {"$in": list(viewer.audiences)}}


def as_shown(kind: Kind) -> Callable[[Document, Viewer], Any]:
    """An item as the viewer would be shown it alone."""

    def item(document: Document, viewer: Viewer) -> Any:
        shown = kind.show(document, viewer)
        return shown.body if shown else None

    return item


def rendered(document: Document, _: Viewer) -> Any:
    """An item that was rendered when it was folded."""
    return orjson.Fragment(document["body"])


def both(one: Document, other: Document) -> Document:
    """A query that holds when both do."""
    return {"$and": [one, other]} if one and other else one or other


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A list as one viewer reads it: what he gave, and what of it is his to see."""

    listing: Listing
    viewer: Viewer
    given: Given
    scope: Scope

    async def page(self, front: Front) -> bytes:
        """One page as JSON."""
        items, following = await self.items(front)
        return orjson.dumps({"items": items, "next": following})

    async def items(self, front: Front) -> tuple[list[Any], str | None]:
        """The items of one page, and the cursor of the next."""
        found, after = await self._found(front, self._cut())
        sort = self.given.get("sort", self.listing.default)
        return await self._shown(front, found), write_cursor(sort, *after) if after else None

    def sheet(self, front: Front, name: str) -> Sheet:
        """All of it, for a spreadsheet."""
        columns = self.listing.columns
        titles = {"id": [one.id for one in columns], "en": [one.en for one in columns]}
        return Sheet(name=name, titles=titles, parts=self._parts(front))

    async def _parts(self, front: Front) -> AsyncIterator[list[list[Any]]]:
        cut: Slice | None = replace(self._cut(), limit=EXPORTED_AT_ONCE)
        while cut:
            found, after = await self._found(front, cut)
            items = await self._shown(front, found)
            yield [[column.of(item) for column in self.listing.columns] for item in items]
            cut = replace(cut, after=after) if after else None

    def _cut(self) -> Slice:
        return read_cut(self.given, self.listing.sorts, self.listing.default)

    async def _found(
        self, front: Front, cut: Slice
    ) -> tuple[list[Document], tuple[str, str] | None]:
        """The documents of a slice, and the place after them if there are more."""
        known = self.listing.parameters
        wanted = {name: value for name, value in self.given.items() if name in known}
        query = both(filters(wanted, known), self.scope.query)
        found = await front.store.page(self.scope.view, query, cut, self.listing.fields)
        items = found[: cut.limit]
        beyond = len(found) > cut.limit
        return items, (items[-1][cut.field], items[-1]["_id"]) if beyond else None

    async def _shown(self, front: Front, found: list[Document]) -> list[Any]:
        if self.listing.joined:
            return await self.listing.joined(front, found)
        return [self.listing.item(one, self.viewer) for one in found]
