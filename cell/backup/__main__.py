"""The verbs: `python -m cell.backup backup|restore|export|import|verify`."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from cell.__main__ import say, show
from cell.backup import restating
from cell.backup.archive import CREDENTIALS, Manifest, read_manifest
from cell.backup.copying import differences
from cell.backup.filling import fill, must_be_whole, say_again
from cell.backup.restoring import restore
from cell.backup.scope import VIEWS
from cell.backup.taking import client_of, take
from cell.cell import Cell
from cell.choice import chosen_cell, existing_cell
from cell.errors import CellError, tell
from chassis import clock
from chassis.settings import Settings, SettingsError

BROKEN_OFF = 130


def copy(environ: Mapping[str, str], to: Path | None, *, credentials: bool) -> int:
    """A copy of the running cell, into a new directory."""
    cell = existing_cell(environ)
    if not cell.is_running():
        raise CellError("does not run; its database must: make up DETACH=1")
    take(cell, to or _place(cell), say, credentials=credentials)
    return 0


def _place(cell: Cell) -> Path:
    """Where a backup goes when nobody says: named by region and time."""
    moment = clock.real()[:19].replace(":", "").replace("-", "")
    return Path("backups") / f"{cell.plan.region.id}-{moment}Z"


def bring(environ: Mapping[str, str], directory: Path, credentials: Path | None) -> int:
    """A cell from a copy; it runs in the background afterwards."""

    def cell_of(manifest: Manifest) -> Cell:
        return chosen_cell({**environ, "REGION": manifest.region}, manifest.split, say)

    cell = restore(directory, cell_of, say, credentials)
    if credentials is None and not (directory / CREDENTIALS).exists():
        say(f"sign in as in the cell it came from; {cell.home.credentials} opens nothing")
    show(cell)
    return 0


def verify(environ: Mapping[str, str], directory: Path, *, against_cell: bool) -> int:
    """Whether a copy is whole and, if wanted, whether the cell still holds exactly that."""
    manifest = read_manifest(directory)
    must_be_whole(directory, manifest)
    told = f"{manifest.words} region {manifest.region}, as of {manifest.taken_at}"
    say(f"{directory} is whole: {told}")
    wrong = []
    if against_cell:
        with client_of(existing_cell(environ)) as client:
            wrong = differences(client, manifest.entries)
        for line in wrong or ["the cell holds exactly that"]:
            say(line)
    return 1 if wrong else 0


def in_cluster(environ: Mapping[str, str], directory: Path | None) -> int:
    """Where others start the processes: first the databases, then, when services run, the rest."""
    settings = Settings.from_environment(environ)
    with MongoClient[Any](settings.mongo_uri) as client:
        if directory is None:
            mark = restating.restate(settings.amqp_uri, settings.region, say)
            restating.settled(client[VIEWS], mark)
        else:
            manifest = read_manifest(directory)
            must_be_whole(directory, manifest)
            fill(client, directory, manifest, say)
            say_again(client, directory, manifest)
    return 0


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="cell.backup", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, told in (("backup", "copy the cell"), ("export", "the same without sign-in data")):
        taking = verbs.add_parser(verb, help=told)
        taking.add_argument("--to", type=Path, required=verb == "export", help="a new directory")
    for verb, told in (("restore", "start a cell from a copy"), ("import", "from an export")):
        bringing = verbs.add_parser(verb, help=told)
        bringing.add_argument("--from", dest="directory", type=Path, required=True)
        bringing.add_argument("--credentials", type=Path, help="where the copy holds none")
    verifying = verbs.add_parser("verify", help="whether a copy is whole")
    verifying.add_argument("--from", dest="directory", type=Path, required=True)
    verifying.add_argument("--cell", action="store_true", help="and the cell holds exactly that")
    filling = verbs.add_parser("fill", help="empty databases of a cluster, from a copy")
    filling.add_argument("--from", dest="directory", type=Path, required=True)
    verbs.add_parser("restate", help="have the services of a cluster say everything again")
    return parser.parse_args(arguments)


def _done(chosen: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if chosen.verb in ("backup", "export"):
        return copy(environ, chosen.to, credentials=chosen.verb == "backup")
    if chosen.verb in ("restore", "import"):
        return bring(environ, chosen.directory, chosen.credentials)
    if chosen.verb == "verify":
        return verify(environ, chosen.directory, against_cell=chosen.cell)
    return in_cluster(environ, getattr(chosen, "directory", None))


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """The command line: 0 done, 1 with one line on stderr or with the differences told."""
    chosen = _parsed(arguments)
    try:
        return _done(chosen, environ)
    except (CellError, SettingsError) as failure:
        tell(failure)
    except PyMongoError as failure:
        print(f"cell: the database: {type(failure).__name__}: {failure}"[:300], file=sys.stderr)
    except OSError as failure:
        print(f"cell: {failure.strerror or failure} ({failure.filename})", file=sys.stderr)
    except KeyboardInterrupt:
        print("cell: broken off", file=sys.stderr)
        return BROKEN_OFF
    return 1


if __name__ == "__main__":
    sys.exit(main())
