"""Starts a cell from a copy: databases first, then services restate, people are let in last."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from pymongo import MongoClient

from cell.backup import restating
from cell.backup.archive import CREDENTIALS, Document, Manifest, read_manifest
from cell.backup.filling import fill, must_be_whole, say_again
from cell.backup.scope import VIEWS
from cell.backup.taking import client_of
from cell.cell import Cell
from cell.errors import CellError
from cell.home import write_private
from cell.plan import FILE, SERVERS
from cell.programs import service_modules
from cell.steps import GROUND, Say


def restore(
    directory: Path,
    cell_of: Callable[[Manifest], Cell],
    say: Say,
    credentials: Path | None = None,
) -> Cell:
    """Make a running cell of a copy; raises CellError, and then leaves nothing that could start.

    `cell_of` gives the empty cell for the manifest's region; `credentials` are the sign-in data of
    the first accounts where the copy holds none.
    """
    started = time.monotonic()
    manifest = read_manifest(directory)
    must_be_whole(directory, manifest)
    cell = cell_of(manifest)
    _must_be_new(cell)
    known = directory / CREDENTIALS
    try:
        _bring_back(directory, manifest, cell, say, known if known.exists() else credentials)
    except BaseException:
        cell.stop()
        _forget(cell)
        raise
    say(f"restored as of {manifest.taken_at} ({time.monotonic() - started:.1f} s)")
    return cell


def _must_be_new(cell: Cell) -> None:
    if (cell.home.directory / FILE).exists() or cell.is_running():
        held = f"{cell.home.directory} holds a cell"
        raise CellError(f"{held}; restore into an empty one, or move it away: CELL_DIR=.cell-new")


def _bring_back(
    directory: Path, manifest: Manifest, cell: Cell, say: Say, credentials: Path | None
) -> None:
    cell.home.prepare()
    cell.home.half_restored.touch()
    if credentials is not None:
        write_private(cell.home.credentials, credentials.read_text())
    cell.start(only=GROUND)
    with client_of(cell) as client:
        fill(client, directory, manifest, say)
        say(f"{len(manifest.entries)} files are back, counts and hashes are those of the copy")
        again = say_again(client, directory, manifest)
        if again:
            say(f"{again} facts that were on the wire are said again")
        cell.declare()
        cell.start(only=tuple(service_modules(cell.plan)))
        _restate(client, cell, say)
    cell.home.half_restored.unlink()
    cell.start()


def _restate(client: "MongoClient[Document]", cell: Cell, say: Say) -> None:
    mark = restating.restate(cell.plan.amqp_uri, cell.plan.region.id, say)
    restating.settled(client[VIEWS], mark)
    say("the views are made again; phones will start over")


def _forget(cell: Cell) -> None:
    """Half a cell must not be started: its data go, its logs stay."""
    for path in (cell.home.database, cell.home.broker):
        shutil.rmtree(path, ignore_errors=True)
    for name in (FILE, SERVERS):
        (cell.home.directory / name).unlink(missing_ok=True)
    cell.home.half_restored.unlink(missing_ok=True)
