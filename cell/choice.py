"""Which cell the environment means: REGION, CELL_DIR, HTTP_PORT, AMQP_URI, MONGO_URI."""

from collections.abc import Mapping
from pathlib import Path

from cell.cell import Cell
from cell.errors import CellError
from cell.home import Home
from cell.plan import FILE
from cell.steps import Say

DEFAULT_REGION = "kediri-raya"
DEFAULT_PORT = "8080"


def directory_of(environ: Mapping[str, str]) -> Path:
    """Where the cell lives."""
    return Path(environ.get("CELL_DIR") or ".cell").resolve()


def chosen_cell(environ: Mapping[str, str], split: bool, say: Say) -> Cell:
    """The cell to start."""
    return Cell(
        directory_of(environ),
        environ.get("REGION") or DEFAULT_REGION,
        _port(environ.get("HTTP_PORT") or DEFAULT_PORT),
        amqp_uri=environ.get("AMQP_URI") or None,
        mongo_uri=environ.get("MONGO_URI") or None,
        split=split,
        say=say,
    )


def existing_cell(environ: Mapping[str, str]) -> Cell:
    """The cell of the directory as it was started, whatever else the environment says."""
    directory = directory_of(environ)
    known = Home(directory).read_json(FILE) if directory.is_dir() else {}
    if not known:
        raise CellError(f"{directory} holds no cell; start one: make up")
    return Cell(directory, known["region"], split=known.get("split", False))


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CellError(f"HTTP_PORT={text} is not a port")
    return int(text)
