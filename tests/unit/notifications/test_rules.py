"""The table of rules: each fact tells exactly whom it concerns, and speaks of what is known."""

import pytest

from contracts.events import facts as events
from contracts.events import states
from contracts.members import facts as members
from contracts.members.states import Competencies, Evidence
from contracts.notifications import facts as own
from contracts.notifications.states import Announcement
from services.notifications.errors import NotYetKnown
from services.notifications.model import reminders
from services.notifications.model.kinds import KINDS
from services.notifications.model.rendering import words
from services.notifications.model.rules import RULES, settled, tellings
from tests.support.books import MemoryBooks
from tests.support.gatherings import (
    STARTS,
    a_registration,
    a_request,
    a_speaker,
    an_event,
    begun,
    moved,
)
from tests.support.members import NOW, TODAY, a_member, an_appointment, an_area
from tests.support.told_cases import a_case


@pytest.fixture
def books():
    """Two areas with coordinators, two officers, a published event."""
    return MemoryBooks().knows(
        an_area("35.71", coordinators=("rudi",)),
        an_area("35.06", acting_coordinator="dewi"),
        *(a_member(id) for id in ("ayu", "budi", "rudi")),
        a_member("citra", area="35.06"),
        a_member("lama", state="suspended"),
        an_appointment("kartini", "coordinator"),
        an_appointment("sari", "secretary"),
        an_appointment("tua", "coordinator", ends_on="2026-01-01"),
        an_event(),
    )


def an_away_registration(**more):
    """Ayu's seat at a workshop in Semarang."""
    occasion = states.Occasion(
        title="Di Semarang", area="33.74", starts_at=STARTS, ends_at=STARTS, timezone="Asia/Jakarta"
    )
    given = {"event_id": "jauh", "event_region": "semarang", "occasion": occasion}
    given |= {"wish": "register", "state": "confirmed", "member_id": "ayu"}
    return states.AwayRegistration(**begun("w1"), **{**given, **more})


def told(fact, books):
    """Kind → members, and the tellings themselves."""
    return {one.kind: set(one.members) for one in tellings(fact, "f1", books)}


def test_every_kind_comes_of_a_rule_or_a_reminder():
    ruled = {rule.kind for rule in RULES.values()}
    reminded = {f"event_reminder_{name}" for name, _ in reminders.BEFORE_SECONDS}
    others = {"seat_offer_reminder", "announcement_role", "announcement_event", "message_received"}
    others |= {"speaker_unanswered"}
    others |= {"mentorship_ready", "host_welcome", "offer_unanswered", "registration_refused"}

    assert ruled | reminded | others == set(KINDS)


def test_ones_own_place_is_told_to_oneself(books):
    fact = events.RegistrationWaiting(
        registration=a_registration("ayu", state="waiting", position=3)
    )

    (one,) = tellings(fact, "f1", books)

    assert (one.kind, one.members, one.once) == ("registration_waiting", ("ayu",), "f1")
    assert one.params["registration"]["position"] == 3
    assert one.params["event"]["starts_at"] == STARTS
    assert (one.about_id, one.area, one.urgent) == ("barcode", "35.71", True)


def test_what_concerns_a_guest_is_told_to_who_registered_him(books):
    books.knows(an_event(version=2, date_changed=1))
    guest = a_registration(None, id="g1", registered_by="rudi")

    (one,) = tellings(events.RegistrationConfirmed(registration=guest), "f1", books)
    (asked,) = tellings(events.RegistrationToReconfirm(registration=guest), "f2", books)

    assert one.members == asked.members == ("rudi",)
    assert one.params["registration"]["guest"] is True
    assert settled(asked, books).once == "moved:barcode:1"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_guests_place_is_not_told_as_ones_own(books, language):
    guest = a_registration(None, id="g1", registered_by="rudi")
    own = a_registration("ayu")
    said = [
        words(one.kind, language, one.params).body
        for place in (guest, own)
        for one in tellings(events.RegistrationConfirmed(registration=place), "f1", books)
    ]

    assert ["tamu" in said[0] or "guest" in said[0], said[0].endswith(said[1])] == [True, True]
    assert said[0] != said[1]


def test_a_guest_whom_nobody_registered_is_told_to_nobody(books):
    guest = a_registration(None, id="g1")

    assert told(events.RegistrationConfirmed(registration=guest), books) == {}
    assert told(events.RegistrationToReconfirm(registration=guest), books) == {}
    assert told(events.RegistrationCancelled(registration=guest), books) == {}


def test_a_place_at_an_unknown_event_waits(books):
    fact = events.RegistrationConfirmed(registration=a_registration("ayu", event_id="?"))

    with pytest.raises(NotYetKnown):
        list(tellings(fact, "f1", books))


def test_a_published_event_is_told_to_its_areas_and_to_who_wished_for_it(books):
    books.knows(a_request(backers=("jauh",)))
    cohosts = (
        states.Cohost(area="35.06", state="confirmed"),
        states.Cohost(area="35.07", state="invited"),
    )
    fact = events.EventPublished(event=an_event(cohosts=cohosts, request_id="wish"))

    assert told(fact, books) == {"event_published": {"ayu", "budi", "rudi", "citra", "jauh"}}


def test_an_event_for_officers_is_told_to_them_only(books):
    fact = events.EventPublished(event=an_event(audience="officers"))

    assert told(fact, books) == {"event_published": {"kartini", "sari", "rudi"}}


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("registration_confirmed", {}),
        ("registration_waiting", {"state": "waiting", "position": 3}),
        ("event_rescheduled", {"needs_reconfirm": True}),
        ("registration_cancelled", {"state": "cancelled", "cancelled_reason": "member_left"}),
        ("seat_offer_lapsed", {"state": "cancelled", "cancelled_reason": "offer_lapsed"}),
    ],
)
def test_ones_place_in_another_region_is_told_in_the_words_of_ones_own(books, kind, more):
    fact = events.AwayRegistrationAnswered(away_registration=an_away_registration(**more))

    assert told(fact, books) == {kind: {"ayu"}}


@pytest.mark.parametrize(
    "more",
    [
        {"state": "asked"},
        {"member_id": None},
        {"state": "cancelled", "cancelled_reason": "event_held"},
    ],
)
def test_a_place_in_another_region_is_not_told_before_an_answer_nor_after_the_event(books, more):
    fact = events.AwayRegistrationAnswered(away_registration=an_away_registration(**more))

    assert told(fact, books) == {}


def test_a_new_date_is_told_once_to_all_and_only_the_seated_are_asked(books):
    books.told["barcode"] = {"starts_at": STARTS, "timezone": "Asia/Jakarta", "place": None}
    books.knows(
        a_registration("ayu"),
        a_registration("budi", state="waiting"),
        a_registration("citra", state="cancelled"),
    )
    later = an_event(
        version=2,
        starts_at="2030-12-13T02:00:00.000Z",
        date_changed=1,
        speakers=(a_speaker(), a_speaker("s2", member_id="rudi", state="confirmed")),
    )

    seated, others = tellings(events.EventRescheduled(event=later), "f1", books)

    assert (seated.members, seated.params["reconfirm"]) == (("ayu",), True)
    assert (set(others.members), others.params["reconfirm"]) == ({"budi", "rudi"}, False)
    assert seated.once == others.once == "moved:barcode:1"
    assert seated.params["before"]["starts_at"] == STARTS


@pytest.mark.parametrize("date_changed", [0, 1])
def test_a_change_is_told_with_what_was_before_to_who_registered_guests(books, date_changed):
    was = {"starts_at": STARTS if not date_changed else NOW, "timezone": "Asia/Jakarta"}
    books.told["barcode"] = {**was, "place": "Aula"}
    books.knows(
        a_registration("ayu"),
        a_registration(None, id="g1", registered_by="ayu"),
        a_registration(None, id="g2", registered_by="budi"),
        a_registration(None, id="g3", state="waiting", registered_by="rudi"),
        a_registration(None, id="g4"),
    )
    fact = events.EventRescheduled(event=an_event(version=2, date_changed=date_changed))

    own, seated, waiting = tellings(fact, "f1", books)

    assert [own.members, seated.members, waiting.members] == [("ayu",), ("budi",), ("rudi",)]
    assert own.once == seated.once == waiting.once
    assert seated.params["before"] == waiting.params["before"] == books.told["barcode"]
    assert seated.params["reconfirm"] is bool(date_changed) and not waiting.params["reconfirm"]
    assert ["tamu" in words(one.kind, "id", one.params).body for one in (own, seated, waiting)] == [
        False,
        True,
        True,
    ]


def test_who_holds_a_guests_seat_is_asked_also_when_he_speaks_or_waits_himself(books):
    books.told["barcode"] = {"starts_at": NOW, "timezone": "Asia/Jakarta", "place": None}
    books.knows(
        a_registration("budi", state="waiting"),
        a_registration(None, id="g1", registered_by="budi"),
        a_registration(None, id="g2", registered_by="rudi"),
    )
    speaker = a_speaker("s1", member_id="rudi", state="confirmed")
    moved = an_event(version=2, date_changed=1, speakers=(speaker,))

    (one,) = tellings(events.EventRescheduled(event=moved), "f1", books)

    assert (set(one.members), one.params["reconfirm"]) == ({"budi", "rudi"}, True)


def test_a_new_place_asks_nobody_again(books):
    books.told["barcode"] = {"starts_at": STARTS}
    books.knows(a_registration("ayu"))

    (one,) = tellings(events.EventRescheduled(event=an_event(version=2)), "f1", books)

    assert (one.once, one.params["reconfirm"]) == ("placed:barcode:2", False)


def test_a_late_registration_hears_of_the_new_date_under_the_same_name(books):
    fact = events.RegistrationToReconfirm(registration=a_registration("ayu", version=2))
    (one,) = tellings(fact, "f1", books)
    assert one.due_at > NOW

    books.knows(an_event(version=2, date_changed=1))

    assert settled(one, books).once == "moved:barcode:1"


def test_a_lost_place_is_told_as_the_events_end_when_that_is_why(books):
    lost = a_registration("ayu", version=2, state="cancelled", cancelled_reason="Banjir")
    fact = events.RegistrationCancelled(registration=lost)
    (one,) = tellings(fact, "f1", books)
    assert (one.kind, one.due_at > NOW) == ("registration_cancelled", True)
    assert settled(one, books) == one

    off = an_event(version=2, state="cancelled", speakers=(a_speaker(member_id="rudi"),))
    books.knows(off)

    assert settled(one, books).kind == "event_cancelled"
    assert settled(one, books).once == "cancelled:barcode"
    assert told(fact, books) == {"event_cancelled": {"ayu"}}
    assert told(events.EventCancelled(event=off), books) == {"event_cancelled": {"rudi"}}


def test_who_cancels_himself_hears_it_at_once(books):
    lost = a_registration("ayu", version=2, state="cancelled")

    (one,) = tellings(events.RegistrationCancelled(registration=lost), "f1", books)

    assert (one.kind, one.due_at) == ("registration_cancelled", NOW)


def test_who_still_waited_when_it_was_held_hears_nothing(books):
    waited = a_registration("ayu", version=2, state="cancelled", cancelled_reason="event_held")

    assert told(events.RegistrationCancelled(registration=waited), books) == {}


def test_who_was_there_hears_of_the_minutes_in_either_order(books):
    there = a_registration("ayu", version=2, state="attended")
    assert told(events.Attended(registration=there), books) == {}
    books.knows(there, a_registration("budi", state="no_show"), an_event(state="closed"))
    closed = events.EventClosed(event=an_event(version=2, state="closed"))

    (first,) = tellings(closed, "f1", books)
    (late,) = tellings(events.Attended(registration=there), "f2", books)

    assert (first.kind, first.members) == (late.kind, late.members) == ("event_closed", ("ayu",))
    assert first.once == late.once


@pytest.mark.parametrize(
    ("fact", "kind", "whom"),
    [
        (events.EventRequestWaits, "request_waits", {"rudi"}),
        (events.EventRequestEscalated, "request_escalated", {"kartini", "sari"}),
        (events.EventRequestAccepted, "request_accepted", {"ayu", "budi"}),
        (events.EventRequestDeclined, "request_declined", {"ayu", "budi"}),
        (events.EventRequestAnswered, "request_answered", {"ayu", "budi"}),
    ],
)
def test_a_topic_is_told_to_those_who_decide_or_wait(books, fact, kind, whom):
    request = a_request(backers=("ayu", "budi"))

    assert told(fact(event_request=request), books) == {kind: whom}


def test_who_backed_a_topic_is_told_where_the_answer_is(books):
    request = a_request(backers=("ayu",), state="answered", event_id="barcode")

    (one,) = tellings(events.EventRequestAnswered(event_request=request), "f1", books)

    assert (KINDS[one.kind].about, one.about_id) == ("event", "barcode")


@pytest.mark.parametrize("language", ["id", "en"])
def test_nobody_is_asked_for_feedback_that_is_switched_off(books, language):
    there = a_registration("ayu", version=2, state="attended")

    def bodies(event):
        books.knows(there, event)
        closed, late = events.EventClosed(event=event), events.Attended(registration=there)
        found = (one for fact in (closed, late) for one in tellings(fact, "f1", books))
        return [words(one.kind, language, one.params).body for one in found]

    on = bodies(an_event(version=2, state="closed"))
    off = bodies(an_event(version=3, state="closed", feedback=False))

    assert [("anonim" in one or "anonymous" in one) for one in (*on, *off)] == [1, 1, 0, 0]


def test_speakers_are_asked_reminded_and_asked_for_what_they_left_behind(books):
    due = a_speaker(reminded=(7, 3), reminded_at=NOW)
    others = (a_speaker("s2", member_id=None), a_speaker("s3", member_id="budi", reminded=(7,)))
    invited = an_event(speakers=(due, *others))

    asked, _ = tellings(events.SpeakerInvited(event=invited), "f1", books)
    (reminded,) = tellings(events.SpeakerReminded(event=invited), "f2", books)
    spoke = an_event(speakers=(a_speaker(state="confirmed"),))
    (missing,) = tellings(events.MaterialMissing(event=spoke), "f3", books)

    assert {asked.members, reminded.members, missing.members} == {("ayu",)}
    assert reminded.once == "reminded:s1:0:3" and reminded.params["speaker"]["days"] == 3
    assert (asked.kind, missing.kind) == ("speaker_invited", "material_missing")


@pytest.mark.parametrize("language", ["id", "en"])
def test_managers_are_reminded_of_a_speaker_who_has_no_account(books, language):
    guest = a_speaker("s2", member_id=None, name="Bu Sri", reminded=(7,), reminded_at=NOW)
    invited = an_event(speakers=(guest,), created_by="rudi")

    (one,) = tellings(events.SpeakerReminded(event=invited), "f1", books)

    assert (one.kind, one.members, one.once) == (
        "speaker_unanswered",
        ("rudi",),
        "reminded:s2:0:7",
    )
    assert "Bu Sri" in words(one.kind, language, one.params).body


def test_managers_hear_the_answers(books):
    books.knows(an_appointment("citra", "event_manager", event_id="barcode", area="35.71"))
    fields = {"created_by": "rudi", "speakers": (a_speaker(state="declined"),)}
    host = states.Host(institution_id="sman4", state="confirmed", note="Silakan")
    cohosts = (states.Cohost(area="35.06", state="declined"),)
    event = an_event(host=host, cohosts=cohosts, **fields)

    (speaker,) = tellings(events.SpeakerAnswered(event=event), "f1", books)
    (house,) = tellings(events.HostAnswered(event=event), "f2", books)
    (area,) = tellings(events.CohostAnswered(event=event), "f3", books)

    assert speaker.members == house.members == area.members == ("rudi", "citra")
    assert speaker.params["answer"]["state"] == "declined"
    assert house.params["answer"] == {"state": "confirmed", "note": "Silakan"}
    assert area.params["answer"] == {"state": "declined", "area": "Area 35.06"}


def test_a_house_is_asked_through_its_people_else_through_the_area(books):
    event = an_event(host=states.Host(institution_id="sman4", state="asked"))
    assert told(events.HostAsked(event=event), books) == {"host_asked": {"rudi"}}

    books.knows(a_member("rina", institution_id="sman4"))

    assert told(events.HostAsked(event=event), books) == {"host_asked": {"rina"}}


def test_a_neighbouring_area_is_asked_through_who_stands_in(books):
    event = an_event(cohosts=(states.Cohost(area="35.06", state="invited"),))

    assert told(events.CohostInvited(event=event), books) == {"cohost_invited": {"dewi"}}


def test_what_was_not_brought_back_is_told_to_owner_and_borrower(books):
    late = states.Reservation(
        id="v1",
        event_id="barcode",
        starts_at=NOW,
        ends_at=NOW,
        state="handed_over",
        reserved_by="budi",
        overdue_told_at=NOW,
    )
    printer = states.Equipment(
        **begun("printer"), name="Printer", area="35.71", reservations=(late,)
    )

    assert told(events.EquipmentOverdue(equipment=printer), books) == {
        "equipment_overdue": {"budi", "rudi"}
    }
    owned = moved(printer, owner_member_id="ayu")
    assert told(events.EquipmentOverdue(equipment=owned), books) == {
        "equipment_overdue": {"budi", "ayu"}
    }
    assert told(events.EquipmentOverdue(equipment=moved(printer, reservations=())), books) == {}


def test_people_hear_about_themselves_and_coordinators_about_newcomers(books):
    ayu = a_member("ayu")
    pending = a_member("baru", state="pending")

    assert told(members.MemberApproved(member=ayu), books) == {"member_approved": {"ayu"}}
    assert told(members.MemberContactProven(member=pending), books) == {"member_waits": {"rudi"}}
    assert told(members.MemberContactProven(member=ayu), books) == {}
    vacant = an_area("35.06", acting_coordinator="dewi")
    assert told(members.AreaCoordinatorVacant(area=vacant), books) == {
        "area_vacant": {"kartini", "sari", "dewi"}
    }
    offer = an_appointment("ayu", "mentor", state="offered", area="35.71")
    (one,) = tellings(members.AppointmentOffered(appointment=offer), "f1", books)
    assert (one.members, one.params["appointment"]["area"]) == (("ayu",), "Area 35.71")


@pytest.mark.parametrize(
    ("language", "until"), [("id", "Jumat, 1 Januari 2027"), ("en", "Friday, 1 January 2027")]
)
def test_evidence_that_expires_is_told_to_whose_it_is_once_of_each(books, language, until):
    plain = {"area": "ICT", "level": 2, "source": "self", "given_on": TODAY, "given_by": "ayu"}
    new, old, far = (
        Evidence(**plain, id=id, title=id, expires_on="2027-01-01", **more)
        for id, more in (
            ("e1", {"expiry_told_at": NOW}),
            ("e2", {"expiry_told_at": STARTS}),
            ("e3", {}),
        )
    )
    said = {"member_id": "ayu", "framework_version": 1, "evidence": (new, old, far)}
    state = Competencies(**begun("ayu"), **said)
    fact = members.CompetencyEvidenceExpiring(competencies=state)

    (one,) = tellings(fact, "f1", books)

    assert (one.members, one.once, one.about_id) == (("ayu",), "expiring:e1", "ayu")
    assert until in words(one.kind, language, one.params).body


def test_a_vacant_area_is_told_with_the_cases_to_hand_over(books):
    fact = members.AreaCoordinatorVacant(area=an_area("35.71", acting_coordinator="kartini"))
    (none,) = tellings(fact, "f1", books)
    books.knows(
        *(a_case(id=f"c{n:02}", goal=f"Otomasi {n}") for n in range(11)),
        a_case(id="over", state="closed"),
        a_case(id="stopped", state="stopped"),
        a_case(id="elsewhere", area="35.06"),
    )
    (some,) = tellings(fact, "f1", books)

    said = words(some.kind, "id", some.params).body
    assert said.count("- SMAN 4 Kediri: Otomasi") == 10 and said.endswith("dan 1 lagi")
    assert "handover" not in words(none.kind, "en", none.params).body


def test_an_announcement_is_told_to_its_audience_but_for_its_author(books):
    books.knows(a_registration("ayu"), a_registration("budi", state="cancelled"))
    plain = {"title": "T", "body": "B", "sent_by": "rudi", "recipients": 1, "urgent": True}

    def made(audience, **fields):
        state = Announcement(**begun("a1"), audience=audience, **plain, **fields)
        return told(own.AnnouncementMade(announcement=state), books)

    assert made("area", area="35.71") == {"announcement_area": {"ayu", "budi"}}
    assert made("role", role="coordinator") == {"announcement_role": {"kartini"}}
    assert made("event", event_id="barcode", area="35.71") == {"announcement_event": {"ayu"}}


def test_a_fact_that_tells_nobody_tells_nobody(books):
    assert told(events.EventDrafted(event=an_event()), books) == {}


def test_an_event_is_remembered_at_seven_days_a_day_and_two_hours(books):
    rows = list(reminders.of_event(an_event(), NOW))

    assert [row.due_at for row in rows] == [
        "2030-12-05T02:00:00.000Z",
        "2030-12-11T02:00:00.000Z",
        "2030-12-12T00:00:00.000Z",
    ]
    assert [row.until for row in rows] == [*(row.due_at for row in rows[1:]), STARTS]
    assert not list(reminders.of_event(an_event(state="cancelled"), NOW))
    assert len(list(reminders.of_event(an_event(), "2030-12-11T23:00:00.000Z"))) == 1


def test_a_reminder_speaks_to_who_comes_and_not_too_late(books):
    books.knows(
        an_event(speakers=(a_speaker(state="confirmed", member_id="rudi"),)),
        a_registration("ayu"),
        a_registration("budi", state="waiting"),
    )
    _, day, _ = reminders.of_event(an_event(), NOW)

    one = reminders.telling(day, books)

    assert one is not None and one.members == ("ayu", "rudi")
    assert (one.kind, one.once, one.urgent) == ("event_reminder_1d", "event:barcode:1d:0", False)
    books.now = day.until
    assert reminders.telling(day, books) is None


def test_an_offer_is_remembered_before_it_lapses_and_while_it_stands(books):
    offered = a_registration("ayu", state="offered", offer_expires_at="2026-11-22T02:00:00.000Z")
    (row,) = reminders.of_offer(offered, NOW)
    assert row.due_at == "2026-11-21T20:00:00.000Z"
    books.knows(offered)
    one = reminders.telling(row, books)
    assert one is not None and one.members == ("ayu",) and one.urgent

    books.knows(a_registration("ayu"))

    assert reminders.telling(row, books).members == ()


@pytest.mark.parametrize(("language", "guest"), [("id", "tamu"), ("en", "guest")])
def test_who_registered_a_guest_is_reminded_of_the_seat_offered_to_him(books, language, guest):
    place = {"id": "g1", "state": "offered", "offer_expires_at": "2026-11-22T02:00:00.000Z"}
    offered = a_registration(None, **place, registered_by="rudi")
    (row,) = reminders.of_offer(offered, NOW)
    books.knows(offered)

    one = reminders.telling(row, books)

    assert one is not None and one.members == ("rudi",)
    assert guest in words(one.kind, language, one.params).body


def test_a_seat_whose_offer_has_lapsed_needs_no_reminder():
    offered = a_registration("ayu", state="offered", offer_expires_at=NOW)

    assert not list(reminders.of_offer(offered, NOW))


def test_only_areas_that_have_not_answered_are_asked_and_only_answers_are_told(books):
    cohosts = (
        states.Cohost(area="35.06", state="invited"),
        states.Cohost(area="35.71", state="confirmed"),
    )
    event = an_event(cohosts=cohosts, created_by="ayu")

    assert told(events.CohostInvited(event=event), books) == {"cohost_invited": {"dewi"}}
    (one,) = tellings(events.CohostAnswered(event=event), "f1", books)
    assert one.params["answer"] == {"state": "confirmed", "area": "Area 35.71"}


def a_certificate(member_id):
    return states.Certificate(
        **begun("KDR-1"),
        event_id="barcode",
        registration_id="r1",
        area="35.71",
        member_id=member_id,
        name="Siapa",
        title="Lokakarya barcode",
        kind="workshop",
        held_on="2030-12-12",
        hours=3,
        awards=(),
        language="id",
        state="valid",
        issued_at=NOW,
        signed="x.y.z",
    )


def test_speakers_of_whom_there_is_nothing_to_say_are_passed_over(books):
    invited = an_event(speakers=(a_speaker(reminded=()),), created_by="rudi")
    slides = states.Material(
        id="m1",
        title="Salindia",
        link="https://x.example/1",
        licence="CC-BY-4.0",
        added_by="ayu",
        speaker_id="s1",
    )
    spoke = an_event(speakers=(a_speaker(state="confirmed"),), materials=(slides,))

    assert told(events.SpeakerReminded(event=invited), books) == {}
    assert told(events.SpeakerAnswered(event=invited), books) == {}
    assert told(events.MaterialMissing(event=spoke), books) == {}


def test_a_guests_certificate_is_told_to_nobody(books):
    guest = a_certificate(member_id=None)

    assert told(events.CertificateIssued(certificate=guest), books) == {}
    own_one = a_certificate(member_id="ayu")
    assert told(events.CertificateIssued(certificate=own_one), books) == {
        "certificate_issued": {"ayu"}
    }
