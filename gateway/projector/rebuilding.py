"""A view is built again beside the living one and takes its place when everything has been said.

Until then reads and rights come from the living view, which is folded on meanwhile.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pymongo.errors import DuplicateKeyError, OperationFailure

from chassis import clock
from contracts.catalogue import FACTS, SPEAKERS
from contracts.command import Command
from contracts.federation.crossing import SHARED
from gateway.views import INDEXES, VIEWS, beside, log
from gateway.views.change import Change

Document = Mapping[str, Any]

MARGIN_SECONDS = 2.0  # between the clocks of this process and of the speakers
ABANDONED_SECONDS = 180.0
BORDER = "federation"
FROM_ABROAD = {fact.kind for fact in SHARED}
NAMESPACE_EXISTS = 48
SPEAKER_OF = {fact.kind: name.partition(".")[0] for name, fact in FACTS.items()}


def begin(database: Any, view: str) -> str | None:
    """Make the empty place beside a view; the rebuild's mark, or None while another one runs."""
    since = clock.real()
    given_up = clock.later(since, -ABANDONED_SECONDS)
    free = {"_id": _row(view), "until": None, "since": {"$lt": given_up}}
    started = {"$set": {"view": view, "since": since, "until": None}}
    try:
        database["meta"].update_one(free, started, upsert=True)
    except DuplicateKeyError:
        return None
    try:
        _make_room(database, view)
        built = {"$set": {"built": _identity(database, view)}}
        database["meta"].update_one({"_id": _row(view), "since": since}, built)
    except BaseException:
        give_up(database, view)
        raise
    return since


def _make_room(database: Any, view: str) -> None:
    """An empty collection, but for what a gateway that knows of it already has written there."""
    database.drop_collection(beside(view))
    try:
        database.create_collection(beside(view), check_exists=False)
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:
            raise
    if view in INDEXES:
        database[beside(view)].create_indexes(INDEXES[view])


def questions(database: Any, view: str) -> Iterator[Command]:
    """What asks the owners of a view's kinds to say them again; who never spoke owns nothing."""
    for kind in VIEWS[view].kinds:
        for speaker in speakers_of(kind):
            if database["meta"].find_one({"_id": f"pulse:{speaker}"}):
                restate: type[Any] = SPEAKERS[speaker][1].Restate
                yield restate(kind=kind)


def speakers_of(kind: str) -> set[str]:
    """Who says a kind: its owner, and of other regions' who let it in."""
    return {SPEAKER_OF[kind], *((BORDER,) if kind in FROM_ABROAD else ())}


def all_asked(database: Any, view: str, mark: str) -> None:
    """Everything has been recorded again; it is due when it has been heard."""
    until = clock.later(clock.real(), MARGIN_SECONDS)
    database["meta"].update_one({"_id": _row(view), "since": mark}, {"$set": {"until": until}})


def give_up(database: Any, view: str) -> None:
    """The living view stays."""
    database["meta"].delete_one({"_id": _row(view)})
    database.drop_collection(beside(view))


def running(database: Any) -> list[Document]:
    """The rebuilds under way."""
    return list(database["meta"].find({"view": {"$gt": ""}}))


def beside_too(changes: Iterable[Change], rebuilds: Sequence[Document]) -> list[Change]:
    """The changes as the views that are being built take them."""
    views = {row["view"] for row in rebuilds}
    return [replace(change, view=beside(change.view)) for change in changes if change.view in views]


def is_due(database: Any, rebuild: Document) -> bool:
    """Whether all that was said again has been folded: every owner's pulse is behind it."""
    if rebuild["until"] is None:
        return False
    kinds = VIEWS[rebuild["view"]].kinds
    speakers = {speaker for kind in kinds for speaker in speakers_of(kind)}
    ids = [f"pulse:{speaker}" for speaker in speakers]
    pulses = database["meta"].find({"_id": {"$in": ids}})
    return all(pulse["upto"] > rebuild["until"] for pulse in pulses)


def swap(database: Any, rebuild: Document) -> None:
    """Put what was built in the place of the old view, in one step; again, it changes nothing.

    After a swap whose answer was lost, whoever did not hear of it writes beside the view still:
    another collection, which must not take its place.
    """
    view = rebuild["view"]
    if rebuild.get("built") and _identity(database, view) == rebuild["built"]:
        database[beside(view)].rename(view, dropTarget=True)
    else:
        database.drop_collection(beside(view))


def end(database: Any, view: str) -> None:
    """It stands in its place, and the log says so."""
    database["meta"].delete_one({"_id": _row(view)})


def _identity(database: Any, view: str) -> Any:
    """What the collection beside a view keeps for its life, whatever it is called; None without."""
    found = list(database.list_collections(filter={"name": beside(view)}))
    return found[0]["info"]["uuid"] if found else None


def subjects(database: Any, view: str) -> Iterator[log.Subject]:
    """Whose rows of the change log may say something else by the new fold."""
    kinds = [kind for kind, place in log.HELD_IN.items() if place == view]
    for document in database[view].find({}, ["_id"]) if kinds else ():
        yield from ((kind, document["_id"]) for kind in kinds)


def _row(view: str) -> str:
    return f"rebuild:{view}"
