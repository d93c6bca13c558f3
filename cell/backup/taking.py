"""Takes a copy of a running cell, with or without the sign-in data of its first accounts."""

import time
from pathlib import Path

from pymongo import MongoClient

from cell.backup.archive import CREDENTIALS, MANIFEST, Document, Manifest, opened
from cell.backup.writing import write
from cell.cell import Cell
from cell.errors import CellError
from cell.steps import Say
from chassis import clock

CONNECT_MS = 5000


def client_of(cell: Cell) -> "MongoClient[Document]":
    """The cell's databases, all of them, as its administrator."""
    uri = cell.choices.mongo_uri or cell.plan.database.uri("admin")
    return MongoClient(uri, serverSelectionTimeoutMS=CONNECT_MS)


def take(cell: Cell, directory: Path, say: Say, *, credentials: bool) -> Manifest:
    """Copy into a new directory, then read it again; raises CellError."""
    if (directory / MANIFEST).exists() or (directory.is_dir() and any(directory.iterdir())):
        raise CellError(f"{directory} is not empty; a copy wants a place of its own")
    if credentials and not cell.home.credentials.exists():
        lost = f"{cell.home.credentials} is missing: put it back"
        raise CellError(f"{lost}, or copy without it: make export TO=…")
    started = time.monotonic()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if credentials:
        _copy_credentials(cell, directory)
    region, split = cell.plan.region.id, cell.plan.choices.split
    told = Manifest(region=region, taken_at=clock.real(), split=split)
    manifest = write(client_of(cell), cell.plan.amqp_uri, told, directory, say)
    say(f"{manifest.words} are in {directory} ({time.monotonic() - started:.1f} s)")
    return manifest


def _copy_credentials(cell: Cell, directory: Path) -> None:
    """The first accounts' sign-in data; passwords of broker and database are made anew instead."""
    with opened(directory / CREDENTIALS) as file:
        file.write(cell.home.credentials.read_bytes())
