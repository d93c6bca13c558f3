"""The gate of a release: shut until its declaring step has ended, then open for good."""

import threading

import pytest

from chassis import gate
from chassis.settings import Settings

pytestmark = pytest.mark.cell


@pytest.fixture
def settings(stage):
    stage.settings = {"RELEASE": "0.2.0"}
    yield stage.read_settings
    channel = stage.ground.connection().channel()
    channel.exchange_delete(gate.gate(stage.read_settings).name)
    channel.connection.close()


def test_it_opens_once_and_stays_open(stage, settings):
    assert not gate.is_open(settings)

    gate.open_gate(settings)
    gate.open_gate(settings)

    assert gate.is_open(settings)
    assert not gate.is_open(Settings.from_environment(stage.environment(RELEASE="0.3.0")))


def test_who_waits_goes_on_when_it_opens(settings, monkeypatch):
    monkeypatch.setattr(gate, "LOOK_SECONDS", 0.05)
    opening = threading.Timer(0.3, gate.open_gate, [settings])
    opening.start()
    try:
        assert gate.wait(settings, seconds=20)
    finally:
        opening.join()


def test_the_command_line_opens_and_passes(stage, settings, monkeypatch):
    for name, value in stage.environment().items():
        monkeypatch.setenv(name, value)

    assert gate.main(["open"]) == 0
    assert gate.main(["wait"]) == 0
