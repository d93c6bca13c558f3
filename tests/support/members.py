"""The members service in memory: a Work without a database, and people to fill it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chassis import clock
from chassis.call import Actor, Call
from chassis.errors import Refusal
from chassis.work import Refused
from contracts.codec import decode, encode
from contracts.command import Command
from contracts.fact import Fact
from contracts.members import states
from contracts.types import UNSET
from services.members.model.account import Account
from services.members.model.known import KnownEvent
from services.members.model.policy import Policy
from tests.support.work import Recording

REGION = "kediri-raya"
NOW = "2026-11-21T02:00:00.000Z"
TODAY = "2026-11-21"
OPEN = ("offered", "accepted")
POLICY = Policy(issuer="https://kediri.example", timezone="Asia/Jakarta")


class MemoryAggregates:
    """All aggregates of one kind, by id."""

    def __init__(self) -> None:
        self.by_id: dict[str, Any] = {}

    def get(self, id: str) -> Any:
        return self.by_id.get(id)

    def some(self, wanted: Any) -> list[Any]:
        return [state for _, state in sorted(self.by_id.items()) if wanted(state)]

    # Areas
    def active(self) -> list[Any]:
        return self.some(lambda area: area.active)

    # Institutions
    def by_npsns(self, npsns: Sequence[str]) -> dict[str, Any]:
        return {i.npsn: i for i in self.some(lambda i: i.npsn in npsns)}

    # Members
    def many(self, ids: Iterable[str]) -> list[Any]:
        wanted = set(ids)
        return self.some(lambda member: member.id in wanted)

    def with_contacts(self, contacts: Sequence[str]) -> list[Any]:
        return self.some(lambda m: m.email in contacts or m.phone in contacts)

    # Appointments
    def open_of(self, member_id: str) -> list[Any]:
        return self.some(lambda a: a.member_id == member_id and a.state in OPEN)

    def accepted(self, role: str) -> list[Any]:
        return self.some(lambda a: a.role == role and a.state == "accepted")

    def open_at(self, event_id: str) -> list[Any]:
        return self.some(lambda a: a.event_id == event_id and a.state in OPEN)

    def overdue(self, today: str) -> list[Any]:
        return self.some(lambda a: a.state in OPEN and a.ends_on and a.ends_on < today)

    def one_at_a_time(self) -> None:
        return None

    # Competencies
    def expiring(self, since: str, until: str) -> list[str]:
        def soon(item: states.Evidence) -> bool:
            return item.expiry_told_at is UNSET and since <= (item.expires_on or "") <= until

        return [c.id for c in self.some(lambda c: any(map(soon, c.evidence)))]

    # Innovations
    def concerning(self, member_id: str) -> list[Any]:
        authors = {i.id: [a.member_id for a in i.authors] for i in self.by_id.values()}
        return self.some(lambda i: member_id in (i.created_by, *authors[i.id]))

    # Frameworks
    def versions(self) -> list[int]:
        return sorted(map(int, self.by_id))


class MemoryRows:
    """Private rows of one kind, by key."""

    def __init__(self, key: str = "id") -> None:
        self.rows: dict[str, Any] = {}
        self.key = key

    def put(self, row: Any) -> None:
        self.rows[getattr(row, self.key)] = row

    add = put

    def all(self) -> list[Any]:
        return list(self.rows.values())

    def of_member(self, member_id: str) -> list[Any]:
        mine = [row for row in self.rows.values() if row.member_id == member_id]
        return sorted(mine, key=lambda row: row.id, reverse=True)

    def oldest(self, limit: int) -> list[Any]:
        return self.all()[:limit]

    def due(self, now: str, limit: int) -> list[Any]:
        return [row for row in self.all() if row.due_at <= now][:limit]

    def remove(self, ids: str | Iterable[str]) -> None:
        for key in [ids] if isinstance(ids, str) else list(ids):
            self.rows.pop(key, None)

    def remove_for(self, usernames: Iterable[str]) -> None:
        self.remove([row.id for row in self.all() if row.username in set(usernames)])

    def remove_to(self, contacts: Iterable[str]) -> None:
        wanted = set(contacts)
        self.remove([row.id for row in self.all() if row.to in wanted])


class MemoryCodes(MemoryRows):
    """One-time codes."""

    def count_try(self, member_id: str) -> None:
        for code in self.of_member(member_id):
            self.put(replace(code, tries=code.tries + 1))


class MemoryKeyed(MemoryRows):
    """Private rows that are found one by one."""

    def get(self, id: str) -> Any:
        return self.rows.get(id)


class MemoryTallies(MemoryRows):
    """Counted attempts."""

    def get(self, keys: Sequence[str]) -> Mapping[str, Any]:
        return {key: self.rows[key] for key in keys if key in self.rows}


class MemoryLedger:
    """The consent ledger."""

    def __init__(self) -> None:
        self.entries: list[Any] = []

    def add(self, entries: Sequence[Any]) -> None:
        self.entries.extend(entries)


class MemoryImports:
    """Which member came from which row."""

    def __init__(self) -> None:
        self.members: dict[str, str] = {}

    def find(self, keys: Sequence[str]) -> dict[str, str]:
        return {key: self.members[key] for key in keys if key in self.members}

    def add(self, members: Mapping[str, str]) -> None:
        self.members.update(members)


class MemoryCertificates:
    """Certificates that were heard of."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}

    def is_news(self, serial: str, version: int) -> bool:
        if self.versions.get(serial, 0) >= version:
            return False
        self.versions[serial] = version
        return True


class MemoryFounding:
    """The founding data."""

    digest: str | None = None

    def get(self) -> str | None:
        return self.digest

    def put(self, digest: str) -> None:
        self.digest = digest


class QuickPasswords:
    """Hashing that costs nothing."""

    def hashed(self, password: str) -> str:
        return f"hash of {password}"

    def matches(self, encoded: str | None, password: str) -> bool:
        return encoded == f"hash of {password}"


KEPT = {"area": "areas", "institution": "institutions", "member": "members"}
KEPT |= {"appointment": "appointments", "innovation": "innovations", "framework": "frameworks"}
KEPT |= {"competencies": "competencies", "signing_key": "signing_keys", "session": "ended"}


@dataclass
class MemoryWork(Recording):
    """A Work whose collections are dictionaries; facts land in `facts`."""

    kept = KEPT

    call: Call
    now: str = NOW
    today: str = TODAY
    region: str = REGION
    policy: Policy = POLICY
    passwords: QuickPasswords = field(default_factory=QuickPasswords)
    forgotten: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    roles: tuple[str, ...] = ()
    areas: MemoryAggregates = field(default_factory=MemoryAggregates)
    institutions: MemoryAggregates = field(default_factory=MemoryAggregates)
    members: MemoryAggregates = field(default_factory=MemoryAggregates)
    appointments: MemoryAggregates = field(default_factory=MemoryAggregates)
    competencies: MemoryAggregates = field(default_factory=MemoryAggregates)
    innovations: MemoryAggregates = field(default_factory=MemoryAggregates)
    frameworks: MemoryAggregates = field(default_factory=MemoryAggregates)
    signing_keys: MemoryAggregates = field(default_factory=MemoryAggregates)
    ended: MemoryAggregates = field(default_factory=MemoryAggregates)
    signing_secrets: MemoryRows = field(default_factory=MemoryRows)
    accounts: MemoryKeyed = field(default_factory=lambda: MemoryKeyed("member_id"))
    codes: MemoryCodes = field(default_factory=MemoryCodes)
    code_requests: MemoryRows = field(default_factory=MemoryRows)
    tallies: MemoryTallies = field(default_factory=MemoryTallies)
    families: MemoryKeyed = field(default_factory=MemoryKeyed)
    letters: MemoryRows = field(default_factory=MemoryRows)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    imports: MemoryImports = field(default_factory=MemoryImports)
    founding: MemoryFounding = field(default_factory=MemoryFounding)
    certificates: MemoryCertificates = field(default_factory=MemoryCertificates)
    events: MemoryAggregates = field(default_factory=MemoryAggregates)

    def remember(self, fact: Fact) -> None:
        self.events.by_id[fact.state.id] = decode(KnownEvent, encode(fact.state))

    def refused(self, refusal: Refusal) -> Refused:
        return Refused(refusal)

    # -- for tests ----------------------------------------------------------------------------

    def by(
        self,
        member: Any = None,
        *,
        address: str = "10.0.0.1",
        session: str | None = None,
        if_match: int | None = None,
        now: str | None = None,
        today: str | None = None,
    ) -> "MemoryWork":
        """The same books, asked by somebody (a member or his id), perhaps later."""
        actor = Actor(member_id=getattr(member, "id", member), session_id=session, address=address)
        call = replace(a_call(), actor=actor, if_match=if_match)
        return replace(self, call=call, facts=[], now=now or self.now, today=today or self.today)

    def said(self) -> list[str]:
        """Names of the facts, in order."""
        return [type(fact).__name__ for fact in self.facts]

    def holds(self, *things: Any) -> "MemoryWork":
        """Put aggregates into the books without a word."""
        kinds = {
            states.Area: self.areas,
            states.Institution: self.institutions,
            states.Member: self.members,
            states.Appointment: self.appointments,
            states.Competencies: self.competencies,
            states.Innovation: self.innovations,
        }
        for thing in things:
            kinds[type(thing)].by_id[thing.id] = thing
        return self

    def codes_sent(self) -> list[tuple[str, str]]:
        """Contact and digits of each queued letter, oldest first."""
        return [
            (letter.to, next(line for line in letter.body.splitlines() if line.isdigit()))
            for letter in self.letters.all()
        ]


def a_call() -> Call:
    """A call by nobody."""
    return Call(command=Command(), actor=Actor(address="10.0.0.1"), deadline=0, request_id="r1")


def a_work(*things: Any) -> MemoryWork:
    """Books with these aggregates, asked by nobody."""
    return MemoryWork(call=a_call()).holds(*things)


def _begun(id: str) -> dict[str, Any]:
    return {"id": id, "version": 1, "region": REGION, "created_at": NOW, "updated_at": NOW}


def an_area(id: str = "35.71", **fields: Any) -> states.Area:
    """Kota Kediri unless told otherwise."""
    return states.Area(**_begun(id), **{"name": f"Area {id}", "codes": (id,), **fields})


def an_institution(id: str = "sman4", **fields: Any) -> states.Institution:
    """A state school in Kota Kediri."""
    plain = {"name": "SMAN 4 Kediri", "kind": "school", "level": "SMA", "area": "35.71"}
    return states.Institution(**_begun(id), **{**plain, **fields})


def a_member(id: str = "ayu", **fields: Any) -> states.Member:
    """An active librarian of Kota Kediri, reachable by e-mail."""
    plain: dict[str, Any] = {
        "name": id.capitalize(),
        "state": "active",
        "area": "35.71",
        "email": f"{id}@sekolah.id",
        "contact_proven": True,
    }
    return states.Member(**_begun(id), **{**plain, **fields})


def an_appointment(member_id: str, role: str, **fields: Any) -> states.Appointment:
    """In force since last year."""
    begun = _begun(fields.pop("id", f"{member_id}-{role}"))
    plain = {"state": "accepted", "starts_on": "2025-01-01"}
    return states.Appointment(**begun, member_id=member_id, role=role, **{**plain, **fields})


def a_region() -> MemoryWork:
    """Two areas; coordinator kartini and secretary sari; rudi for 35.71, dewi for 35.06; ayu."""
    return a_work(
        an_area("35.71", coordinators=("rudi",)),
        an_area("35.06", coordinators=("dewi",)),
        an_institution(),
        a_member("kartini", area=None),
        a_member("sari", area=None),
        a_member("rudi"),
        a_member("dewi", area="35.06"),
        a_member("ayu"),
        an_appointment("kartini", "coordinator"),
        an_appointment("sari", "secretary"),
        an_appointment("rudi", "area_coordinator", area="35.71"),
        an_appointment("dewi", "area_coordinator", area="35.06"),
    )


def with_password(work: MemoryWork, member_id: str, password: str) -> MemoryWork:
    """The member can sign in by password."""
    hashed = work.passwords.hashed(password)
    work.accounts.put(Account(member_id=member_id, password_hash=hashed))
    return work


def later(seconds: float, start: str = NOW) -> str:
    """An instant after the beginning of the story."""
    return clock.later(start, seconds)
