"""Visits: written down offline and kept once, planned ones fulfilled, late ones told, photos."""

import pytest

from contracts.mentoring import commands, states
from services.mentoring.errors import (
    ChildOnPhoto,
    Forbidden,
    MentorshipStateForbids,
    PhotoInvalid,
    VisitInvalid,
    VisitUnknown,
)
from services.mentoring.handlers import visits
from tests.support.mentoring import DAY, NOW, a_case, a_region, later, says

HOUR = 3600


def planned(*days):
    return tuple(states.PlannedVisit(id=f"plan-{day}", planned_at=later(day * DAY)) for day in days)


def a_running_case(*days, **fields):
    """Accompanied by ayu and eko, with visits planned on days from now."""
    plan = states.Agreement(
        version=1, goals=("g",), duties=("d",), visits=planned(*days), consent=True
    )
    plain = {"state": "in_progress", "stage": "infrastructure", "mentor_id": "ayu"}
    return a_case(agreement=plan, **{**plain, "partner_id": "eko", **fields})


def log(work, client_id="phone-1", by="ayu", day=0.0, hours=2.0, now=None, **fields):
    start = later(day * DAY - 4 * HOUR)
    plain = {"started_at": start, "ended_at": later(hours * HOUR, start), "work": "Instalasi"}
    wish = commands.LogVisit(mentorship_id="case", client_id=client_id, **{**plain, **fields})
    asked = by if hasattr(by, "record") else work.by(by, now=now or later(max(0.0, day) * DAY))
    return visits.log_visit(asked, wish)


def test_a_visit_arrives_once_however_often_the_phone_sends_it():
    work = a_region(a_running_case())
    notes = (states.Note(text="Kepala mendukung", visibility="coordinators"),)

    first = log(work, notes=notes, people=("Bu Rina",))
    asked = work.by("ayu")
    again = log(work, by=asked, problems="Listrik padam")

    assert again == first
    assert asked.facts == []
    assert (first.logged_by, first.client_id, first.notes) == ("ayu", "phone-1", notes)
    assert log(work, "phone-2").id != first.id


def test_mentor_partner_and_coordinators_write_and_nobody_else():
    work = a_region(a_running_case())

    for number, writer in enumerate(("ayu", "eko", "rudi", "sari")):
        assert log(work, f"phone-{number}", by=writer).logged_by == writer
    for stranger in ("budi", "dewi", "tono"):
        with pytest.raises(Forbidden):
            log(work, "phone-9", by=stranger)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("yesterday", NOW),
        (NOW, later(-1)),
        (NOW, NOW),
        (later(-2 * DAY), NOW),
        (NOW, later(2 * HOUR)),
        ("2026-11-21T02:00:00", NOW),
    ],
)
def test_impossible_times_are_refused(start, end):
    work = a_region(a_running_case())

    with pytest.raises(VisitInvalid):
        log(work, started_at=start, ended_at=end)


def test_times_are_kept_in_one_spelling():
    work = a_region(a_running_case())

    state = log(work, started_at="2026-11-21T07:00:00+07:00", ended_at="2026-11-21T08:30:00+07:00")

    assert (state.started_at, state.ended_at) == (
        "2026-11-21T00:00:00.000Z",
        "2026-11-21T01:30:00.000Z",
    )


def test_a_log_that_was_written_offline_is_kept_after_the_case_rested_or_ended():
    for number, state in enumerate(("on_hold", "stopped", "closed", "follow_up")):
        work = a_region(a_running_case(state=state))
        assert log(work, f"phone-{number}").version == 1
    with pytest.raises(MentorshipStateForbids):
        log(a_region(a_case(state="assessed")), by="rudi")


def test_visits_fulfil_the_plan_in_whatever_order_they_arrive():
    work = a_region(a_running_case(0, 14, 28))

    third = log(work, "phone-3", day=28, now=later(29 * DAY))
    first = log(work, "phone-1", day=0, now=later(29 * DAY))
    log(work, "phone-4", day=60, now=later(61 * DAY))

    made = {v.id: v.visit_id for v in work.mentorships.get("case").agreement.visits}
    assert made == {"plan-0": first.id, "plan-14": None, "plan-28": third.id}


def test_a_planned_visit_that_nobody_made_is_told_once_after_a_day():
    work = a_region(a_running_case(0, 14))

    assert visits.overdue(work.at(later(DAY))) == []
    round_ = work.at(later(DAY + 1))
    assert visits.overdue(round_) == ["case"]
    visits.tell_overdue(round_, "case")
    visits.tell_overdue(round_, "case")

    assert round_.said() == ["VisitOverdue"]
    assert visits.overdue(work.at(later(2 * DAY))) == []
    assert visits.overdue(work.at(later(16 * DAY))) == ["case"]


def test_a_case_that_rests_has_no_late_visits():
    work = a_region(a_running_case(0, state="on_hold"))

    assert visits.overdue(work.at(later(9 * DAY))) == []


def add(work, visit, by="ayu", **fields):
    plain = {"photo_id": "p1", "media_type": "image/jpeg", "size_bytes": 9}
    plain |= {"visit_id": visit.id, "no_identifiable_child": True}
    return visits.add_photo(
        work.by(by), commands.AddPhoto(mentorship_id="case", **{**plain, **fields})
    )


def test_a_photo_is_added_once_and_says_by_whom():
    work = a_region(a_running_case())
    visit = log(work)

    first = add(work, visit)

    assert [(p.id, p.added_by) for p in first.photos] == [("p1", "ayu")]
    assert add(work, visit) == first
    assert len(add(work, visit, photo_id="p2").photos) == 2


def test_a_photo_needs_the_declaration_a_picture_type_and_room():
    work = a_region(a_running_case())
    visit = log(work)

    with pytest.raises(ChildOnPhoto):
        add(work, visit, no_identifiable_child=False)
    with pytest.raises(PhotoInvalid):
        add(work, visit, media_type="application/pdf")
    for number in range(20):
        add(work, visit, photo_id=f"p{number}")
    with pytest.raises(PhotoInvalid):
        add(work, visit, photo_id="one-too-many")


def test_a_photo_belongs_to_a_visit_of_the_case_and_is_added_by_who_wrote_it():
    work = a_region(a_running_case())
    visit = log(work)

    with pytest.raises(VisitUnknown):
        add(work, visit, visit_id="unknown")
    with pytest.raises(VisitUnknown):
        visits.visit(work, "other", visit.id)
    with pytest.raises(Forbidden):
        add(work, visit, by="budi")


def test_who_left_is_in_no_visit():
    work = a_region(a_running_case())
    visit = log(work)
    add(work, visit, by="eko")
    add(work, visit, photo_id="p2")

    visits.forget_member(work.at(NOW), "ayu")

    after = work.visits.get(visit.id)
    assert not says(vars(after), "ayu")
    assert [photo.added_by for photo in after.photos] == ["eko", None]
    visits.forget_member(work.at(NOW), "eko")
    assert work.visits.get(visit.id).logged_by is None
