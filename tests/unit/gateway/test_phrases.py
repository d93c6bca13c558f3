"""Whatever a refusal says in English it says in Indonesian too: read off the source."""

import ast
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import services.events.errors
import services.federation.errors
import services.members.errors
import services.mentoring.errors
import services.notifications.errors  # noqa: F401  (their refusals are looked for)
from chassis.errors import Refusal
from contracts import common
from contracts.catalogue import REFUSALS
from contracts.refusal import RefusalCode
from gateway import phrases
from gateway.language import BEGINNINGS, MESSAGES
from gateway.problems import Problem, of_refusal
from tests.unit.gateway.house import peopled

ROOT = Path(__file__).parents[3]
SPOKEN = ("services", "chassis", "gateway", "contracts/members/csv_lines.py")
# What is called with words for people, and which of its arguments they are.
CALLED = {"malformed": 0, "refused": 0, "Problem": 1, "_error": 1, "Malformed": 0}
AS_JSON = {"Content_Type": "application/json"}
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


@pytest.mark.parametrize("code", REFUSALS.values(), ids=lambda code: code.code)
def test_every_title_is_in_both_languages(code: RefusalCode) -> None:
    assert code.en
    assert code.id
    assert code.en != code.id


@pytest.mark.parametrize("code", REFUSALS.values(), ids=lambda code: code.code)
def test_a_problem_speaks_one_language(code: RefusalCode) -> None:
    errors = [{"pointer": "/name", "code": "request.invalid", "message": "an answer is needed"}]
    problem = Problem(code, "there is no event e1", errors=errors)
    english, indonesian = problem.body("en", "r"), problem.body("id", "r")

    assert english["detail"] == "there is no event e1"
    assert indonesian["detail"] == f"{code.id}: tidak ada kegiatan e1"
    assert english["errors"][0]["message"] == "an answer is needed"
    assert indonesian["errors"][0]["message"] == "jawaban wajib diisi"


def test_words_that_the_book_lacks_are_left_out_in_indonesian() -> None:
    problem = Problem(common.UNAVAILABLE, "database: AutoReconnect")

    assert problem.body("en", "r")["detail"] == "database: AutoReconnect"
    assert problem.body("id", "r")["detail"] == common.UNAVAILABLE.id


@pytest.mark.parametrize("text", ["", "the roof of the house is broken", "a new roof is needed"])
def test_the_book_takes_nothing_for_its_own_that_is_not(text: str) -> None:
    assert phrases.in_indonesian(text) is None


def test_what_stands_in_a_slot_is_never_taken_for_a_slot() -> None:
    assert phrases.in_indonesian("there is no case {0} {}") == "tidak ada pendampingan {0} {}"


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_every_message_about_a_value_is_in_both_languages(message: dict[str, str]) -> None:
    assert set(message) == {"en", "id"}
    assert message["en"] != message["id"]


def test_what_the_library_says_is_in_both_languages() -> None:
    assert {code for _, code in BEGINNINGS} | {"type"} == MESSAGES.keys()


def test_what_a_service_says_of_a_field_is_told_in_both() -> None:
    told = {"code": "members.contact_taken", "detail": "this phone is registered"}
    problem = of_refusal({**told, "pointer": "/phone"})

    assert problem.body("en", "r")["errors"][0]["message"] == "this phone is registered"
    assert problem.body("id", "r")["errors"][0]["message"] == "isian phone ini sudah terdaftar"


@pytest.mark.parametrize(
    ("method", "path", "more", "said"),
    [
        ("GET", "/v1/areas?limit=0", {}, "limit adalah angka dari 1 sampai 100"),
        ("GET", "/v1/areas?x=1", {}, "parameter tidak dikenal: x"),
        ("GET", "/v1/areas/resolve", {}, "code wajib diisi"),
        ("POST", "/v1/members", {"body": b"{", **AS_JSON}, "isi permintaan bukan JSON yang benar"),
        ("POST", "/v1/members", {"body": b"{}"}, "kirim application/json"),
        ("PATCH", "/v1/me", {"If_Match": "x", "by": "ayu"}, 'If-Match berbentuk "<versi>"'),
        ("GET", "/v1/me", {"Authorization": "x"}, "kirim Authorization: Bearer <token>"),
        ("GET", "/v1/operations/parked", {"by": "ayu"}, "untuk operator"),
    ],
)
def test_what_the_edge_refuses_is_in_the_callers_language(
    method: str, path: str, more: dict[str, Any], said: str
) -> None:
    house = peopled()
    told = house.send(method, path, **more).json
    in_english = house.send(method, path, Accept_Language="en", **more).json

    assert told["detail"] == f"{told['title']}: {said}"
    assert phrases.in_indonesian(in_english["detail"]) == said


def test_a_text_that_somebody_made_long_holds_up_nobody() -> None:
    began = time.monotonic()

    assert phrases.in_indonesian("=" * 30_000) is None
    assert time.monotonic() - began < 1
