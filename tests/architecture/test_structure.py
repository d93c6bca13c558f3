"""The tree reads like a map: sizes, faces and words that the import rules cannot check."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("contracts", "chassis", "services", "gateway", "cell", "bench")
LONGEST_MODULE = 250
REASONS = {
    "contracts/members/facts.py": "one page per speaker: it is read from top to bottom",
    "contracts/members/commands.py": "one page per speaker: it is read from top to bottom",
    "contracts/members/states.py": "one page per speaker: it is read from top to bottom",
    "contracts/events/facts.py": "one page per speaker: it is read from top to bottom",
    "contracts/events/commands.py": "one page per speaker: it is read from top to bottom",
    "contracts/events/states.py": "one page per speaker: it is read from top to bottom",
    "contracts/events/refusals.py": "one page per speaker: it is read from top to bottom",
    "contracts/mentoring/facts.py": "one page per speaker: it is read from top to bottom",
    "contracts/mentoring/commands.py": "one page per speaker: it is read from top to bottom",
    "contracts/mentoring/states.py": "one page per speaker: it is read from top to bottom",
    "gateway/app.py": "THE route table, one line per path",
    "services/events/errors.py": "one class per public code, nothing else",
}
REMOVED = "the database removes the row, by its own clock"
MACHINE_TIME = {
    "chassis/answer.py": REMOVED,
    "chassis/desk.py": REMOVED,
    "gateway/views/store.py": REMOVED,
    "services/notifications/repository/private.py": REMOVED,
    "gateway/middleware.py": "logs of many machines are read side by side",
    "cell/clock.py": "it tells the region's time to those who set it",
}
FACE = ("__init__", "errors", "model", "handlers", "repository", "schemas", "service")
FORBIDDEN_NAMES = ("Manager", "Helper", "Util", "Processor")


def modules() -> list[Path]:
    """Every Python module of the product."""
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_module_is_long_without_a_reason():
    long = {
        relative(path): length
        for path in modules()
        if (length := len(path.read_text().splitlines())) > LONGEST_MODULE
    }
    assert long.keys() - REASONS.keys() == set(), long


def test_every_reason_is_still_needed():
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in REASONS}
    assert {name for name, length in lengths.items() if length <= LONGEST_MODULE} == set()


def test_no_modules_import_each_other_in_a_circle():
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imports = {one: graph.find_modules_directly_imported_by(one) for one in graph.modules}

    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize(
    "service", sorted(p.parent.name for p in (ROOT / "services").glob("*/__init__.py"))
)
def test_every_service_has_the_same_face(service: str):
    home = ROOT / "services" / service
    missing = [
        name
        for name in FACE
        if not (home / f"{name}.py").exists() and not (home / name / "__init__.py").exists()
    ]
    assert missing == []


def test_every_module_and_class_says_what_it_is():
    silent = []
    for path in modules():
        tree = ast.parse(path.read_text())
        if ast.get_docstring(tree) is None and path.read_text().strip():
            silent.append(relative(path))
        silent += [
            f"{relative(path)}:{node.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and ast.get_docstring(node) is None
        ]
    assert [name for name in silent if not name.endswith(":Meta")] == []


def test_no_class_is_named_after_a_junk_drawer():
    named = [
        f"{relative(path)}:{node.name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and node.name.endswith(FORBIDDEN_NAMES)
    ]
    assert named == []


def test_blind_excepts_stand_only_where_a_reason_stands_beside_them():
    blind = [
        f"{relative(path)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if "noqa: BLE001" in line and not line.split("noqa: BLE001")[1].strip()
    ]
    assert blind == []


def test_the_chassis_speaks_no_business_noun():
    nouns = ("institution", "appointment", "competenc", "mentor", "school", "npsn")
    found = [
        f"{relative(path)}: {noun}"
        for path in (ROOT / "chassis").rglob("*.py")
        for noun in nouns
        if noun in path.read_text().lower()
    ]
    assert found == []


def test_nobody_but_the_clock_reads_the_clock_without_a_reason():
    reads = re.compile(r"datetime\.now\(|date\.today\(|utcnow\(")
    found = {relative(path) for path in modules() if reads.search(path.read_text())}
    told = {name for name in found if not name.startswith("bench/")}
    assert told == MACHINE_TIME.keys() | {"chassis/clock.py"}


def test_nothing_by_which_a_region_is_deployed_sets_its_clock_ahead():
    places = [ROOT / "Dockerfile", ROOT / "Makefile", *(ROOT / "deploy").rglob("*")]
    told = [relative(path) for path in places if path.is_file() and sets_the_clock(path)]
    assert told == []


def sets_the_clock(path: Path) -> bool:
    """Whether a file names the setting."""
    return "clock_file" in path.read_text(errors="replace").lower()


def test_the_gateway_needs_no_eventlet():
    code = "import sys, gateway.app; sys.exit('eventlet' in sys.modules)"

    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
