"""What members made: entered, shared as far as all authors agree, found, withdrawn, forgotten."""

import pytest

from tests.support.client import KOTA, Body, Community, Person, consent, problem, told

WHERE = "/v1/innovations"
OPEN = {"scope": "public", "status": "shared", "author_consent": True}


def entered(person: Person, *others: Body, **fields: object) -> Body:
    """A plug-in of the person and others."""
    authors = [{"name": "Siti Aminah", "member_id": person.id}, *others]
    body = {
        "title": "Plug-in cetak label",
        "summary": "Mencetak label punggung buku",
        "kind": "plugin",
        "origin": "group",
        "authors": authors,
        "licence": "GPL-3.0-or-later",
        "slims_versions": ["9.6.1"],
        "link": "https://example.org/label",
    }
    return person.do("POST", WHERE, {**body, **fields}, 201)


@pytest.fixture
def siti(community: Community) -> Person:
    """A librarian who has something to share."""
    return community.member(KOTA, name="Siti Aminah")


def test_it_stays_in_the_cell_until_everybody_agreed(
    community: Community, siti: Person, visitor: Person
) -> None:
    budi, pending = community.member(), community.newcomer()
    made = entered(siti, {"name": "Budi", "member_id": budi.id})
    where = f"{WHERE}/{made['id']}"
    assert (made["area"], made["scope"], made["status"]) == (KOTA, "cell", "personal")
    assert told(budi.get(where), 200) == made
    for outside in (visitor, pending):
        problem(outside.get(where), 404)
    problem(siti.command("PATCH", where, {**OPEN, "status": "personal"}), 422)
    for agreeing in (siti, budi):
        problem(siti.command("PATCH", where, OPEN), 409, "members.author_consent_needed")
        consent(agreeing, "network")
    assert siti.do("PATCH", where, {**OPEN, "scope": "network"})["scope"] == "network"
    problem(visitor.get(where), 404)
    assert told(pending.get(where), 200)["created_by"] is None
    siti.do("PATCH", where, {"scope": "public"})
    seen = told(visitor.get(where), 200)
    assert [author["name"] for author in seen["authors"]] == ["Siti Aminah", "Budi"]
    assert siti.id not in str(seen) and budi.id not in str(seen)


def test_who_takes_his_consent_back_takes_it_home_and_who_leaves_is_no_longer_named(
    community: Community, siti: Person, visitor: Person
) -> None:
    consent(siti, "network")
    made = entered(siti, {"name": "Pak Heru"}, **OPEN)
    where = f"{WHERE}/{made['id']}"
    told(visitor.get(where), 200)
    consent(siti, "network", granted=False)
    problem(visitor.get(where), 404)
    kota = community.officer(KOTA)
    assert told(kota.get(where), 200)["scope"] == "cell"
    siti.do("DELETE", "/v1/me")
    left = told(kota.get(where), 200)
    assert [author["name"] for author in left["authors"]] == ["—", "Pak Heru"]
    assert siti.id not in str(left)


def test_it_is_found_by_kind_version_and_words(siti: Person) -> None:
    made = entered(siti, title="Kamus Kosakata Terkendali", slims_versions=["8.3.1"])
    entered(siti, title="Kosakata lain", kind="tutorial", slims_versions=[])
    found = siti.all(WHERE, q="kosakata", kind="plugin", slims_version="8.3", area=KOTA)
    assert [one["id"] for one in found] == [made["id"]]
    assert siti.all(WHERE, q="kosakata", slims_version="8.4") == []
    region = made["region"]
    assert made["id"] in [one["id"] for one in siti.all(WHERE, region=region, sort="title")]


def test_it_is_kept_by_who_entered_it_and_by_coordinators(
    community: Community, siti: Person, kota: Person, kabupaten: Person
) -> None:
    made = entered(siti)
    where, other = f"{WHERE}/{made['id']}", community.member()
    for stranger in (other, kabupaten):
        problem(stranger.command("PATCH", where, {"title": "Milikku"}), 403)
        problem(stranger.command("POST", f"{where}/withdraw"), 403)
    assert kota.do("PATCH", where, {"status": "adopted"})["status"] == "adopted"
    assert siti.do("POST", f"{where}/withdraw")["withdrawn"] is True
    problem(other.get(where), 404)
    assert told(siti.get(where), 200)["version"] == 3
    problem(siti.command("PATCH", where, {"title": "Lagi"}), 409, "members.innovation_state")
    problem(community.newcomer().command("POST", WHERE, made_again(siti)), 403)


def made_again(person: Person) -> Body:
    """A body that somebody active could send."""
    author = {"name": "Siti Aminah", "member_id": person.id}
    text = {"title": "Templat", "summary": "Tampilan baru", "kind": "template"}
    return {**text, "origin": "individual", "authors": [author]}
