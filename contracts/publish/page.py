"""The catalogue for people: what each speaker says, can be asked and refuses, in Markdown."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from contracts import common, operations
from contracts.catalogue import COMMANDS, FACTS, SPEAKERS
from contracts.codec import encode, field_types
from contracts.publish.schemas import inside
from contracts.types import UNSET, Many, Number, Text, Unset

HEAD = """\
<!-- Made by `python -m contracts.publish` from the classes in contracts/. Change those. -->
# What is said

Facts, commands and refusals of every released contract. Tools read [asyncapi.json](asyncapi.json).
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for speaker in sorted({name.partition(".")[0] for name in (*FACTS, *COMMANDS)}):
        parts.append(f"## {speaker}\n")
        parts += _facts([fact for name, fact in FACTS.items() if _is_of(name, speaker)])
        parts += _commands([command for verb, command in COMMANDS.items() if _is_of(verb, speaker)])
    parts.append("## Refusals\n")
    parts += _refusals()
    return "\n".join(parts)


def _is_of(name: str, speaker: str) -> bool:
    return name.partition(".")[0] == speaker


def _facts(facts: list[Any]) -> Iterator[str]:
    """Facts by kind, each kind with the state that all its facts carry."""
    if facts:
        yield "### Facts\n"
    for kind in dict.fromkeys(fact.kind for fact in facts):
        same = [fact for fact in facts if fact.kind == kind]
        yield f"#### {kind}\n"
        rows = ([f"`{fact.name}`", fact.__doc__, fact.scope] for fact in same)
        yield _table(("Fact", "It says", "Scope"), rows)
        yield f"Routing key `{same[0].route('<region>').replace(same[0].name, '<fact>')}`.\n"
        yield from _shapes(field_types(same[0])[kind])


def _shapes(cls: type) -> Iterator[str]:
    for part in inside(cls):
        yield f"`{part.__name__}`: {part.__doc__}\n"
        yield _table(("Field", "Kind", "Default"), _field_rows(part))


def _field_rows(cls: Any) -> Iterator[list[str]]:
    for field in fields(cls):
        yield [f"`{field.name}`", words(field_types(cls)[field.name]), _default(field.default)]


def _default(given: Any) -> str:
    known = {MISSING: "", UNSET: "not sent"}
    return known[given] if given in known else f"`{json.dumps(encode(given))}`"


def _commands(commands: Iterable[Any]) -> Iterator[str]:
    yield "### Commands\n"
    for command in commands:
        yield f"#### `{command.verb}`\n"
        yield f"{command.__doc__}\n"
        if fields(command):
            yield _table(("Field", "Kind", "Default"), _field_rows(command))


def _refusals() -> Iterator[str]:
    """By the page that releases them, the shared ones first."""
    pages = {"anybody": common.ALL, "operators": operations.ALL}
    pages |= {name: refusals.ALL for name, (_, _, refusals) in SPEAKERS.items()}
    for owner, codes in pages.items():
        yield f"### From {owner}\n"
        rows = ([f"`{one.code}`", str(one.status), one.id, one.en] for one in codes)
        yield _table(("Code", "Status", "Bahasa Indonesia", "English"), rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    lines = [list(head)]
    lines.append(["---"] * len(lines[0]))
    lines += [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def words(kind: Any) -> str:
    """An annotated type in a few words."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return f"{words(parts[0])}{_limits(parts[-1])}"
    if origin in (Union, UnionType):
        told = [words(part) for part in parts if part not in (NoneType, Unset)]
        return " or ".join([*told, *(["null"] if NoneType in parts else [])])
    if origin is tuple:
        return f"list of {words(parts[0])}"
    if is_dataclass(kind):
        return f"`{kind.__name__}`"  # type: ignore[union-attr]
    plain = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    return plain.get(origin or kind, "object")


def _limits(marker: Any) -> str:
    if isinstance(marker, Number):
        return f" {marker.least}–{marker.most}"
    if isinstance(marker, Many):
        return f", at most {marker.most}"
    return _text_limits(marker)


def _text_limits(text: Text) -> str:
    if text.one_of:
        return ": " + ", ".join(f"`{choice}`" for choice in text.one_of)
    shape = f" ({text.format})" if text.format else ""
    pattern = f" like `{text.pattern}`" if text.pattern and not text.format else ""
    return f"{shape}, {text.shortest}–{text.longest} characters{pattern}"
