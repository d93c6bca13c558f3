"""The gate of a release: `python -m chassis.gate open|wait`.

What is declared comes before who speaks; otherwise a fact would be lost for hearers whose queue
is not bound yet. Where nobody starts processes in order, the declaring step opens the gate of its
release, and every process waits before it. The gate is an exchange: it is durable, and whoever
may connect may look whether it is there.
"""

import sys
import time
from collections.abc import Sequence
from typing import Any

from amqp.exceptions import NotFound
from kombu import Exchange

from chassis.broker import BROKER_ERRORS, close, connect
from chassis.log import configure, get_logger
from chassis.settings import Settings, SettingsError

log = get_logger()

PATIENCE_SECONDS = 300.0
LOOK_SECONDS = 2.0


def gate(settings: Settings) -> Exchange:
    """The exchange that stands for a release of a region; raises SettingsError without a name."""
    if not settings.release:
        raise SettingsError("RELEASE is not set")
    return Exchange(f"jejaring.gate.{settings.region}.{settings.release}", type="fanout")


def open_gate(settings: Settings) -> None:
    """Say that everything of the release is declared; raises one of BROKER_ERRORS."""
    exchange = gate(settings)
    _on_channel(settings, lambda channel: exchange(channel).declare())


def is_open(settings: Settings) -> bool:
    """Whether everything of the release is declared; no as long as there is no broker."""
    return _shut(settings) is None


def _shut(settings: Settings) -> Exception | None:
    """Why it is shut: not declared yet, or the broker is away or does not let us in."""
    exchange = gate(settings)
    try:
        _on_channel(settings, lambda channel: exchange(channel).declare(passive=True))
    except (NotFound, *BROKER_ERRORS) as error:
        return error
    return None


def wait(settings: Settings, seconds: float = PATIENCE_SECONDS) -> bool:
    """Wait until the gate is open, saying why it is shut; False when it stays so that long."""
    until, told = time.monotonic() + seconds, ""
    while shut := _shut(settings):
        if repr(shut) != told:
            told = repr(shut)
            log.info("waiting at the gate", release=settings.release, reason=told)
        if time.monotonic() >= until:
            return False
        time.sleep(min(LOOK_SECONDS, seconds))
    return True


def _on_channel(settings: Settings, act: Any) -> None:
    connection = connect(settings.amqp_uri)
    try:
        with connection.channel() as channel:
            act(channel)
    finally:
        close(connection)


def main(arguments: Sequence[str]) -> int:
    """The command line: 0 when the gate is open, 1 when it stays shut, 2 for a wrong call."""
    if list(arguments) not in (["open"], ["wait"]):
        print("usage: python -m chassis.gate open|wait", file=sys.stderr)  # noqa: T201
        return 2
    try:
        settings = Settings.from_environment()
        if list(arguments) == ["open"]:
            open_gate(settings)
            return 0
        return 0 if wait(settings) else 1
    except (SettingsError, *BROKER_ERRORS) as error:
        print(f"gate: {error}", file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    configure("INFO")
    sys.exit(main(sys.argv[1:]))
