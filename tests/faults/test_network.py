"""Rows 9, 10, 12 of the fault matrix: packets that vanish, a slow wire, connections that break."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from cell.cell import Cell
from tests.faults.conftest import OURS, SETTINGS, heal, is_ready, no_exits, seconds_until, sign_in
from tests.faults.storm import Stores, Storm, assert_nothing_lost_or_doubled
from tests.support import packets
from tests.support.fault_proxy import FaultProxy

pytestmark = [pytest.mark.cell, pytest.mark.fault, pytest.mark.slow]

DEADLINE_SECONDS = 5.0 + 2.0
NOTICED_SECONDS = 5.0  # after so long a silence the gateway lets go
# The gateway's own views are asked and written before and after the service, 4 s each at most.
LONGEST_SECONDS = {"broker": DEADLINE_SECONDS, "database": DEADLINE_SECONDS + 4.0}
NO_PACKETS = packets.why_not()
with_packets = pytest.mark.skipif(bool(NO_PACKETS), reason=NO_PACKETS or "they can be dropped")


@dataclass(frozen=True)
class Wired:
    """A cell whose processes reach broker and database through proxies."""

    cell: Cell
    broker: FaultProxy
    database: FaultProxy
    stores: Stores

    def token(self) -> str:
        """A fresh token, once the wires are good and everything serves."""
        for proxy in (self.broker, self.database):
            proxy.heal()
        heal(self.cell, *OURS)
        return sign_in(self.cell, self.cell.credentials["coordinator"])


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    """One such cell for all of this module."""
    home = tmp_path_factory.mktemp("wired")
    plan = Cell(home, split=True).plan
    with FaultProxy(plan.ports.amqp) as broker, FaultProxy(plan.ports.mongod) as database:
        own = f"127.0.0.1:{plan.ports.mongod}/?replicaSet=jejaring"
        through = f"127.0.0.1:{database.port}/?directConnection=true"
        uris = {
            "AMQP_URI": plan.broker.uri.replace(f":{plan.ports.amqp}/", f":{broker.port}/"),
            "MONGO_URI": plan.database.uri("services").replace(own, through),
        }
        with Cell(home, split=True, settings=SETTINGS | uris) as cell:
            stores = Stores.of(cell)
            assert broker.connections > 2 < database.connections, "the cell goes another way"
            yield Wired(cell, broker, database, stores)
            stores.close()


@with_packets
def test_packets_to_the_broker_dropped_for_150_seconds_hang_nobody(
    cell: Cell, stores: Stores, token: str
) -> None:
    storm = Storm(cell.base_url, token, writers=4, pause=0.15, patience=200)
    with no_exits(cell), storm:
        storm.wait_for_answers(20)
        with packets.dropped(cell.plan.ports.amqp):
            noticed = seconds_until(lambda: not is_ready(cell, "gateway"))
            time.sleep(150 - noticed)  # the fault itself lasts that long
        back = seconds_until(lambda: is_ready(cell, "gateway") and is_ready(cell, "members"))
        storm.wait_for_answers(20)
    print(f"not ready after {noticed:.1f} s, ready again after {back:.1f} s")
    assert storm.log.slowest_seconds < DEADLINE_SECONDS
    assert_nothing_lost_or_doubled(stores, storm.log)


@with_packets
def test_one_packet_of_ten_lost_on_the_way_to_the_broker_costs_little(
    cell: Cell, stores: Stores, token: str
) -> None:
    with no_exits(cell), Storm(cell.base_url, token, writers=4, pause=0.15) as storm:
        storm.wait_for_answers(20)
        with packets.dropped(cell.plan.ports.amqp, 0.1):
            time.sleep(40)  # the fault itself lasts that long
    assert storm.log.p99_seconds <= 3.0
    assert storm.log.share_of("201") > 0.99
    assert_nothing_lost_or_doubled(stores, storm.log)


def test_a_wire_of_200_milliseconds_to_the_broker_is_slow_and_nothing_else(wired: Wired) -> None:
    token = wired.token()
    with no_exits(wired.cell), Storm(wired.cell.base_url, token, pause=0.1) as storm:
        wired.broker.latency_seconds, wired.broker.jitter_seconds = 0.2, 0.1
        time.sleep(30)  # the fault itself lasts that long
        storm.wait_for_answers(50)
    wired.broker.heal()
    assert storm.log.p99_seconds <= 3.0
    assert storm.log.share_of("201") > 0.99
    assert_nothing_lost_or_doubled(wired.stores, storm.log)


def test_a_wire_of_20_milliseconds_to_the_database_is_slow_and_nothing_else(wired: Wired) -> None:
    token = wired.token()
    with no_exits(wired.cell), Storm(wired.cell.base_url, token, pause=0.1) as storm:
        wired.database.latency_seconds, wired.database.jitter_seconds = 0.02, 0.01
        time.sleep(20)  # the fault itself lasts that long
        storm.wait_for_answers(50)
    wired.database.heal()
    assert storm.log.p99_seconds <= 3.0
    assert storm.log.share_of("201") > 0.99
    assert_nothing_lost_or_doubled(wired.stores, storm.log)


def test_a_half_open_wire_to_the_broker_is_noticed_by_callers_and_by_readiness(
    wired: Wired,
) -> None:
    token = wired.token()
    with no_exits(wired.cell), Storm(wired.cell.base_url, token) as storm:
        storm.wait_for_answers(20)
        wired.broker.blackhole()
        told = seconds_until(lambda: storm.log.statuses["503"] > 0)
        noticed = seconds_until(lambda: not is_ready(wired.cell, "gateway"))
        time.sleep(max(0.0, 30 - told - noticed))  # the fault itself lasts that long
        wired.broker.heal()
        storm.wait_for_answers(20)
    print(f"callers told after {told:.1f} s, not ready after {told + noticed:.1f} s")
    assert told < DEADLINE_SECONDS
    assert told + noticed < NOTICED_SECONDS + 1.0
    assert storm.log.slowest_seconds < DEADLINE_SECONDS
    assert_nothing_lost_or_doubled(wired.stores, storm.log)


def refused(proxy: FaultProxy) -> None:
    """Nothing goes through and nobody gets in, for a moment."""
    proxy.cut()
    time.sleep(1)
    proxy.heal()


BREAKS = {
    "reset": FaultProxy.reset,
    "hang up": FaultProxy.hang_up,
    "corrupt": FaultProxy.corrupt,
    "refuse": refused,
}


@pytest.mark.parametrize("to", ["broker", "database"])
@pytest.mark.parametrize("name", sorted(BREAKS))
def test_connections_that_break_twenty_times_lose_and_double_nothing(
    wired: Wired, name: str, to: str
) -> None:
    token, proxy, strike = wired.token(), getattr(wired, to), BREAKS[name]
    with no_exits(wired.cell), Storm(wired.cell.base_url, token) as storm:
        for _ in range(20):
            storm.wait_for_answers(5)
            strike(proxy)
        storm.wait_for_answers(20)
    assert storm.log.slowest_seconds < LONGEST_SECONDS[to]
    assert_nothing_lost_or_doubled(wired.stores, storm.log)


def test_a_wire_of_20_kilobytes_a_second_makes_nobody_wait_past_the_deadline(
    wired: Wired,
) -> None:
    token = wired.token()
    with no_exits(wired.cell), Storm(wired.cell.base_url, token) as storm:
        storm.wait_for_answers(20)
        wired.broker.bytes_per_second = 20_000
        time.sleep(20)  # the fault itself lasts that long
        wired.broker.heal()
        storm.wait_for_answers(20)
    assert storm.log.slowest_seconds < DEADLINE_SECONDS
    assert_nothing_lost_or_doubled(wired.stores, storm.log)
