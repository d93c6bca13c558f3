"""The form and the checklist: data that ship with the service, one file per version (F2, F7)."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from chassis.aggregate import begun
from contracts.codec import decode
from contracts.mentoring import facts, states
from services.mentoring.errors import TemplateUnknown

SHIPPED = (1,)
LATEST = SHIPPED[-1]


@cache
def content(version: int) -> dict[str, Any]:
    """The shipped content of a version."""
    page = files("services.mentoring").joinpath("templates", f"{version}.json")
    return dict(json.loads(page.read_text("utf-8")))


def publish(version: int, region: str, now: str) -> facts.TemplatePublished:
    """Put a shipped version into use."""
    return facts.TemplatePublished(template=_template(version, region, now))


@cache
def shipped(version: int) -> states.Template:
    """Questions and items of a version; raises TemplateUnknown."""
    if version not in SHIPPED:
        known = ", ".join(str(number) for number in SHIPPED)
        raise TemplateUnknown(f"known are {known}", pointer="/template_version")
    return _template(version, "", "")


def _template(version: int, region: str, now: str) -> states.Template:
    return decode(states.Template, {**content(version), **begun(str(version), region, now)})
