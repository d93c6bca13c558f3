"""Speakers answer in time or are reminded; another area hosts too when it says so; what remains."""

import pytest

from contracts.events import commands, states
from services.events.errors import (
    AreaInvalid,
    CohostTaken,
    CohostUnknown,
    EventInvalid,
    EventStateForbids,
    Forbidden,
    MemberInvalid,
    SpeakerStateForbids,
    SpeakerTaken,
    SpeakerUnknown,
)
from services.events.handlers import speakers
from services.events.handlers.records import add_material, write_minutes
from services.events.handlers.speakers import (
    answer_as_cohost,
    answer_as_speaker,
    invite_cohost,
    invite_speaker,
    remove_speaker,
)
from tests.support.events import DAY, ENDS, HOUR, a_region, an_event, later


def an_invitation(**fields):
    plain = {"event_id": "e1", "kind": "practitioner", "subject": "Barcode"}
    return commands.InviteSpeaker(**{**plain, "answer_by": "2026-12-01", **fields})


def invited(event=None, **fields):
    work = a_region(event or an_event())
    speaker = invite_speaker(work.by("rudi"), an_invitation(**fields)).speakers[-1]
    return work, speaker


def answer(work, speaker, confirms):
    said = commands.AnswerAsSpeaker(event_id="e1", speaker_id=speaker.id, confirms=confirms)
    return answer_as_speaker(work, said).speakers[0]


def test_a_member_is_asked_and_answers_himself():
    work, speaker = invited(member_id="budi")

    assert (speaker.name, speaker.state) == ("Budi", "invited")
    for other in ("rudi", "ayu"):
        with pytest.raises(Forbidden):
            answer(work.by(other), speaker, confirms=True)
    assert answer(work.by("budi"), speaker, confirms=True).state == "confirmed"


def test_for_an_outsider_a_manager_notes_the_answer():
    work, speaker = invited(name="Dr. Rahma")

    with pytest.raises(Forbidden):
        answer(work.by("ayu"), speaker, confirms=True)
    assert answer(work.by("rudi"), speaker, confirms=False).state == "declined"


def test_a_yes_may_be_taken_back_but_a_no_stands():
    work, speaker = invited(member_id="budi")
    budi = work.by("budi")

    answer(budi, speaker, confirms=True)
    with pytest.raises(SpeakerStateForbids) as told:
        answer(budi, speaker, confirms=True)
    assert told.value.allowed == ("decline",)
    assert answer(budi, speaker, confirms=False).state == "declined"
    with pytest.raises(SpeakerStateForbids):
        answer(budi, speaker, confirms=True)


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({}, EventInvalid),
        ({"member_id": "budi", "name": "Budi"}, EventInvalid),
        ({"member_id": "stranger"}, MemberInvalid),
        ({"name": "Rahma", "answer_by": "2026-11-20"}, EventInvalid),
        ({"name": "Rahma", "answer_by": "2026-12-06"}, EventInvalid),
    ],
)
def test_an_invitation_names_one_and_a_day_before_the_event(fields, refused):
    with pytest.raises(refused):
        invited(**fields)


def test_the_same_member_is_asked_once_unless_he_declined():
    work, speaker = invited(member_id="budi")

    with pytest.raises(SpeakerTaken):
        invite_speaker(work.by("rudi"), an_invitation(member_id="budi"))
    answer(work.by("budi"), speaker, confirms=False)
    assert len(invite_speaker(work.by("rudi"), an_invitation(member_id="budi")).speakers) == 2


def test_thirty_speakers_are_enough():
    work = a_region(an_event()).by("rudi")
    for number in range(30):
        invite_speaker(work, an_invitation(name=f"Rahma {number}"))

    with pytest.raises(EventInvalid):
        invite_speaker(work, an_invitation(name="Rahma"))


def test_managers_invite_and_remove():
    work, speaker = invited(name="Rahma")
    gone = commands.RemoveSpeaker(event_id="e1", speaker_id=speaker.id)

    for stranger in ("dewi", "ayu"):
        with pytest.raises(Forbidden):
            remove_speaker(work.by(stranger), gone)
    assert remove_speaker(work.by("rudi"), gone).speakers == ()
    with pytest.raises(SpeakerUnknown):
        remove_speaker(work.by("rudi"), gone)


def test_a_closed_event_asks_nobody():
    with pytest.raises(EventStateForbids):
        invited(an_event(state="closed"), name="Rahma")


def reminders(work, day):
    later_on = work.by(None, now=f"{day}T01:00:00.000Z")
    for id in speakers.unanswered(later_on):
        speakers.remind(later_on, id)
    return [fact.event.speakers[0].reminded for fact in later_on.facts]


def test_an_unanswered_invitation_is_reminded_of_seven_and_three_days_before_once_each():
    work, _ = invited(member_id="budi")

    assert reminders(work, "2026-11-23") == []
    assert reminders(work, "2026-11-24") == [(7,)]
    assert reminders(work, "2026-11-25") == []
    assert reminders(work, "2026-11-28") == [(7, 3)]
    assert reminders(work, "2026-12-01") == []
    assert reminders(work, "2026-12-02") == []


def test_a_day_that_was_past_at_the_invitation_is_not_reminded_of():
    work, _ = invited(member_id="budi", answer_by="2026-11-26")

    assert reminders(work, "2026-11-22") == []
    assert reminders(work, "2026-11-23") == [(7, 3)]


def test_every_speaker_of_an_event_is_reminded():
    work, _ = invited(member_id="budi")
    invite_speaker(work.by("rudi"), an_invitation(member_id="ayu"))

    assert len(reminders(work, "2026-11-24")) == 2
    assert {one.reminded_at for one in work.events.get("e1").speakers} == {
        "2026-11-24T01:00:00.000Z"
    }


def test_who_has_answered_is_not_reminded():
    work, speaker = invited(member_id="budi")
    answer(work.by("budi"), speaker, confirms=True)

    assert reminders(work, "2026-11-24") == []


# -- materials and minutes ----------------------------------------------------------------------


def a_material(**fields):
    plain = {"event_id": "e1", "title": "Salindia", "link": "https://kediri.example/barcode.pdf"}
    return commands.AddMaterial(**{**plain, "licence": "CC-BY-4.0", **fields})


def asked_for_material(work, seconds):
    later_on = work.at(later(seconds, ENDS))
    for id in speakers.without_material(later_on):
        speakers.ask_for_material(later_on, id)
    return later_on.said()


def test_who_spoke_and_left_nothing_is_asked_once():
    work, speaker = invited(an_event(state="published"), member_id="budi")
    answer(work.by("budi"), speaker, confirms=True)

    assert asked_for_material(work, HOUR) == []
    assert asked_for_material(work, DAY + 1) == ["MaterialMissing"]
    assert asked_for_material(work, DAY + HOUR) == []
    assert work.events.get("e1").speakers[0].material_asked_at == later(DAY + 1, ENDS)


def test_who_left_something_is_not_asked():
    work, speaker = invited(an_event(state="published"), member_id="budi")
    answer(work.by("budi"), speaker, confirms=True)
    material = add_material(work.by("budi"), a_material(size_bytes=1_000_000)).materials[0]

    assert (material.speaker_id, material.added_by) == (speaker.id, "budi")
    assert asked_for_material(work, DAY + 1) == []
    speakers.ask_for_material(work.at(later(DAY + 1, ENDS)), "e1")
    assert work.events.get("e1").version == 4


def test_a_speaker_adds_his_own_a_manager_any():
    work, speaker = invited(member_id="budi")
    other = invite_speaker(work.by("rudi"), an_invitation(name="Rahma")).speakers[-1]

    answer(work.by("rudi"), other, confirms=True)
    for member, fields in (("ayu", {}), ("budi", {"speaker_id": other.id})):
        with pytest.raises(Forbidden):
            add_material(work.by(member), a_material(**fields))
    assert add_material(work.by("rudi"), a_material(speaker_id=other.id)).materials
    with pytest.raises(SpeakerUnknown):
        add_material(work.by("rudi"), a_material(speaker_id="x"))
    assert speaker.id != other.id


def test_materials_and_minutes_may_come_after_closing_but_not_after_calling_off():
    work = a_region(an_event(state="closed"))

    assert len(add_material(work.by("rudi"), a_material()).materials) == 1
    said = commands.WriteMinutes(event_id="e1", text="Dibahas: cetak barcode.")
    assert write_minutes(work.by("rudi"), said).minutes == "Dibahas: cetak barcode."
    with pytest.raises(Forbidden):
        write_minutes(work.by("dewi"), said)
    work.holds(an_event(state="cancelled"))
    with pytest.raises(EventStateForbids):
        write_minutes(work.by("rudi"), said)
    with pytest.raises(EventStateForbids):
        add_material(work.by("rudi"), a_material())


def test_forty_materials_are_kept():
    kept = states.Material(
        id="m", title="x", link="https://x.id", licence="CC0-1.0", added_by="rudi"
    )
    work = a_region(an_event(materials=(kept,) * 40))

    with pytest.raises(EventInvalid):
        add_material(work.by("rudi"), a_material())


# -- co-hosts ---------------------------------------------------------------------------------


def cohost(work, by, accepts):
    return answer_as_cohost(
        work.by(by), commands.AnswerAsCohost(event_id="e1", area="35.06", accepts=accepts)
    ).cohosts


def test_another_area_hosts_too_once_its_coordinator_accepts():
    work = a_region(an_event())
    invite = commands.InviteCohost(event_id="e1", area="35.06")

    assert invite_cohost(work.by("rudi"), invite).cohosts[0].state == "invited"
    for other in ("rudi", "ayu"):
        with pytest.raises(Forbidden):
            cohost(work, other, accepts=True)
    assert cohost(work, "dewi", accepts=True)[0].state == "confirmed"
    assert cohost(work, "dewi", accepts=True)[0].state == "confirmed"
    assert work.events.get("e1").version == 3
    with pytest.raises(CohostTaken):
        invite_cohost(work.by("rudi"), invite)


def test_who_declined_may_be_asked_again_but_does_not_accept_unasked():
    work = a_region(an_event())
    invite = commands.InviteCohost(event_id="e1", area="35.06")
    invite_cohost(work.by("rudi"), invite)
    cohost(work, "dewi", accepts=False)

    with pytest.raises(CohostUnknown):
        cohost(work, "dewi", accepts=True)
    assert [c.state for c in invite_cohost(work.by("rudi"), invite).cohosts] == ["invited"]


def test_only_another_active_area_is_asked_and_only_by_managers():
    work = a_region(an_event())

    for area, refused in (("35.71", CohostTaken), ("35.05", AreaInvalid)):
        with pytest.raises(refused):
            invite_cohost(work.by("rudi"), commands.InviteCohost(event_id="e1", area=area))
    with pytest.raises(Forbidden):
        invite_cohost(work.by("dewi"), commands.InviteCohost(event_id="e1", area="35.06"))
    with pytest.raises(CohostUnknown):
        cohost(work, "dewi", accepts=True)


@pytest.mark.parametrize(("starts", "until"), [(20 * DAY, "2026-12-04"), (3 * DAY, "2026-11-24")])
def test_a_name_is_enough_to_ask_somebody(starts, until):
    event = an_event(starts_at=later(starts), ends_at=later(starts + HOUR))
    speaker = invite_speaker(
        a_region(event).by("rudi"), commands.InviteSpeaker(event_id="e1", name="Dr. Rahma")
    ).speakers[0]

    assert (speaker.kind, speaker.subject) == ("practitioner", event.title)
    assert (speaker.state, speaker.answer_by) == ("invited", until)
