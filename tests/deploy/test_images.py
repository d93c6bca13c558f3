"""Images: each holds the requirements of what it may import, and compose runs the same cell."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from cell.plan import FRUGAL
from chassis.settings import Settings
from tests.deploy import computed
from tests.deploy.manifests import LOADER, ROOT, rendered

OURS = ("contracts", "chassis", "services", "gateway", "cell")
HELD = {
    "chassis": ("contracts", "chassis"),
    "service": ("contracts", "chassis", "services"),
    "gateway": ("contracts", "chassis", "gateway"),
    "console": ("contracts", "chassis", "cell"),
}
# Needed without being imported by name: zones and keys behind other packages.
SILENT = {"tzdata", "cryptography"}


def is_held(path: Path) -> bool:
    """Whether a file goes into an image of its package: .dockerignore names what does not."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    left_out = [line for line in lines if line.startswith("cell/")]
    name = path.relative_to(ROOT).as_posix()
    return not any(name == one or name.startswith(f"{one}/") for one in left_out)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(*packages: str) -> set[str]:
    """The distributions that the packages import directly."""
    by_module, found = packages_distributions(), set()
    files = (path for package in packages for path in (ROOT / package).rglob("*.py"))
    for path in filter(is_held, files):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            roots = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
            found |= {normal(by_module[root][0]) for root in roots - set(OURS)}
    return found


def required(name: str) -> set[str]:
    """What a requirements file and those that it includes name."""
    found = set()
    for line in (ROOT / "requirements" / f"{name}.in").read_text().splitlines():
        if line.startswith("-r "):
            found |= required(Path(line[3:].strip()).stem)
        elif line and not line.startswith("#"):
            found.add(normal(re.split(r"[<>=!~\[; ]", line)[0]))
    return found


def pins(name: str) -> set[str]:
    text = (ROOT / "requirements" / f"{name}.lock").read_text()
    return set(re.findall(r"^([a-z0-9][\w.-]*==\S+)", text, re.MULTILINE))


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


def compose() -> dict:
    return yaml.load((ROOT / "compose.yaml").read_text(), LOADER)


@pytest.mark.parametrize("name", HELD)
def test_an_image_is_given_what_it_imports_and_no_more(name: str):
    assert required(name) - SILENT == imported(*HELD[name]) - SILENT


@pytest.mark.parametrize("name", ["service", "gateway", "console"])
def test_an_image_has_the_versions_of_a_running_cell(name: str):
    assert pins(name)
    assert pins(name) <= pins("run")


@pytest.mark.parametrize("name", ["service", "gateway", "console"])
def test_an_image_is_proved_with_what_it_holds(name: str):
    proof = dockerfile().partition(f"AS {name}-proof")[2].partition("FROM ")[0]
    copied = set(re.findall(r"^COPY (\w+) /app/\1$", proof, re.MULTILINE))
    assert copied == set(HELD[name])
    assert f"python /proof.py {' '.join(HELD[name])} " in proof
    final = dockerfile().partition(f"AS {name}\n")[2].partition("FROM ")[0]
    assert final.count("COPY ") == final.count(f"COPY --from={name}-proof ") == 2
    assert "USER 10001:10001" in final


def test_the_base_is_pinned_and_gives_memory_back():
    assert re.search(r"^ARG PYTHON=\S+:3\.11\.\d+-slim-\w+$", dockerfile(), re.MULTILINE)
    told = dict(re.findall(r"(MALLOC_\w+)=(\d+)", dockerfile()))
    assert told == FRUGAL


def test_compose_runs_every_service_and_declares_it_before():
    services = compose()["services"]
    serving = {
        name: one["command"][-1]
        for name, one in services.items()
        if "serve" in one.get("command", ())
    }
    assert serving == computed.MODULES
    declared = (
        services["declare-services"]["command"][1:] + services["declare-views"]["command"][4:]
    )
    assert sorted(declared) == sorted(computed.MODULES.values())
    waiting = {"declare-services", "declare-views"}
    assert all(waiting <= services[name]["depends_on"].keys() for name in (*serving, "gateway"))


def test_compose_knows_its_settings_and_pins_its_images():
    known = {name.upper() for name in Settings.__dataclass_fields__} | {"HTTP_HOST", "CELL_DIR"}
    for name, one in compose()["services"].items():
        if one["image"].startswith("jejaring/"):
            assert one["environment"].keys() <= known, name
            assert one["read_only"] and one["cap_drop"] == ["ALL"], name
        else:
            assert re.search(r":v?\d+\.\d+\.\d+", one["image"]), name
        assert set(one.get("depends_on", ())) <= compose()["services"].keys(), name


def test_compose_and_the_cells_run_the_same_broker_and_database(render):
    images = {name: compose()["services"][name]["image"] for name in ("broker", "store")}
    text = rendered(ROOT / "deploy" / "k8s" / "base")
    assert images["broker"] in text
    assert f"version: {images['store'].rpartition(':')[2]}" in text
