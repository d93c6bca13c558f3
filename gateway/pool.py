"""The mentors of this cell as matching sees them, kept in process until one of them changes."""

from collections import Counter
from dataclasses import dataclass

from contracts.codec import decode
from contracts.members.states import Competencies
from contracts.mentoring.candidates import Candidate, candidate_of
from contracts.mentoring.states import Mentor
from gateway.pages import Pages
from gateway.viewer import in_force
from gateway.views.change import Document
from gateway.views.store import Store

NAME = "suggestions"
FROM = ("appointments", "competencies", "members", "mentors", "offers")


@dataclass
class Pool:
    """Everybody who may be asked; pages under the same name are dropped with it.

    It is as old as a kept page may be: the tail drops both, and while it cannot, none is kept.
    """

    store: Store
    pages: Pages
    _kept: tuple[tuple[str, int], list[Candidate]] | None = None

    def __post_init__(self) -> None:
        self.pages.generations.setdefault(NAME, 0)  # so that forgetting everything is seen here

    async def on(self, today: str) -> list[Candidate]:
        """Mentors with a profile and a grant in force on a day (ISO date)."""
        key = (today, self.pages.generation(NAME))
        if self._kept is not None and self._kept[0] == key and self.pages.fresh:
            return self._kept[1]
        found = await self._read(today)
        self._kept = (key, found)
        return found

    async def _read(self, today: str) -> list[Candidate]:
        granted = await self.store.find("appointments", {"role": "mentor", "state": "accepted"})
        wanted = {"_id": {"$in": sorted({one.member_id for one in in_force(granted, today)})}}
        profiles = await self.store.find("mentors", wanted)
        said = await self._said(wanted)
        asked = await self._asked()
        known = (decode(Mentor, one["mentor"]) for one in profiles)
        return [candidate_of(one, asked[one.id], said.get(one.id), today) for one in known]

    async def _said(self, wanted: Document) -> dict[str, Competencies]:
        """What members said they can, and others of them, by id."""
        found = await self.store.find("competencies", wanted)
        return {one["_id"]: decode(Competencies, one["competencies"]) for one in found}

    async def _asked(self) -> Counter[str]:
        """How many offers each has not answered yet."""
        pending = await self.store.find("offers", {"state": {"$eq": "offered"}})
        return Counter(o for one in pending for o in (one["mentor_id"], one["partner_id"]) if o)
