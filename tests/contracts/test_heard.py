"""Who is told of himself what a service does not hear is refused there for ever (decision 132)."""

import importlib
from inspect import getmembers
from typing import Any

import pytest

from chassis.hearing import Hears
from contracts.catalogue import FACTS
from contracts.members import facts

# What a command names of its caller; an appointment counts from the day it was accepted.
NAMED = ("member", "appointment")
BEFORE_IT_COUNTS = {facts.AppointmentOffered.name, facts.AppointmentDeclined.name}


def service(name: str) -> Any:
    """The nameko service of that name."""
    module = importlib.import_module(f"services.{name}.service")
    return next(cls for cls in vars(module).values() if getattr(cls, "name", None) == name)


def heard(cls: Any) -> set[str]:
    """The facts that its methods hear."""
    entrypoints = [e for _, m in getmembers(cls) for e in getattr(m, "nameko_entrypoints", ())]
    return {name for one in entrypoints if isinstance(one, Hears) for name in one.facts}


@pytest.mark.parametrize("name", ["events", "federation", "mentoring", "notifications"])
@pytest.mark.parametrize("kind", NAMED)
def test_who_keeps_what_a_command_names_of_its_caller_hears_all_that_is_said_of_it(name, kind):
    cls = service(name)
    said = {fact for fact in FACTS if FACTS[fact].kind == kind} - BEFORE_IT_COUNTS

    assert kind in cls.desk._keeps
    assert said <= heard(cls)
