"""Row 33 of the fault matrix: everything, one after the other, as chance has it."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable

import pytest

from cell.cell import Cell
from tests.faults.conftest import OURS, frozen, heal, strike
from tests.faults.storm import Stores, Storm, assert_nothing_lost_or_doubled
from tests.faults.test_broker import alarmed
from tests.support import packets

pytestmark = [pytest.mark.cell, pytest.mark.fault, pytest.mark.slow]

MINUTES = float(os.environ.get("FAULT_MINUTES", "3"))
PROGRAMS = ("members", "projector", "gateway", "broker", "mongod")
# A command may be on its way to a service, and before and after that to the gateway's own views.
LONGEST_SECONDS = 5 + 4 + 4 + 2

Fault = Callable[[Cell, random.Random], str]


def kill(cell: Cell, chance: random.Random) -> str:
    """SIGKILL."""
    program = chance.choice(PROGRAMS)
    strike(cell, program)
    return f"kill {program}"


def stop(cell: Cell, chance: random.Random) -> str:
    """SIGTERM, and the supervisor starts it again."""
    program = chance.choice(OURS)
    strike(cell, program, signal.SIGTERM)
    return f"stop {program}"


def freeze(cell: Cell, chance: random.Random) -> str:
    """Up to 12 s without a step."""
    programs = chance.sample(PROGRAMS, chance.choice((1, 1, 2)))
    with frozen(cell, *programs):
        time.sleep(chance.uniform(1, 12))
    return f"freeze {' and '.join(sorted(programs))}"


def take_away(cell: Cell, chance: random.Random) -> str:
    """Stopped in order, up to 12 s away."""
    program = chance.choice(("members", "projector", "broker", "mongod"))
    cell.stop_program(program)
    try:
        time.sleep(chance.uniform(1, 12))
    finally:
        cell.start_program(program, wait=False)
    return f"take away {program}"


def hang_up(cell: Cell, chance: random.Random) -> str:
    """The broker closes all connections."""
    cell.wait_ready("broker")  # it may still be recovering, and then has no ear
    cell.rabbitmqctl("close_all_connections", "fault")
    return "hang up"


def alarm(cell: Cell, chance: random.Random) -> str:
    """No room at the broker for a while."""
    kind = chance.choice(("memory", "disk"))
    cell.wait_ready("broker")
    with alarmed(cell, kind):
        time.sleep(chance.uniform(1, 8))
    return f"alarm {kind}"


def drop(cell: Cell, chance: random.Random) -> str:
    """Packets to broker or database get lost, some or all."""
    to, share = chance.choice(("amqp", "mongod")), chance.choice((0.1, 0.3, 1.0))
    with packets.dropped(getattr(cell.plan.ports, to), share):
        time.sleep(chance.uniform(1, 12))
    return f"drop {share:.0%} to {to}"


FAULTS: list[Fault] = [kill, kill, stop, freeze, take_away, hang_up, alarm]
if not packets.why_not():
    FAULTS.append(drop)


def test_whatever_chance_brings_loses_and_doubles_nothing(
    cell: Cell, stores: Stores, token: str, seed: int
) -> None:
    chance, done = random.Random(seed), Counter[str]()
    until = time.monotonic() + MINUTES * 60
    with Storm(cell.base_url, token, writers=4) as storm:
        while time.monotonic() < until:
            done[chance.choice(FAULTS)(cell, chance)] += 1
            if chance.random() < 0.7:  # else the next one meets those who are still recovering
                heal(cell, "mongod", "broker", *OURS)
                storm.wait_for_answers(10)
        heal(cell, "mongod", "broker", *OURS)
        storm.wait_for_answers(20)
    print(f"FAULT_SEED={seed}: {done.total()} faults: {dict(done)}")
    assert storm.log.slowest_seconds < LONGEST_SECONDS
    assert_nothing_lost_or_doubled(stores, storm.log)
