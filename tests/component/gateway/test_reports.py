"""Reports: every number opens the list of exactly what it counts, and tells of nobody."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest

from chassis import clock
from contracts.codec import decode
from contracts.events.states import AwayRegistration, Cohost, Feedback, Guest, NamedProblem
from contracts.mentoring import states
from contracts.publish.released import sample
from gateway import exports
from gateway.reports.words import WORDS
from tests.support.gateway import peopled
from tests.support.stated import (
    BASE,
    a_case,
    a_member,
    a_registration,
    a_visit,
    an_area,
    an_event,
    an_issue,
    competencies_of,
)

NAMES = ("activity", "attendance", "competency", "mentoring", "dashboard")
TODAY = date.fromisoformat(clock.today("Asia/Jakarta"))
DAY = timedelta(days=1)
AWAY = "away_registration"


def instant(days):
    return f"{(TODAY - days * DAY).isoformat()}T02:00:00.000Z"


def a_follow_up(id, **more):
    given = {"mentorship_id": "m1", "area": "35.71", "day": 180, "state": "planned"}
    due = {"due_on": (TODAY - DAY).isoformat()}
    return states.FollowUp(**{**BASE, "id": id, **given, **due, **more})


def an_age(id, days, **more):
    made = {"created_at": instant(days), "updated_at": instant(days)}
    return a_case(id=id, **{**made, **more})


@pytest.fixture(scope="module")
def house():
    made = peopled()
    crowd = [a_member(f"w{n}", education="library_degree") for n in range(6)]
    few = [a_member(f"x{n}", education="other_degree") for n in range(3)]
    elsewhere = [a_member(f"y{n}", area="35.06") for n in range(7)]
    made.put(an_area("35.18"), *crowd, *few, *elsewhere)
    made.put(*(competencies_of(f"w{n}", 2 if n < 5 else 4) for n in range(6)))
    made.put(*(competencies_of(f"y{n}", 3) for n in range(7)))
    made.put(*(an_age(f"m{n}", days) for n, days in enumerate((0, 29, 30, 89, 90, 179, 180, 300))))
    made.put(
        an_age("m8", 3, state="stopped"),
        an_age("m9", 3, area="35.06", stage="agreement", state="agreed"),
    )
    made.put(
        a_visit(started_at=instant(5), ended_at=instant(5)),
        an_issue("f1", created_at=instant(2)),
        an_issue("f2", created_at=instant(2), state="solved", code="MYSQL8"),
        an_issue("f3", created_at=instant(2), area="35.06"),
    )
    made.put(
        a_follow_up("u1", state="done", running=True),
        a_follow_up("u2", state="done", running=True),
        a_follow_up("u3", state="done", running=False),
        a_follow_up("u4", state="withdrawn"),
        a_follow_up("u5", state="due"),
        a_follow_up("u6", due_on=(TODAY + 100 * DAY).isoformat()),
        a_follow_up("u7", day=90, state="done", running=True),
        a_follow_up("u8", area="35.06", state="done", running=False),
    )
    made.put(
        an_event("e1", state="closed", starts_at=instant(10), ends_at=instant(10)),
        an_event("e2", starts_at=instant(20), ends_at=instant(20), kind="seminar"),
        an_event("e3", area="35.06", starts_at=instant(200), ends_at=instant(200)),
        *(a_registration(f"r{n}", event_id="e1", state="attended") for n in range(4)),
        a_registration("r9", event_id="e1", state="no_show"),
        a_registration("r10", event_id="e3", area="35.06"),
    )
    return made


def numbers(house, name, by="officer", query=""):
    answer = house.get(f"/v1/reports/{name}{query}", by=by)
    assert answer.status_code == 200, answer.text
    return answer.json["numbers"]


def counted(house, href, by):
    answer = house.get(f"{href}&limit=100", by=by)
    assert answer.status_code == 200, (href, answer.text)
    assert answer.json["next"] is None
    return len(answer.json["items"])


def values(found, section, *by):
    return {
        (one["area"], *(one["group"][name] for name in by)): one["value"]
        for one in found
        if one["section"] == section
    }


@pytest.mark.parametrize("by", ["officer", "koko"])
@pytest.mark.parametrize("name", NAMES)
def test_every_number_opens_the_list_of_exactly_what_it_counts(house, name, by):
    found = numbers(house, name, by)

    assert found
    for one in found:
        if one["hidden"]:
            assert (one["value"], one["href"]) == (None, None)
            continue
        told = counted(house, one["href"], by)
        if one["unit"] == "percent":
            told = round(100 * told / counted(house, one["of"], by), 1)
        assert one["value"] == told, one


@pytest.mark.parametrize("name", NAMES)
def test_a_coordinator_sees_numbers_of_her_areas_only(house, name):
    assert {one["area"] for one in numbers(house, name, "koko")} <= {"35.71"}
    assert house.get(f"/v1/reports/{name}?area=35.06", by="koko").status_code == 403
    for nobody in ("ayu", "pandu", "oper"):
        assert house.get(f"/v1/reports/{name}", by=nobody).status_code == 403
    assert house.get(f"/v1/reports/{name}").status_code == 401


def test_open_cases_are_told_by_stage_and_age(house):
    found = numbers(house, "dashboard")

    assert values(found, "open_cases_by_stage", "stage") == {
        ("35.06", "agreement"): 1,
        ("35.71", "installation"): 8,
    }
    assert values(found, "open_cases_by_age", "days") == {
        ("35.06", "0-29"): 1,
        ("35.71", "0-29"): 2,
        ("35.71", "30-89"): 2,
        ("35.71", "90-179"): 2,
        ("35.71", "180+"): 2,
    }


def test_the_share_that_still_runs_leaves_out_who_has_not_answered(house):
    found = numbers(house, "mentoring")

    assert values(found, "running_at_180") == {("35.71",): 50.0, ("35.06",): 0.0}
    outcomes = values(found, "follow_ups", "day", "outcome")
    assert outcomes["35.71", "180", "waiting"] == 1
    assert outcomes["35.71", "90", "running"] == 1


def test_an_area_without_event_and_visit_is_dormant(house):
    quiet = values(numbers(house, "dashboard"), "dormant_areas")

    assert quiet == {("35.06",): 0, ("35.18",): 0}
    longer = values(numbers(house, "dashboard", query="?idle_days=300"), "dormant_areas")
    assert longer == {("35.18",): 0}


def test_an_areas_members_are_told_by_background_and_few_are_hidden(house):
    told = values(numbers(house, "dashboard", "koko"), "members", "education")

    assert told["35.71", "library_degree"] == 6
    assert told["35.71", "other_degree"] is None


def test_a_difference_of_two_numbers_tells_of_nobody_either(house):
    told = values(numbers(house, "competency"), "competencies", "competency", "level")

    assert told["35.71", "ICT", "1"] == told["35.71", "ICT", "2"] == 6
    assert told["35.71", "ICT", "3"] is None and told["35.71", "ICT", "4"] is None
    assert told["35.06", "ICT", "3"] == 7
    assert ("35.06", "ICT", "4") not in told


def test_competencies_are_of_those_who_were_rated_in_the_time(house):
    assert numbers(house, "competency", query="?to=2020-01-01") == []


def test_attendance_is_told_by_event(house):
    told = values(numbers(house, "attendance"), "attendance", "state")

    assert told == {("35.71", "attended"): 4, ("35.71", "no_show"): 1, ("35.06", "confirmed"): 1}


def test_attendance_is_credited_to_each_host_and_counted_once():
    house, cohost = peopled(), Cohost(area="35.06", state="confirmed")
    days = {"starts_at": instant(5), "ends_at": instant(5)}
    house.put(
        an_area("35.06"),
        an_event("e1", state="closed", cohosts=(cohost,), **days),
        *(a_registration(f"r{n}", event_id="e1", state="attended") for n in range(4)),
        an_event("e2", area="35.06", state="closed", cohosts=(replace(cohost, area="35.71"),)),
        an_event("e3", area="35.06", cohosts=(replace(cohost, area="35.71"),), **days),
        a_registration("r9", event_id="e3", area="35.06", state="no_show"),
    )
    region, hers = numbers(house, "attendance"), numbers(house, "attendance", "koko")

    assert values(region, "attendance", "state") == {
        ("35.71", "attended"): 4,
        ("35.06", "no_show"): 1,
    }
    assert values(region, "attendance_as_cohost", "state") == {
        ("35.06", "attended"): 4,
        ("35.71", "no_show"): 1,
    }
    assert values(hers, "attendance_as_cohost", "state") == {("35.71", "no_show"): 1}
    assert [one["href"] for one in hers if one["section"] == "attendance_as_cohost"] == [None]


@pytest.mark.parametrize("name", ["activity", "attendance", "dashboard"])
def test_events_of_other_regions_are_in_no_report(name):
    told = {"region": "semarang", "home": "Semarang", "scope": "public", "state": "closed"}
    days = {"starts_at": instant(5), "ends_at": instant(5)}
    registered = a_registration("r1", event_id="e1", created_at=instant(4))
    ours = an_event("e1", starts_at=instant(200), ends_at=instant(200))
    alone, beside = peopled(), peopled()
    alone.put(ours, registered)
    beside.put(ours, registered)
    away = decode(AwayRegistration, sample("events.away_registration_asked.v1")["data"][AWAY])
    beside.put(an_event("jauh", **told, **days), replace(away, event_id="jauh"))

    found = numbers(beside, name)

    assert found == numbers(alone, name)
    assert found


def test_too_many_events_are_refused_rather_than_left_out(house, monkeypatch):
    monkeypatch.setattr("gateway.reports.gatherings.MOST_EVENTS", 1)

    answer = house.get("/v1/reports/attendance", by="officer")
    assert answer.status_code == 400


def test_a_time_narrows_a_report(house):
    found = numbers(house, "activity", query=f"?from={TODAY - 12 * DAY}&to={TODAY}&area=35.71")

    assert values(found, "events", "kind", "state") == {("35.71", "workshop", "closed"): 1}


@pytest.mark.parametrize("midnight", ["", "T00:00:00Z", "T00:00:00%2B07:00"])
def test_what_is_due_on_a_day_is_within_that_day(house, midnight):
    def due(since, until):
        span = f"from={since}{midnight}&to={until}{midnight}&limit=100"
        return len(house.get(f"/v1/mentoring-follow-ups?{span}", by="officer").json["items"])

    assert due(TODAY - DAY, TODAY) == 7
    assert due(TODAY - 2 * DAY, TODAY - DAY) == due(TODAY, TODAY + DAY) == 0


def test_a_report_of_instants_counts_what_is_due_on_its_days(house):
    query = f"?from={TODAY - DAY}T00:00:00Z&to={TODAY}T00:00:00Z"
    told = [
        one for one in numbers(house, "mentoring", query=query) if one["section"] == "follow_ups"
    ]

    assert sum(one["value"] for one in told) == 7
    assert [counted(house, one["href"], "officer") for one in told] == [
        one["value"] for one in told
    ]


def test_a_spreadsheet_has_a_mark_and_titles_in_the_reader_s_language(house):
    def sheet(**more):
        answer = house.get("/v1/reports/mentoring?format=csv", by="koko", **more)
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "mentoring.csv" in answer.headers["content-disposition"]
        assert answer.content.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))

    rows = sheet()
    told = numbers(house, "mentoring", "koko")
    assert len(rows) == len(told)
    assert {row["Bagian"] for row in rows} >= {"Kasus pendampingan", "Gangguan"}
    assert sorted(float(row["Nilai"]) for row in rows) == sorted(one["value"] for one in told)
    assert all(row["Daftar"].startswith("http://gateway.test/v1/") for row in rows)
    assert {row["Section"] for row in sheet(Accept_Language="en")} >= {"Mentoring cases"}


def test_a_hidden_number_stays_hidden_in_a_spreadsheet(house):
    answer = house.get("/v1/reports/competency?format=csv", by="koko").content.decode("utf-8-sig")

    assert "kurang dari 5" in answer


def test_an_unchanged_report_is_not_sent_again(house):
    etag = house.get("/v1/reports/activity", by="koko").headers["ETag"]

    answer = house.get("/v1/reports/activity", by="koko", If_None_Match=etag)
    assert answer.status_code == 304


def test_whatever_groups_hold_has_a_word():
    every = {*states.STATES, *states.STAGES, *states.ISSUE_STATES}
    assert every <= WORDS.keys()


# -- lists as spreadsheets --------------------------------------------------------------------


def table(house, path, by="koko", **more):
    sign = "&" if "?" in path else "?"
    answer = house.get(f"{path}{sign}format=csv", by=by, **more)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_a_list_as_a_spreadsheet_is_all_of_it_in_its_order(house, monkeypatch):
    monkeypatch.setattr("gateway.listing.EXPORTED_AT_ONCE", 3)
    rows = table(house, "/v1/mentorships?limit=1")
    items = house.get("/v1/mentorships?limit=100", by="koko").json["items"]

    assert [row["ID"] for row in rows] == [one["id"] for one in items]
    assert len(rows) == 9
    assert rows[0]["Lembaga"] == "SMAN 4 Kota Kediri"


@pytest.mark.parametrize("path", ["visits", "issues", "follow-ups"])
def test_what_belongs_to_a_case_is_a_spreadsheet_for_who_knows_of_it(house, path):
    assert table(house, f"/v1/mentorships/m1/{path}")
    assert house.get(f"/v1/mentorships/m1/{path}?format=csv", by="budi").status_code == 404


@pytest.mark.parametrize("path", ["visits", "issues", "follow-ups"])
def test_what_belongs_to_the_cases_of_an_area_is_for_its_coordinators(house, path):
    officer, koko = (table(house, f"/v1/mentoring-{path}", by) for by in ("officer", "koko"))

    assert {row["Wilayah"] for row in koko} == {"35.71"}
    assert len(officer) >= len(koko)
    assert house.get(f"/v1/mentoring-{path}", by="ayu").status_code == 403


@pytest.mark.parametrize("path", ["/v1/events/e1/registrations", "/v1/registrations"])
def test_who_comes_and_what_he_answered_is_a_spreadsheet_for_who_manages_the_event(path):
    house, guest = peopled(), Guest(name="Tamu", phone="+6281234567890")
    answers = {"laptop": True, "ukuran": "L", "anak": 2.0, "nip": 19750101.0, "kg": 0.1}
    house.put(
        an_event(),
        a_registration("r1", answers=answers, state="attended", checked_in="scan"),
        a_registration("r2", None, guest=guest, registered_by="koko", created_at=instant(-1)),
    )
    rows = {row["ID"]: row for row in table(house, path)}

    assert rows["r1"]["Jawaban"] == "laptop: 1; ukuran: L; anak: 2; nip: 19750101; kg: 0.1"
    assert (rows["r1"]["Nama"], rows["r1"]["Cara presensi"]) == ("Ayu", "scan")
    assert rows["r2"]["Kontak tamu"] == "'+6281234567890" and rows["r1"]["Kontak tamu"] == ""
    assert not any("ticket" in value for row in rows.values() for value in row.values())
    assert house.get(f"{path}?format=csv", by="ayu").status_code == 403


def test_places_in_other_regions_are_a_spreadsheet_for_officers():
    house = peopled()
    away = decode(AwayRegistration, sample("events.away_registration_asked.v1")["data"][AWAY])
    told = {"region": "semarang", "home": "Semarang", "scope": "public"}
    house.put(an_event("jauh", **told), replace(away, event_id="jauh"))

    (row,) = table(house, "/v1/events/jauh/registrations", "officer")
    assert (row["ID"], row["Cara presensi"], row["Kontak tamu"]) == (away.id, "", "")


def test_feedback_is_a_spreadsheet_without_names():
    house = peopled()
    said = {"event_id": "e1", "area": "35.71", "score": 4, "liked": "=1+1"}
    problems = (NamedProblem(text="Label miring"), NamedProblem(text="Pemindai"))
    house.put(an_event(), Feedback(**BASE, id="f1", **said, problems=problems))

    (row,) = table(house, "/v1/events/e1/feedback")
    assert (row["Nilai"], row["Yang baik"], row["Masalah"]) == (
        "4",
        "'=1+1",
        "Label miring; Pemindai",
    )


def test_a_spreadsheet_never_runs_what_somebody_wrote():
    house = peopled()
    nasty = states.Contact(name="=HYPERLINK(1)", phone="+6281234567890")
    house.put(a_case(goal="@SUM(A1)", problem="-1+1", contact=nasty, state_reason="\tx"))
    (row,) = table(house, "/v1/mentorships")

    assert row["Kontak"] == "'=HYPERLINK(1)"
    assert row["Telepon kontak"] == "'+6281234567890"
    assert (row["Tujuan"], row["Masalah"], row["Alasan"]) == ("'@SUM(A1)", "'-1+1", "'\tx")


def test_cells_are_plain():
    assert [exports.cell(one) for one in (None, True, False, -3, 2.5, ("a", "=b"), "a\0b")] == [
        "",
        "1",
        "0",
        -3,
        2.5,
        "a; =b",
        "ab",
    ]


def test_semicolons_are_for_who_wants_them(house):
    answer = house.get("/v1/mentorships?format=csv&separator=semicolon", by="koko")

    assert answer.content.decode("utf-8-sig").splitlines()[0].startswith("ID;Lembaga;Wilayah")
    assert house.get("/v1/mentorships?format=pdf", by="koko").status_code == 400


def test_an_empty_list_is_titles_alone(house):
    assert table(house, "/v1/mentorships", by="budi") == []


def test_an_outage_is_a_problem_also_for_a_spreadsheet():
    house = peopled()
    house.get("/v1/mentorships", by="koko")
    house.store.away = True

    assert house.get("/v1/mentorships?format=csv", by="koko").status_code == 503


def test_notes_in_a_spreadsheet_are_those_the_reader_may_read():
    house = peopled()
    seen = (states.Note(text="semua", visibility="case"),)
    hidden = (states.Note(text="rahasia", visibility="coordinators"),)
    house.put(a_case(), a_visit(notes=(*seen, *hidden), logged_by="koko"))

    assert table(house, "/v1/mentorships/m1/visits", "koko")[0]["Catatan"] == "semua; rahasia"
    assert table(house, "/v1/mentorships/m1/visits", "ayu")[0]["Catatan"] == "semua"


def test_offers_are_told_to_who_may_know_of_them_and_nobody_else():
    house = peopled()
    offer = states.Offer(
        **{**BASE, "id": "o1"},
        mentorship_id="m1",
        area="35.71",
        mentor_id="dedi",
        state="offered",
        expires_at=instant(-3),
    )
    house.put(a_case(), offer)

    assert house.get("/v1/mentorships/m1/offers", by="ayu").json["items"] == []
    assert len(house.get("/v1/mentorships/m1/offers", by="koko").json["items"]) == 1


def test_members_are_found_by_education(house):
    def found(by):
        items = house.get("/v1/members?education=other_degree", by=by).json["items"]
        return {one["id"] for one in items}

    assert found("koko") == {"x0", "x1", "x2"}
    assert found("budi") == set()
