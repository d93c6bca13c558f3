"""A copy from inside a cluster: an environment, a real broker and a real database."""

import pytest

from cell.backup import inside
from cell.backup.archive import MANIFEST, read_manifest

pytestmark = pytest.mark.cell


@pytest.fixture
def environment(stage, monkeypatch):
    stage.settings = {"RELEASE": "0.2.0"}
    for name, value in stage.environment().items():
        monkeypatch.setenv(name, value)
    return stage


def test_a_copy_is_whole_and_says_what_it_is_of(environment, tmp_path, capsys):
    assert inside.main(["--to", str(tmp_path)]) == 0

    (directory,) = tmp_path.iterdir()
    manifest = read_manifest(directory)
    assert (manifest.region, manifest.release) == (environment.name, "0.2.0")
    assert f"{directory} is whole" in capsys.readouterr().out


def test_the_oldest_copies_go_and_what_was_broken_off(tmp_path):
    for day in ("01", "02", "03"):
        (tmp_path / f"uji-202611{day}T020000Z").mkdir()
        (tmp_path / f"uji-202611{day}T020000Z" / MANIFEST).touch()
    (tmp_path / "uji-20261104T020000Z").mkdir()
    (tmp_path / "other-20261101T020000Z").mkdir()

    gone = inside.forget(tmp_path, "uji", keep=2)

    assert [path.name for path in gone] == ["uji-20261101T020000Z", "uji-20261104T020000Z"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "other-20261101T020000Z",
        "uji-20261102T020000Z",
        "uji-20261103T020000Z",
    ]


def test_what_is_missing_is_said(environment, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(inside, "CONNECT_MS", 200)
    monkeypatch.setenv("MONGO_URI", "mongodb://127.0.0.1:1/")

    assert inside.main(["--to", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("cell: ServerSelectionTimeoutError")
