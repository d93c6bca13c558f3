"""Pairs two running cells of this machine: `python -m cell.pair .cell .cell-semarang`.

Each broker gets an account for the other's link, which may read only what is meant for it; each
region's coordinator enters and approves the other. Doing it again repairs what has changed.
"""

import json
import secrets
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from cell.broker import FEDERATION, PEERS, hashed
from cell.cell import Cell
from cell.choice import existing_cell
from cell.demo.person import Broke, Person, told
from cell.errors import CellError
from cell.home import write_private
from cell.ports import HOST

DEFINITIONS = "peers-definitions.json"
DAYS_14_MS = 14 * 24 * 3600 * 1000
SECONDS = 60.0

Say = Callable[[str], None]


def pair(one: Cell, other: Cell, say: Say, ports: dict[str, int] | None = None) -> None:
    """Pair two cells that run; `ports` names another port for the links to a region's broker."""
    began = time.monotonic()
    for cell in (one, other):
        if not cell.is_ready():
            raise CellError(f"{cell.home.directory} is not ready; start it: make up")
    if one.plan.region.id == other.plan.region.id:
        raise CellError(f"both are {one.plan.region.id}: a region is not its own peer")
    both = [(one, other), (other, one)]
    for own, peer in both:
        remember_login(own, peer.plan.region.id)
    with ThreadPoolExecutor() as side_by_side:  # the broker's tools take seconds each
        for step in [side_by_side.submit(link, own, peer, ports or {}) for own, peer in both]:
            say(step.result())
    for own, peer in both:
        approve(own, peer)
        say(f"{own.plan.region.id}: {peer.plan.region.id} is approved")
    for own, peer in both:
        await_state(own, peer.plan.region.id, "active")
    took = time.monotonic() - began
    say(f"{one.plan.region.name} and {other.plan.region.name} hear each other ({took:.1f} s)")


def remember_login(own: Cell, peer: str) -> None:
    """An account for the peer's link, the same one every time."""
    known = own.home.read_json(PEERS)
    if peer not in known:
        login = {"password": secrets.token_urlsafe(24), "salt": secrets.token_hex(4)}
        own.home.write_json(PEERS, {**known, peer: login})


def link(own: Cell, peer: Cell, ports: dict[str, int]) -> str:
    """The plugin, the peer's account, and the link that brings what the peer says to us.

    All of it is there after a restart too. Gives the line that says so.
    """
    here, there = own.plan.region.id, peer.plan.region.id
    own.rabbitmqctl("enable", FEDERATION, tool="rabbitmq-plugins")
    login = peer.home.read_json(PEERS)[here]
    port = ports.get(there, peer.plan.ports.amqp)
    uri = f"amqp://peer-{here}:{login['password']}@{HOST}:{port}"
    imported(own, account(there, own.home.read_json(PEERS)[there]) | upstream(here, there, uri))
    return f"{here}: linked to {there}, which may read what is meant for it"


def account(peer: str, login: dict[str, str]) -> dict[str, Any]:
    """A user that may read what is meant for the peer, and make the queue of its link."""
    link = rf"^federation: jejaring\.to\.{peer} ->.*$"
    both = rf"^(federation: )?jejaring\.to\.{peer}( ->.*)?$"
    name = f"peer-{peer}"
    user = {
        "name": name,
        "password_hash": hashed(login["password"], login["salt"]),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": [],
    }
    rights = {"configure": both, "write": link, "read": both}
    return {"users": [user], "permissions": [{"user": name, "vhost": "/", **rights}]}


def upstream(own: str, peer: str, uri: str) -> dict[str, Any]:
    """Where the peer's exchange for us is, and that ours for it takes from there."""
    value = {
        "uri": f"{uri}/%2F?heartbeat=10",
        "exchange": f"jejaring.to.{own}",
        "ack-mode": "on-confirm",
        "max-hops": 1,
        "expires": DAYS_14_MS,
        "message-ttl": DAYS_14_MS,
        "reconnect-delay": 1,
    }
    policy = {
        "vhost": "/",
        "name": f"from-{peer}",
        "pattern": rf"^jejaring\.from\.{peer}$",
        "apply-to": "exchanges",
        "definition": {"federation-upstream": peer},
        "priority": 0,
    }
    parameter = {"vhost": "/", "component": "federation-upstream", "name": peer, "value": value}
    return {"parameters": [parameter], "policies": [policy]}


def imported(own: Cell, definitions: dict[str, Any]) -> None:
    """Have the broker take definitions besides those that it has."""
    path = own.home.broker / DEFINITIONS
    write_private(path, json.dumps(definitions))
    try:
        own.rabbitmqctl("import_definitions", str(path))
    finally:
        path.unlink()


def approve(own: Cell, peer: Cell) -> None:
    """The coordinator enters the peer as it says of itself, and approves it."""
    with Person(peer.base_url) as anybody, Person(own.base_url) as coordinator:
        identity = told(anybody.get("/v1/federation/identity"), 200)
        coordinator.sign_in(**own.credentials["coordinator"])
        path = f"/v1/federation/peers/{identity['region']}"
        known = coordinator.get(path)
        state = known.json()["state"] if known.status_code == 200 else None
        if state is None:
            body = {name: identity[name] for name in ("region", "name", "key")}
            state = coordinator.do("POST", "/v1/federation/peers", body, 201)["state"]
        if state == "proposed":
            coordinator.do("POST", f"{path}/approve")
        elif state == "blocked":
            raise CellError(f"{own.plan.region.id} has blocked {identity['region']}")


def state_of(own: Cell, peer: str) -> str:
    """What a peer is to a cell."""
    with Person(own.base_url) as coordinator:
        coordinator.sign_in(**own.credentials["coordinator"])
        return str(told(coordinator.get(f"/v1/federation/peers/{peer}"), 200)["state"])


def await_state(own: Cell, peer: str, wanted: str, seconds: float = SECONDS) -> None:
    """Wait until a peer is in a state; raises CellError."""
    until = time.monotonic() + seconds
    while (found := state_of(own, peer)) != wanted:
        if time.monotonic() > until:
            raise CellError(f"{own.plan.region.id}: {peer} is still {found}; see logs/broker.log")
        time.sleep(0.5)


def main(arguments: list[str]) -> int:
    """The command line: 0 done, 1 with one line on stderr, 2 when it is wrong."""
    if len(arguments) != 2:
        print("cell: say which two: make pair A=.cell B=.cell-semarang", file=sys.stderr)
        return 2
    try:
        cells = [existing_cell({"CELL_DIR": directory}) for directory in arguments]
        pair(cells[0], cells[1], lambda line: print(f"cell: {line}", flush=True))
    except (CellError, Broke, httpx.HTTPError) as failure:
        print(f"cell: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main([str(Path(one)) for one in sys.argv[1:]]))
