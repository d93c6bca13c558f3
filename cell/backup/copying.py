"""Copies all databases of a cell as they were at one moment, while people go on working."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure

from cell.backup.archive import (
    SAID,
    Document,
    Entry,
    Fingerprint,
    data_path,
    file_path,
    line,
    opened,
)
from cell.backup.overhearing import envelope_of, subjects
from cell.backup.scope import BUCKETS, FILES, collections, database_of
from cell.errors import CellError
from cell.steps import Say

BATCH = 500
TOO_OLD = 239  # SnapshotTooOld


class Snapshot:
    """The databases at one moment: every read of it sees the same point in time."""

    def __init__(self, client: "MongoClient[Document]", session: ClientSession) -> None:
        self.client, self._session = client, session

    def contents(self, named: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Where each collection and each photo lies in a copy, and what stands there."""
        for database, collection in named:
            yield data_path(database, collection), self._lines(database, collection)
        for bucket in BUCKETS:
            for photo in self._find(FILES, f"{bucket}.files", {}):
                chunks = self._find(FILES, f"{bucket}.chunks", {"files_id": photo["_id"]})
                pieces = (bytes(chunk["data"]) for chunk in chunks.sort("n", 1))
                yield file_path(bucket, photo["_id"]), pieces

    def _lines(self, database: str, collection: str) -> Iterator[bytes]:
        found = self._find(database, collection, {})
        return (line(document) for document in found.sort("_id", 1))

    def _find(self, database: str, collection: str, query: Document) -> Any:
        found = self.client[database][collection]
        return found.find(query, session=self._session, batch_size=BATCH)

    def holds(self, speaker: str, kind: str, id: str, sequence: int) -> bool:
        """Whether a subject had come so far at this moment."""
        state = self.client[database_of(speaker)][kind].find_one(
            {"_id": id}, ["version"], session=self._session
        )
        return state is not None and state.get("version", 0) >= sequence


@contextmanager
def snapshot(client: "MongoClient[Document]") -> Iterator[Snapshot]:
    """One moment of all databases (majority-committed), fixed before anything else is read.

    Raises CellError when reading took longer than the database remembers (5 minutes by default).
    """
    try:
        with client.start_session(snapshot=True) as session:
            moment = Snapshot(client, session)
            moment.holds("members", "founding", "", 0)
            yield moment
    except OperationFailure as error:
        if error.code != TOO_OLD:
            raise
        told = "the database forgot the moment; raise minSnapshotHistoryWindowInSeconds"
        raise CellError(told) from error


def copy(moment: Snapshot, directory: Path, say: Say) -> dict[str, Entry]:
    """Write every collection and photo; gives the manifest's entries."""
    entries: dict[str, Entry] = {}
    for path, pieces in moment.contents(list(collections(moment.client))):
        entries[path] = _write(directory / path, path, pieces)
        if entries[path].count and path.startswith("data/"):
            say(f"{entries[path].count:>8}  {path}")
    return entries


def copy_said(moment: Snapshot, rows: Iterable[Document], directory: Path) -> dict[str, Entry]:
    """Keep what was said about changes up to the moment; what came after it did not happen."""
    known = [row for row in rows if all(moment.holds(*one) for one in subjects(envelope_of(row)))]
    if not known:
        return {}
    return {SAID: _write(directory / SAID, SAID, (line(row) for row in known))}


def _write(target: Path, path: str, pieces: Iterable[bytes]) -> Entry:
    passed = Fingerprint()
    with opened(target) as file:
        for piece in pieces:
            file.write(passed.take(piece))
    return _entry(path, passed)


def _entry(path: str, passed: Fingerprint) -> Entry:
    """A photo counts as one, in however many pieces it came."""
    entry = passed.entry()
    return replace(entry, count=1) if path.startswith("files/") else entry


def differences(client: "MongoClient[Document]", told: Mapping[str, Entry]) -> list[str]:
    """Where the databases are not what the entries say, one line each."""
    with snapshot(client) as moment:
        found = {
            path: _entry(path, _passed(pieces))
            for path, pieces in moment.contents(list(collections(client)))
        }
    paths = sorted((found.keys() | told.keys()) - {SAID})
    return [
        f"{path}: {_words(found.get(path))}, not {_words(told.get(path))}"
        for path in paths
        if _content(found.get(path)) != _content(told.get(path))
    ]


def _passed(pieces: Iterable[bytes]) -> Fingerprint:
    passed = Fingerprint()
    for piece in pieces:
        passed.take(piece)
    return passed


def _content(entry: Entry | None) -> Any:
    """What must be equal; an empty collection is as good as none."""
    return (entry.count, entry.sha256) if entry and entry.count else None


def _words(entry: Entry | None) -> str:
    return f"{entry.count} ({entry.sha256[:12]})" if entry else "nothing"
