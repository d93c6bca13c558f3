"""Which cell the environment means: REGION, CELL_DIR, HTTP_PORT, AMQP_URI, MONGO_URI.

What is not said is as at the cell's last start.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cell.cell import Cell
from cell.errors import CellError
from cell.home import Home
from cell.plan import FILE, SERVERS
from cell.ports import FILE as PORTS
from cell.steps import Say

DEFAULT_REGION = "kediri-raya"
DEFAULT_PORT = 8080
OWN = {"AMQP_URI": "broker/mnesia/*/schema.DAT", "MONGO_URI": "mongod/data/*"}  # in its directory


def directory_of(environ: Mapping[str, str]) -> Path:
    """Where the cell lives."""
    return Path(environ.get("CELL_DIR") or ".cell").resolve()


def chosen_cell(environ: Mapping[str, str], split: bool, say: Say) -> Cell:
    """The cell to start; refuses other servers than those that it was started with."""
    directory = directory_of(environ)
    port = environ.get("HTTP_PORT") or _remembered(directory, PORTS).get("http", DEFAULT_PORT)
    return Cell(
        directory,
        environ.get("REGION") or _remembered(directory, FILE).get("region", DEFAULT_REGION),
        _port(str(port)),
        amqp_uri=_server(directory, environ, "AMQP_URI"),
        mongo_uri=_server(directory, environ, "MONGO_URI"),
        split=split,
        say=say,
    )


def existing_cell(environ: Mapping[str, str]) -> Cell:
    """The cell of the directory as it was started, whatever else the environment says."""
    directory = directory_of(environ)
    known = _remembered(directory, FILE)
    if not known:
        raise CellError(f"{directory} holds no cell; start one: make up")
    return Cell(
        directory,
        known["region"],
        amqp_uri=_server(directory, {}, "AMQP_URI"),
        mongo_uri=_server(directory, {}, "MONGO_URI"),
        split=known.get("split", False),
    )


def _remembered(directory: Path, file: str) -> dict[str, Any]:
    """What a file of the cell says; nothing where there is no cell yet."""
    return Home(directory).read_json(file) if directory.is_dir() else {}


def _server(directory: Path, environ: Mapping[str, str], name: str) -> str | None:
    """The address of an existing server, given now or at an earlier start; None for our own."""
    given, known = environ.get(name) or None, _remembered(directory, SERVERS).get(name)
    began = known or any(directory.glob(OWN[name]))  # not where its own never came up
    if given and began and given != known:
        place = directory / SERVERS
        other = f"this cell began with {'another' if known else 'a server of its own'}"
        raise CellError(f"{name}: {other}; if the change is meant: make down, write it to {place}")
    return given or known


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CellError(f"HTTP_PORT={text} is not a port")
    return int(text)
