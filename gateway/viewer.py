"""Who is looking: roles in force today and what they let him see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from chassis.call import Seen
from contracts.codec import decode
from contracts.members.roles import EVENT_ROLES, OFFICERS
from contracts.members.states import Appointment
from gateway.views.eyes import staff
from gateway.views.store import Store

MAY_SIGN_IN = ("invited", "pending", "active")

Sight = Literal["full", "entry"]
Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """A member with his roles, or nobody."""

    member_id: str | None = None
    state: str = ""
    appointments: tuple[Appointment, ...] = ()
    acting_in: frozenset[str] = frozenset()
    institution_id: str | None = None
    version: int = 0

    @property
    def active(self) -> bool:
        """A member in good standing."""
        return self.state == "active"

    @cached_property
    def officer(self) -> bool:
        """Region coordinator or secretary: sees the whole region."""
        return self.active and any(a.role in OFFICERS for a in self.appointments)

    @cached_property
    def operator(self) -> bool:
        """Runs the cell."""
        return self.active and any(a.role == "operator" for a in self.appointments)

    @cached_property
    def areas(self) -> frozenset[str]:
        """The areas that he coordinates, for himself, as deputy or acting."""
        own = {a.area for a in self.appointments if a.role == "area_coordinator" and a.area}
        return frozenset(own | self.acting_in) if self.active else frozenset()

    @cached_property
    def staff(self) -> frozenset[str]:
        """The audiences of events that he manages or checks people in at (features A5)."""
        given = (a for a in self.appointments if a.role in EVENT_ROLES and a.event_id)
        return frozenset(staff(str(a.event_id), a.area) for a in given if self.active)

    @cached_property
    def seen(self) -> tuple[Seen, ...]:
        """Himself and his appointments as they are shown: what services decide about him by."""
        if not self.version:
            return ()
        held = (Seen(kind="appointment", id=a.id, version=a.version) for a in self.appointments)
        return (Seen(kind="member", id=str(self.member_id), version=self.version), *held)

    def manages(self, event_id: str, area: str | None) -> bool:
        """Whether an event's participants are his to see."""
        granted = {staff(event_id, None), staff(event_id, area)}
        return not granted.isdisjoint(self.staff) or self.coordinates(area)

    @cached_property
    def may_search(self) -> bool:
        """Whether the directory is open to him: active, and not just an operator."""
        only_runs = self.operator and {a.role for a in self.appointments} == {"operator"}
        return self.active and not only_runs

    @cached_property
    def audiences(self) -> tuple[str, ...]:
        """Whom the change log addresses when it addresses him, in order."""
        told = {"*"}
        if self.member_id:
            told.update(("signed_in", f"member:{self.member_id}"))
        told.update(f"area:{area}" for area in self.areas)
        told.update(self.staff)
        if self.areas or self.officer:
            told.add("coordinators")
        if self.institution_id and self.active:
            told.add(f"institution:{self.institution_id}")
        if self.may_search:
            told.add("active")
        if self.officer:
            told.add("officers")
        return tuple(sorted(told))

    def coordinates(self, area: str | None) -> bool:
        """Whether people of the area are his to look after."""
        return self.officer or (area is not None and area in self.areas)

    def mentors(self, area: str | None) -> bool:
        """Whether he is a mentor in the area."""
        grants = (a for a in self.appointments if a.role == "mentor")
        return self.active and any(a.area in (None, area) for a in grants)

    def sight_of(self, document: Document) -> Sight | None:
        """How much of a member (a document of the view `members`) he sees."""
        if document["_id"] == self.member_id or self.coordinates(document.get("area")):
            return "full"
        return "entry" if document.get("listed") and self.may_search else None

    def roles(self) -> list[dict[str, Any]]:
        """His roles as the API tells them."""
        told: list[dict[str, Any]] = [role_of(a) for a in self.appointments]
        told += [
            {"role": "area_coordinator", "area": area, "acting": True}
            for area in sorted(self.acting_in)
        ]
        return [{"role": "member"}, *told] if self.active else []


NOBODY = Viewer()


def role_of(appointment: Appointment) -> dict[str, Any]:
    """One role, without what is not said of it."""
    names = ("role", "area", "event_id", "starts_on", "ends_on", "deputy", "acting")
    told = {name: getattr(appointment, name) for name in names}
    return {name: value for name, value in told.items() if value not in (None, False)}


@dataclass
class Viewers:
    """Loads viewers from the views and keeps them until something about them changes."""

    store: Store
    kept: dict[str, Viewer] = field(default_factory=dict)
    generation: int = 0
    most: int = 5000

    async def load(self, member_id: str, today: str) -> Viewer:
        """The member as the views know him on a day (ISO date)."""
        key = f"{today}/{member_id}"
        if (known := self.kept.get(key)) is not None:
            return known
        generation = self.generation
        viewer = await self._read(member_id, today)
        if generation == self.generation:
            if len(self.kept) >= self.most:
                self.kept.clear()
            self.kept[key] = viewer
        return viewer

    async def _read(self, member_id: str, today: str) -> Viewer:
        fields = ["state", "institution_id", "seq"]
        member = await self.store.get("members", member_id, fields)
        accepted = {"member_id": {"$eq": member_id}, "state": "accepted"}
        granted = await self.store.find("appointments", accepted)
        acting = await self.store.find("areas", {"acting_coordinator": {"$eq": member_id}})
        return Viewer(
            member_id=member_id,
            state=(member or {}).get("state") or "",
            appointments=in_force(granted, today),
            acting_in=frozenset(area["_id"] for area in acting if area["active"]),
            institution_id=(member or {}).get("institution_id"),
            version=(member or {}).get("seq", {}).get("member", 0),
        )

    def forget(self, ids: Iterable[str] | None = None) -> None:
        """Load these members again when they come next; all without ids."""
        self.generation += 1
        if ids is None:
            self.kept.clear()
            return
        wanted = set(ids)
        for key in [key for key in self.kept if key.partition("/")[2] in wanted]:
            del self.kept[key]

    def acting_in(self, area: str) -> list[str]:
        """Those kept who act as coordinators of the area."""
        return [v.member_id for v in self.kept.values() if v.member_id and area in v.acting_in]


def in_force(documents: Sequence[Document], today: str) -> tuple[Appointment, ...]:
    """The appointments that hold on a day, in a stable order."""
    all_of_them = (decode(Appointment, document["appointment"]) for document in documents)
    held = (a for a in all_of_them if a.in_force(today))
    return tuple(sorted(held, key=lambda a: (a.role, a.area or "", a.id)))
