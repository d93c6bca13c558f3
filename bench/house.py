"""The cell as a guest of the machine: memory of fresh processes, and how long it takes to start."""

import time
from collections.abc import Iterator

from bench.ground import Ground
from bench.table import Row, at_most

SERVERS = ("mongod", "broker", "epmd")


def measure(ground: Ground) -> Iterator[Row]:
    """Memory as it was right after the start; then services and gateway once more."""
    without = ground.memory["all"] - sum(ground.memory[name] for name in SERVERS)
    parts = ", ".join(f"{name} {value:.0f}" for name, value in sorted(ground.memory.items()))
    yield at_most("memory without mongod and RabbitMQ", 150, without, unit="MB", ours=parts)
    yield at_most("memory with both, fresh", 450, ground.memory["all"], unit="MB", ours="PSS")
    yield at_most("cold start, services + gateway", 2, again(ground), unit="s")
    yield at_most("cold start, whole new cell", 8, ground.started_seconds, unit="s")


def again(ground: Ground) -> float:
    """Stop the two, and start them side by side."""
    cell = ground.cell
    for name in ("gateway", "services"):
        cell.stop_program(name)
    began = time.monotonic()
    for name in ("services", "gateway"):
        cell.start_program(name, wait=False)
    for name in ("services", "gateway"):
        cell.wait_ready(name)
    return time.monotonic() - began
