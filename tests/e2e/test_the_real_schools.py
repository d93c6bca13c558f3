"""The region's 4,351 real schools, with all their dirt, and how they were called over the years."""

import csv
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from cell.cell import Cell
from tests.support.client import Body, Person, Phone, differing_from, told

DATA = Path(__file__).parents[3] / "shared" / "data"
SCHOOLS, CHANGES = DATA / "schools_kediri_raya.csv", DATA / "school_changes.csv"
IMPORTS = "/v1/institutions/imports"
SECONDS = 60.0

pytestmark = pytest.mark.skipif(
    not SCHOOLS.exists(), reason="../shared/data is not beside the project: no real schools here"
)


def load(coordinator: Person, content: bytes) -> Body:
    """The report of a load, and how long it took."""
    began = time.monotonic()
    answer = coordinator.client.post(
        IMPORTS, content=content, headers={"Content-Type": "text/csv"}, timeout=120
    )
    return {**told(answer, 200), "seconds": time.monotonic() - began}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """The file's rows."""
    with SCHOOLS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def coordinator(cell: Cell) -> Iterator[Person]:
    """The region's coordinator, patient."""
    with Person(cell.base_url, timeout=120) as person:
        yield person.sign_in(**cell.credentials["coordinator"])


@pytest.fixture(scope="module")
def report(coordinator: Person) -> Body:
    """What became of the whole file."""
    return load(coordinator, SCHOOLS.read_bytes())


def test_every_row_ends_as_something_within_a_minute(
    report: Body, rows: list[dict[str, str]]
) -> None:
    assert len(rows) == 4351
    assert sum(report["counts"].values()) == len(rows)
    assert report["seconds"] < SECONDS
    refused = [line for line in report["lines"] if line["outcome"] == "refused"]
    assert len(refused) == report["counts"]["refused"]
    assert all(line["code"] and line["message"] and line["line"] > 1 for line in refused)
    assert report["counts"]["refused"] <= 0.01 * len(rows), Counter(
        (line["column"], line["code"]) for line in refused
    )


def test_the_register_holds_each_school_that_was_not_refused_once(
    report: Body, coordinator: Person, rows: list[dict[str, str]]
) -> None:
    refused = {line["line"] for line in report["lines"] if line["outcome"] == "refused"}
    wanted = {row["npsn"]: row for number, row in enumerate(rows, start=2) if number not in refused}
    held = [one for one in coordinator.all("/v1/institutions") if one["npsn"] in wanted]
    assert Counter(one["npsn"] for one in held) == Counter(wanted.keys())
    names = {one["npsn"]: (one["name"], one["area"]) for one in held}
    assert names == {
        number: (" ".join(row["name"].split()), row["regency_code"])
        for number, row in wanted.items()
    }


def test_a_second_load_changes_nothing(
    report: Body, coordinator: Person, rows: list[dict[str, str]], databases: Body
) -> None:
    before = versions(databases)
    again = load(coordinator, SCHOOLS.read_bytes())
    taken = len(rows) - report["counts"]["refused"]
    assert again["counts"] == {**report["counts"], "created": 0, "updated": 0, "unchanged": taken}
    assert versions(databases) == before
    assert again["seconds"] < SECONDS


def versions(databases: Body) -> dict[str, int]:
    """All institutions of the service with their versions."""
    return {d["_id"]: d["version"] for d in databases["members"]["institution"].find()}


def test_a_phone_gets_the_whole_register(
    report: Body, coordinator: Person, databases: Body
) -> None:
    decided = versions(databases)
    phone = Phone(coordinator)
    until = time.monotonic() + 20
    while held(phone) != decided and time.monotonic() < until:
        phone.sync()
    assert differing_from(held(phone), decided) == {}


def held(phone: Phone) -> dict[str, int]:
    """The institutions of a phone with their versions."""
    return {id: one["version"] for (kind, id), one in phone.held.items() if kind == "institution"}


def renamed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows with the name that a later survey found."""
    by_number = {row["npsn"]: row for row in rows}
    found = []
    with CHANGES.open(encoding="utf-8", newline="") as file:
        for change in csv.DictReader(file):
            row = by_number.get(change["npsn"])
            latest = change["name_2025_01"] or change["name_2021_04"]
            if row and change["change"] == "renamed" and latest and latest != row["name"]:
                found.append({**row, "name": latest})
    return found


def test_schools_that_were_renamed_are_updated_by_their_number(
    report: Body, coordinator: Person, rows: list[dict[str, str]], tmp_path: Path
) -> None:
    later = renamed(rows) or [{**row, "name": f"{row['name']} BARU"} for row in rows[:5]]
    file = tmp_path / "later.csv"
    with file.open("w", newline="") as target:
        writer = csv.DictWriter(target, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(later)
    known = {one["npsn"]: one for one in coordinator.all("/v1/institutions") if one["npsn"]}
    told_of = load(coordinator, file.read_bytes())
    assert told_of["counts"] == {"created": 0, "updated": len(later), "unchanged": 0, "refused": 0}
    for row in later:
        (one,) = coordinator.all("/v1/institutions", npsn=row["npsn"])
        before = known[row["npsn"]]
        assert (one["id"], one["name"]) == (before["id"], row["name"])
        assert one["version"] == before["version"] + 1


def test_a_school_is_found_among_thousands_by_its_words(
    report: Body, coordinator: Person, rows: list[dict[str, str]]
) -> None:
    for text in ("sman 1 kediri", "smp negeri 1 pare", "sd blitar"):
        found = coordinator.all("/v1/institutions", q=text)
        assert found, text
        assert len(found) < len(rows) / 2
