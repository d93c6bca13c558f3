"""A phone that keeps what its owner may see, by sync alone."""

import time
from typing import Any

from cell.demo.person import Body, Broke, Person, told

Key = tuple[str, str]
MOST_PAGES = 1000


class Phone:
    """What one person's phone holds: resources by kind and id, and the cursor of the last sync."""

    def __init__(self, owner: Person, limit: int = 500) -> None:
        self.owner, self.limit = owner, limit
        self.held: dict[Key, Any] = {}
        self.cursor: str | None = None
        self.resets = 0

    def sync(self) -> list[Body]:
        """Take in everything that changed; gives the changes in their order."""
        changes: list[Body] = []
        for _ in range(MOST_PAGES):
            page = self._page()
            changes += page["changes"]
            if not page["more"]:
                return changes
        raise Broke(f"sync did not end after {MOST_PAGES} pages")

    def await_change(self, seconds: float = 5.0, kind: str = "") -> list[Body]:
        """Sync until something changed (of a kind); gives nothing when nothing did in time."""
        until = time.monotonic() + seconds
        while True:
            changes = [change for change in self.sync() if kind in ("", change["kind"])]
            if changes or time.monotonic() > until:
                return changes
            time.sleep(0.005)

    def settle(self, quiet_seconds: float = 0.5) -> None:
        """Sync until nothing has come for a while."""
        while self.await_change(quiet_seconds):
            pass

    def _page(self) -> Body:
        query: Body = {"limit": self.limit}
        if self.cursor is not None:
            query["cursor"] = self.cursor
        page = told(self.owner.get("/v1/sync", **query), 200)
        if page["reset"]:
            self.held.clear()
            self.resets += 1
        for change in page["changes"]:
            self.apply(change)
        self.cursor = page["cursor"]
        return page

    def apply(self, change: Body) -> None:
        """One change: keep the resource, or take it away."""
        key = (change["kind"], change["id"])
        if change["resource"] is None:
            self.held.pop(key, None)
        else:
            self.held[key] = change["resource"]
