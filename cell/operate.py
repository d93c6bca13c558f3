"""The operator's console: parked facts and rebuilds, over the API, with the operator's account.

Konsol operator: fakta terparkir dan pembangunan ulang tampilan, lewat API, dengan akun operator.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import httpx

from cell.__main__ import say
from cell.choice import existing_cell
from cell.errors import CellError

REQUEST_SECONDS = 90.0
REBUILD_SECONDS = 600.0
PAUSE_SECONDS = 1.0
ALL = "all"
PARKED, VIEWS = "/v1/operations/parked", "/v1/operations/views"
HELP = {
    "parked": "list facts that could not be heard · daftar fakta yang gagal didengar",
    "replay": "hear a parked fact again · dengarkan lagi sebuah fakta terparkir",
    "drop": "forget a parked fact for good · buang sebuah fakta terparkir selamanya",
    "rebuild": "build a view again, or 'all' · bangun ulang sebuah tampilan, atau 'all' (semua)",
}


class Operator:
    """Signed in as who runs the cell."""

    def __init__(self, client: httpx.Client, login: Mapping[str, str]) -> None:
        self._client = client
        asked = {"grant_type": "password", **login}
        token = self.ask("POST", "/v1/auth/token", json=asked)["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """What the gateway answers; raises CellError with its problem, in its language."""
        try:
            answer = self._client.request(method, path, **request)
        except httpx.TransportError as error:
            raise CellError(f"the gateway does not answer: {error}; make status") from None
        if not answer.is_success:
            raise CellError(_problem(answer))
        told: dict[str, Any] = answer.json()
        return told

    def parked(self) -> Iterator[dict[str, Any]]:
        """All parked facts, oldest first."""
        query: dict[str, str] = {"limit": "100"}
        while True:
            page = self.ask("GET", PARKED, params=query)
            yield from page["items"]
            if page["next"] is None:
                return
            query["cursor"] = page["next"]

    def building(self) -> dict[str, bool]:
        """Every view that can be built again, and whether it is being built."""
        items = self.ask("GET", VIEWS)["items"]
        return {one["name"]: one["building_since"] is not None for one in items}


def _problem(answer: httpx.Response) -> str:
    try:
        told = answer.json()
        return f"{told['detail']} ({told['code']})"
    except (ValueError, KeyError, TypeError):
        return f"{answer.status_code} {answer.reason_phrase}"


def parked(operator: Operator, _: str) -> int:
    """One line per fact, the reason under it; how many there are."""
    waiting = list(operator.parked())
    for one in waiting:
        told = f"{one['fact']} about {one['subject'] or 'nothing known'}"
        print(f"{one['id']}  {one['at']}  {one['hearer']}: {told}")
        print(f"    {one['attempts']} attempts: {one['reason'][:300]}")
    say(f"{len(waiting)} parked" + ("; make replay ID=… or make drop ID=…" if waiting else ""))
    return 0


def replay(operator: Operator, name: str) -> int:
    """It goes back to its hearer's queue."""
    operator.ask("POST", f"{PARKED}/{name}/replay")
    say(f"{name} is being heard again; if it fails it parks under a new id")
    return 0


def drop(operator: Operator, name: str) -> int:
    """It is gone."""
    operator.ask("POST", f"{PARKED}/{name}/drop")
    say(f"{name} is forgotten; its state is in its service: make rebuild VIEW=…")
    return 0


def rebuild(operator: Operator, name: str) -> int:
    """One view or all, one after another; waits until each is shown."""
    for view in sorted(operator.building()) if name == ALL else [name]:
        started = time.monotonic()
        operator.ask("POST", f"{VIEWS}/{view}/rebuild")
        while operator.building()[view]:
            if time.monotonic() - started > REBUILD_SECONDS:
                raise CellError(f"{view} is still being built; the old one is shown meanwhile")
            time.sleep(PAUSE_SECONDS)
        say(f"{view} is built again ({time.monotonic() - started:.1f} s)")
    return 0


VERBS: dict[str, Callable[[Operator, str], int]] = {
    "parked": parked,
    "replay": replay,
    "drop": drop,
    "rebuild": rebuild,
}
TAKES = {"replay": "ID", "drop": "ID", "rebuild": "VIEW"}


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="cell.operate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in VERBS:
        one = verbs.add_parser(verb, help=HELP[verb], description=HELP[verb])
        if verb in TAKES:
            one.add_argument("name", metavar=TAKES[verb])
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """The command line: 0 done, 1 with one line on stderr."""
    chosen = _parsed(arguments)
    try:
        cell = existing_cell(environ)
        with httpx.Client(base_url=cell.base_url, timeout=REQUEST_SECONDS) as client:
            operator = Operator(client, cell.credentials["operator"])
            return VERBS[chosen.verb](operator, getattr(chosen, "name", ""))
    except CellError as failure:
        print(f"cell: {failure}", file=sys.stderr)
    except OSError as failure:
        print(f"cell: {failure.strerror or failure}", file=sys.stderr)
    except KeyboardInterrupt:
        print("cell: broken off; what was begun goes on by itself", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
