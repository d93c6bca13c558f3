"""Events as the gateway shows them: who sees what, how full, in which order."""

import pytest

from chassis.errors import Outage
from contracts.events import states
from contracts.events.commands import CancelRegistration, PlanEvent, Register
from tests.support.gateway import answered, busy, peopled
from tests.support.members import an_appointment
from tests.support.stated import a_registration, a_topic, an_event, later, seats_of


@pytest.fixture(scope="module")
def house():
    return busy()


def titles(house, query="", by=None):
    return [one["title"] for one in house.get(f"/v1/events{query}", by=by).json["items"]]


def test_an_event_says_how_full_it_is(house):
    told = house.get("/v1/events/e1").json

    assert (told["seats_left"], told["waiting"], told["confirmed"]) == (2, 3, 18)
    assert told["title"] == "Lokakarya barcode"


def test_an_event_without_limit_has_null_seats_left():
    house = peopled()
    house.put(an_event(), seats_of(capacity=None))

    assert house.get("/v1/events/e1").json["seats_left"] is None


def test_the_etag_changes_with_the_seats_and_still_names_the_version():
    house = busy()
    before = house.get("/v1/events/e1").headers["ETag"]
    house.put(later(seats_of(), confirmed=19))
    after = house.get("/v1/events/e1", by="ayu").headers["ETag"]

    assert (before, after) == ('"1-1"', '"1-2"')


@pytest.mark.parametrize(
    ("audience", "viewers"),
    [
        ("public", {None: 200, "pandu": 200, "ayu": 200, "koko": 200}),
        ("members", {None: 404, "pandu": 404, "ayu": 200, "koko": 200}),
        ("officers", {None: 404, "pandu": 404, "ayu": 404, "koko": 200}),
    ],
)
def test_an_announced_event_is_seen_by_its_audience(audience, viewers):
    house = peopled()
    house.put(an_event(audience=audience))

    seen = {viewer: house.get("/v1/events/e1", by=viewer).status_code for viewer in viewers}
    assert seen == viewers


def test_a_draft_is_its_planners_and_speakers_own():
    speaker = states.Speaker(
        id="s1",
        name="Budi",
        kind="practitioner",
        subject="Barcode",
        state="invited",
        answer_by="2026-12-01",
        member_id="budi",
    )
    house = peopled()
    house.put(an_event(state="draft", published_at=None, speakers=(speaker,)))

    seen = {by: house.get("/v1/events/e1", by=by).status_code for by in (None, "ayu", "koko")}
    assert seen == {None: 404, "ayu": 404, "koko": 200}
    assert house.get("/v1/events/e1", by="budi").status_code == 200
    assert titles(house) == []
    assert titles(house, by="officer") == ["Lokakarya barcode"]


def test_a_cohost_shows_the_event_in_its_area_only_once_it_accepted():
    asked = an_event(cohosts=(states.Cohost(area="35.06", state="invited"),))
    house = peopled()
    house.put(asked)
    assert titles(house, "?area=35.06") == []

    house.put(later(asked, cohosts=(states.Cohost(area="35.06", state="confirmed"),)))
    assert titles(house, "?area=35.06&sort=starts_at") == ["Lokakarya barcode"]


def test_the_calendar_is_cut_by_time_kind_and_words():
    house = peopled()
    house.put(
        an_event("e1", title="Satu"),
        an_event("e2", title="Dua", starts_at="2027-01-05T02:00:00.000Z", kind="clinic"),
        an_event("e3", title="Tiga", starts_at="2027-02-05T02:00:00.000Z"),
    )

    assert titles(house) == ["Satu", "Dua", "Tiga"]
    assert titles(house, "?sort=-starts_at") == ["Tiga", "Dua", "Satu"]
    assert titles(house, "?from=2027-01-01&to=2027-02-01") == ["Dua"]
    assert titles(house, "?kind=clinic") == ["Dua"]
    assert titles(house, "?q=tiga") == ["Tiga"]
    for wrong in ("besok", "2026-13-45", "2026-02-30T10:00Z", "2026-02-28T25:00Z"):
        assert house.get(f"/v1/events?from={wrong}").status_code == 400
    assert house.get("/v1/events?from=2026-02-28T10:00:00.5Z").status_code == 200


@pytest.mark.parametrize(
    "begins",
    [
        "2027-01-05T02:00:00Z",
        "2027-01-05T02:00Z",
        "2027-01-05T02:00:00.000000%2B00:00",
        "2027-01-05T09:00:00+07:00",
    ],
)
def test_an_event_begins_within_the_period_that_begins_with_it_however_that_is_spelled(begins):
    house = peopled()
    house.put(an_event("e2", title="Dua", starts_at="2027-01-05T02:00:00.000Z"))

    assert titles(house, f"?from={begins}&to=2027-02-01") == ["Dua"]
    assert titles(house, f"?from=2027-01-01&to={begins}") == []


def test_seats_that_arrive_before_their_event_show_nothing_yet():
    house = peopled()
    house.put(seats_of())

    assert house.get("/v1/events/e1", by="officer").status_code == 404
    assert titles(house, by="officer") == []


def test_what_a_command_made_is_answered_as_a_read_would_show_it():
    house = peopled()
    event, seats = an_event(state="draft", published_at=None), seats_of(confirmed=0, waiting=0)
    house.backend.replies[PlanEvent.verb] = answered(event, more=(seats,))

    body = {
        name: getattr(event, name) for name in ("title", "kind", "area", "starts_at", "ends_at")
    }
    made = house.send("POST", "/v1/events", by="koko", json=body)

    assert made.status_code == 201, made.json
    assert made.json["seats_left"] == 20
    assert made.headers["Location"] == "/v1/events/e1"
    assert house.get("/v1/events/e1", by="koko").json == made.json


def test_participants_are_listed_for_who_manages_the_event(house):
    listed = {
        by: house.get("/v1/events/e1/registrations", by=by).status_code
        for by in ("koko", "officer", "budi", "ayu", "oper")
    }
    assert listed == {"koko": 200, "officer": 200, "budi": 200, "ayu": 403, "oper": 403}
    assert house.get("/v1/events/none/registrations", by="koko").status_code == 404

    items = house.get("/v1/events/e1/registrations", by="koko").json["items"]
    assert [(one["name"], one["state"]) for one in items] == [
        ("Ayu", "confirmed"),
        ("Pandu", "waiting"),
    ]


@pytest.mark.parametrize(("area", "seen"), [("35.06", False), ("35.71", True), (None, True)])
def test_a_grant_of_another_area_shows_no_participants(area, seen):
    house = busy()
    house.put(an_event("e2", audience="officers"), a_registration("r5", "pandu", event_id="e2"))
    house.put(an_appointment("ayu", "checkin_staff", event_id="e2", area=area))

    answers = [house.get("/v1/events/e2/registrations" + one, by="ayu") for one in ("", "/r5")]
    assert [answer.status_code for answer in answers] == [200, 200] if seen else [404, 404]


def test_a_ticket_is_shown_to_its_holder_alone(house):
    path = "/v1/events/e1/registrations/r1"

    assert house.get(path, by="ayu").json["ticket"] == "ticket-of-r1"
    assert house.get(path, by="koko").json["ticket"] is None
    assert house.get(path, by="pandu").status_code == 404
    etags = {house.get(path, by=by).headers["ETag"] for by in ("ayu", "koko")}
    assert len(etags) == 2


@pytest.mark.parametrize("event", ["e2", "none", "%C2%84"])
def test_a_registration_is_found_under_its_own_event_only(house, event):
    house.put(an_event("e2"))

    assert house.get(f"/v1/events/{event}/registrations/r1", by="ayu").status_code == 404


def test_a_guest_s_ticket_is_shown_to_who_brought_him():
    house = busy()
    guest = states.Guest(name="Tamu", phone="+62812345678")
    house.put(a_registration("r9", None, guest=guest, registered_by="koko"))

    assert house.get("/v1/events/e1/registrations/r9", by="koko").json["ticket"] == "ticket-of-r9"
    assert house.get("/v1/events/e1/registrations/r9", by="officer").json["ticket"] is None


def test_the_agenda_says_when_and_where(house):
    items = house.get("/v1/me/agenda", by="ayu").json["items"]

    assert [one["registration"]["id"] for one in items] == ["r1"]
    assert items[0]["title"] == "Lokakarya barcode"
    assert items[0]["venue"]["name"] == "Aula"
    assert house.get("/v1/me/agenda", by="koko").json["items"] == []


def test_registering_answers_with_the_place_and_where_it_is():
    house = busy()
    registration = a_registration("r7", "ayu")
    house.backend.replies[Register.verb] = answered(registration, more=(later(seats_of()),))

    made = house.send("POST", "/v1/events/e1/registrations", by="ayu", json={})

    assert made.status_code == 201
    assert made.headers["Location"] == "/v1/events/e1/registrations/r7"
    assert made.json["ticket"] == "ticket-of-r7"


def test_topics_are_ordered_by_backers_and_hide_who_they_are():
    house = peopled()
    house.put(a_topic("t1"), a_topic("t2", backers=("ayu", "budi"), topic="Katalog"))

    items = house.get("/v1/event-requests", by="budi").json["items"]

    assert [(one["topic"], one["backers"], one["backed"]) for one in items] == [
        ("Katalog", 2, True),
        ("Mencetak barcode", 1, False),
    ]
    assert house.get("/v1/event-requests", by="pandu").status_code == 403
    assert house.get("/v1/event-requests").status_code == 401


def test_speakers_materials_and_minutes_are_parts_of_the_event(house):
    assert house.get("/v1/events/e1/speakers").json == {"items": [], "next": None}
    assert house.get("/v1/events/e1/materials").json["items"] == []
    assert house.get("/v1/events/e1/minutes").json == {"text": None, "waiver": None}
    assert house.get("/v1/events/none/minutes").status_code == 404


def test_an_answer_is_what_was_decided_even_where_the_views_are_behind(monkeypatch):
    house = busy()

    async def away(*_: object) -> None:
        raise Outage("database: away")

    monkeypatch.setattr(house.front.store, "apply", away)
    gone = later(a_registration("r1", "ayu"), state="cancelled", ticket=None)
    house.backend.replies[CancelRegistration.verb] = answered(gone)

    told = house.send("DELETE", "/v1/events/e1/registrations/r1", by="ayu").json

    assert (told["state"], told["version"]) == ("cancelled", gone.version)
