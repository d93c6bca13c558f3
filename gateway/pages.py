"""Rendered public pages kept in process, dropped by the change that makes them old."""

from collections import OrderedDict
from dataclasses import dataclass, field

MOST = 500


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes of an answer and its ETag."""

    body: bytes
    etag: str


@dataclass
class Pages:
    """Pages by view; `fresh` is False while changes may pass unseen, then nothing is kept."""

    fresh: bool = False
    kept: dict[str, OrderedDict[str, Page]] = field(default_factory=dict)
    generations: dict[str, int] = field(default_factory=dict)

    def get(self, view: str, key: str) -> Page | None:
        """A page that is as good as a live read, or None."""
        return self.kept[view].get(key) if self.fresh and view in self.kept else None

    def generation(self, view: str) -> int:
        """Ask before reading; hand it to `keep`."""
        return self.generations.get(view, 0)

    def keep(self, view: str, key: str, page: Page, generation: int) -> None:
        """Keep a page, unless its view changed since the read began."""
        if not self.fresh or generation != self.generation(view):
            return
        pages = self.kept.setdefault(view, OrderedDict())
        pages[key] = page
        if len(pages) > MOST:
            pages.popitem(last=False)

    def drop(self, view: str) -> None:
        """The view changed."""
        self.generations[view] = self.generation(view) + 1
        self.kept.pop(view, None)

    def drop_all(self) -> None:
        """Anything may have changed."""
        for view in {*self.kept, *self.generations}:
            self.drop(view)
