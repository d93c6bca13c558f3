"""Runs nameko services from the environment: `python -m chassis.run serve|declare MODULE…`.

`declare` makes queues, bindings and indexes and ends; it runs before any producer. `serve` runs
the services of all modules in one process until SIGTERM, which drains: nothing new is taken, what
was taken is finished. (nameko's own command line needs pkg_resources, which setuptools dropped.)
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import eventlet

eventlet.monkey_patch()

import gc  # noqa: E402
import importlib  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Sequence  # noqa: E402
from functools import partial  # noqa: E402
from typing import Any  # noqa: E402

from eventlet.event import Event  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402

from chassis import travel  # noqa: E402
from chassis.attendance import Attendance  # noqa: E402
from chassis.broker import BROKER_ERRORS, close, connect  # noqa: E402
from chassis.health import Health  # noqa: E402
from chassis.log import configure, get_logger  # noqa: E402
from chassis.settings import Settings, SettingsError  # noqa: E402

SPARE_WORKERS = 16
BROKER_SECONDS, BROKER_LOOK_SECONDS = 45.0, 0.1


def services_in(module_name: str) -> list[type]:
    """The nameko services that a module defines: its classes with a `name` and entrypoints."""
    module = importlib.import_module(module_name)
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and value.__module__.startswith(module_name)
        and isinstance(getattr(value, "name", None), str)
    ]


def containers(module_names: Sequence[str], settings: Settings) -> list[Any]:
    """One container per service, extensions set up but not started."""
    config = {
        "AMQP_URI": settings.amqp_uri,
        "max_workers": settings.ask_workers + SPARE_WORKERS,
        "settings": settings,
    }
    return [ServiceContainer(cls, config) for name in module_names for cls in services_in(name)]


def declare(module_names: Sequence[str], settings: Settings) -> None:
    """Indexes of every desk, then queues and bindings of every entrypoint; waits for the broker."""
    made = containers(module_names, settings)
    declaring = [e for one in made for e in one.extensions if hasattr(e, "declare")]
    for extension in declaring:
        extension.setup()
    desks = [e for e in declaring if hasattr(e, "index")]
    list(eventlet.GreenPool().imap(lambda desk: desk.index(), desks))
    connection = _arrived(settings.amqp_uri)
    for extension in declaring:
        extension.declare(connection)
    close(connection)


def _arrived(amqp_uri: str) -> Any:
    """A connection to the broker; one that starts at the same time is waited for."""
    until = time.monotonic() + BROKER_SECONDS
    while True:
        try:
            return connect(amqp_uri)
        except BROKER_ERRORS:
            if time.monotonic() > until:
                raise
            eventlet.sleep(BROKER_LOOK_SECONDS)


def checks_of(running: Sequence[Any]) -> dict[str, Any]:
    """Readiness checks: every entrypoint connected, every desk's database answering."""
    checks: dict[str, Any] = {}
    for container in running:
        for extension in container.extensions:
            if hasattr(extension, "connected"):
                name = f"{container.service_name}.{type(extension).__name__.lower()}"
                checks[name] = partial(getattr, extension, "connected")
            elif hasattr(extension, "ping"):
                checks[f"{container.service_name}.database"] = partial(_answers, extension.ping)
    return checks


def alarms_of(running: Sequence[Any]) -> dict[str, Any]:
    """What the extensions watch besides, by service and name."""
    return {
        f"{container.service_name}.{name}": check
        for container in running
        for extension in container.extensions
        for name, check in getattr(extension, "alarms", {}).items()
    }


def _answers(ping: Callable[[], None]) -> bool:
    ping()
    return True


def serve(module_names: Sequence[str], settings: Settings) -> int:
    """Run until told to stop (0) or until a container dies (1: the supervisor starts us again)."""
    running, ended = containers(module_names, settings), Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: eventlet.spawn_after(0, _end, ended, 0))
    for container in running:
        container.start()
        eventlet.spawn(_watch, container, ended)
    attendance = Attendance(settings)
    eventlet.spawn(attendance.run)
    checks, alarms = checks_of(running), alarms_of(running) | attendance.alarms | travel.alarms()
    health = Health(settings.health_host, settings.health_port, checks, alarms)
    if settings.health_port:
        health.start()
    gc.collect()
    gc.freeze()  # what was imported stays: nobody needs to look for garbage there again and again
    get_logger().info("serving", services=[c.service_name for c in running])
    code = int(ended.wait())
    health.draining = True
    get_logger().info("draining", code=code)
    for container in running:
        container.stop()
    return code


def _watch(container: Any, ended: Event) -> None:
    """End the process when a container dies of an error."""
    try:
        container.wait()
    except Exception:  # noqa: BLE001  whatever killed it is logged and ends the process
        get_logger().exception("service died", service=container.service_name)
        _end(ended, 1)


def _end(ended: Event, code: int) -> None:
    """The first reason to end is the one that counts."""
    if not ended.ready():
        ended.send(code)


def main(arguments: Sequence[str]) -> int:
    """The command line; 2 when it or the environment is wrong."""
    steps = {"serve": serve, "declare": declare}
    if len(arguments) < 2 or arguments[0] not in steps:
        print("usage: python -m chassis.run serve|declare MODULE…", file=sys.stderr)  # noqa: T201
        return 2
    try:
        settings = Settings.from_environment()
        configure(settings.log_level)
        travel.follow(settings)
    except SettingsError as error:
        print(f"settings: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return steps[arguments[0]](arguments[1:], settings) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
