"""The events service in memory: a Work without a database, and a region to fill it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chassis import clock
from chassis.call import Actor, Call
from contracts.command import Command
from contracts.events import states
from contracts.fact import Fact
from services.events.model import known
from services.events.model.policy import Policy
from tests.support.work import Recording

REGION = "kediri-raya"
NOW = "2026-11-21T02:00:00.000Z"
TODAY = "2026-11-21"
STARTS = "2026-12-05T02:00:00.000Z"
ENDS = "2026-12-05T05:00:00.000Z"
HOUR, DAY = 3600, 24 * 3600
UNDER_WAY = ("draft", "published")
POLICY = Policy(
    issuer="/regions/kediri-raya", public_url="https://kediri.example", timezone="Asia/Jakarta"
)


class MemoryAggregates:
    """All aggregates of one kind, by id."""

    def __init__(self) -> None:
        self.by_id: dict[str, Any] = {}

    def get(self, id: str) -> Any:
        return self.by_id.get(id)

    def some(self, wanted: Any) -> list[Any]:
        found = [state for state in self.by_id.values() if wanted(state)]
        return sorted(found, key=lambda state: (getattr(state, "created_at", ""), state.id))

    def many(self, ids: Iterable[str]) -> list[Any]:
        wanted = set(ids)
        return self.some(lambda state: state.id in wanted)

    def of_member(self, member_id: str) -> list[Any]:
        return self.some(lambda s: s.member_id == member_id and not getattr(s, "revoked", False))


class MemoryRequests(MemoryAggregates):
    """Wishes."""

    def to_remind(self, before: str) -> list[Any]:
        old = self.some(lambda r: r.state == "new" and r.created_at <= before)
        return [request for request in old if request.reminded_at is None]

    def to_escalate(self, before: str) -> list[Any]:
        old = self.some(lambda r: r.state == "new" and r.created_at <= before)
        return [request for request in old if request.escalated_at is None]

    def backed_by(self, member_id: str) -> list[Any]:
        return self.some(lambda r: member_id in (*r.backers, r.requested_by))


class MemoryEvents(MemoryAggregates):
    """Events."""

    def at_venue(self, venue_id: str, starts_at: str, ends_at: str) -> list[Any]:
        return self.some(
            lambda e: (
                e.venue
                and e.venue.venue_id == venue_id
                and e.state in UNDER_WAY
                and e.starts_at < ends_at
                and e.ends_at > starts_at
            )
        )

    def of_series(self, series_id: str, since: str) -> list[Any]:
        found = self.some(lambda e: e.series_id == series_id and e.starts_at >= since)
        return sorted(found, key=lambda e: e.starts_at)

    def with_speakers_to_remind(self, until: str) -> list[Any]:
        def waits(event: Any) -> bool:
            asked = [s for s in event.speakers if s.state == "invited" and s.answer_by <= until]
            return event.state in UNDER_WAY and bool(asked)

        return self.some(waits)

    def without_material(self, after: str, before: str) -> list[Any]:
        return self.some(
            lambda e: (
                e.state in ("published", "closed")
                and any(s.state == "confirmed" for s in e.speakers)
                and after < e.ends_at < before
            )
        )

    def speaking(self, member_id: str) -> list[Any]:
        return self.some(lambda e: any(s.member_id == member_id for s in e.speakers))


class MemoryRegistrations(MemoryAggregates):
    """Registrations."""

    def of_event(self, event_id: str, *in_states: str) -> list[Any]:
        return self.some(
            lambda r: r.event_id == event_id and (not in_states or r.state in in_states)
        )

    def line(self, event_id: str) -> list[Any]:
        return sorted(self.of_event(event_id, "waiting"), key=lambda r: r.position)

    def open_of(self, event_id: str, member_id: str) -> Any:
        found = [r for r in self.of_event(event_id) if r.member_id == member_id]
        return next((r for r in found if r.state != "cancelled"), None)

    def answered(self, event_id: str) -> bool:
        return any(r.answers for r in self.of_event(event_id))

    def lapsed(self, now: str, limit: int) -> list[Any]:
        found = self.some(lambda r: r.state == "offered" and r.offer_expires_at <= now)
        return sorted(found, key=lambda r: r.offer_expires_at)[:limit]


class MemoryAwayRegistrations(MemoryAggregates):
    """Registrations at events of other regions."""

    def open_of(self, event_id: str, member_id: str) -> Any:
        mine = self.some(lambda a: a.event_id == event_id and a.member_id == member_id)
        return next((a for a in mine if a.state not in ("cancelled", "refused")), None)

    def of_member(self, member_id: str) -> list[Any]:
        return self.some(lambda a: a.member_id == member_id)


class MemoryEquipment(MemoryAggregates):
    """Things."""

    def overdue(self, now: str) -> list[Any]:
        def late(held: Any) -> bool:
            out = held.state == "handed_over" and held.ends_at < now
            return out and held.overdue_told_at is None

        return self.some(lambda thing: any(late(held) for held in thing.reservations))

    def held_for(self, event_id: str) -> list[Any]:
        return self.some(lambda thing: any(r.event_id == event_id for r in thing.reservations))

    def owned_by(self, member_id: str) -> list[Any]:
        return self.some(lambda thing: thing.owner_member_id == member_id)


class MemorySeries(MemoryAggregates):
    """Series."""

    def to_extend(self, until: str) -> list[Any]:
        return self.some(lambda s: not s.ended and s.made_until < until)


class MemoryCertificates(MemoryAggregates):
    """Certificates."""

    def of_event(self, event_id: str) -> list[Any]:
        return self.some(lambda c: c.event_id == event_id)


class MemoryMembers(MemoryAggregates):
    """Remembered people."""

    def pin(self, id: str) -> None:
        """Nothing is heard meanwhile."""

    def with_contacts(self, contacts: Sequence[str]) -> list[Any]:
        return self.some(lambda m: m.email in contacts or m.phone in contacts)


class MemoryAppointments(MemoryAggregates):
    """Remembered roles."""

    def accepted_of(self, member_id: str) -> list[Any]:
        return self.some(lambda a: a.member_id == member_id and a.state == "accepted")


class MemorySecrets:
    """Private keys."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {}

    def all(self) -> list[Any]:
        return list(self.rows.values())

    def add(self, secret: Any) -> None:
        self.rows[secret.id] = secret

    def remove(self, id: str) -> None:
        self.rows.pop(id, None)


class MemoryMarks:
    """Who gave feedback."""

    def __init__(self) -> None:
        self.marks: set[tuple[str, str]] = set()

    def has(self, event_id: str, registration_id: str) -> bool:
        return (event_id, registration_id) in self.marks

    def add(self, event_id: str, registration_id: str) -> None:
        self.marks.add((event_id, registration_id))


class MemoryBatches:
    """Events of which certificates are still to be issued."""

    def __init__(self) -> None:
        self.languages: dict[str, str] = {}

    def begin(self, event_id: str, language: str) -> None:
        self.languages[event_id] = language

    def events(self) -> list[str]:
        return sorted(self.languages)

    def language(self, event_id: str) -> str:
        return self.languages.get(event_id, "id")

    def end(self, event_id: str) -> None:
        self.languages.pop(event_id, None)


class MemoryLocks:
    """Locks that only note who took them."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def one_at_a_time(self, name: str) -> None:
        self.taken.append(name)


KEPT = {"event_request": "requests", "event": "events", "seats": "seats", "series": "series"}
KEPT |= {"registration": "registrations", "venue": "venues", "equipment": "equipment"}
KEPT |= {"feedback": "feedback", "certificate": "certificates", "event_key": "event_keys"}
KEPT |= {"calendar_feed": "calendar_feeds", "away_registration": "away_registrations"}
KEPT |= {"visitor_registration": "visitors"}
REMEMBERED = {
    "member": ("members", known.KnownMember),
    "appointment": ("appointments", known.KnownAppointment),
    "area": ("areas", known.KnownArea),
    "institution": ("institutions", known.KnownInstitution),
    "peer": ("peers", known.KnownPeer),
    "withdrawal": ("withdrawals", known.KnownWithdrawal),
    "event": ("events_abroad", known.KnownEvent),
}


@dataclass
class MemoryWork(Recording):
    """A Work whose collections are dictionaries; facts land in `facts`."""

    kept = KEPT
    remembered = REMEMBERED

    call: Call
    now: str = NOW
    today: str = TODAY
    region: str = REGION
    policy: Policy = POLICY
    forgotten: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    roles: tuple[str, ...] = ()
    requests: MemoryRequests = field(default_factory=MemoryRequests)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    seats: MemoryAggregates = field(default_factory=MemoryAggregates)
    registrations: MemoryRegistrations = field(default_factory=MemoryRegistrations)
    away_registrations: MemoryAwayRegistrations = field(default_factory=MemoryAwayRegistrations)
    visitors: MemoryAggregates = field(default_factory=MemoryAggregates)
    events_abroad: MemoryAggregates = field(default_factory=MemoryAggregates)
    withdrawals: MemoryAggregates = field(default_factory=MemoryAggregates)
    peers: MemoryAggregates = field(default_factory=MemoryAggregates)
    venues: MemoryAggregates = field(default_factory=MemoryAggregates)
    equipment: MemoryEquipment = field(default_factory=MemoryEquipment)
    series: MemorySeries = field(default_factory=MemorySeries)
    feedback: MemoryAggregates = field(default_factory=MemoryAggregates)
    certificates: MemoryCertificates = field(default_factory=MemoryCertificates)
    calendar_feeds: MemoryAggregates = field(default_factory=MemoryAggregates)
    event_keys: MemoryAggregates = field(default_factory=MemoryAggregates)
    members: MemoryMembers = field(default_factory=MemoryMembers)
    appointments: MemoryAppointments = field(default_factory=MemoryAppointments)
    areas: MemoryAggregates = field(default_factory=MemoryAggregates)
    institutions: MemoryAggregates = field(default_factory=MemoryAggregates)
    signing_secrets: MemorySecrets = field(default_factory=MemorySecrets)
    feedback_marks: MemoryMarks = field(default_factory=MemoryMarks)
    certificate_batches: MemoryBatches = field(default_factory=MemoryBatches)
    locks: MemoryLocks = field(default_factory=MemoryLocks)

    # -- for tests ----------------------------------------------------------------------------

    def by(
        self,
        member: Any = None,
        *,
        if_match: int | None = None,
        now: str | None = None,
        today: str | None = None,
    ) -> "MemoryWork":
        """The same books, asked by somebody (a member or his id), perhaps later."""
        actor = Actor(member_id=getattr(member, "id", member), address="10.0.0.1")
        call = replace(a_call(), actor=actor, if_match=if_match)
        day = today or (now or self.now)[:10]
        return replace(self, call=call, facts=[], now=now or self.now, today=day)

    def at(self, now: str) -> "MemoryWork":
        """The same books at another instant, looked at by nobody: for sweeps."""
        return self.by(None, now=now)

    def said(self) -> list[str]:
        """Names of the facts, in order."""
        return [type(fact).__name__ for fact in self.facts]

    def holds(self, *things: Any) -> "MemoryWork":
        """Put aggregates and remembered things into the books without a word."""
        for thing in things:
            self._shelf(type(thing)).by_id[thing.id] = thing
        return self

    def _shelf(self, cls: type) -> Any:
        names = {known_cls: name for name, known_cls in REMEMBERED.values()}
        kinds = {fact_cls: KEPT[kind] for kind, fact_cls in STATES.items()}
        return getattr(self, {**names, **kinds}[cls])


STATES: dict[str, type] = {
    "event_request": states.EventRequest,
    "event": states.Event,
    "seats": states.Seats,
    "registration": states.Registration,
    "venue": states.Venue,
    "equipment": states.Equipment,
    "series": states.Series,
    "feedback": states.Feedback,
    "certificate": states.Certificate,
    "calendar_feed": states.CalendarFeed,
    "event_key": states.EventKey,
    "away_registration": states.AwayRegistration,
    "visitor_registration": states.VisitorRegistration,
}


def a_call() -> Call:
    """A call by nobody."""
    return Call(command=Command(), actor=Actor(address="10.0.0.1"), deadline=0, request_id="r1")


def a_work(*things: Any) -> MemoryWork:
    """Books with these things, asked by nobody."""
    return MemoryWork(call=a_call()).holds(*things)


def _begun(id: str) -> dict[str, Any]:
    return {"id": id, "version": 1, "region": REGION, "created_at": NOW, "updated_at": NOW}


def a_member(id: str = "ayu", **fields: Any) -> known.KnownMember:
    """An active librarian of Kota Kediri."""
    plain: dict[str, Any] = {"name": id.capitalize(), "state": "active", "area": "35.71"}
    plain["email"] = f"{id}@sekolah.id"
    return known.KnownMember(id=id, version=1, **{**plain, **fields})


def an_appointment(member_id: str, role: str, **fields: Any) -> known.KnownAppointment:
    """In force since last year."""
    id = fields.pop("id", f"{member_id}-{role}")
    plain = {"state": "accepted", "starts_on": "2025-01-01"}
    return known.KnownAppointment(
        id=id, version=1, member_id=member_id, role=role, **{**plain, **fields}
    )


def an_event(id: str = "e1", **fields: Any) -> states.Event:
    """A draft of a workshop in Kota Kediri on 5 December, nine to twelve."""
    plain: dict[str, Any] = {
        "title": "Cetak barcode",
        "kind": "workshop",
        "area": "35.71",
        "state": "draft",
        "starts_at": STARTS,
        "ends_at": ENDS,
        "timezone": "Asia/Jakarta",
        "created_by": "rudi",
    }
    return states.Event(**_begun(id), **{**plain, **fields})


def seats_of(event: states.Event, **counts: Any) -> states.Seats:
    """The event's seats, nobody on them unless told otherwise."""
    return states.Seats(**_begun(event.id), area=event.area, capacity=event.capacity, **counts)


def a_registration(member_id: str | None = "ayu", **fields: Any) -> states.Registration:
    """A confirmed one for event e1."""
    id = fields.pop("id", f"r-{member_id}")
    plain: dict[str, Any] = {"event_id": "e1", "area": "35.71", "state": "confirmed"}
    plain |= {"name": (member_id or "tamu").capitalize(), "member_id": member_id}
    return states.Registration(**_begun(id), **{**plain, **fields})


def a_region(*things: Any) -> MemoryWork:
    """Two areas; coordinator kartini and secretary sari; rudi for 35.71, dewi for 35.06; ayu, budi.

    Budi works at SMAN 4 in 35.71; events and more on top.
    """
    return a_work(
        known.KnownArea(id="35.71", version=1, name="Kota Kediri"),
        known.KnownArea(id="35.06", version=1, name="Kabupaten Kediri"),
        known.KnownArea(id="35.05", version=1, name="Kabupaten Blitar", active=False),
        known.KnownInstitution(id="sman4", version=1, name="SMAN 4 Kediri", area="35.71"),
        a_member("kartini", area=None),
        a_member("sari", area=None),
        a_member("rudi"),
        a_member("dewi", area="35.06"),
        a_member("ayu"),
        a_member("budi", institution_id="sman4"),
        an_appointment("kartini", "coordinator"),
        an_appointment("sari", "secretary"),
        an_appointment("rudi", "area_coordinator", area="35.71"),
        an_appointment("dewi", "area_coordinator", area="35.06"),
        *things,
    )


def later(seconds: float, start: str = NOW) -> str:
    """An instant after the beginning of the story."""
    return clock.later(start, seconds)
