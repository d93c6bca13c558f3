"""The pages keep their promises: links, paths, verbs, names in the code, reasons for packages."""

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for path in (
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "deploy").rglob("*.md"),
    )
    if "generated" not in path.parts
)
RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
FOLDERS = (
    "contracts",
    "chassis",
    "services",
    "gateway",
    "cell",
    "tests",
    "bench",
    "docs",
    "requirements",
    "deploy",
    ".ci",
)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
VERB = re.compile(r"\bmake ([a-z][a-z-]*)\b")
IN_CODE = re.compile(r"^(?:[A-Z_]+=\S+ )*make ([a-z][a-z-]*)")
ROUTE = re.compile(r"/v1/[A-Za-z0-9_/{}.$-]+")
DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[str]:
    """The lines of fenced blocks."""
    return [line for block in FENCE.findall(page.read_text()) for line in block.splitlines()[1:-1]]


def spans(page: Path) -> list[str]:
    """What stands between backticks in the running text."""
    return CODE.findall(FENCE.sub("", page.read_text()))


def verbs() -> set[str]:
    """What the Makefile offers."""
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def is_path(text: str) -> bool:
    """Whether a code span names a file or folder of the repository."""
    head, slash, _ = text.partition("/")
    return bool(slash) and head in FOLDERS and not re.search(r"[\s<>{}$…]", text)


def is_there(path: str) -> bool:
    """Whether a path, or a pattern, leads to something."""
    return any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists()


@cache
def defined_in(path: Path) -> frozenset[str]:
    """Dotted names of everything that a module, or a package's `__init__`, defines."""
    found: set[str] = set()

    def visit(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(prefix + node.name)
                if isinstance(node, ast.ClassDef):
                    visit(node.body, f"{prefix}{node.name}.")
            for target in assigned(node):
                found.add(prefix + target)

    file = path / "__init__.py" if path.is_dir() else path
    visit(ast.parse(file.read_text()).body, "")
    return frozenset(found)


def assigned(node: ast.stmt) -> list[str]:
    """The names that a statement binds."""
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def rows_with_code() -> list[tuple[str, str]]:
    """(path, name) for each table row of ARCHITECTURE.md with a module and names beside it."""
    found = []
    for line in (ROOT / "ARCHITECTURE.md").read_text().splitlines():
        cells = [CODE.findall(cell) for cell in line.split("|")[1:-1]]
        for place, names in pairwise(cells):
            if len(place) == 1 and is_path(place[0]) and (ROOT / place[0]).suffix in ("", ".py"):
                found += [(place[0], name) for name in names if DOTTED.fullmatch(name)]
    return found


def direct_dependencies() -> set[str]:
    """The packages that requirements/*.in name."""
    lines = [
        line.strip()
        for path in sorted((ROOT / "requirements").glob("*.in"))
        for line in path.read_text().splitlines()
    ]
    wanted = [line for line in lines if line and not line.startswith(("#", "-"))]
    return {re.split(r"[<>=!~\[; ]", line)[0] for line in wanted}


def test_there_are_pages():
    names = {name_of(page) for page in PAGES}
    assert names >= {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_a_file(page: Path):
    links = LINK.findall(FENCE.sub("", page.read_text()))
    local = [link.partition("#")[0] for link in links if "://" not in link]
    missing = [link for link in local if link and not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_path_leads_to_something(page: Path):
    assert [path for path in spans(page) if is_path(path) and not is_there(path)] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_verb_is_offered(page: Path):
    named = {verb for span in spans(page) for verb in VERB.findall(span)}
    named |= {found[1] for line in blocks(page) if (found := IN_CODE.match(line.strip()))}
    assert named - verbs() == set()


@pytest.mark.parametrize("page", RUNBOOKS, ids=name_of)
def test_every_command_of_a_runbook_is_a_verb_of_the_makefile(page: Path):
    lines = [line.strip() for line in blocks(page) if line.strip()]
    assert lines, "a runbook says what to type"
    assert [
        line for line in lines if not (found := IN_CODE.match(line)) or found[1] not in verbs()
    ] == []


def test_every_runbook_is_read_from_the_readme():
    read_on = (ROOT / "README.md").read_text()
    assert [page.name for page in RUNBOOKS if f"docs/runbooks/{page.name}" not in read_on] == []


def test_the_readme_lists_every_verb_that_the_makefile_explains():
    explained = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    told = set(re.findall(r"^\| `make(?: ([a-z-]+))?", readme, re.MULTILINE))
    assert set(explained) - {"help"} <= told


def test_every_name_in_the_architecture_is_defined_where_it_says():
    rows = rows_with_code()
    assert rows
    missing = [f"{path}: {name}" for path, name in rows if name not in defined_in(ROOT / path)]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_path_of_the_api_is_routed(page: Path):
    from gateway.app import ROUTES

    patterns = [re.sub(r"\{\w+\}", "[^/]+", route) for route in ROUTES]
    told = {path.rstrip("/.") for path in ROUTE.findall(page.read_text())}
    assert [p for p in sorted(told) if not any(re.fullmatch(one, p) for one in patterns)] == []


def test_every_direct_dependency_has_its_reason_and_every_reason_its_dependency():
    page = (ROOT / "docs/dependencies.md").read_text()
    named = re.findall(r"^\| `([^`]+)` \| [^|]+? \| [^|]+? \| [^|]+? \|$", page, re.MULTILINE)
    assert set(named) == direct_dependencies()
    assert len(named) == len(set(named))


def test_every_decision_is_listed_and_says_what_it_costs():
    folder = ROOT / "docs" / "decisions"
    records = sorted(folder.glob("[0-9]*.md"))
    listed = set(LINK.findall((folder / "README.md").read_text()))
    assert listed == {record.name for record in records}
    numbers = [int(record.name[:4]) for record in records]
    assert len(numbers) == len(set(numbers)), "two records have one number"
    for number, record in zip(numbers, records, strict=True):
        text = record.read_text()
        assert text.startswith(f"# {number}. ")
        parts = ("**Context.**", "**Decision.**", "**What it costs.**", "**How it is checked.**")
        assert [part for part in parts if part not in text] == [], record.name
