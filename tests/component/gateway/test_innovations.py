"""Innovations as the gateway shows them: as far as their scope says, ids only inside."""

from typing import Any

import pytest

from contracts.members import states
from contracts.members.commands import RegisterInnovation, WithdrawInnovation
from contracts.types import UNSET
from tests.support.gateway import House, answered, peopled
from tests.support.stated import ABROAD, a_hidden, an_innovation, later

WHERE = "/v1/innovations"


@pytest.fixture
def house() -> House:
    return peopled()


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json
    return sorted(item["id"] for item in answer.json["items"])


def test_scope_says_who_sees_it(house: House) -> None:
    house.put(*(an_innovation(scope, scope=scope) for scope in states.SCOPES))

    assert ids(house.get(WHERE)) == ["public"]
    assert ids(house.get(WHERE, by="pandu")) == ["network", "public"]
    assert ids(house.get(WHERE, by="oper")) == ["network", "public"]
    for somebody in ("ayu", "budi", "koko"):
        assert ids(house.get(WHERE, by=somebody)) == sorted(states.SCOPES)
    assert house.get(f"{WHERE}/cell").status_code == 404
    assert house.get(f"{WHERE}/cell", by="pandu").status_code == 404
    assert house.get(f"{WHERE}/public").json["title"] == "Plug-in label"


def test_ids_of_members_are_for_those_inside(house: House) -> None:
    house.put(an_innovation(scope="public"))

    outside, inside = house.get(f"{WHERE}/i1"), house.get(f"{WHERE}/i1", by="budi")

    assert outside.json["authors"] == [{"name": "Siti", "member_id": None}]
    assert "ayu" not in outside.text
    assert (inside.json["authors"][0]["member_id"], inside.json["created_by"]) == ("ayu", "ayu")
    assert (outside.headers["ETag"], inside.headers["ETag"]) == ('"1-0"', '"1"')
    assert house.get(WHERE).json["items"] == [outside.json]


def test_what_was_withdrawn_is_there_for_who_keeps_it(house: House) -> None:
    house.put(later(an_innovation(scope="public"), withdrawn=True))

    for keeper in ("ayu", "koko", "officer"):
        assert ids(house.get(WHERE, by=keeper)) == ["i1"]
    for other in (None, "budi", "pandu"):
        assert ids(house.get(WHERE, by=other)) == []
    assert ids(house.get(f"{WHERE}?withdrawn=false", by="ayu")) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=tutorial", ["i2"]),
        ("area=35.06", ["i2"]),
        ("region=semarang", ["i3"]),
        ("slims_version=9", ["i1", "i2"]),
        ("slims_version=9.6", ["i1"]),
        ("slims_version=9.6.2", []),
        ("status=upstreamed", ["i3"]),
        ("q=label+cetak", []),
        ("q=mencetak+label", ["i1", "i3"]),
        ("q=heru", ["i2"]),
    ],
)
def test_it_is_found_by_kind_place_version_status_and_words(
    house: House, query: str, found: list[str]
) -> None:
    house.put(
        an_innovation(),
        an_innovation(
            "i2",
            title="Katalog untuk pemula",
            summary="Langkah demi langkah",
            kind="tutorial",
            area="35.06",
            slims_versions=("9.4", "8"),
            authors=(states.Author(name="Heru"),),
        ),
        an_innovation("i3", slims_versions=(), status="upstreamed", **ABROAD),
    )

    assert ids(house.get(f"{WHERE}?{query}", by="budi")) == found


def test_lists_are_ordered_by_title_or_by_time(house: House) -> None:
    house.put(an_innovation("i1", title="Zebra"), an_innovation("i2", title="abjad"))

    listed = house.get(f"{WHERE}?sort=title", by="ayu").json["items"]

    assert [item["title"] for item in listed] == ["abjad", "Zebra"]


def test_one_of_another_region_is_marked_with_its_home(house: House) -> None:
    house.put(an_innovation(**ABROAD))

    told = house.get(f"{WHERE}/i1", by="pandu").json

    assert (told["region"], told["home"]) == ("semarang", "Semarang")
    assert house.get(f"{WHERE}/i1").status_code == 404
    house.put(later(an_innovation(**ABROAD), withdrawn=True))
    for somebody in ("pandu", "koko", "officer"):
        assert house.get(f"{WHERE}/i1", by=somebody).status_code == 404


def test_a_page_for_everybody_is_kept_until_it_changes(house: House) -> None:
    first = an_innovation(scope="public")
    house.put(first)
    assert ids(house.get(WHERE)) == ["i1"]

    done = answered(later(first, withdrawn=True))
    house.backend.replies[WithdrawInnovation.verb] = done
    assert house.send("POST", f"{WHERE}/i1/withdraw", by="ayu").status_code == 200

    assert ids(house.get(WHERE)) == []


def test_what_is_entered_is_answered_whole_with_its_place(house: House) -> None:
    house.backend.replies[RegisterInnovation.verb] = answered(an_innovation())
    body = {
        "title": "Plug-in label",
        "summary": "Mencetak",
        "kind": "plugin",
        "origin": "individual",
        "authors": [{"name": "Siti", "member_id": "ayu"}],
    }

    answer = house.send("POST", WHERE, by="ayu", json=body)

    assert (answer.status_code, answer.headers["Location"]) == (201, f"{WHERE}/i1")
    assert answer.json["authors"][0]["member_id"] == "ayu"
    assert answer.json == house.get(f"{WHERE}/i1", by="ayu").json


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "novel"},
        {"link": "javascript:alert(1)"},
        {"slims_versions": ["nine"]},
        {"licence": "GPL 3"},
        {"authors": [{"name": " "}]},
        {"authors": [{"name": "A"}] * 21},
        {"scope": "world"},
    ],
)
def test_what_cannot_be_is_refused_before_anybody_is_asked(
    house: House, wrong: dict[str, Any]
) -> None:
    body = {
        "title": "T",
        "summary": "S",
        "kind": "plugin",
        "origin": "group",
        "authors": [{"name": "A"}],
    }

    assert house.send("POST", WHERE, by="ayu", json={**body, **wrong}).status_code == 422
    assert house.backend.asked == []


def test_what_officers_hide_is_shown_to_nobody_until_it_is_shown_again(house: House) -> None:
    house.put(an_innovation(**ABROAD), a_hidden())

    assert ids(house.get(WHERE, by="ayu")) == []
    assert house.get(f"{WHERE}/i1", by="ayu").status_code == 404
    assert house.store.views["calendar"] == {}
    house.put(later(a_hidden(), hidden=False))
    assert ids(house.get(WHERE, by="ayu")) == ["i1"]


def test_a_hidden_event_is_nothing_to_innovations(house: House) -> None:
    house.put(a_hidden(kind=UNSET))

    assert house.store.views["innovations"] == {}
    assert house.store.views["calendar"]["i1"]["hidden"] is True


def test_what_one_made_is_in_ones_export(house: House) -> None:
    budi = (states.Author(name="Budi", member_id="budi"),)
    house.put(an_innovation("i1"), an_innovation("i2", authors=budi, withdrawn=True))
    house.put(an_innovation("i3", authors=budi, created_by="koko"))

    def made(by: str) -> list[str]:
        told = house.get("/v1/me/export", by=by).json["innovations"]
        return sorted(one["id"] for one in told)

    assert (made("ayu"), made("budi"), made("koko")) == (["i1", "i2"], ["i2", "i3"], ["i3"])
