"""The verbs: `python -m cell up|down|status`; the environment says which cell."""

import argparse
import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from cell import ready
from cell.cell import Cell
from cell.choice import chosen_cell, directory_of, existing_cell
from cell.errors import CellError, tell
from cell.orphans import marked
from cell.plan import FILE

NOT_RUNNING = 3
STOPPED_BY_SIGNAL = 130


def say(line: str) -> None:
    """One line of progress; a reader who has left is no reason to stop."""
    with contextlib.suppress(OSError):
        print(f"cell: {line}", flush=True)


def up(environ: Mapping[str, str], detach: bool, split: bool) -> int:
    """Start, and in the foreground stay until told to stop; only what it started is stopped."""
    cell = chosen_cell(environ, split, say)
    with _interruptible():
        running = cell.is_ready()
        if running:
            say("runs already")
        cell.start()
        show(cell)
        if not detach and not running:
            _stay(cell)
    return 0


def _stay(cell: Cell) -> None:
    say("Ctrl-C stops it")
    try:
        while cell.is_running():
            time.sleep(1)
        say("was stopped from elsewhere")
    except KeyboardInterrupt:
        cell.stop()
        say("stopped")


def down(environ: Mapping[str, str]) -> int:
    """Stop in order; nothing to stop is no failure."""
    if not (directory_of(environ) / FILE).exists():
        say("does not run")
        return 0
    cell = existing_cell(environ)
    say("stopped" if cell.stop() else "does not run")
    return 0


def status(environ: Mapping[str, str]) -> int:
    """What runs; 3 when nothing does, 1 when nobody watches what does."""
    cell = existing_cell(environ)
    if not cell.is_running():
        return _unwatched(cell)
    known = {one["name"]: one for one in cell.supervisor.programs()}
    for name, one in known.items():
        print(f"  {name:<10} {one['statename'].lower():<9} {one['description']}")
    serves = "ready" if cell.is_ready() else "not ready"
    say(f"{cell.plan.region.id} at {cell.base_url}, {serves}")
    full = cell.home.fullness()
    if full:
        say(full)
    elif known.get("broker", {}).get("statename") in ready.GIVEN_UP and (
        way := cell.plan.broker.if_damaged
    ):
        say(f"the broker ends again and again; see {cell.home.logs / 'broker.log'}; {way}")
    return 0


def _unwatched(cell: Cell) -> int:
    """What a supervisor left that was killed serves on; it wants to be started again, or ended."""
    left = marked(cell.home)
    if not left:
        say("does not run")
        return NOT_RUNNING
    for name in dict.fromkeys(left.values()):
        print(
            f"  {name:<10} unwatched pid {', '.join(str(pid) for pid in left if left[pid] == name)}"
        )
    served = "is served" if ready.over_http(cell.plan.ports.http) else "is not served"
    gone = "its supervisor is gone; make up starts all again, make down ends it"
    raise CellError(f"{cell.plan.region.id} {served} at {cell.base_url}, but {gone}")


def new_broker(environ: Mapping[str, str]) -> int:
    """Begin with an empty broker, the old one's data set aside; the cell runs afterwards."""
    cell = existing_cell(environ)
    split, port = cell.plan.choices.split, cell.plan.ports.http
    if cell.choices.amqp_uri:
        raise CellError("the broker is the one of AMQP_URI: who runs it begins with an empty one")
    cell.stop()
    aside = cell.home.broker.with_name(f"broker.lost-{int(time.time())}")
    cell.home.broker.rename(aside)
    say(f"its data lie in {_short(aside)}")
    again = {"REGION": cell.choices.region, "HTTP_PORT": str(port)}
    return up({**environ, **again}, detach=True, split=split)


def show(cell: Cell) -> None:
    """Where it is, and what to try."""
    url, home = cell.base_url, cell.home
    json = "-H 'Content-Type: application/json'"
    token = "python3 -c 'import json, sys; print(json.load(sys.stdin)[\"access_token\"])'"
    elsewhere = "" if home.directory.name == ".cell" else f" CELL_DIR={_short(home.directory)}"
    known = "who may sign in stands in" if home.credentials.exists() else "put back"
    say(f"""ready

  {cell.plan.region.name} is at {url}; {known} {_short(home.credentials)}

  Try:
    TOKEN=$(curl -s {url}/v1/auth/token {json} -d @{_short(home.sign_in)} | {token})
    curl -s '{url}/v1/institutions?limit=5' -H "Authorization: Bearer $TOKEN"
    make load FILE=../shared/data/schools_kediri_raya.csv{elsewhere}
""")


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM and a closed terminal are answered like Ctrl-C; once, so that the stop can finish."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(*_: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        say("one moment ...")
        raise KeyboardInterrupt

    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def main(arguments: list[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """The command line: 0 done, 1 with one line on stderr, 3 nothing runs."""
    parser = argparse.ArgumentParser(prog="cell", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    starting = verbs.add_parser("up", help="start the cell")
    starting.add_argument("--detach", action="store_true", help="leave it in the background")
    starting.add_argument("--split", action="store_true", help="one process per service")
    verbs.add_parser("down", help="stop it")
    verbs.add_parser("status", help="say what runs")
    verbs.add_parser("new-broker", help="begin with an empty broker")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.verb == "up":
            return up(environ, chosen.detach, chosen.split)
        return {"down": down, "status": status, "new-broker": new_broker}[chosen.verb](environ)
    except CellError as failure:
        tell(failure)
    except OSError as failure:
        where = f" ({failure.filename})" if failure.filename else ""
        print(f"cell: {failure.strerror or failure}{where}", file=sys.stderr)
    except KeyboardInterrupt:
        print("cell: broken off", file=sys.stderr)
        return STOPPED_BY_SIGNAL
    return 1


if __name__ == "__main__":
    sys.exit(main())
