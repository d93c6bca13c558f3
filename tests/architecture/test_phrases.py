"""Whatever a refusal says in English it says in Indonesian too: read off the source."""

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

import services.events.errors
import services.federation.errors
import services.members.errors
import services.mentoring.errors
import services.notifications.errors  # noqa: F401  (their refusals are looked for)
from chassis.errors import Refusal
from gateway import phrases

ROOT = Path(__file__).parents[2]
SPOKEN = ("services", "chassis", "gateway", "contracts/members/csv_lines.py")
# What is called with words for people, and which of its arguments they are.
CALLED = {"malformed": 0, "refused": 0, "Problem": 1, "_error": 1, "Malformed": 0}
# What is malformed on the broker, or refused by another house, is told to nobody here.
INSIDE = ("chassis/heard.py", "services/notifications/senders/web.py")


def kinds(cls: type) -> Iterator[type]:
    yield cls
    for one in cls.__subclasses__():
        yield from kinds(one)


CALLED |= {cls.__name__: 0 for cls in kinds(Refusal)}


def texts(node: ast.AST | None, known: dict[str, list[ast.AST]]) -> list[str]:
    """What an expression may say, with `{}` for what is only known later."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.IfExp):
        return texts(node.body, known) + texts(node.orelse, known)
    if isinstance(node, ast.BinOp):
        return texts(node.left, known)
    if isinstance(node, ast.Name):
        return [text for one in known.get(node.id, ()) for text in texts(one, {})]
    if isinstance(node, ast.JoinedStr):
        parts = [
            texts(part.value, known) or ["{}"]
            if isinstance(part, ast.FormattedValue)
            else texts(part, known)
            for part in node.values
        ]
        return ["".join(said) for said in product(*parts)]
    return []


def assigned(tree: ast.AST) -> dict[str, list[ast.AST]]:
    found: dict[str, list[ast.AST]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
    return found


def told_in(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    everywhere = assigned(ast.Module([n for n in tree.body if isinstance(n, ast.Assign)], []))
    scopes = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for scope in scopes:
        known = everywhere | assigned(scope)
        for node in ast.walk(scope):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).rpartition(".")[2]
                place = CALLED.get(name)
                if place is not None and len(node.args) > place:
                    yield from texts(node.args[place], known)
            if scope.name == "_wrong" and isinstance(node, ast.Return):
                yield from texts(node.value, known)


def everything() -> dict[str, str]:
    """Each text with a file that says it."""
    found: dict[str, str] = {}
    for spoken in SPOKEN:
        place = ROOT / spoken
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if name not in INSIDE:
                found.update(dict.fromkeys(told_in(path), name))
    found.pop("", None)
    return found


TOLD = everything()


@pytest.mark.parametrize("text", sorted(TOLD))
def test_the_book_has_whatever_is_said(text: str) -> None:
    """New words go into gateway/phrases.json, with `{}` for what is only known later."""
    said = phrases.in_indonesian(text.replace("{}", "x9"))

    assert said is not None, f"{TOLD[text]} says {text!r}: add it to gateway/phrases.json"
    assert said != text.replace("{}", "x9")
    assert said.count("x9") == text.count("{}")


def test_the_source_was_read() -> None:
    """Were the collector blind, nothing would fail above."""
    assert len(TOLD) > 300
    assert {"the case is {}", "this email is registered", "{} takes no cases now"} <= TOLD.keys()
