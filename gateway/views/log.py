"""The change log: one row per subject, at the position of its newest change, with its audiences."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import ReplaceOne, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database

from contracts.fact import Fact
from gateway.shown import KINDS, Kind, ready

Document = dict[str, Any]
Subject = tuple[str, str]


def of_kinds(said: Callable[[Kind], bool]) -> dict[str, str]:
    """The views of the kinds of which something is true, by the kinds' names."""
    return {kind.name: kind.view for kind in KINDS.values() if said(kind)}


PUBLIC = of_kinds(lambda kind: kind.show is ready)
EYED = of_kinds(lambda kind: "eyes" in kind.fields)
OF_CASE = of_kinds(lambda kind: "mentorship_id" in kind.fields)
PARTS = {"seats": ("event",), "withdrawal": ("event",), "hidden_item": ("event", "innovation")}
HELD_IN = of_kinds(lambda kind: kind.name not in PUBLIC)
LOGGED = tuple(KINDS)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A subject as the views hold it: its version, what marks a change, and who may see it."""

    kind: str
    id: str
    version: int
    stamp: list[int]
    now: list[str]

    def row(self, before: Mapping[str, Any] | None, position: int) -> Document:
        """The row; who could ever see it will be told when he no longer can."""
        ever = sorted({*self.now, *(before["ever"] if before else ())})
        return {
            "_id": f"{self.kind}:{self.id}",
            "kind": self.kind,
            "id": self.id,
            "version": self.version,
            "stamp": self.stamp,
            "now": self.now,
            "ever": ever,
            "position": position,
        }

    def is_news(self, before: Mapping[str, Any] | None) -> bool:
        """Whether the row says something else than before; what is public is not read: newer."""
        if before is None:
            return True
        if self.kind in PUBLIC:
            return bool(self.version > before["version"])
        return (before["stamp"], before["now"]) != (self.stamp, self.now)


def is_logged(kind: str) -> bool:
    """Whether facts about this kind are followed by a commit of the log."""
    return kind in PARTS or kind in LOGGED


def touched(subjects: Iterable[Subject]) -> set[Subject]:
    """The subjects whose rows a batch may change: a member and his competencies go together."""
    whole = ((of, subject) for kind, subject in subjects for of in PARTS.get(kind, (kind,)))
    found = {subject for subject in whole if subject[0] in LOGGED}
    for kind, subject in tuple(found):
        if kind == "member":
            found.add(("competencies", subject))
        elif kind == "competencies":
            found.add(("member", subject))
    return found


def public(facts: Iterable[Fact]) -> list[Standing]:
    """Subjects that everybody sees, as the newest of these facts have them; nothing is read."""
    newest: dict[Subject, int] = {}
    for fact in facts:
        if fact.kind in PUBLIC:
            subject = (fact.kind, fact.state.id)
            newest[subject] = max(fact.state.version, newest.get(subject, 0))
    return [_standing(*subject, version, [version], ["*"]) for subject, version in newest.items()]


def standings(database: "Database[Document]", subjects: Iterable[Subject]) -> list[Standing]:
    """The subjects as the views hold them now, but the public; what no view holds is left out."""
    ids: dict[str, list[str]] = {}
    for kind, subject in sorted(subjects):
        ids.setdefault(kind, []).append(subject)
    found: list[Standing] = []
    for kind, view in EYED.items():
        documents = _find(database, view, ids.get(kind, []), ["seq", "eyes", "hidden"])
        found += [_eyed(kind, one) for one in documents if "eyes" in one and kind in one["seq"]]
    return [
        *found,
        *_appointments(database, ids),
        *_people(database, ids),
        *_parts_of_cases(database, ids),
    ]


def _eyed(kind: str, document: Mapping[str, Any]) -> Standing:
    """A subject whose document says who sees it; its own part leads, others mark changes too."""
    seq = document["seq"]
    stamp = [seq[part] for part in sorted(seq)]
    eyes = [] if document.get("hidden") else document["eyes"]
    return _standing(kind, document["_id"], seq[kind], stamp, eyes)


def _parts_of_cases(
    database: "Database[Document]", ids: Mapping[str, Sequence[str]]
) -> list[Standing]:
    """Visits, issues and follow-ups, for the eyes of their case; they go along when it changes."""
    cases, parts = ids.get("mentorship", []), []
    for kind, view in OF_CASE.items():
        wanted = {"$or": [{"_id": {"$in": ids.get(kind, [])}}, {"mentorship_id": {"$in": cases}}]}
        if ids.get(kind) or cases:
            found = database[view].find(wanted, ["version", "mentorship_id"])
            parts += [(kind, document) for document in found]
    of = sorted({document["mentorship_id"] for _, document in parts})
    eyes = {one["_id"]: one["eyes"] for one in _find(database, "cases", of, ["eyes"])}
    return [
        _standing(kind, one["_id"], one["version"], [one["version"]], eyes[one["mentorship_id"]])
        for kind, one in parts
        if one["mentorship_id"] in eyes
    ]


def _appointments(
    database: "Database[Document]", ids: Mapping[str, Sequence[str]]
) -> list[Standing]:
    wanted = ids.get("appointment", [])
    fields = ["version", "member_id", "area"]
    found = []
    for document in _find(database, "appointments", wanted, fields):
        now = ["officers", f"member:{document['member_id']}", *_area(document["area"])]
        version = document["version"]
        found.append(_standing("appointment", document["_id"], version, [version], now))
    return found


def _people(database: "Database[Document]", ids: Mapping[str, Sequence[str]]) -> list[Standing]:
    """Members, and their competencies for the same eyes but the directory's."""
    fields = ["seq", "area", "listed", "member.version"]
    wanted = [*ids.get("member", []), *ids.get("competencies", [])]
    people = {d["_id"]: d for d in _find(database, "members", wanted, fields)}
    found = []
    for document in people.values():
        if "member" in document:
            seq = document["seq"]
            now = _eyes(document) + (["active"] if document["listed"] else [])
            stamp = [seq["member"], seq.get("competencies", 0)]
            found.append(_standing("member", document["_id"], seq["member"], stamp, now))
    for document in _find(database, "competencies", ids.get("competencies", []), ["version"]):
        version, owner = document["version"], document["_id"]
        now = _eyes(people.get(owner, {"_id": owner}))
        found.append(_standing("competencies", owner, version, [version], now))
    return found


def _eyes(person: Mapping[str, Any]) -> list[str]:
    return ["officers", f"member:{person['_id']}", *_area(person.get("area"))]


def _area(area: str | None) -> list[str]:
    return [f"area:{area}"] if area else []


def _standing(kind: str, id: str, version: int, stamp: list[int], now: list[str]) -> Standing:
    return Standing(kind=kind, id=id, version=version, stamp=stamp, now=sorted(now))


def _find(
    database: "Database[Document]", view: str, ids: Sequence[str], fields: list[str]
) -> list[Document]:
    if not ids:
        return []
    return list(database[view].find({"_id": {"$in": sorted(set(ids))}}, fields))


def append(
    database: "Database[Document]",
    subjects: Iterable[Subject],
    public: Sequence[Standing],
    session: ClientSession,
) -> int:
    """Write the rows that are news at the next positions; gives how many.

    Taking a position first makes writers queue: positions become visible in their order, and what
    the views hold is read when nobody else can commit what he read earlier. (So it is read beside
    the transaction, as it is now.) Positions of what was no news stay empty.
    """
    taken = max(1, len(public))
    first = _take(database, session, taken) - taken + 1
    found = [*public, *standings(database, subjects)]
    if len(found) > taken:
        _take(database, session, len(found) - taken)
    ids = [f"{standing.kind}:{standing.id}" for standing in found]
    rows = database["changes"].find({"_id": {"$in": ids}}, session=session) if found else ()
    before = {row["_id"]: row for row in rows}
    news = [
        ReplaceOne({"_id": row}, standing.row(before.get(row), position), upsert=True)
        for position, (row, standing) in enumerate(zip(ids, found, strict=True), first)
        if standing.is_news(before.get(row))
    ]
    if news:
        database["changes"].bulk_write(news, ordered=False, session=session)
    return len(news)


def _take(database: "Database[Document]", session: ClientSession, count: int) -> int:
    """Positions that nobody else has; the last of them."""
    head = database["meta"].find_one_and_update(
        {"_id": "log"},
        {"$inc": {"position": count}},
        session=session,
        return_document=ReturnDocument.AFTER,
    )
    if head is None:
        raise LookupError("the change log was never declared")
    return int(head["position"])
