"""Pairing: what a peer may do at a broker, where its link goes, and what is said when it cannot."""

import re

import pytest

from cell import pair
from cell.broker import Broker, hashed
from cell.errors import CellError
from cell.home import Home
from cell.keys import Keys
from cell.plan import Choices, plan_cell

LOGIN = {"password": "rahasia", "salt": "00112233"}


def test_a_peers_account_reads_what_is_meant_for_it_and_nothing_else():
    told = pair.account("semarang", LOGIN)

    (user,), (rights,) = told["users"], told["permissions"]
    assert (user["name"], user["tags"]) == ("peer-semarang", [])
    assert user["password_hash"] == hashed("rahasia", "00112233")
    queue = "federation: jejaring.to.semarang -> rabbit@x:jejaring.from.kediri-raya"
    for right in ("configure", "write", "read"):
        assert re.search(rights[right], queue)
        assert re.search(rights[right], f"{queue} A")
    assert re.search(rights["read"], "jejaring.to.semarang")
    assert not re.search(rights["write"], "jejaring.to.semarang")
    for name in ("jejaring.facts", "jejaring.to.surabaya", "jejaring.from.semarang", "hear.x.y"):
        assert not any(re.search(rights[right], name) for right in ("configure", "write", "read"))


def test_a_link_takes_what_the_peer_says_to_us_and_keeps_it_for_a_fortnight():
    told = pair.upstream("kediri-raya", "semarang", "amqp://peer-kediri-raya:x@127.0.0.1:1")

    (parameter,), (policy,) = told["parameters"], told["policies"]
    value = parameter["value"]
    assert (parameter["name"], value["exchange"]) == ("semarang", "jejaring.to.kediri-raya")
    assert (value["ack-mode"], value["max-hops"], value["reconnect-delay"]) == ("on-confirm", 1, 1)
    assert value["expires"] == value["message-ttl"] == 14 * 24 * 3600 * 1000
    assert re.search(policy["pattern"], "jejaring.from.semarang")
    assert not re.search(policy["pattern"], "jejaring.from.semarang2")
    assert policy["definition"] == {"federation-upstream": "semarang"}


def test_the_plugin_is_on_only_where_there_are_peers(tmp_path):
    plan = plan_cell(tmp_path / "cell", Choices())
    broker: Broker = plan.broker
    enabled = plan.home.broker / "enabled_plugins"
    broker.write_files()
    assert enabled.read_text() == "[].\n"

    plan.home.write_json("peers.json", {"semarang": LOGIN})
    broker.write_files()

    assert enabled.read_text() == "[rabbitmq_federation].\n"
    assert Keys() != Keys()
    assert isinstance(plan.home, Home)


class Silent:
    """A cell that does not run, or runs as another one."""

    def __init__(self, folder, region, ready):
        self.home, self.ready = Home(folder), ready
        self.plan = type("Plan", (), {"region": type("Region", (), {"id": region})})

    def is_ready(self):
        return self.ready


def test_cells_that_do_not_run_or_are_the_same_region_are_not_paired(tmp_path):
    down, up = Silent(tmp_path, "semarang", False), Silent(tmp_path, "semarang", True)

    with pytest.raises(CellError, match="make up"):
        pair.pair(up, down, print)
    with pytest.raises(CellError, match="its own peer"):
        pair.pair(up, up, print)


def test_the_verb_says_what_it_needs(capsys, tmp_path):
    assert pair.main([]) == 2
    assert "make pair A=" in capsys.readouterr().err
    assert pair.main([str(tmp_path), str(tmp_path)]) == 1
    assert "holds no cell" in capsys.readouterr().err
