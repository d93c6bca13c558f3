"""The notifications service in memory: a Work without a database, for tests of its handlers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chassis.call import Actor, Call
from contracts.command import Command
from contracts.fact import Fact
from contracts.notifications.states import Notice
from services.notifications.model.outgoing import Outgoing
from services.notifications.model.policy import Policy
from tests.support.books import MemoryBooks, Shelf
from tests.support.gatherings import begun
from tests.support.members import REGION
from tests.support.work import Recording

POLICY = Policy(
    region_name="Kediri Raya",
    public_url="https://kediri.example",
    timezone="Asia/Jakarta",
    channels=("email", "telegram", "webhook"),
    quiet_hours=None,
    phone_mail_domain="phone.example",
    telegram_bot="jejaring_bot",
    telegram_secret="from the bot",
)


class Owned(Shelf):
    """Aggregates that the service owns, by id."""

    def posted(self, ids: Iterable[str]) -> set[str]:
        return {id for id in ids if id in self.by_id}

    def of_member(self, member_id: str, limit: int) -> list[Any]:
        return self.some(lambda n: n.member_id == member_id and n.body != "—")[:limit]

    def has_written(self, sender_id: str, member_id: str) -> bool:
        mine = self.written_since(sender_id, "")
        return member_id in {notice.member_id for notice in mine}

    def written_since(self, sender_id: str, since: str) -> list[Any]:
        def written(notice: Notice) -> bool:
            by = (notice.kind, notice.about_id) == ("message_received", sender_id)
            return by and notice.created_at > since

        return self.some(written)

    def of_notices(self, ids: Iterable[str]) -> list[Any]:
        wanted = set(ids)
        return self.some(lambda d: d.notice_id in wanted)


class Kept(Shelf):
    """Private rows, by the field that names them."""

    def __init__(self, key: str = "id") -> None:
        super().__init__()
        self.key = key

    def put(self, rows: Any) -> None:
        for row in rows if isinstance(rows, Sequence) else [rows]:
            self.by_id[getattr(row, self.key)] = row

    add = put

    def remove(self, ids: str | Iterable[str], channel: str | None = None) -> None:
        if channel is not None:
            ids = f"{ids}:{channel}"
        for id in [ids] if isinstance(ids, str) else ids:
            self.by_id.pop(id, None)

    def replace(self, subject: str, rows: Sequence[Any]) -> None:
        self.remove([row.id for row in self.some(lambda row: row.subject == subject)])
        self.put(rows)

    def due(self, *wanted: Any) -> list[Any]:
        *channel, now, limit = wanted
        found = self.some(lambda row: row.due_at <= now and not getattr(row, "leased_until", None))
        return [row for row in found if not channel or row.channel in channel][:limit]

    def of_member(self, member_id: str) -> list[Any]:
        return self.some(lambda row: row.member_id == member_id)

    def remove_all(self, member_id: str) -> None:
        self.remove([row.id for row in self.of_member(member_id)])


class Left:
    """Members whose notices are still to be erased."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def add(self, member_id: str) -> None:
        self.ids.append(member_id)

    def some(self, limit: int) -> list[str]:
        return self.ids[:limit]

    def remove(self, member_id: str) -> None:
        self.ids.remove(member_id)


class Marked:
    """What happened once."""

    def __init__(self) -> None:
        self.ids: set[str] = set()

    def one_at_a_time(self, name: str) -> None:
        return None

    def first(self, id: str) -> bool:
        new = id not in self.ids
        self.ids.add(id)
        return new

    def secret(self) -> str:
        return "a secret of the region"


@dataclass
class MemoryTold(Recording, MemoryBooks):
    """A Work whose collections are dictionaries; facts land in `facts`."""

    kept = {"notice": "notices", "delivery": "deliveries", "preferences": "preferences"}

    call: Call = field(default_factory=lambda: _call(None))
    region: str = REGION
    policy: Policy = POLICY
    forgotten: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    notices: Owned = field(default_factory=Owned)
    deliveries: Owned = field(default_factory=Owned)
    preferences: Owned = field(default_factory=Owned)
    tellings: Kept = field(default_factory=Kept)
    outgoing: Kept = field(default_factory=Kept)
    reminders: Kept = field(default_factory=Kept)
    contacts: Kept = field(default_factory=Kept)
    linkings: Kept = field(default_factory=lambda: Kept("digest"))
    receipts: Kept = field(default_factory=Kept)
    leaving: Left = field(default_factory=Left)
    marks: Marked = field(default_factory=Marked)

    def remember(self, fact: Fact) -> None:
        self.knows(fact.state)

    # -- for tests ----------------------------------------------------------------------------

    def by(self, member_id: str | None) -> "MemoryTold":
        """The same books, asked by somebody."""
        return replace(self, call=_call(member_id))

    def row(self, channel: str = "email") -> Outgoing:
        """The one message that waits for the channel."""
        (row,) = self.outgoing.some(lambda row: row.channel == channel)
        assert isinstance(row, Outgoing)
        return row

    def ledger(self) -> dict[str, str]:
        """State by channel."""
        return {d.channel: d.state for d in self.deliveries.by_id.values()}


def _call(member_id: str | None) -> Call:
    actor = Actor(member_id=member_id)
    return Call(command=Command(), actor=actor, deadline=0, request_id="r1")


def a_notice(id: str = "n1", **fields: Any) -> Notice:
    """Told to ayu, about the workshop."""
    plain: dict[str, Any] = {
        "member_id": "ayu",
        "kind": "event_published",
        "category": "events",
        "title": "Kegiatan",
        "body": "Baris satu.",
        "language": "id",
        "fact_id": "f1",
    }
    return Notice(**begun(id), **{**plain, **fields})
