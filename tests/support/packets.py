"""Packets to and from one port on loopback, dropped by the kernel; for root with iptables only."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


def why_not() -> str:
    """Why no packet can be dropped here; empty when it can."""
    if os.geteuid() != 0:
        return "dropping packets needs root"
    if shutil.which("iptables") is None:
        return "iptables is not installed"
    asked = subprocess.run(["iptables", "-w", "-S"], capture_output=True, check=False)
    return "" if asked.returncode == 0 else "iptables may not be used here"


@contextmanager
def dropped(port: int, share: float = 1.0) -> Iterator[None]:
    """Drop that share of the packets of a port, both ways; always ends with the block."""
    chance = ["-m", "statistic", "--mode", "random", "--probability", str(share)]
    some = chance if share < 1 else []
    rules = [
        ["INPUT", "-i", "lo", "-p", "tcp", side, str(port), *some, "-j", "DROP"]
        for side in ("--dport", "--sport")
    ]
    added = []
    try:
        for rule in rules:
            _iptables("-I", rule)
            added.append(rule)
        yield
    finally:
        for rule in added:
            _iptables("-D", rule)


def _iptables(verb: str, rule: list[str]) -> None:
    subprocess.run(["iptables", "-w", verb, *rule], check=True, capture_output=True, timeout=20)
