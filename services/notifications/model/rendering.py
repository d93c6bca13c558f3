"""Texts: templates as files, in the recipient's language; what is missing is Indonesian."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

from chassis.log import get_logger
from contracts.notifications import states
from services.notifications.errors import TemplateUnknown
from services.notifications.model import times
from services.notifications.model.kinds import KINDS

log = get_logger()

FOLDER = Path(__file__).parent.parent / "templates"
LANGUAGES = ("id", "en")
FALLBACK = "id"


@dataclass(frozen=True, kw_only=True)
class Words:
    """A notice in one language: a line and some paragraphs."""

    title: str
    body: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What goes over a channel: the same as plain text and as HTML."""

    subject: str
    text: str
    html: str
    language: str


@cache
def _environment(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / language),
        autoescape=lambda name: bool(name and name.endswith(".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["moment"] = partial(times.moment, language=language)
    made.filters["day"] = partial(times.day, language=language)
    made.filters["date"] = partial(times.date, language=language)
    return made


def words(kind: str, language: str, params: Mapping[str, Any]) -> Words:
    """The notice of a kind; its template's first line is the title. Raises TemplateUnknown."""
    if kind not in KINDS:
        raise TemplateUnknown(f"known are {', '.join(KINDS)}")
    for candidate in (language, FALLBACK):
        try:
            template = _environment(candidate).get_template(f"{kind}.txt")
        except TemplateNotFound:
            log.warning("template missing", kind=kind, language=candidate)
            continue
        title, _, body = template.render(params).strip().partition("\n")
        return Words(title=_line(title, 200), body=_spaced(body)[:4000], language=candidate)
    raise TemplateUnknown(f"{kind} has no template")


def letter(
    notices: Iterable[states.Notice], *, name: str, language: str, region: str, stop: str
) -> Letter:
    """One message of one notice, or a digest of several: grouped by subject, newest first."""
    listed = sorted(notices, key=lambda notice: (notice.created_at, notice.id), reverse=True)
    groups: dict[tuple[str | None, str | None], list[states.Notice]] = {}
    for notice in listed:
        about = (notice.about_kind, notice.about_id or notice.id)
        groups.setdefault(about, []).append(notice)
    single = len(listed) == 1
    if single:
        language = listed[0].language
    values = {
        "name": " ".join(name.split()),
        "groups": list(groups.values()),
        "single": single,
        "count": len(listed),
        "region": region,
        "stop": stop,
    }
    made = _environment(language)
    subject = listed[0].title if single else made.get_template("digest.txt").render(values).strip()
    return Letter(
        subject=_line(subject, 200),
        text=_spaced(made.get_template("layout.txt").render(values)) + "\n",
        html=made.get_template("layout.html").render(values).strip() + "\n",
        language=language,
    )


def _spaced(text: str) -> str:
    """Paragraphs with one empty line between them, whatever the template left out."""
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _line(text: str, longest: int) -> str:
    """One line, cut where the contract ends."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
