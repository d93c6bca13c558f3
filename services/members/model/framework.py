"""The competency framework: data that ships with the service, one file per version (source: B1)."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from chassis.aggregate import begun
from contracts.codec import decode
from contracts.members import facts, states

SHIPPED = (1,)


@cache
def content(version: int) -> dict[str, Any]:
    """The shipped content of a version."""
    page = files("services.members").joinpath("framework", f"{version}.json")
    return dict(json.loads(page.read_text("utf-8")))


def publish(version: int, region: str, now: str) -> facts.FrameworkPublished:
    """Put a shipped version into use."""
    raw = {**content(version), **begun(str(version), region, now)}
    return facts.FrameworkPublished(framework=decode(states.Framework, raw))
