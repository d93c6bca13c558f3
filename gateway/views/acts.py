"""The audit log: who did what by virtue of an office, when, and what it was before and after.

Rows are only ever added: the database role of projector and gateway knows `insert` and `find` here,
no more (decision 102). Values lie beside the rows, so that they can go when a person is erased
while the row stays: that it happened is not his alone to have forgotten (source: features M2).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pymongo import IndexModel
from pymongo.errors import BulkWriteError

from contracts.events.states import Registration
from contracts.fact import Fact
from contracts.operations import Act

Document = dict[str, Any]

DATABASE = "jejaring_audit"
ACTS, VALUES = "acts", "values"
INDEXES = {
    ACTS: [
        IndexModel([("at", 1), ("_id", 1)]),
        IndexModel([("actor", 1), ("at", 1), ("_id", 1)]),
        IndexModel([("subject", 1), ("at", 1), ("_id", 1)]),
    ],
    VALUES: [IndexModel("subject")],
}
FIELDS = ("at", "actor", "roles", "act", "subject", "fact", "sequence", "fields", "request_id")
ERASING = ("_erased.", "member_left.")
DUPLICATE_KEY = 11000


def rows(act: Act) -> list[Document]:
    """A row for each deed; the same deed has the same id however often it comes."""
    return [
        {
            "_id": f"{act.id}.{number}",
            "at": act.created_at,
            "actor": act.actor,
            "roles": list(act.roles),
            "act": act.verb,
            "subject": deed.subject,
            "fact": deed.fact,
            "sequence": deed.sequence,
            "fields": list(deed.fields),
            "request_id": act.request_id,
        }
        for number, deed in enumerate(act.deeds, 1)
    ]


def values(act: Act) -> list[Document]:
    """What the fields were and are, under the ids of the rows."""
    return [
        {"_id": row["_id"], "subject": deed.subject, "before": deed.before, "after": deed.after}
        for row, deed in zip(rows(act), act.deeds, strict=True)
        if deed.before or deed.after
    ]


def noted(told: Mapping[str, Any]) -> Document:
    """A row for what the gateway itself was asked: a file taken out, an order of the operator."""
    return {"fact": None, "sequence": None, **told}


def keep(database: Any, facts: Iterable[Fact]) -> None:
    """Add what the facts tell of acts, and forget the values of subjects that were erased."""
    told = list(facts)
    acts = [fact.act for fact in told if isinstance(fact.state, Act)]  # type: ignore[attr-defined]
    gone = list(erased(told))
    if acts:  # the values first: no row is ever read without those that belong to it
        known = [row for act in acts for row in values(act)]
        _add(database[VALUES], list(_of_the_living(database, known)))
        _add(database[ACTS], [row for act in acts for row in rows(act)])
    if gone:
        marks = [{"_id": f"erased:{subject}"} for subject in gone]
        _add(database[VALUES], marks)
        database[VALUES].delete_many({"subject": {"$in": gone}})


def erased(facts: Iterable[Fact]) -> Iterator[str]:
    """Whose personal data are to be forgotten; a seat still held is cancelled and named no more."""
    for fact in facts:
        nameless = isinstance(fact.state, Registration) and fact.state.name is None
        if nameless or any(word in fact.name for word in ERASING):
            yield f"{fact.kind}/{fact.state.id}"


def _of_the_living(database: Any, found: Sequence[Document]) -> Iterator[Document]:
    """Without the values of who was erased: a late word of them must not bring them back."""
    marks = [f"erased:{row['subject']}" for row in found]
    gone = {row["_id"] for row in database[VALUES].find({"_id": {"$in": marks}}, ["_id"])}
    return (row for row in found if f"erased:{row['subject']}" not in gone)


def _add(collection: Any, found: Sequence[Mapping[str, Any]]) -> None:
    """Insert what is not there yet."""
    if not found:
        return
    try:
        collection.insert_many(found, ordered=False)
    except BulkWriteError as error:
        if any(one["code"] != DUPLICATE_KEY for one in error.details["writeErrors"]):
            raise
