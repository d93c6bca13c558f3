"""The day itself: tickets, offline batches, codes on a screen, walk-ins, attendance lists."""

from dataclasses import replace

import pytest

from chassis import clock
from chassis.signing import new_secret, signed
from contracts.events import commands, states
from contracts.members.commands import CsvLine
from services.events.errors import (
    CheckInClosed,
    CheckInInvalid,
    CodeInvalid,
    ConsentNeeded,
    Forbidden,
)
from services.events.handlers.attendance import import_attendance
from services.events.handlers.check_ins import check_in, show_check_in_code
from services.events.handlers.keys import rotate_keys, signing_key
from services.events.handlers.registrations import cancel_registration, register
from services.events.schemas import read_attendance
from tests.support.events import (
    DAY,
    ENDS,
    HOUR,
    NOW,
    STARTS,
    a_member,
    a_region,
    an_appointment,
    an_event,
    later,
    seats_of,
)
from tests.support.verify_ticket import verify_ticket

MINUTE = 60


@pytest.fixture
def work():
    """Event e1 begins in ten minutes: ayu and budi have seats, citra waits; eko is its staff."""
    event = an_event(state="published", capacity=2)
    other = an_event("e2", state="published")
    books = a_region(event, seats_of(event), other, seats_of(other))
    books.holds(*(a_member(name) for name in ("citra", "dian", "eko")))
    books.holds(an_appointment("eko", "checkin_staff", event_id="e1"))
    for name in ("ayu", "budi", "citra"):
        register(books.by(name), commands.Register(event_id="e1"))
    return books.at(clock.later(STARTS, -10 * MINUTE))


def of(work, name):
    return next(r for r in work.registrations.by_id.values() if r.member_id == name)


def door(work, by="eko", **given):
    """What the door says; outcomes and codes."""
    answer = check_in(work.by(by), commands.CheckIn(event_id="e1", **given))
    return [(result.outcome, result.code) for result in answer["results"]]


def scan(work, name, minutes=0, device="a"):
    at = clock.later(STARTS, minutes * MINUTE)
    return commands.Scan(ticket=of(work, name).ticket, scanned_at=at, device=device)


def jwk(work):
    (key,) = work.event_keys.by_id.values()
    return {"kty": "OKP", "crv": key.curve, "x": key.x, "kid": key.id}


# -- tickets and keys -------------------------------------------------------------------------


def test_a_device_verifies_a_ticket_with_nothing_but_the_public_key(work):
    ticket, at = of(work, "ayu").ticket, int(clock.moment(STARTS).timestamp())

    assert verify_ticket(ticket, jwk(work), "e1", at) == of(work, "ayu").id
    assert verify_ticket(ticket, jwk(work), "e2", at) is None
    assert verify_ticket(ticket, jwk(work), "e1", at + 2 * DAY) is None
    assert verify_ticket(ticket[:-5] + "AAAAA", jwk(work), "e1", at) is None
    assert verify_ticket("nonsense", jwk(work), "e1", at) is None


def test_a_ticket_names_nobody(work):
    assert "Ayu" not in of(work, "ayu").ticket
    assert "YXl1" not in of(work, "ayu").ticket


def test_keys_change_and_old_tickets_still_count(work):
    year = work.policy.signing_key_days * DAY
    first = signing_key(work)
    rotate_keys(work.at(later(year)))
    rotate_keys(work.at(later(year + 2 * DAY)))

    assert [first] != work.signing_secrets.all()
    assert len(work.signing_secrets.all()) == 1
    assert len(work.event_keys.by_id) == 2
    assert door(work, ticket=of(work, "ayu").ticket) == [("accepted", None)]


# -- scans ------------------------------------------------------------------------------------


def test_a_ticket_lets_in_once(work):
    ticket = of(work, "ayu").ticket

    assert door(work, ticket=ticket) == [("accepted", None)]
    assert door(work, ticket=ticket) == [("duplicate", "events.duplicate_scan")]

    state = of(work, "ayu")
    assert (state.state, state.checked_in, state.checked_in_by) == ("attended", "scan", "eko")
    assert state.attended_at == work.now
    seats = work.seats.get("e1")
    assert (seats.confirmed, seats.attended, seats.left) == (1, 1, 0)


def test_two_devices_that_were_offline_make_one_attendance_and_one_duplicate(work):
    late = work.at(clock.later(ENDS, 5 * DAY))
    first = (scan(work, "ayu", 1, "a"), scan(work, "budi", 2, "a"))
    second = (scan(work, "ayu", 3, "b"),)

    assert door(late, scans=first) == [("accepted", None)] * 2
    assert door(late, scans=second) == [("duplicate", "events.duplicate_scan")]
    assert of(work, "ayu").attended_at == clock.later(STARTS, MINUTE)


def test_the_same_batch_again_changes_nothing(work):
    scans = (scan(work, "ayu"), scan(work, "budi"), scan(work, "ayu", 1))
    assert [o for o, _ in door(work, scans=scans)] == ["accepted", "accepted", "duplicate"]
    again = work.by("eko")

    answer = check_in(again, commands.CheckIn(event_id="e1", scans=scans))

    assert [result.outcome for result in answer["results"]] == ["duplicate"] * 3
    assert again.facts == []


def test_a_clock_that_is_ahead_counts_as_now(work):
    assert door(work, scans=(scan(work, "ayu", 30),)) == [("accepted", None)]
    assert of(work, "ayu").attended_at == work.now


def forged(work):
    key = new_secret("k9", NOW, NOW)
    return signed(key, "ticket+jwt", {"iss": "/regions/kediri-raya", "sub": "x", "event": "e1"})


def of_nobody(work):
    claims = {"iss": work.policy.issuer, "sub": "nobody", "event": "e1"}
    return signed(signing_key(work), "ticket+jwt", claims)


def of_another_event(work):
    return register(work.by("ayu"), commands.Register(event_id="e2")).ticket


def a_code(work):
    return show_check_in_code(work.by("eko"), commands.ShowCheckInCode(event_id="e1"))["code"]


@pytest.mark.parametrize(
    ("ticket", "code"),
    [
        (forged, "events.ticket_invalid"),
        (of_nobody, "events.ticket_invalid"),
        (a_code, "events.ticket_invalid"),
        (lambda _: "nonsense", "events.ticket_invalid"),
        (of_another_event, "events.ticket_other_event"),
    ],
)
def test_what_is_no_ticket_of_this_event_is_refused(work, ticket, code):
    assert door(work, scans=(commands.Scan(ticket=ticket(work)),)) == [("refused", code)]


def test_a_cancelled_ticket_is_refused(work):
    ticket = of(work, "ayu").ticket
    gone = commands.CancelRegistration(event_id="e1", registration_id=of(work, "ayu").id)
    cancel_registration(work.by("ayu"), gone)

    assert door(work, ticket=ticket) == [("refused", "events.ticket_cancelled")]


@pytest.mark.parametrize("minutes", [-121, 3 * 60 + 24 * 60 + 1])
def test_a_scan_outside_the_window_is_refused(work, minutes):
    late = work.at(clock.later(ENDS, 3 * DAY))

    assert door(late, scans=(scan(work, "ayu", minutes),)) == [
        ("refused", "events.check_in_closed")
    ]


def test_only_staff_scans_and_staff_only_until_it_is_closed(work):
    with pytest.raises(Forbidden):
        door(work, by="dian", ticket=of(work, "ayu").ticket)
    close(work)
    with pytest.raises(Forbidden):
        door(work, ticket=of(work, "ayu").ticket)


def close(work, **fields):
    work.holds(replace(work.events.get("e1"), state="closed", **fields))


def test_a_phone_that_syncs_after_the_closing_still_counts_and_earns_a_certificate(work):
    close(work, certificates=True)
    work.holds(replace(of(work, "ayu"), state="no_show"))

    assert door(work, by="rudi", scans=(scan(work, "ayu", -5),)) == [("accepted", None)]
    assert of(work, "ayu").state == "attended"
    assert work.certificate_batches.events() == ["e1"]


def test_closed_without_certificates_none_are_due(work):
    close(work)

    assert door(work, by="rudi", ticket=of(work, "ayu").ticket) == [("accepted", None)]
    assert work.certificate_batches.events() == []


# -- without a ticket -------------------------------------------------------------------------


@pytest.mark.parametrize("given", [{}, {"ticket": "a", "member_id": "ayu"}])
def test_exactly_one_way_in_is_given(work, given):
    with pytest.raises(CheckInInvalid):
        door(work, **given)


def test_staff_notes_a_member_with_or_without_a_registration(work):
    assert door(work, member_id="ayu") == [("accepted", None)]
    assert door(work, member_id="dian") == [("accepted", None)]
    assert door(work, member_id="dian") == [("duplicate", "events.duplicate_scan")]
    assert (of(work, "dian").checked_in, of(work, "dian").registered_by) == ("manual", "eko")


def test_who_waits_and_comes_is_there_and_leaves_the_line(work):
    assert door(work, member_id="citra") == [("accepted", None)]

    seats = work.seats.get("e1")
    assert (seats.waiting, seats.confirmed, seats.attended, seats.left) == (0, 2, 1, 0)


def test_a_walk_in_is_asked_before_he_is_listed(work):
    guest = states.Guest(name="Pak Joko")

    with pytest.raises(ConsentNeeded):
        door(work, walk_in=guest)
    assert door(work, walk_in=guest, consent=True) == [("accepted", None)]

    came = next(r for r in work.registrations.by_id.values() if r.guest == guest)
    assert (came.name, came.state, came.checked_in) == ("Pak Joko", "attended", "walk_in")


def test_the_code_on_the_screen_lets_members_in_by_themselves(work):
    code = a_code(work)

    assert door(work, by="ayu", code=code) == [("accepted", None)]
    assert door(work, by="ayu", code=code) == [("duplicate", "events.duplicate_scan")]
    assert door(work, by="dian", code=code) == [("accepted", None)]
    assert of(work, "dian").checked_in == "self"


def test_a_code_is_good_for_a_minute_and_a_little_more(work):
    code = a_code(work)

    assert door(work.at(clock.later(work.now, 75)), by="ayu", code=code) == [("accepted", None)]
    with pytest.raises(CodeInvalid):
        door(work.at(clock.later(work.now, 76)), by="budi", code=code)


def test_a_code_of_another_event_or_a_made_up_one_is_refused(work):
    work.holds(replace(work.events.get("e2"), starts_at=STARTS))
    other = show_check_in_code(work.by("rudi"), commands.ShowCheckInCode(event_id="e2"))["code"]

    for code in (other, "nonsense", of(work, "ayu").ticket):
        with pytest.raises(CodeInvalid):
            door(work, by="ayu", code=code)


def test_codes_and_doors_open_two_hours_before(work):
    early = work.at(clock.later(STARTS, -3 * HOUR))

    with pytest.raises(CheckInClosed):
        a_code(early)
    with pytest.raises(CheckInClosed):
        door(early, member_id="ayu")


def test_what_does_not_take_place_has_no_door(work):
    work.holds(replace(work.events.get("e1"), state="cancelled"))

    with pytest.raises(CheckInClosed):
        door(work, by="rudi", member_id="ayu")


# -- lists ------------------------------------------------------------------------------------


def listed(work, *cells, dry_run=False, by="rudi"):
    lines = tuple(CsvLine(line=n, cells=cell) for n, cell in enumerate(cells, start=2))
    command = commands.ImportAttendance(event_id="e1", lines=lines, dry_run=dry_run)
    return import_attendance(work.by(by), read_attendance(command))


def test_a_list_finds_people_by_registration_mail_or_phone(work):
    guest = states.Guest(name="Pak Joko", phone="+6281234567890")
    register(work.by("rudi"), commands.Register(event_id="e1", guest=guest))
    cells = (
        {"registration_id": of(work, "ayu").id, "name": "ignored"},
        {"email": " Budi@Sekolah.id "},
        {"phone": "0812 3456 7890"},
        {"email": "dian@sekolah.id"},
        {"email": "budi@sekolah.id"},
    )

    report = listed(work.at(clock.later(ENDS, 3 * DAY)), *cells)

    assert report["counts"] == {"created": 1, "updated": 3, "unchanged": 1, "refused": 0}
    assert of(work, "ayu").checked_in == "csv"
    assert of(work, "ayu").attended_at == ENDS
    assert of(work, "dian").state == "attended"


def test_a_dry_run_says_the_same_and_writes_nothing(work):
    cells = (
        {"email": "ayu@sekolah.id"},
        {"email": "dian@sekolah.id"},
        {"email": "dian@sekolah.id"},
    )

    rehearsed = listed(work, *cells, dry_run=True)
    before = dict(work.registrations.by_id)
    done = listed(work, *cells)

    assert rehearsed == {**done, "dry_run": True}
    assert all(r.state != "attended" for r in before.values())
    assert done["counts"] == {"created": 1, "updated": 1, "unchanged": 1, "refused": 0}


def test_lines_that_name_nobody_are_refused_with_their_reason(work):
    cells = (
        {"name": "Siapa"},
        {"email": "bukan surel"},
        {"phone": "abc"},
        {"phone": "0899 1234 5678"},
        {"registration_id": "r9"},
    )

    report = listed(work, *cells)

    told = [(line["line"], line["column"], line["code"]) for line in report["lines"]]
    assert told == [
        (2, "registration_id", "request.invalid"),
        (3, "email", "request.invalid"),
        (4, "phone", "request.invalid"),
        (5, "phone", "events.registration_unknown"),
        (6, "registration_id", "events.registration_unknown"),
    ]


def test_who_cancelled_stays_cancelled_in_a_list(work):
    id = of(work, "ayu").id
    cancel_registration(
        work.by("ayu"), commands.CancelRegistration(event_id="e1", registration_id=id)
    )

    report = listed(work, {"registration_id": id})

    assert report["lines"][0]["code"] == "events.registration_state_forbids"


def test_a_list_comes_from_the_day_on_and_by_staff(work):
    with pytest.raises(CheckInClosed):
        listed(work.at(NOW), {"email": "ayu@sekolah.id"})
    with pytest.raises(Forbidden):
        listed(work, {"email": "ayu@sekolah.id"}, by="ayu")
