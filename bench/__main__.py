"""Prints the table: `python -m bench [--quick] [--only reads,commands,…]`."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import (
    calendar,
    commands,
    crash,
    facts,
    federation,
    growth,
    house,
    inbox,
    mentoring,
    reads,
    rpc,
    seats,
    streams,
    visible,
)
from bench.ground import FULL, QUICK, Ground, ground
from bench.table import HEADER, Row

MEASURES: dict[str, Callable[[Ground], Iterator[Row]]] = {
    "house": house.measure,
    "reads": reads.measure,
    "commands": commands.measure,
    "rpc": rpc.measure,
    "facts": facts.measure,
    "visible": visible.measure,
    "crash": crash.measure,
    "streams": streams.measure,
    "calendar": calendar.measure,
    "seats": seats.measure,
    "inbox": inbox.measure,
    "growth": growth.measure,
    "federation": federation.measure,
    "mentoring": mentoring.measure,
}


def main() -> int:
    """Measure what was chosen on one fresh cell; 0 however the figures come out."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter, and less sure")
    parser.add_argument("--only", default=",".join(MEASURES), help="comma-separated measures")
    chosen = parser.parse_args()
    names = chosen.only.split(",")
    if unknown := set(names) - set(MEASURES):
        parser.error(f"{', '.join(sorted(unknown))}: not one of {', '.join(MEASURES)}")
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="jejaring-bench-") as folder,
        ground(Path(folder), QUICK if chosen.quick else FULL) as prepared,
    ):
        print(HEADER, flush=True)
        for name in names:
            for row in MEASURES[name](prepared):
                print(row, flush=True)
    print(f"\n{time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
