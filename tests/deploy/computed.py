"""What the code says about itself: services, queues, databases, the longest wait."""

import importlib
import inspect
import re
import runpy
from functools import cache
from typing import Any

from chassis import topology
from chassis.asking import Answers
from chassis.broker import Publisher
from chassis.desk import HEAR_SECONDS
from chassis.hearing import Hears
from gateway.projector import RESTATE_SECONDS
from tests.deploy.manifests import ROOT

MODULES = {
    **{
        path.parent.name: f"services.{path.parent.name}.service"
        for path in sorted((ROOT / "services").glob("*/__init__.py"))
    },
    "projector": "gateway.projector",
}


@cache
def service(name: str) -> Any:
    """The nameko class of a service."""
    module = importlib.import_module(MODULES[name])
    return next(
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and value.__module__ == module.__name__
        and getattr(value, "name", None) == name
    )


def entrypoints(name: str) -> list[Any]:
    """The entrypoints of a service's methods."""
    methods = inspect.getmembers(service(name), inspect.isfunction)
    return [one for _, method in methods for one in getattr(method, "nameko_entrypoints", ())]


@cache
def queues(name: str, region: str) -> frozenset[str]:
    """The queues that a service takes from."""
    found = set()
    if any(isinstance(one, Hears) for one in entrypoints(name)):
        found.add(topology.hear_queue(region, service(name).name))
    if any(isinstance(one, Answers) for one in entrypoints(name)):
        found.add(topology.ask_queue(region, service(name).name))
    return frozenset(found)


def ladder(name: str, region: str) -> set[str]:
    """The queues in which what failed waits."""
    return {topology.retry_queue(5.0, one) for one in queues(name, region) if one[:5] == "hear."}


def longest_end_seconds(drain_seconds: float) -> float:
    """How long a service may take to end: its longest handler or its drain, then the relay."""
    publishing = inspect.signature(Publisher).parameters["deadline_seconds"].default
    return max(HEAR_SECONDS, RESTATE_SECONDS, drain_seconds) + float(publishing)


def gateway_end_seconds() -> float:
    """How long the gateway's server gives to requests that are under way."""
    path = ROOT / "gateway" / "gunicorn.py"
    return float(runpy.run_path(str(path))["graceful_timeout"])


def matches(pattern: str, name: str) -> bool:
    """As RabbitMQ reads a permission: anywhere in the name, unless anchored."""
    return re.search(pattern, name) is not None
