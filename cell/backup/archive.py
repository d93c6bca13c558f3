"""What a copy looks like on disk: a file per collection, a file per photo, and a manifest last.

`data/<database>/<collection>.ndjson` holds a document per line, ordered by `_id`, as relaxed
MongoDB Extended JSON (the format of mongoexport; source: MongoDB Extended JSON v2), `files/` the
photos, `wire/` what the broker held. A directory without a manifest is no copy: it was broken off.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from bson.json_util import RELAXED_JSON_OPTIONS, dumps, loads

from cell.errors import CellError

SCHEMA = 1
MANIFEST = "manifest.json"
CREDENTIALS = "credentials.json"
SAID = "wire/said/facts.ndjson"
PLACES = ("data", "files", "wire")
PIECE_BYTES = 1024 * 1024

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file of a copy; `count` is its documents, 1 for a photo."""

    count: int
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a copy holds, of which region, and of which moment."""

    region: str
    taken_at: str
    split: bool = False
    release: str = field(default_factory=lambda: version("jejaring"))
    schema: int = SCHEMA
    entries: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def collections(self) -> dict[tuple[str, str], Entry]:
        """The entries that are collections, by database and name."""
        named = ((path.split("/"), entry) for path, entry in self.entries.items())
        return {
            (parts[1], parts[2].removesuffix(".ndjson")): entry
            for parts, entry in named
            if parts[0] == "data"
        }

    @property
    def words(self) -> str:
        """How much it is, for people."""
        documents = sum(entry.count for entry in self.collections.values())
        photos = sum(path.startswith("files/") for path in self.entries)
        megabytes = sum(entry.bytes for entry in self.entries.values()) / 1e6
        return f"{documents} documents and {photos} photos, {megabytes:.1f} MB,"


class Fingerprint:
    """Counts lines and digests bytes as they pass."""

    def __init__(self) -> None:
        self.count, self.bytes, self._digest = 0, 0, hashlib.sha256()

    def take(self, piece: bytes, count: int = 1) -> bytes:
        """Note a piece, and give it back."""
        self.count, self.bytes = self.count + count, self.bytes + len(piece)
        self._digest.update(piece)
        return piece

    def entry(self) -> Entry:
        """What has passed so far."""
        return Entry(count=self.count, bytes=self.bytes, sha256=self._digest.hexdigest())


def data_path(database: str, collection: str) -> str:
    """Where a collection lies in a copy."""
    return f"data/{database}/{collection}.ndjson"


def file_path(bucket: str, id: str) -> str:
    """Where a photo lies in a copy; its id becomes a safe file name."""
    return f"files/{bucket}/{quote(id, safe='')}"


def line(document: Mapping[str, Any]) -> bytes:
    """A document as its line."""
    text = dumps(document, json_options=RELAXED_JSON_OPTIONS, ensure_ascii=False)
    return text.encode() + b"\n"


def documents(path: Path) -> Iterator[Document]:
    """The documents of a file; raises CellError naming the line that is none."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            try:
                yield loads(raw, json_options=RELAXED_JSON_OPTIONS)
            except (ValueError, TypeError) as error:
                raise CellError(f"{path}, line {number}: no document ({error})") from None


def opened(path: Path) -> BinaryIO:
    """A new file that only this user may read, its folders made."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """The last file of a copy."""
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n"
    with opened(directory / MANIFEST) as file:
        file.write(text.encode())


def read_manifest(directory: Path) -> Manifest:
    """What a copy says of itself; raises CellError when it is none, or of a newer schema."""
    try:
        raw = json.loads((directory / MANIFEST).read_text())
        entries = {path: Entry(**entry) for path, entry in raw.pop("entries").items()}
        manifest = Manifest(**raw, entries=entries)
    except FileNotFoundError:
        raise CellError(f"{directory} is no whole copy: it has no {MANIFEST}") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise CellError(f"{directory / MANIFEST} cannot be read") from None
    if manifest.schema != SCHEMA:
        told = f"schema {manifest.schema}, this release reads {SCHEMA}"
        raise CellError(f"{directory} is of another {told}")
    if any(_leaves(path) for path in manifest.entries):
        raise CellError(f"{directory / MANIFEST} names files outside of it")
    return manifest


def _leaves(path: str) -> bool:
    """Whether a path is not one that we write."""
    parts = path.split("/")
    return len(parts) != 3 or parts[0] not in PLACES or bool({"", ".", ".."} & {*parts})


def damages(directory: Path, manifest: Manifest) -> Iterator[str]:
    """What is not as the manifest says, one line each."""
    for path, entry in sorted(manifest.entries.items()):
        found = fingerprint(directory / path)
        if found is None:
            yield f"{path} is missing"
        elif (found.bytes, found.sha256) != (entry.bytes, entry.sha256):
            yield f"{path} is not what was written"
        elif not path.startswith("files/") and found.count != entry.count:
            yield f"{path} holds {found.count} documents, not {entry.count}"


def fingerprint(path: Path) -> Entry | None:
    """A file's own entry, its lines counted; None when it is not there."""
    print_ = Fingerprint()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                print_.take(piece, piece.count(b"\n"))
    except FileNotFoundError:
        return None
    return print_.entry()
