"""RabbitMQ's modules side by side in one folder: which, and what when some are not there."""

from pathlib import Path

import pytest

from cell.modules import AT_ONCE, erlang, linked, loading


@pytest.fixture
def library(tmp_path: Path) -> Path:
    library = tmp_path / "library"
    application(library, "rabbit-3.10.8", "kernel, 'ra'", "rabbit", "rabbit_misc")
    application(library, "ra-2.2.0", "kernel,rabbit", "ra")  # who needs each other is no circle
    application(library, "rabbitmq_mqtt-3.10.8", "rabbit", "mqtt")
    return library


def application(library: Path, folder: str, needs: str, *modules: str) -> None:
    name, ebin = folder.partition("-")[0], library / folder / "ebin"
    ebin.mkdir(parents=True)
    said = f"{{application, {name}, [{{modules, []}},\n {{applications,\n  [{needs}]}}]}}.\n"
    (ebin / f"{name}.app").write_text(said)
    for module in modules:
        (ebin / f"{module}.beam").write_bytes(b"FOR1")


def test_an_application_comes_with_all_that_it_needs_and_nothing_else(library: Path):
    folder = library.parent / "modules"

    assert linked(folder, [library], ["rabbit"]) == ["ra", "rabbit", "rabbit_misc"]

    assert {link.name: link.read_bytes() for link in folder.iterdir()} == {
        "ra.beam": b"FOR1",
        "rabbit.beam": b"FOR1",
        "rabbit_misc.beam": b"FOR1",
    }


def test_the_folder_is_made_anew_because_packages_are_upgraded(library: Path):
    folder = library.parent / "modules"
    linked(folder, [library], ["rabbit"])
    (library / "ra-2.2.0").rename(library / "ra-2.3.0")

    linked(folder, [library], ["rabbit"])

    assert (folder / "ra.beam").resolve() == (library / "ra-2.3.0/ebin/ra.beam").resolve()


def test_what_is_not_found_is_left_to_the_node(tmp_path: Path):
    assert linked(tmp_path / "modules", [tmp_path / "nowhere"], ["rabbit"]) == []


def test_every_module_is_loaded_once_in_small_groups():
    modules = [f"m{n}" for n in range(AT_ONCE + 1)]
    load = ["-s", "code", "ensure_modules_loaded"]

    assert loading(modules) == [*load, *modules[:-1], *load, modules[-1]]
    assert loading([]) == []


def test_without_erlang_its_libraries_are_looked_for_in_the_usual_place(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)

    assert erlang() == Path("/usr/lib/erlang/lib").resolve()
