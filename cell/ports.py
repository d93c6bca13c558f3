"""The ports of a cell on 127.0.0.1: picked once, remembered, checked at each start."""

import contextlib
import random
import socket
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields

from cell.errors import CellError
from cell.home import Home

HOST = "127.0.0.1"
FILE = "ports.json"
PICK_FROM = range(20_000, 32_000)  # below the ports that the kernel lends to outgoing connections


@dataclass(frozen=True, kw_only=True)
class Ports:
    """One number per listener."""

    http: int
    amqp: int
    epmd: int
    distribution: int
    mongod: int
    smtp: int
    services_health: int
    members_health: int
    events_health: int
    mentoring_health: int
    notifications_health: int
    federation_health: int
    projector_health: int


def ports_of(home: Home, http_port: int | None, running: bool) -> Ports:
    """The remembered ports; where one is taken by a stranger, another is picked and remembered.

    `http_port` is somebody's promise to phones: it is refused when busy, never replaced.
    """
    names = [field.name for field in fields(Ports)]
    known: dict[str, int] = {k: v for k, v in home.read_json(FILE).items() if k in names}
    if http_port is not None and running and known.get("http", http_port) != http_port:
        raise CellError(f"it runs already, with HTTP_PORT={known['http']}; to move it: make down")
    if http_port is not None and not running:
        _refuse_taken(http_port)
    chosen = {} if http_port is None else {"http": http_port}
    for name in names:
        if name not in chosen:
            chosen[name] = _kept_or_new(known.get(name), running, chosen.values())
    ports = Ports(**chosen)
    if asdict(ports) != known:
        home.write_json(FILE, asdict(ports))
    return ports


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    try:
        _listen(port)
    except OSError:
        return False
    return True


def answers(port: int) -> bool:
    """Whether somebody listens on the port."""
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False


def _refuse_taken(port: int) -> None:
    try:
        _listen(port)
    except PermissionError:
        above = "choose one above 1023: HTTP_PORT=8080"
        raise CellError(f"this user may not listen on port {port}; {above}") from None
    except OSError:
        raise CellError(f"port {port} is busy; choose another: HTTP_PORT={port + 10}") from None


def _listen(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))


def _kept_or_new(known: int | None, running: bool, taken: Collection[int]) -> int:
    if known is not None and (running or (is_free(known) and known not in taken)):
        return known
    for port in random.sample(PICK_FROM, 200):
        if port not in taken and is_free(port):
            return port
    raise CellError(f"no free port between {PICK_FROM.start} and {PICK_FROM.stop}")
