"""Mentors at work in a storm: visits, faults, items, offers; what was answered, and the checks.

Every command is repeated with its key until it is answered; every visit is uploaded twice.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from tests.e2e.cases import Case
from tests.e2e.gatherings import at
from tests.faults.books import Books
from tests.faults.crew import PATIENCE_SECONDS, Crew
from tests.support.client import Body, Person
from tests.support.infrastructure import Document

KINDS = ("mentorship", "visit", "issue", "offer")
VIEWS = {"mentorship": "cases", "visit": "visits", "issue": "issues", "offer": "offers"}
VALUES = {"number": "3", "text": "Bu Rina"}


@dataclass
class Post:
    """A case under way, one that waits for a mentor, and who works on both; nobody else does."""

    case: Case
    waiting: Case
    coordinator: Person

    def __post_init__(self) -> None:
        """What can be proven without a photo; each item once, whichever test does it."""
        wanted = [one for one in self.case.body["items"] if one["evidence_kind"] in VALUES]
        self.open_items = [one for one in wanted if one["done_at"] is None]

    @property
    def cases(self) -> tuple[str, str]:
        """Their ids."""
        return self.case.body["id"], self.waiting.body["id"]


@dataclass
class Log:
    """What was answered."""

    visits: dict[str, str] = field(default_factory=dict)  # by the phone's id
    twice: list[str] = field(default_factory=list)  # phone's ids that were given two visits
    items: set[tuple[str, str]] = field(default_factory=set)
    issues: dict[str, str] = field(default_factory=dict)  # state by id
    offers: dict[str, str] = field(default_factory=dict)


class Fieldwork(Crew):
    """A thread for each post."""

    def __init__(self, posts: Sequence[Post]) -> None:
        super().__init__(posts)
        self.posts, self.log = posts, Log()

    def __str__(self) -> str:
        parts = ("visits", "items", "issues", "offers")
        counts = {part: len(getattr(self.log, part)) for part in parts}
        return f"fieldwork: {counts}"

    def round(self, share: Post) -> None:
        """A visit, a fault, an offer, and an item while there are any."""
        self._visit(share)
        self._fault(share)
        self._offer(share)
        if share.open_items:
            self._prove(share, share.open_items.pop())

    def _visit(self, post: Post) -> None:
        id, where = uuid4().hex, f"{post.case.path}/visits"
        body = {"client_id": id, "started_at": at(hours=-3), "ended_at": at(hours=-1)}
        first, again = (self._done(post.case.mentor, where, body) for _ in range(2))
        with self._lock:
            self.log.visits[id] = first["id"]
            if first["id"] != again["id"]:
                self.log.twice.append(id)

    def _fault(self, post: Post) -> None:
        where = f"{post.case.path}/issues"
        body = {"code": "SESSION_DIR", "description": "Kembali ke halaman masuk"}
        made = self._done(post.case.mentor, where, body)["issue"]
        self._done(post.case.mentor, f"{where}/{made['id']}/resolve", {"remedy": "chmod 770"})
        with self._lock:
            self.log.issues[made["id"]] = "solved"

    def _offer(self, post: Post) -> None:
        where, mentor = f"{post.waiting.path}/offers", post.waiting.mentor
        made = self._done(post.coordinator, where, {"mentor_id": mentor.id})
        said = self._done(mentor, f"{where}/{made['id']}/decline", {"reason": "Penuh"})
        with self._lock:
            self.log.offers[made["id"]] = said["state"]

    def _prove(self, post: Post, item: Body) -> None:
        evidence = {"kind": item["evidence_kind"], "value": VALUES[item["evidence_kind"]]}
        where = f"{post.case.path}/items/{item['id']}/complete"
        self._done(post.case.mentor, where, {"evidence": evidence})
        with self._lock:
            self.log.items.add((post.case.body["id"], item["id"]))

    def _done(self, who: Person, where: str, body: Body) -> Body:
        answer = who.insist("POST", where, body, uuid4().hex, PATIENCE_SECONDS)
        assert answer.status_code in (200, 201), answer.text
        with self._lock:
            self.answers += 1
        return dict(answer.json())


@dataclass
class FieldBooks(Books):
    """What is held of fieldwork."""

    service = "mentoring"
    storm: Fieldwork

    def assert_whole(self) -> None:
        """Every check as exact zeros, and that there was something to check."""
        super().assert_whole()
        told = len(set(self._to_tell()))
        assert told >= len(self.storm.log.visits) > 0
        print(f"told once each: {told}")

    def checks(self) -> Body:
        """What is kept, said and told."""
        return {**self._kept(), **self._said(), **self._told()}

    def _kept(self) -> Body:
        log, visits = self.storm.log, list(self._rows("visit"))
        by_phone = Counter(row["client_id"] for row in visits)
        kept = {row["client_id"]: row["_id"] for row in visits}
        cases = {row["_id"]: row for row in self._rows("mentorship")}
        done = {(id, i["id"]) for id, row in cases.items() for i in row["items"] if i["done_at"]}
        states = {row["_id"]: row["state"] for kind in KINDS[2:] for row in self._rows(kind)}
        answered = {**log.issues, **log.offers}
        return {
            "visits given two ids": log.twice,
            "visits kept twice": [id for id, count in by_phone.items() if count > 1],
            "visits otherwise": [id for id in log.visits if kept.get(id) != log.visits[id]],
            "visits of nobody": sorted(kept.keys() - log.visits.keys()),
            "items not kept": sorted(log.items - done),
            "states otherwise": [id for id in answered if states.get(id) != answered[id]],
            "nobody asked for": sorted(states.keys() - answered.keys()),
        }

    def _said(self) -> Body:
        wanted, shown = set[tuple[str, str, int]](), []
        for kind in KINDS:
            views = {row["_id"]: row["version"] for row in self.views[VIEWS[kind]].find()}
            for row in self._rows(kind):
                first = self.first.get(row["_id"], 1)
                wanted |= {(kind, row["_id"], v) for v in range(first, row["version"] + 1)}
                if views.get(row["_id"]) != row["version"]:
                    shown.append((kind, row["_id"]))
        heard = Counter(self._heard())
        return {
            "shown otherwise": shown,
            "never said": sorted(wanted - heard.keys()),
            "said of nothing": sorted(heard.keys() - wanted),
            "said under two names": [one for one, count in heard.items() if count > 1],
        }

    def _told(self) -> Body:
        wanted = set(self._to_tell())
        rows = self.news["notice"].find({"fact_id": {"$in": [fact for fact, _, _ in wanted]}})
        got = Counter((row["fact_id"], row["kind"], row["member_id"]) for row in rows)
        return {
            "told nobody": sorted(wanted - got.keys()),
            "told twice": [one for one, count in got.items() if count > 1],
        }

    def _to_tell(self) -> Iterable[tuple[str, str, str]]:
        """Fact, kind of notice, and one who has to have it."""
        heads = {p.case.body["id"]: p.case.head.id for p in self.storm.posts}
        for id, told in self.ear.listen().items():
            data, name = told["data"], told["type"].removeprefix("jejaring.mentoring.")
            about = next(iter(data.values())).get("mentorship_id")
            if about not in self._ids():
                continue
            if name == "visit_logged.v1":
                yield id, "visit_logged", heads[about]
            elif name == "offer_made.v1":
                yield id, "offer_made", data["offer"]["mentor_id"]
            elif name == "offer_declined.v1":
                yield id, "offer_declined", data["offer"]["offered_by"]

    def _heard(self) -> Iterable[tuple[str, str, int]]:
        for told in self.ear.listen().values():
            ((kind, state),) = told["data"].items()
            ours = {state["id"], state.get("mentorship_id")} & self._ids()
            is_old = state["version"] < self.first.get(state["id"], 1)
            if ours and not is_old and state["id"] not in self.before:
                yield kind, state["id"], state["version"]

    def __post_init__(self) -> None:
        """The versions that the cases have before the storm were said already."""
        self.first = {row["_id"]: row["version"] + 1 for row in self._rows("mentorship")}
        old = self._ids()
        self.before = {
            row["_id"]
            for kind in KINDS[1:]
            for row in self.desk[kind].find({"mentorship_id": {"$in": sorted(old)}})
        }

    def _ids(self) -> set[str]:
        return {id for post in self.storm.posts for id in post.cases}

    def _rows(self, kind: str) -> Iterable[Document]:
        """What the storm made, and its cases."""
        ids = {"$in": sorted(self._ids())}
        if kind == "mentorship":
            return list(self.desk[kind].find({"_id": ids}))
        rows = self.desk[kind].find({"mentorship_id": ids})
        return [row for row in rows if row["_id"] not in self.before]
