"""Copies on disk: whole or refused, only for who took them, and every kind is said again."""

import importlib
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from cell.backup import restating
from cell.backup.__main__ import main
from cell.backup.archive import (
    SAID,
    Entry,
    Manifest,
    damages,
    data_path,
    documents,
    file_path,
    fingerprint,
    line,
    opened,
    read_manifest,
    write_manifest,
)
from cell.backup.filling import must_be_whole
from cell.backup.restoring import restore
from cell.backup.scope import databases, is_kept
from cell.backup.taking import take
from cell.cell import Cell
from cell.database import DATABASES
from cell.errors import CellError
from cell.steps import silent
from chassis.errors import Outage
from contracts.catalogue import SPEAKERS

MEMBERS = data_path("jejaring_members", "member")
PHOTO = file_path("photos", "visit/1?")


def quietly(_: str) -> None:
    """Nobody listens."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A small copy."""
    directory = tmp_path / "copy"
    for path, pieces in (
        (MEMBERS, [line({"_id": "ayu"}), line({"_id": "budi"})]),
        (PHOTO, [b"\n" * 5]),
        (SAID, [line({"_id": "f1"})]),
    ):
        with opened(directory / path) as file:
            file.writelines(pieces)
    entries = {path: fingerprint(directory / path) for path in (MEMBERS, PHOTO, SAID)}
    entries[PHOTO] = replace(entries[PHOTO], count=1)
    write_manifest(directory, Manifest(region="semarang", taken_at="then", entries=entries))
    return directory


def manifest_with(copy: Path, **more: object) -> None:
    """The copy's manifest, changed."""
    path = copy / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | more))


def test_a_copy_tells_what_it_holds(copy):
    manifest = read_manifest(copy)

    must_be_whole(copy, manifest)
    assert set(manifest.collections) == {("jejaring_members", "member")}
    assert manifest.words == "2 documents and 1 photos, 0.0 MB,"
    assert [one["_id"] for one in documents(copy / MEMBERS)] == ["ayu", "budi"]


@pytest.mark.parametrize("path", [MEMBERS, PHOTO, SAID])
def test_a_changed_byte_and_a_missing_file_are_found(copy, path):
    raw = bytearray((copy / path).read_bytes())
    raw[2] ^= 1
    (copy / path).write_bytes(raw)
    with pytest.raises(CellError, match="is not what was written"):
        must_be_whole(copy, read_manifest(copy))

    (copy / path).unlink()
    assert list(damages(copy, read_manifest(copy))) == [f"{path} is missing"]


def test_a_count_that_is_wrong_is_found(copy):
    manifest = read_manifest(copy)
    wrong = {**manifest.entries, MEMBERS: replace(manifest.entries[MEMBERS], count=3)}

    assert list(damages(copy, replace(manifest, entries=wrong))) == [
        f"{MEMBERS} holds 2 documents, not 3"
    ]


def test_a_copy_of_a_service_that_is_not_known_is_refused(copy):
    entry = Entry(count=0, bytes=0, sha256="")
    entries = {data_path("jejaring_knowledge", "page"): entry}

    with pytest.raises(CellError, match="does not know jejaring_knowledge"):
        must_be_whole(copy, replace(read_manifest(copy), entries=entries))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"schema": 2}, "schema 2, this release reads 1"),
        ({"entries": {"data/../etc": {"count": 0, "bytes": 0, "sha256": ""}}}, "outside of it"),
        ({"entries": {"/etc/x/passwd": {"count": 0, "bytes": 0, "sha256": ""}}}, "outside of it"),
        ({"entries": 7}, "cannot be read"),
        ({"surprise": 7}, "cannot be read"),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused(copy, more, told):
    manifest_with(copy, **more)

    with pytest.raises(CellError, match=told):
        read_manifest(copy)


def test_what_was_broken_off_is_no_copy(tmp_path):
    with pytest.raises(CellError, match="is no whole copy"):
        read_manifest(tmp_path)


def test_a_line_that_is_no_document_is_named(copy):
    with (copy / MEMBERS).open("ab") as file:
        file.write(b"{oh\n")

    with pytest.raises(CellError, match="line 3: no document"):
        list(documents(copy / MEMBERS))


def test_names_of_photos_become_names_of_files():
    assert file_path("photos", "../../a b") == "files/photos/..%2F..%2Fa%20b"


def test_what_is_copied_is_decided_by_the_databases_of_the_cell():
    known = {name for names in DATABASES.values() for name in names} | {"jejaring_audit"}

    assert set(databases()) == known
    assert not is_kept("jejaring_files", "photos.chunks")
    assert is_kept("jejaring_files", "photos.files")
    assert not is_kept("jejaring_members", "system.views")
    assert is_kept("jejaring_federation", "peer")
    assert not is_kept("jejaring_federation", "reach")


def test_every_kind_that_a_service_can_say_again_is_asked_for_and_no_other():
    asked = {(one.service, one.kind) for one in restating.questions()}
    served = {
        (speaker, kind)
        for speaker in SPEAKERS
        for kind in importlib.import_module(f"services.{speaker}.service").RESTATED
    }

    assert asked == served


@pytest.mark.parametrize("error", [LookupError('{"refusal": 1}'), Outage("away")])
def test_a_service_that_does_not_say_its_things_again_stops_the_restore(monkeypatch, error):
    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(restating.asking, "call", refuse)
    with pytest.raises(CellError, match="was not done"):
        restating.restate("amqp://", "kediri-raya", quietly)


def test_views_that_never_catch_up_stop_the_restore():
    meta = SimpleNamespace(find=lambda query: [])

    with pytest.raises(CellError, match="did not catch up"):
        restating.settled({"meta": meta}, "2026", seconds=0.0)


def test_half_restored_data_are_removed_when_it_fails(copy, tmp_path, monkeypatch):
    made = Cell(tmp_path / "cell", "semarang")

    def fail(*_, **__):
        (made.home.directory / "cell.json").write_text("{}")
        raise CellError("no mongod today")

    monkeypatch.setattr(made, "start", fail)
    with pytest.raises(CellError, match="no mongod today"):
        restore(copy, lambda manifest: made, quietly)
    left = {path.name for path in made.home.directory.iterdir()}
    assert left & {"cell.json", "restoring", "mongod", "broker"} == set()


def failed(capsys: pytest.CaptureFixture[str]) -> str:
    error = capsys.readouterr().err
    assert error.startswith("cell: ")
    assert error.count("\n") == 1
    return error


def test_verbs_say_in_one_line_what_is_missing(copy, tmp_path, capsys):
    environ = {"CELL_DIR": str(tmp_path / "none")}

    assert main(["backup"], environ) == 1
    assert "holds no cell" in failed(capsys)
    assert main(["restore", "--from", str(tmp_path / "nothing")], environ) == 1
    assert "is no whole copy" in failed(capsys)
    assert main(["restate"], {}) == 1
    assert "REGION is not set" in failed(capsys)
    assert main(["verify", "--from", str(copy)], environ) == 0
    assert "region semarang, as of then" in capsys.readouterr().out


def test_a_cell_that_does_not_run_cannot_be_copied(tmp_path, capsys):
    (tmp_path / "cell.json").write_text('{"region": "semarang", "split": true}')

    assert main(["export", "--to", str(tmp_path / "x")], {"CELL_DIR": str(tmp_path)}) == 1
    assert "does not run; its database must" in failed(capsys)


def test_a_copy_without_the_sign_in_data_is_an_export_and_says_so(tmp_path: Path):
    with pytest.raises(CellError, match=r"credentials\.json is missing.*make export"):
        take(Cell(tmp_path / "cell"), tmp_path / "copy", silent, credentials=True)
    assert not (tmp_path / "copy").exists()
