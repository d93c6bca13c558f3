"""Who sees whom: every role against every member, in lists and one by one."""

import pytest

from chassis.schema import schema_of
from contracts.members.commands import ChangeMe
from gateway.api import me
from gateway.api.competencies import Levels
from tests.support.gateway import House, answered, peopled
from tests.support.memory import MemoryStore
from tests.support.stated import (
    a_member,
    an_appointment,
    an_area,
    competencies_of,
    consenting,
    later,
)

FULL, ENTRY = "full", "entry"


@pytest.fixture(scope="module")
def house():
    return peopled()


def sight(house, viewer, member):
    answer = house.get(f"/v1/members/{member}", by=viewer)
    if answer.status_code == 200:
        return FULL if "email" in answer.json else ENTRY
    return answer.status_code


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        ("officer", {"officer": FULL, "koko": FULL, "ayu": FULL, "budi": FULL, "pandu": FULL}),
        ("koko", {"officer": 404, "koko": FULL, "ayu": FULL, "budi": 404, "pandu": FULL}),
        ("budi", {"officer": 404, "koko": 404, "ayu": ENTRY, "budi": FULL, "pandu": 404}),
        ("pandu", {"officer": 404, "koko": 404, "ayu": 404, "budi": 404, "pandu": FULL}),
        ("oper", {"officer": 404, "koko": 404, "ayu": 404, "budi": 404, "oper": FULL}),
    ],
)
def test_one_by_one(house, viewer, seen):
    assert {member: sight(house, viewer, member) for member in seen} == seen


@pytest.mark.parametrize(
    ("viewer", "query", "listed"),
    [
        ("officer", "", {"ayu", "budi", "koko", "officer", "oper", "pandu"}),
        ("officer", "?listed=true", {"ayu"}),
        ("officer", "?state=pending", {"pandu"}),
        ("koko", "", {"ayu", "koko", "pandu"}),
        ("koko", "?area=35.71&state=active", {"ayu", "koko"}),
        ("koko", "?area=35.06", set()),
        ("koko", "?listed=true", {"ayu"}),
        ("budi", "", {"ayu"}),
        ("budi", "?q=ay", {"ayu"}),
        ("budi", "?area=35.06", set()),
        ("pandu", "", {"pandu"}),
        ("oper", "", {"oper"}),
    ],
)
def test_in_lists(house, viewer, query, listed):
    answer = house.get(f"/v1/members{query}", by=viewer)

    assert {item["id"] for item in answer.json["items"]} == listed
    assert "@" not in answer.text


def test_nobody_lists_members_without_signing_in(house):
    assert house.get("/v1/members").status_code == 401


def test_skills_are_found_by_at_least_a_level(house):
    house.put(competencies_of("ayu", 3))

    def found(query):
        answer = house.get(f"/v1/members?{query}", by="budi")
        return [item["competencies"] for item in answer.json["items"]]

    assert found("competency=ICT&level=3") == [{"ICT": 3}]
    assert found("competency=ICT&level=4") == []
    assert found("competency=ICT") == [{"ICT": 3}]
    assert house.get("/v1/members?level=3", by="budi").status_code == 400


def test_a_coordinator_looks_for_an_expert_beyond_his_areas(house):
    house.put(an_appointment("dewi", "area_coordinator", area="35.06"), a_member("dewi"))
    house.put(competencies_of("ayu", 3), competencies_of("koko", 3))

    def found(query):
        answer = house.get(f"/v1/members?{query}", by="dewi")
        return {item["id"] for item in answer.json["items"]}

    assert found("competency=ICT") == {"ayu"}
    assert found("competency=ICT&area=35.06") == set()


def test_competencies_in_full_are_for_the_member_his_coordinators_and_mentors():
    house = peopled()
    house.put(competencies_of("ayu", 2), a_member("mila"))
    house.put(an_appointment("mila", "mentor", area="35.71"))
    path = "/v1/members/ayu/competencies"

    statuses = {
        who: house.get(path, by=who).status_code
        for who in ("ayu", "koko", "officer", "mila", "budi", "oper")
    }
    assert statuses == {
        "ayu": 200,
        "koko": 200,
        "officer": 200,
        "mila": 200,
        "budi": 404,
        "oper": 404,
    }
    assert house.get("/v1/members/x%00/competencies", by="koko").status_code == 404


def test_who_was_never_rated_has_no_levels_yet():
    house = peopled()

    for who in ("koko", "officer"):
        answer = house.get("/v1/members/koko/competencies", by=who)
        assert (answer.status_code, answer.headers["etag"]) == (200, '"0"')
        assert (answer.json["version"], answer.json["ratings"]) == (0, [])
        assert schema_of(Levels)().validate(answer.json) == {}
    assert house.get("/v1/members/koko/competencies", by="budi").status_code == 404
    assert house.get("/v1/members/nobody/competencies", by="officer").status_code == 404


def test_an_entry_has_an_etag_of_both_its_parts():
    house = peopled()
    before = house.get("/v1/members/ayu", by="budi").headers["etag"]
    house.put(competencies_of("ayu", 2))

    assert (before, house.get("/v1/members/ayu", by="budi").headers["etag"]) == ('"1-0"', '"1-1"')


def test_a_member_of_whom_only_levels_are_known_is_not_there():
    house = peopled()
    house.put(competencies_of("ghost", 2))

    assert house.get("/v1/members/ghost", by="officer").status_code == 404


def test_appointments_are_for_holders_coordinators_and_officers():
    house = peopled()
    house.put(an_appointment("budi", "mentor", area="35.06"))

    def listed(who):
        items = house.get("/v1/appointments", by=who).json["items"]
        return {item["member_id"] for item in items}

    assert listed("officer") == {"officer", "koko", "oper", "budi"}
    assert listed("koko") == {"koko"}
    assert listed("budi") == {"budi"}
    assert house.get("/v1/appointments/budi-mentor", by="koko").status_code == 404
    assert house.get("/v1/appointments/budi-mentor", by="budi").status_code == 200


@pytest.mark.parametrize("state", ["suspended", "left"])
def test_who_may_not_sign_in_has_no_token(state):
    house = peopled()
    house.put(later(consenting("ayu"), state=state))

    assert house.get("/v1/me", by="ayu").status_code == 401


def test_me_is_304_until_the_profile_or_a_role_is_another():
    house = peopled()

    def again(etag):
        answer = house.get("/v1/me", by="koko", If_None_Match=etag)
        assert answer.headers["cache-control"] == "private, no-cache"
        return answer.status_code, answer.headers["etag"]

    first = again('"1"')
    assert first[0] == 200, "the profile is the same, but he holds an office"
    assert again(first[1]) == (304, first[1])
    house.put(an_appointment("koko", "mentor", area="35.71"))
    house.front.viewers.forget()
    second = again(first[1])
    assert second[0] == 200
    house.put(later(a_member("koko"), name="Koko Baru"))
    third = again(second[1])
    assert third[0] == 200
    assert len({first[1], second[1], third[1]}) == 3
    assert house.get("/v1/me", by="ayu").headers["etag"] == '"1"'


def test_the_etag_of_me_is_good_for_if_match():
    house = peopled()
    house.backend.replies[ChangeMe.verb] = answered(later(a_member("koko")))
    etag = house.get("/v1/me", by="koko").headers["etag"]

    changed = house.send("PATCH", "/v1/me", "koko", json={"language": "en"}, If_Match=etag)

    assert house.backend.asked[0].if_match == 1
    assert changed.headers["etag"] == house.get("/v1/me", by="koko").headers["etag"]


def test_me_tells_roles():
    house = peopled()
    answer = house.get("/v1/me", by="koko")

    assert answer.status_code == 200
    assert answer.json["email"] == "koko@example.org"
    assert [role["role"] for role in answer.json["roles"]] == ["member", "area_coordinator"]
    assert answer.json["roles"][1]["area"] == "35.71"


def test_the_acting_coordinator_coordinates():
    house = peopled()
    house.put(later(an_area("35.06"), acting_coordinator="ayu"))

    assert sight(house, "ayu", "budi") == FULL
    assert {"role": "area_coordinator", "area": "35.06", "acting": True} in house.get(
        "/v1/me", by="ayu"
    ).json["roles"]


def test_consents_and_export_are_ones_own():
    house = peopled()
    house.put(competencies_of("ayu", 2))
    consents = house.get("/v1/me/consents", by="ayu")
    export = house.get("/v1/me/export", by="ayu")

    assert consents.json["consents"][0]["purpose"] == "directory"
    assert "attachment" in export.headers["content-disposition"]
    assert export.json["member"]["email"] == "ayu@example.org"
    assert export.json["competencies"]["ratings"][0]["level"] == 2
    assert export.json["directory"]["name"] == "Ayu"
    assert house.get("/v1/me/export", by="budi").json["competencies"] is None


def test_who_is_on_his_way_to_the_views_is_waited_for(monkeypatch):
    house = House()
    monkeypatch.setattr(me, "PAUSES_SECONDS", (0.0, 0.0))
    looks = []

    async def get(view, id, fields=None):
        looks.append(view)
        if looks.count("members") == 3:  # his roles, one look in vain, and this one
            house.put(a_member("baru"))
        return await MemoryStore.get(house.store, view, id, fields)

    monkeypatch.setattr(house.store, "get", get)

    assert house.get("/v1/me", by="baru").json["id"] == "baru"


def test_a_token_of_somebody_the_views_do_not_know_sees_no_people(monkeypatch):
    house = House()
    monkeypatch.setattr(me, "PAUSES_SECONDS", (0.0, 0.0))

    assert house.get("/v1/me", by="stranger").status_code == 404
    assert house.get("/v1/members", by="stranger").json["items"] == []


def test_roles_end_with_their_term_and_begin_on_their_day():
    house = peopled()
    house.put(an_appointment("budi", "secretary", ends_on="2021-01-01"))
    house.put(an_appointment("budi", "treasurer", starts_on="2999-01-01"))

    assert house.get("/v1/me", by="budi").json["roles"] == [{"role": "member"}]
