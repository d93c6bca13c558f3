"""A copy from inside a cluster: `python -m cell.backup.inside --to FOLDER [--keep 14]`.

Region, release, broker and database come from the environment, as every process of a cell has
them; there is no directory of a cell. Each copy is a folder of its own, the oldest ones go.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from cell.backup.archive import MANIFEST, Document, Manifest
from cell.backup.writing import write
from cell.errors import CellError
from cell.steps import Say
from chassis import clock
from chassis.settings import Settings, SettingsError

CONNECT_MS = 5000
KEEP = 14


def take(settings: Settings, folder: Path, say: Say) -> Path:
    """Copy the databases into a new folder, read it again, and give its place.

    Raises CellError when what was written is not whole. What was broken off has no manifest.
    """
    taken_at = clock.real()
    moment_name = taken_at[:19].replace(":", "").replace("-", "")
    directory = folder / f"{settings.region}-{moment_name}Z"
    directory.mkdir(mode=0o700, parents=True)
    client: MongoClient[Document] = MongoClient(
        settings.mongo_uri, serverSelectionTimeoutMS=CONNECT_MS
    )
    told = Manifest(region=settings.region, taken_at=taken_at, split=True, release=settings.release)
    write(client, settings.amqp_uri, told, directory, say)
    return directory


def forget(folder: Path, region: str, keep: int) -> list[Path]:
    """Remove what was broken off, and whole copies but the newest; those that went."""
    found = sorted(path for path in folder.glob(f"{region}-*Z") if path.is_dir())
    whole = [path for path in found if (path / MANIFEST).exists()]
    kept = set(whole[-keep:])
    gone = [path for path in found if path not in kept]
    for path in gone:
        shutil.rmtree(path)
    return gone


def say(text: str) -> None:
    """One line of the pod's log."""
    print(text, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 with a whole copy, 1 with one line on stderr."""
    parser = argparse.ArgumentParser(prog="cell.backup.inside", description=__doc__)
    parser.add_argument("--to", type=Path, required=True, help="where copies lie, a folder each")
    parser.add_argument("--keep", type=int, default=KEEP, help="how many stay")
    chosen = parser.parse_args(arguments)
    try:
        settings = Settings.from_environment()
        say(f"{take(settings, chosen.to, say)} is whole")
        for path in forget(chosen.to, settings.region, max(1, chosen.keep)):
            say(f"{path} is removed")
    except (CellError, SettingsError, PyMongoError, OSError) as failure:
        print(f"cell: {type(failure).__name__}: {failure}"[:300], file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
