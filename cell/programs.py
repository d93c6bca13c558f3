"""The programs of a cell, in the order in which they start; they stop in the reverse order."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from cell.home import PROJECT
from cell.plan import Plan

SPLIT: dict[str, tuple[str, ...]] = {
    "members": ("services.members.service",),
    "events": ("services.events.service",),
    "mentoring": ("services.mentoring.service",),
    "notifications": ("services.notifications.service",),
    "federation": ("services.federation.service",),
    "projector": ("gateway.projector",),
}
TOGETHER: dict[str, tuple[str, ...]] = {
    "services": tuple(module for modules in SPLIT.values() for module in modules)
}
ORDER = ("mongod", "epmd", "broker", "mail", "services", *SPLIT, "gateway")


@dataclass(frozen=True, kw_only=True)
class Program:
    """One supervised process."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    directory: Path = PROJECT
    start_seconds: int = 3
    stop_seconds: int = 30


def programs(plan: Plan) -> list[Program]:
    """All of them; without broker or database where existing ones are used."""
    return [*_database(plan), *_broker(plan), _mail(plan), *_services(plan), _gateway(plan)]


def service_modules(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Which service modules run in which process."""
    return SPLIT if plan.choices.split else TOGETHER


def declare_command() -> list[str]:
    """The topology step: exchanges, queues, bindings and indexes, before anybody speaks."""
    return [sys.executable, "-m", "chassis.run", "declare", *TOGETHER["services"]]


def _database(plan: Plan) -> list[Program]:
    if plan.choices.mongo_uri:
        return []
    return [Program(name="mongod", command=plan.database.command)]


def _broker(plan: Plan) -> list[Program]:
    if plan.choices.amqp_uri:
        return []
    broker, environment = plan.broker, plan.broker.environment
    return [
        Program(name="epmd", command=broker.epmd_command, environment=environment),
        Program(
            name="broker",
            command=broker.command,
            environment=environment,
            directory=plan.home.broker,  # where it leaves what it writes as it dies
            start_seconds=8,
        ),
    ]


def _mail(plan: Plan) -> Program:
    target = ["--port", str(plan.ports.smtp), "--directory", str(plan.home.mail)]
    return Program(name="mail", command=[sys.executable, "-m", "cell.mail", *target])


def _services(plan: Plan) -> list[Program]:
    serve = [sys.executable, "-m", "chassis.run", "serve"]
    return [
        Program(
            name=name,
            command=[*serve, *modules],
            environment=plan.environment(name),
        )
        for name, modules in service_modules(plan).items()
    ]


def _gateway(plan: Plan) -> Program:
    server = ["-m", "gunicorn", "-c", str(PROJECT / "gateway" / "gunicorn.py")]
    return Program(
        name="gateway",
        command=[sys.executable, *server, "gateway.app:from_environment()"],
        environment=plan.environment("gateway"),
    )
