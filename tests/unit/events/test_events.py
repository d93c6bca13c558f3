"""Events: planned, announced, moved with a reason, called off, closed; each move where allowed."""

from dataclasses import replace

import pytest

from chassis.errors import Stale
from contracts.events import commands, states
from services.events.errors import (
    AreaInvalid,
    CapacityBelow,
    EventInvalid,
    EventStateForbids,
    EventUnknown,
    Forbidden,
    HostUnconfirmed,
    InstitutionInvalid,
    MinutesMissing,
    QuestionsFrozen,
    SpeakerMissing,
)
from services.events.handlers.changing import change_event
from services.events.handlers.check_ins import check_in
from services.events.handlers.events import (
    answer_as_host,
    cancel_event,
    close_event,
    publish_event,
    reschedule_event,
)
from services.events.handlers.planning import plan_event
from tests.support.events import (
    DAY,
    ENDS,
    HOUR,
    NOW,
    STARTS,
    a_region,
    a_registration,
    an_appointment,
    an_event,
    later,
    seats_of,
)

SPOKEN = states.Speaker(
    id="s1",
    name="Budi",
    kind="practitioner",
    subject="Barcode",
    state="confirmed",
    answer_by="2026-11-30",
)
AT_SCHOOL = states.Place(name="SMAN 4", institution_id="sman4")
ASKED = states.Host(institution_id="sman4", state="asked")
QUESTION = states.Question(id="laptop", text="Membawa laptop?", kind="boolean")


def a_plan(**fields):
    plain = {"title": "Cetak barcode", "kind": "workshop", "starts_at": STARTS, "ends_at": ENDS}
    return commands.PlanEvent(**{**plain, "area": "35.71", **fields})


def books(event, *things, **counts):
    return a_region(event, seats_of(event, **counts), *things)


def published(**fields):
    return an_event(state="published", speakers=(SPOKEN,), **fields)


def publish(work, **fields):
    return publish_event(work, commands.PublishEvent(event_id="e1", **fields))


def change(work, **fields):
    return change_event(work, commands.ChangeEvent(event_id="e1", **fields))


def move(work, **fields):
    plain = {"reason": "gedung dipakai ujian", **fields}
    return reschedule_event(work, commands.RescheduleEvent(event_id="e1", **plain))


def close(work, **fields):
    return close_event(work, commands.CloseEvent(event_id="e1", **fields))


# -- planning ---------------------------------------------------------------------------------


def test_who_speaks_is_asked_with_the_plan():
    work = a_region().by("rudi")
    asked = (commands.Invitation(name="Dr. Rahma"), commands.Invitation(member_id="budi"))

    event = plan_event(work, a_plan(speakers=asked))

    assert [(one.name, one.state) for one in event.speakers] == [
        ("Dr. Rahma", "invited"),
        ("Budi", "invited"),
    ]
    assert work.said() == ["EventDrafted", "SeatsChanged", "SpeakerInvited", "SpeakerInvited"]
    with pytest.raises(EventInvalid) as refused:
        plan_event(work, a_plan(speakers=(asked[0], commands.Invitation())))
    assert refused.value.pointer == "/speakers/1/name"


def test_a_draft_begins_with_its_seats():
    work = a_region().by("rudi")

    event = plan_event(work, a_plan(capacity=20))

    assert (event.state, event.timezone, event.created_by) == ("draft", "Asia/Jakarta", "rudi")
    assert (work.seats.get(event.id).capacity, work.seats.get(event.id).left) == (20, 20)
    assert work.said() == ["EventDrafted", "SeatsChanged"]


def test_declared_competencies_come_with_certificates():
    awards = (states.Award(area="ICT", level=2),)
    work = a_region().by("rudi")

    assert plan_event(work, a_plan(awards=awards)).certificates
    assert not plan_event(work, a_plan(hours=4)).certificates
    work = books(an_event()).by("rudi")
    assert change(work, awards=awards).certificates


def test_times_are_kept_in_one_spelling():
    event = plan_event(
        a_region().by("rudi"), a_plan(starts_at="2026-12-05T09:00:00+07:00", ends_at=ENDS)
    )

    assert event.starts_at == STARTS


def test_a_house_is_asked_when_the_event_is_planned_there():
    work = a_region().by("rudi")

    event = plan_event(work, a_plan(venue=AT_SCHOOL))

    assert (event.host, event.version) == (ASKED, 2)
    assert work.said() == ["EventDrafted", "SeatsChanged", "HostAsked"]


@pytest.mark.parametrize("member", ["dewi", "ayu", "budi"])
def test_only_coordinators_of_the_area_plan(member):
    with pytest.raises(Forbidden):
        plan_event(a_region().by(member), a_plan())


def test_an_officer_plans_anywhere_but_in_active_areas():
    assert plan_event(a_region().by("kartini"), a_plan(area="35.06")).area == "35.06"
    with pytest.raises(AreaInvalid):
        plan_event(a_region().by("kartini"), a_plan(area="35.05"))


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"kind": "gathering", "topics": ("barcode",), "fee": 10_000}, "/fee"),
        ({"kind": "gathering", "topics": ()}, "/topics"),
        ({"kind": "gathering", "topics": ("barcode", "label")}, "/topics"),
        ({"ends_at": STARTS}, "/ends_at"),
        ({"ends_at": "2027-12-05T02:00:00.000Z"}, "/ends_at"),
        ({"starts_at": "2026-12-05T09:00:00"}, "/starts_at"),
        ({"timezone": "Asia/Kediri"}, "/timezone"),
        ({"timezone": "../etc/passwd"}, "/timezone"),
        ({"questions": (QUESTION, QUESTION)}, "/questions"),
        ({"questions": (replace(QUESTION, kind="choice"),)}, "/questions/0/choices"),
        (
            {"questions": (replace(QUESTION, kind="choice", choices=("x" * 300,) * 70),)},
            "/questions",
        ),
        ({"venue": states.Place(name="Kafe", latitude=-7.8)}, "/venue/latitude"),
    ],
)
def test_what_does_not_fit_together_is_pointed_at(fields, pointer):
    with pytest.raises(EventInvalid) as told:
        plan_event(a_region().by("rudi"), a_plan(**fields))
    assert told.value.pointer == pointer


def test_a_gathering_is_free_and_has_one_topic():
    event = plan_event(a_region().by("rudi"), a_plan(kind="gathering", topics=("barcode",)))

    assert (event.kind, event.fee) == ("gathering", 0)


def test_a_house_must_be_in_the_register():
    place = states.Place(name="SMA 9", institution_id="sma9")

    with pytest.raises(InstitutionInvalid) as told:
        plan_event(a_region().by("rudi"), a_plan(venue=place))
    assert told.value.pointer == "/venue/institution_id"


# -- managing ---------------------------------------------------------------------------------


def test_a_manager_manages_his_event_only_and_only_until_it_is_over():
    grant = an_appointment("ayu", "event_manager", event_id="e1", area="35.71")
    work = books(an_event(), grant, an_event("e2"), seats_of(an_event("e2")))

    assert change(work.by("ayu"), title="Cetak label").title == "Cetak label"
    with pytest.raises(Forbidden):
        change_event(work.by("ayu"), commands.ChangeEvent(event_id="e2", title="x"))
    cancel_event(work.by("ayu"), commands.CancelEvent(event_id="e1", reason="hujan"))
    with pytest.raises(Forbidden):
        change(work.by("ayu"), title="x")


def test_a_grant_of_another_area_opens_no_event():
    foreign = an_appointment("dewi", "event_manager", event_id="e1", area="35.06")
    door = an_appointment("dewi", "checkin_staff", id="door", event_id="e1", area="35.06")
    event = an_event(state="published", starts_at=NOW, ends_at=later(3600))
    work = books(event, foreign, door, seats_of(event))

    with pytest.raises(Forbidden):
        change(work.by("dewi"), title="x")
    with pytest.raises(Forbidden):
        check_in(work.by("dewi"), commands.CheckIn(event_id="e1", member_id="ayu"))


def test_check_in_staff_and_a_grant_whose_term_is_over_manage_nothing():
    staff = an_appointment("ayu", "checkin_staff", event_id="e1")
    over = an_appointment("budi", "event_manager", event_id="e1", ends_on="2026-11-20")
    work = books(an_event(), staff, over)

    for member in ("ayu", "budi", "dewi"):
        with pytest.raises(Forbidden):
            change(work.by(member), title="x")


def test_what_the_caller_has_not_seen_is_stale():
    with pytest.raises(Stale):
        change(books(an_event()).by("rudi", if_match=7), title="x")


def test_an_unknown_event_is_not_found():
    with pytest.raises(EventUnknown):
        publish(a_region().by("rudi"))


# -- changing ---------------------------------------------------------------------------------


def test_the_same_again_says_nothing():
    work = books(an_event()).by("rudi")

    assert change(work, title="Cetak barcode").version == 1
    assert work.said() == []


def test_capacity_goes_to_the_seats():
    work = books(an_event(capacity=20), confirmed=5).by("rudi")

    change(work, capacity=30)

    assert work.seats.get("e1").capacity == 30


def test_capacity_below_those_with_a_seat_is_refused():
    work = books(published(capacity=20), confirmed=5, offered=1).by("rudi")

    with pytest.raises(CapacityBelow):
        change(work, capacity=5)


@pytest.mark.parametrize("field", ["starts_at", "ends_at", "timezone", "venue"])
def test_what_was_announced_moves_by_rescheduling_only(field):
    wanted = {
        "starts_at": "2026-12-05T01:00:00Z",
        "ends_at": "2026-12-05T06:00:00Z",
        "timezone": "Asia/Makassar",
        "venue": states.Place(name="Kafe"),
    }

    with pytest.raises(EventStateForbids) as told:
        change(books(published()).by("rudi"), **{field: wanted[field]})
    assert (told.value.allowed, told.value.pointer) == (("reschedule",), f"/{field}")


def test_another_place_of_a_draft_is_another_house_to_ask():
    agreed = states.Host(institution_id="sman4", state="confirmed")
    work = books(an_event(venue=AT_SCHOOL, host=agreed)).by("rudi")

    assert change(work, title="Label").host == agreed
    assert change(work, venue=states.Place(name="Kafe")).host is None
    assert change(work, venue=AT_SCHOOL).host == ASKED


def test_another_time_of_a_draft_is_asked_for_anew():
    agreed = states.Host(institution_id="sman4", state="confirmed")
    work = books(an_event(venue=AT_SCHOOL, host=agreed)).by("rudi")

    assert change(work, ends_at=later(HOUR, ENDS)).host == ASKED


def test_questions_freeze_with_the_first_answer_unless_they_are_a_new_version():
    answered = a_registration(answers={"laptop": True})
    work = books(published(questions=(QUESTION,)), answered, confirmed=1).by("rudi")
    other = (replace(QUESTION, text="Bawa kabel?"),)

    with pytest.raises(QuestionsFrozen):
        change(work, questions=other)
    after = change(work, questions=other, new_questions_version=True)
    assert (after.questions, after.questions_version) == (other, 2)


def test_questions_without_answers_change():
    work = books(published(questions=(QUESTION,)), a_registration(), confirmed=1).by("rudi")

    assert change(work, questions=()).questions == ()


# -- announcing -------------------------------------------------------------------------------


def test_an_event_with_a_confirmed_speaker_is_announced():
    work = books(an_event(speakers=(SPOKEN,))).by("rudi")

    event = publish(work, no_speaker_reason="tidak perlu")

    assert (event.state, event.published_at, event.no_speaker_reason) == (
        "published",
        work.now,
        None,
    )
    assert work.said() == ["EventPublished"]


@pytest.mark.parametrize("name", ["no_speaker_reason", "reason"])
def test_without_a_confirmed_speaker_it_needs_a_written_reason(name):
    waiting = replace(SPOKEN, state="invited")
    work = books(an_event(speakers=(waiting,))).by("rudi")

    with pytest.raises(SpeakerMissing) as told:
        publish(work)
    assert told.value.pointer == "/no_speaker_reason"
    assert publish(work, **{name: "berbagi bersama"}).no_speaker_reason == "berbagi bersama"


@pytest.mark.parametrize("state", ["asked", "declined"])
def test_a_school_must_agree_before_it_is_announced(state):
    host = states.Host(institution_id="sman4", state=state)
    work = books(an_event(speakers=(SPOKEN,), venue=AT_SCHOOL, host=host)).by("rudi")

    with pytest.raises(HostUnconfirmed):
        publish(work)


def test_what_has_begun_is_not_announced():
    with pytest.raises(EventInvalid):
        publish(books(an_event(speakers=(SPOKEN,))).by("rudi", now=STARTS))


# -- the house --------------------------------------------------------------------------------


def test_somebody_of_the_house_or_a_coordinator_answers_for_it():
    for member in ("budi", "rudi", "sari"):
        work = books(an_event(venue=AT_SCHOOL, host=ASKED)).by(member)
        yes = commands.AnswerAsHost(event_id="e1", agrees=True, note="aula lantai 2")
        host = answer_as_host(work, yes).host
        assert (host.state, host.decided_by, host.note) == ("confirmed", member, "aula lantai 2")
    for member in ("ayu", "dewi"):
        with pytest.raises(Forbidden):
            answer_as_host(books(an_event(venue=AT_SCHOOL, host=ASKED)).by(member), yes)


def test_the_house_may_say_no():
    work = books(an_event(venue=AT_SCHOOL, host=ASKED)).by("budi")

    assert (
        answer_as_host(work, commands.AnswerAsHost(event_id="e1", agrees=False)).host.state
        == "declined"
    )


def test_a_house_that_was_not_asked_does_not_answer():
    with pytest.raises(EventStateForbids):
        answer_as_host(
            books(an_event()).by("rudi"), commands.AnswerAsHost(event_id="e1", agrees=True)
        )


# -- moving -----------------------------------------------------------------------------------


def test_a_moved_event_lasts_as_long_and_asks_who_is_registered_again():
    work = books(published(), a_registration(), confirmed=1).by("rudi")

    event = move(work, starts_at=later(DAY, STARTS))

    assert (event.starts_at, event.ends_at) == (later(DAY, STARTS), later(DAY, ENDS))
    assert (event.date_changed, event.change_reason) == (1, "gedung dipakai ujian")
    assert work.said()[0] == "EventRescheduled"
    registration = work.registrations.get("r-ayu")
    assert (registration.state, registration.needs_reconfirm) == ("confirmed", True)


def test_another_place_alone_asks_nobody_again():
    work = books(published(), a_registration(), confirmed=1).by("rudi")

    event = move(work, venue=states.Place(name="Kafe Daun"))

    assert (event.venue.name, event.date_changed) == ("Kafe Daun", 0)
    assert work.said() == ["EventRescheduled"]


def test_a_house_is_asked_again_for_another_time():
    agreed = states.Host(institution_id="sman4", state="confirmed", decided_by="budi")
    work = books(published(venue=AT_SCHOOL, host=agreed)).by("rudi")

    event = move(work, starts_at=later(DAY, STARTS))

    assert (event.host, work.said()[-1]) == (ASKED, "HostAsked")


def test_moving_needs_something_else_and_a_time_to_come():
    with pytest.raises(EventInvalid):
        move(books(published()).by("rudi"), starts_at=STARTS)
    with pytest.raises(EventInvalid) as told:
        move(books(published()).by("rudi"), starts_at=later(-DAY))
    assert told.value.pointer == "/starts_at"


def test_what_has_begun_is_not_moved():
    with pytest.raises(EventStateForbids) as told:
        move(books(published()).by("rudi", now=STARTS), starts_at=later(DAY, STARTS))
    assert told.value.allowed == ("close", "cancel")


# -- the end ----------------------------------------------------------------------------------


def test_a_called_off_event_takes_its_registrations_with_it():
    work = books(published(), a_registration(), confirmed=1).by("rudi")

    event = cancel_event(work, commands.CancelEvent(event_id="e1", reason="banjir"))

    assert (event.state, event.change_reason) == ("cancelled", "banjir")
    gone = work.registrations.get("r-ayu")
    assert (gone.state, gone.cancelled_reason) == ("cancelled", "banjir")


def test_closing_needs_minutes_or_a_waiver():
    work = books(published()).by("rudi", now=ENDS)

    with pytest.raises(MinutesMissing):
        close(work)
    event = close(work, minutes_waiver="hanya praktik")
    assert (event.state, event.closed_at, event.minutes_waiver) == (
        "closed",
        ENDS,
        "hanya praktik",
    )


def test_with_minutes_no_waiver_is_kept_and_who_was_not_there_did_not_show_up():
    there = a_registration("budi", state="attended")
    work = books(published(minutes="Dibahas."), a_registration(), there, confirmed=1, attended=1)

    event = close(work.by("rudi", now=ENDS), minutes_waiver="tidak perlu")

    assert event.minutes_waiver is None
    assert work.registrations.get("r-ayu").state == "no_show"
    assert work.registrations.get("r-budi").state == "attended"


def test_what_has_not_begun_is_not_closed():
    with pytest.raises(EventStateForbids) as told:
        close(books(published()).by("rudi"), minutes_waiver="tidak ada")
    assert told.value.allowed == ("reschedule", "cancel", "change")


MOVES = {
    "publish": lambda work: publish(work, no_speaker_reason="berbagi"),
    "reschedule": lambda work: move(work, starts_at=later(HOUR, STARTS)),
    "cancel": lambda work: cancel_event(work, commands.CancelEvent(event_id="e1", reason="banjir")),
    "close": lambda work: close(work, minutes_waiver="tidak ada"),
    "change": lambda work: change(work, title="Lain"),
    "host": lambda work: answer_as_host(work, commands.AnswerAsHost(event_id="e1", agrees=True)),
}


@pytest.mark.parametrize(
    ("state", "move"),
    [
        ("draft", "reschedule"),
        ("draft", "close"),
        ("published", "publish"),
        *(("closed", move) for move in MOVES),
        *(("cancelled", move) for move in MOVES),
    ],
)
def test_an_illegal_move_says_what_is_allowed(state, move):
    event = an_event(state=state, venue=AT_SCHOOL, host=ASKED)
    allowed = {
        "draft": ("publish", "change", "cancel", "host", "speaker", "cohost"),
        "published": ("reschedule", "close", "change", "cancel", "host", "speaker", "cohost"),
        "closed": (),
        "cancelled": (),
    }[state]

    with pytest.raises(EventStateForbids) as told:
        MOVES[move](books(event).by("kartini"))
    assert told.value.allowed == ((*allowed, "material", "minutes") if state != "cancelled" else ())
