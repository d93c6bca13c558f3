"""The gate of a release, without a broker; with one: tests/integration/chassis/test_gate.py."""

import pytest
from structlog.testing import capture_logs

from chassis import gate
from chassis.settings import Settings, SettingsError

NOBODY = "amqp://u:p@127.0.0.1:1//"


def settings(**more):
    return Settings(region="kediri-raya", amqp_uri=NOBODY, mongo_uri="mongodb://x", **more)


def environment(monkeypatch, **more):
    told = {"REGION": "kediri-raya", "AMQP_URI": NOBODY, "MONGO_URI": "mongodb://x", **more}
    for name, value in told.items():
        monkeypatch.setenv(name, value)


def test_each_release_of_a_region_has_its_own_gate():
    assert gate.gate(settings(release="0.2.0")).name == "jejaring.gate.kediri-raya.0.2.0"


def test_a_gate_without_a_release_is_refused():
    with pytest.raises(SettingsError, match="RELEASE is not set"):
        gate.gate(settings())


def test_without_a_broker_it_is_shut_and_waiting_ends():
    assert gate.wait(settings(release="1"), seconds=0) is False


def test_a_wrong_call_says_how_it_is_done(capsys):
    assert gate.main(["shut"]) == 2
    assert "open|wait" in capsys.readouterr().err


def test_what_is_missing_is_named(monkeypatch, capsys):
    environment(monkeypatch)
    assert gate.main(["wait"]) == 1
    assert "RELEASE is not set" in capsys.readouterr().err


def test_it_cannot_be_opened_without_a_broker(monkeypatch, capsys):
    environment(monkeypatch, RELEASE="1")
    assert gate.main(["open"]) == 1
    assert capsys.readouterr().err.startswith("gate: ")


def test_it_says_why_it_stayed_shut(monkeypatch):
    environment(monkeypatch, RELEASE="1")
    monkeypatch.setattr(gate.wait, "__defaults__", (0.0,))
    with capture_logs() as said:
        assert gate.main(["wait"]) == 1
    assert [(one["event"], one["release"]) for one in said] == [("waiting at the gate", "1")]
    assert "ConnectionRefusedError" in said[0]["reason"]
