"""A cell that is copied while people work in it, and a second cell, made from the copy."""

import shutil
import threading
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from cell.backup.__main__ import main
from cell.backup.archive import data_path, documents, read_manifest
from cell.backup.copying import differences
from cell.backup.restoring import restore
from cell.backup.taking import client_of, take
from cell.cell import Cell
from cell.errors import CellError
from gateway.views import VIEWS
from tests.e2e.conftest import SETTINGS
from tests.e2e.lives import live
from tests.support.client import KOTA, Community, Person, told
from tests.support.infrastructure import until

READ_BY_ALL = {"area": "areas", "institution": "institutions", "framework": "frameworks"}
KEPT_IN = {
    **READ_BY_ALL,
    "member": "members",
    "appointment": "appointments",
    "competencies": "competencies",
}


def quietly(_: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def copied(cell, community, tmp_path_factory, outside):
    """A lived-in cell's copy, taken while schools are registered, and the cell made from it."""
    live(community)
    place = tmp_path_factory.mktemp("copies")
    phone = community.member(KOTA)
    cursor = told(phone.get("/v1/sync", limit=5), 200)["cursor"]
    stop, registered = threading.Event(), []

    def work() -> None:
        while not stop.is_set():
            registered.append(community.institution(KOTA)["id"])

    worker = threading.Thread(target=work)
    worker.start()
    try:
        take(cell, place / "copy", quietly, credentials=True)
    finally:
        stop.set()
        worker.join()
    settings = {**outside.settings, **SETTINGS}
    made = restore(
        place / "copy",
        lambda manifest: Cell(place / "cell", manifest.region, settings=settings),
        quietly,
    )
    try:
        yield SimpleNamespace(
            copy=place / "copy", cell=made, cursor=cursor, phone=phone, registered=registered
        )
    finally:
        made.stop()
        shutil.rmtree(place / "cell", ignore_errors=True)


@pytest.fixture(scope="module")
def people(copied):
    """The same people in the cell that was made."""
    people = Community(copied.cell)
    yield people
    people.close()


def emptied(outbox) -> bool:
    """Whether no fact waits to be said."""
    return outbox.find_one({"key": {"$exists": True}}) is None


def of(copied, database: str, collection: str) -> dict:
    """What the copy holds of a collection, by id."""
    path = copied.copy / data_path(database, collection)
    return {one["_id"]: one for one in documents(path)}


def test_all_that_was_decided_is_back_as_it_was(copied):
    manifest = read_manifest(copied.copy)
    aggregates = {
        "member",
        "institution",
        "event",
        "registration",
        "mentorship",
        "notice",
        "account",
    }
    with client_of(copied.cell) as client:
        wrong = [line.partition(":")[0] for line in differences(client, manifest.entries)]

    assert {path.rpartition("/")[2].removesuffix(".ndjson") for path in wrong} & aggregates == set()
    assert not [path for path in wrong if path.startswith("files/")]
    assert manifest.collections["jejaring_members", "member"].count > 10


def test_every_view_is_made_again_from_it(copied):
    for kind, view in KEPT_IN.items():
        states = of(copied, "jejaring_members", kind)
        with client_of(copied.cell) as client:
            shown = {
                one["_id"]: one["seq"] for one in client["jejaring_views"][view].find({}, ["seq"])
            }
        assert {id: shown.get(id, {}).get(kind, 0) for id in states} == {
            id: state["version"] for id, state in states.items()
        }, view
    with client_of(copied.cell) as client:
        made = {name for name in VIEWS if client["jejaring_views"][name].find_one({})}
    assert {"calendar", "agenda", "cases", "inbox", "certificates", "venues", "topics"} <= made


def test_the_copy_was_of_one_moment_though_people_worked(copied):
    """A school and the act of registering it lie in two databases, facts about both on the wire."""
    schools = of(copied, "jejaring_members", "institution")
    known = [id for id in copied.registered if id in schools]
    assert known == copied.registered[: len(known)], "a later one is there and an earlier one not"
    with client_of(copied.cell) as client:
        acts = client["jejaring_audit"]["acts"]
        told_of = until(
            lambda: (
                (
                    found := {
                        row["subject"].partition("/")[2]
                        for row in acts.find({"act": "members.register_institution"})
                    }
                )
                >= set(known)
                and found
            )
        )
    assert told_of & set(copied.registered) == set(known), "nothing of what came after the moment"


def test_a_phone_starts_over(copied, people):
    phone = Person(copied.cell.base_url, timeout=30.0)
    phone.client.headers["Authorization"] = people.officer(KOTA).client.headers["Authorization"]

    answer = told(phone.get("/v1/sync", cursor=copied.cursor), 200)

    assert answer["reset"] is True
    phone.client.close()


def test_the_first_accounts_sign_in_as_before_and_work_goes_on(copied, people, cell):
    assert copied.cell.credentials == cell.credentials
    made = people.institution(KOTA)

    assert told(people.officer(KOTA).get(f"/v1/institutions/{made['id']}"), 200)["version"] == 1


def test_photos_are_what_they_were(copied, cell):
    def photos(of_cell: Cell) -> dict:
        with client_of(of_cell) as client:
            files = client["jejaring_files"]
            return {
                head["_id"]: b"".join(
                    chunk["data"]
                    for chunk in files["photos.chunks"].find({"files_id": head["_id"]}).sort("n", 1)
                )
                for head in files["photos.files"].find({})
            }

    there = photos(cell)
    assert there
    assert photos(copied.cell) == there


def test_nothing_waits_in_an_outbox_and_no_fact_is_parked(copied):
    with client_of(copied.cell) as client:
        for name in ("members", "events", "mentoring", "notifications"):
            database = client[f"jejaring_{name}"]
            until(partial(emptied, database["outbox"]))
            assert database["parked"].find_one({}) is None


def test_a_cell_is_not_restored_over_another(copied, capsys):
    environ = {"CELL_DIR": str(copied.cell.home.directory)}

    assert main(["restore", "--from", str(copied.copy)], environ) == 1
    assert "holds a cell; restore into an empty one" in capsys.readouterr().err


def test_a_copy_says_whether_it_is_whole_and_is_not_overwritten(copied, cell, capsys):
    environ = {"CELL_DIR": str(cell.home.directory)}

    assert main(["verify", "--from", str(copied.copy)], environ) == 0
    assert "is whole" in capsys.readouterr().out
    assert main(["backup", "--to", str(copied.copy)], environ) == 1
    assert "is not empty" in capsys.readouterr().err


def test_an_export_is_the_same_without_sign_in_data(copied, cell, tmp_path: Path, capsys):
    environ = {"CELL_DIR": str(cell.home.directory)}

    assert main(["export", "--to", str(tmp_path / "export")], environ) == 0
    assert not (tmp_path / "export" / "credentials.json").exists()
    assert (copied.copy / "credentials.json").exists()
    paths = set(read_manifest(tmp_path / "export").entries)
    assert {p for p in paths if p.startswith("data/")} == {
        p for p in read_manifest(copied.copy).entries if p.startswith("data/")
    }


def test_who_reads_the_copy_is_only_who_took_it(copied):
    modes = {path.stat().st_mode & 0o077 for path in copied.copy.rglob("*") if path.is_file()}

    assert modes == {0}
    assert copied.copy.stat().st_mode & 0o077 == 0


def test_half_a_cell_does_not_start(copied, tmp_path: Path):
    half = Cell(tmp_path / "half")
    half.home.prepare()
    half.home.half_restored.touch()
    with half.started(only=("mail",)), pytest.raises(CellError, match="was broken off"):
        half.start()
