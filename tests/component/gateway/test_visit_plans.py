"""Planned visits in calendars, read by a parser that is not ours; and where cases are on a map."""

import pytest

from contracts.mentoring import states
from tests.component.gateway.test_calendars import DIGEST, entries
from tests.support.gateway import peopled
from tests.support.stated import a_case, a_feed, a_member, an_institution, later

FIRST, SECOND = "2026-12-10T02:00:00.000Z", "2026-12-17T02:00:00.000Z"
ACCEPTED = {"head_accepted_at": "2026-12-01T02:00:00.000Z"}
BOTH = {**ACCEPTED, "mentor_accepted_at": "2026-12-01T02:00:00.000Z"}


def planned(id="p1", at=FIRST, **more):
    return states.PlannedVisit(id=id, planned_at=at, **more)


def agreed(*visits, **more):
    given = {"version": 1, "goals": ("a",), "duties": ("b",), "consent": True, **BOTH}
    return states.Agreement(**{**given, "visits": visits or (planned(),), **more})


def told(case, who="ayu", *more):
    """The entries of a member's own calendar, by the id of the visit."""
    house = peopled()
    house.put(an_institution("i1"), a_feed(DIGEST, scope="member", member_id=who), case, *more)
    return {uid.partition("@")[0]: entry for uid, entry in entries(house)[0].items()}


def statuses(case, who="ayu", *more):
    return {id: entry.status.value for id, entry in told(case, who, *more).items()}


def test_an_accepted_plan_is_in_the_mentors_calendar():
    entry = told(a_case(agreement=agreed(), latitude=-7.8, longitude=112.0, version=4))["p1"]

    assert entry.uid.value == "p1@kediri-raya.jejaring"
    assert entry.dtstart.value.isoformat() == "2026-12-10T09:00:00+07:00"
    assert "dtend" not in entry.contents
    assert entry.summary.value == "Pendampingan: SMAN 4 Kota Kediri"
    assert entry.location.value == "SMAN 4 Kota Kediri"
    assert entry.geo.value == "-7.8;112.0"
    assert entry.sequence.value == "3"
    assert entry.status.value == "CONFIRMED"
    assert "WIB" in entry.description.value


def test_the_partner_and_whom_to_call_have_it_too_and_others_do_not():
    contact = states.Contact(name="Bu Rina", phone="+6281234567890", email="rina@example.org")
    case = a_case(agreement=agreed(), partner_id="budi", contact=contact)
    rina = a_member("rina", institution_id="i1", phone="+6281234567890")
    elsewhere = a_member("rina", institution_id="i9", phone="+6281234567890")
    colleague = a_member("guru", institution_id="i1")

    assert statuses(case, "budi") == {"p1": "CONFIRMED"}
    assert statuses(case, "rina", rina) == {"p1": "CONFIRMED"}
    assert statuses(case, "rina", elsewhere) == {}
    assert statuses(case, "guru", colleague) == {}
    assert statuses(a_case(agreement=agreed()), "guru", colleague) == {}
    assert statuses(case, "nobody") == {}


def test_a_new_version_keeps_the_uid_grows_the_sequence_and_cancels_what_it_drops():
    first = a_case(agreement=agreed(planned("p1"), planned("p2", SECOND)), version=4)
    second = later(
        first, agreement=agreed(planned("p2", SECOND), version=2, dropped=(planned("p1"),))
    )
    before, after = told(first), told(second)

    assert {id: one.status.value for id, one in after.items()} == {
        "p1": "CANCELLED",
        "p2": "CONFIRMED",
    }
    for id in ("p1", "p2"):
        assert before[id].uid.value == after[id].uid.value
        assert int(after[id].sequence.value) > int(before[id].sequence.value)


@pytest.mark.parametrize(
    ("agreement", "state", "expected"),
    [
        (None, "matched", None),
        (agreed(head_accepted_at=None), "matched", None),
        (agreed(version=2, mentor_accepted_at=None), "in_progress", "TENTATIVE"),
        (agreed(), "on_hold", "TENTATIVE"),
        (agreed(), "stopped", "CANCELLED"),
        (agreed(planned(visit_id="v1")), "closed", "CONFIRMED"),
    ],
)
def test_what_a_calendar_is_told_follows_the_case(agreement, state, expected):
    found = statuses(a_case(agreement=agreement, state=state))

    assert found == ({"p1": expected} if expected else {})


def test_a_mentor_who_left_the_case_has_nothing_of_it():
    assert statuses(a_case(agreement=agreed(), mentor_id="dedi")) == {}


# -- the map ----------------------------------------------------------------------------------


@pytest.fixture
def house():
    made = peopled()
    made.put(
        a_case(id="m1", latitude=-7.8, longitude=112.0),
        a_case(id="m2", latitude=-7.9, longitude=112.1, state="stopped", follows_id="m1"),
        a_case(id="m3"),
        a_case(id="m4", area="35.06", latitude=-7.7, longitude=112.2, follows_id="m1"),
    )
    return made


def placed(house, by, query=""):
    answer = house.get(f"/v1/mentorships/map{query}", by=by)
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.json["type"] == "FeatureCollection"
    return {one["id"]: one["geometry"]["coordinates"] for one in answer.json["features"]}


def test_the_map_shows_cases_that_one_may_know_of_where_they_are(house):
    assert placed(house, "koko") == {"m1": [112.0, -7.8], "m2": [112.1, -7.9]}
    assert placed(house, "koko", "?open=true") == {"m1": [112.0, -7.8]}
    assert placed(house, "officer").keys() == {"m1", "m2", "m4"}
    assert placed(house, "budi") == {}
    assert house.get("/v1/mentorships/map").status_code == 401


def test_a_feature_opens_its_case(house):
    (feature,) = house.get("/v1/mentorships/map?limit=1&state=stopped", by="koko").json["features"]

    assert house.get(feature["properties"]["href"], by="koko").status_code == 200
    assert "contact" not in feature["properties"]


def test_the_map_comes_in_pages(house):
    page = house.get("/v1/mentorships/map?limit=2", by="officer").json
    rest = house.get(f"/v1/mentorships/map?limit=2&cursor={page['next']}", by="officer").json

    assert len(page["features"]) == 2
    assert rest["next"] is None
    assert len(rest["features"]) == 1


def test_a_lineage_tells_the_place_of_those_only_that_one_may_know_of(house):
    items = house.get("/v1/mentorships/m1/lineage", by="koko").json["items"]

    assert {one["id"]: one["latitude"] for one in items} == {"m2": -7.9, "m4": None}
