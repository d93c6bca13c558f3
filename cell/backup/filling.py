"""Puts a copy into the empty databases of a cell, and proves that it is all there."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from bson.binary import Binary
from pymongo import MongoClient

from cell.backup.archive import (
    SAID,
    Document,
    Manifest,
    damages,
    data_path,
    documents,
    file_path,
)
from cell.backup.copying import differences
from cell.backup.scope import BUCKETS, FILES, database_of, databases, occupied
from cell.errors import CellError
from cell.steps import Say
from contracts.catalogue import SPEAKERS

BATCH = 500


def must_be_whole(directory: Path, manifest: Manifest) -> None:
    """Raise CellError when a file is missing, damaged, or of a service unknown to this release."""
    unknown = {name for name, _ in manifest.collections} - set(databases())
    if unknown:
        raise CellError(f"this release does not know {', '.join(sorted(unknown))}")
    damaged = list(damages(directory, manifest))
    if damaged:
        raise CellError(f"the copy is damaged: {'; '.join(damaged[:3])} ({len(damaged)} in all)")


def must_be_empty(client: "MongoClient[Document]") -> None:
    """Raise CellError when any database of the cell holds anything."""
    taken = occupied(client)
    if taken:
        raise CellError(f"the cell is not empty: {taken} holds something")


def fill(client: "MongoClient[Document]", directory: Path, manifest: Manifest, say: Say) -> None:
    """Insert everything; raises CellError unless counts and hashes are then those of the copy."""
    must_be_empty(client)
    for database, name in sorted(manifest.collections):
        count = _insert(client[database][name], documents(directory / data_path(database, name)))
        if count:
            say(f"{count:>8}  {database}.{name}")
    for bucket in BUCKETS:
        _put_photos(client, bucket, directory)
    wrong = differences(client, manifest.entries)
    if wrong:
        raise CellError(f"what was written differs: {'; '.join(wrong[:3])} ({len(wrong)} in all)")


def say_again(client: "MongoClient[Document]", directory: Path, manifest: Manifest) -> int:
    """Put what was on the wire back into an outbox, to be said once more; gives how many."""
    if SAID not in manifest.entries:
        return 0
    rows = {row["_id"]: row for row in documents(directory / SAID)}
    outboxes = [client[database_of(speaker)]["outbox"] for speaker in SPEAKERS]
    for outbox in outboxes:
        for waiting in outbox.find({"_id": {"$in": list(rows)}}, ["_id"]):
            del rows[waiting["_id"]]
    return _insert(outboxes[0], rows.values())


def _insert(collection: Any, found: Iterable[Document]) -> int:
    count, waiting = 0, iter(found)
    while batch := list(islice(waiting, BATCH)):
        collection.insert_many(batch)
        count += len(batch)
    return count


def _put_photos(client: "MongoClient[Document]", bucket: str, directory: Path) -> None:
    """Cut each photo as GridFS does; the driver makes indexes for empty buckets only."""
    heads, chunks = client[FILES][f"{bucket}.files"], client[FILES][f"{bucket}.chunks"]
    heads.create_index([("filename", 1), ("uploadDate", 1)])
    chunks.create_index([("files_id", 1), ("n", 1)], unique=True)
    for head in heads.find({}):
        content = (directory / file_path(bucket, head["_id"])).read_bytes()
        _insert(chunks, _cut(head, content))


def _cut(head: Mapping[str, Any], content: bytes) -> Iterator[Document]:
    size = head["chunkSize"]
    for number, start in enumerate(range(0, len(content), size)):
        piece = Binary(content[start : start + size])
        yield {"files_id": head["_id"], "n": number, "data": piece}
