"""Lists: pages that miss and repeat nothing, filters, order and search."""

from typing import Any

import pytest

from tests.support.client import KABUPATEN, KOTA, Community, Person, problem, told

LISTS = "/v1/institutions"
NAMES = (
    "SMA NEGERI 1 UJI KEDIRI",
    "SMA NEGERI 2 UJI KEDIRI",
    "SMAN 1 UJI PARE",
    "SMP Ṣ́anjaya Uji",
    "SD uji abjad",
    "SD Uji Abjad",
)


@pytest.fixture(scope="module")
def known(community: Community) -> list[str]:
    """Institutions of a few areas, kinds and spellings; many with one and the same name."""
    made = [
        community.institution(KOTA, name=name, level=name.split()[0][:3].strip("N"))
        for name in NAMES
        if name[:2] != "SD"
    ]
    made += [community.institution(KOTA, name=name) for name in NAMES if name[:2] == "SD"]
    made += [community.institution(KABUPATEN, name="SD Uji Kembar") for _ in range(45)]
    return [one["id"] for one in made]


@pytest.mark.parametrize("sort", ["name", "-name", "updated_at", "-updated_at"])
@pytest.mark.parametrize("limit", [1, 7, 20])
def test_paging_gives_every_item_exactly_once_and_in_order(
    known: list[str], visitor: Person, sort: str, limit: int
) -> None:
    query: dict[str, Any] = {"sort": sort, "area": KABUPATEN}
    whole = [one["id"] for one in visitor.all(LISTS, **query)]
    paged = [one["id"] for one in visitor.all(LISTS, **query, limit=limit)]
    assert paged == whole
    assert len(set(paged)) == len(paged) >= 45


def test_descending_is_ascending_turned_round(known: list[str], visitor: Person) -> None:
    for sort in ("name", "updated_at"):
        up = [one["id"] for one in visitor.all(LISTS, sort=sort)]
        assert [one["id"] for one in visitor.all(LISTS, sort=f"-{sort}")] == up[::-1]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 101},
        {"limit": -1},
        {"limit": "banyak"},
        {"limit": 10**9},
        {"cursor": "buatan"},
        {"cursor": "../../etc"},
        {"sort": "password"},
        {"kind": "castle"},
        {"area": {"$ne": "x"}},
        {"area[$ne]": "x"},
        {"umur": "3"},
        {"q": "x" * 2000},
        {"q": "a\0b"},
    ],
)
def test_a_query_that_makes_no_sense_is_malformed(visitor: Person, query: Any) -> None:
    problem(visitor.get(LISTS, **query), 400)


def test_a_parameter_given_twice_is_malformed(visitor: Person) -> None:
    problem(visitor.get(f"{LISTS}?area=35.71&area=35.06"), 400, "request.malformed")


def test_a_cursor_goes_with_its_order(known: list[str], visitor: Person) -> None:
    page = told(visitor.get(LISTS, limit=1), 200)
    problem(visitor.get(LISTS, sort="-name", cursor=page["next"]), 400, "request.cursor")


def test_filters_narrow_down_together(known: list[str], visitor: Person) -> None:
    found = visitor.all(LISTS, area=KOTA, level="SMA", kind="school")
    assert {one["name"] for one in found} >= set(NAMES[:2])
    assert all((one["area"], one["level"]) == (KOTA, "SMA") for one in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sman 1 uji", {NAMES[0], NAMES[2]}),
        ("SMA Negeri 1 uji", {NAMES[0], NAMES[2]}),
        ("kediri uji 2", {NAMES[1]}),
        ("sanj uji", {NAMES[3]}),
        ("abj", {NAMES[4], NAMES[5]}),
        ("uji tidak ada", set()),
        ("$where", set()),
        (".*", set()),
    ],
)
def test_words_of_a_name_find_it_in_any_order_and_spelling(
    known: list[str], visitor: Person, text: str, expected: set[str]
) -> None:
    found = {one["name"] for one in visitor.all(LISTS, q=text) if one["id"] in known}
    assert found == expected


def test_a_list_that_did_not_change_is_304(known: list[str], visitor: Person, kota: Person) -> None:
    for reader in (visitor, kota):
        etag = reader.get(LISTS, area=KOTA).headers["ETag"]
        again = reader.get(LISTS, area=KOTA, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")


def test_reads_say_how_fresh_they_are(visitor: Person) -> None:
    for path in (LISTS, "/v1/areas", "/v1/region", "/v1/sync"):
        assert float(visitor.get(path).headers["X-View-Lag-Seconds"]) < 5


def test_the_directory_is_searched_by_name(community: Community) -> None:
    person = community.listed(name="Endang Sri Wahyuni")
    reader = community.member(KABUPATEN)
    for text in ("endang", "wahyuni sri", "ENDANG S"):
        found = reader.all("/v1/members", q=text, listed="true")
        assert [one["id"] for one in found] == [person.id]
