"""The agreement: both accept a version, a change asks both again, and the work begins."""

import pytest

from contracts.mentoring import commands, states
from contracts.types import UNSET
from services.mentoring.errors import AgreementInvalid, AgreementMissing, PartyInvalid
from services.mentoring.handlers.progressing import accept_agreement, draft_agreement
from services.mentoring.model import agreement
from tests.support.mentoring import DAY, NOW, a_case, a_region, an_appointment, later

FIRST, SECOND, THIRD = (later(days * DAY) for days in (3, 10, 17))


def draft(*dates, **fields):
    plain = {"goals": ("Sirkulasi berjalan",), "duties": ("Satu komputer",), "consent": True}
    visits = tuple(commands.VisitDate(planned_at=date) for date in dates)
    return commands.DraftAgreement(mentorship_id="case", visits=visits, **{**plain, **fields})


def accept(party):
    return commands.AcceptAgreement(mentorship_id="case", party=party)


def matched(**fields):
    plain = {"state": "matched", "mentor_id": "ayu", "partner_id": "eko", "head_approval": True}
    return a_region(a_case(**{**plain, **fields}))


def drafted(*dates):
    work = matched()
    draft_agreement(work.by("ayu"), draft(*(dates or (FIRST, SECOND))))
    return work


def test_with_both_words_it_is_agreed_and_the_work_begins():
    work = drafted()
    head, mentor = work.by("budi"), work.by("ayu", now=later(60))

    first = accept_agreement(head, accept("head"))
    assert (first.state, first.agreement.head_accepted_at) == ("matched", NOW)
    both = accept_agreement(mentor, accept("mentor"))

    assert (head.said(), mentor.said()) == (
        ["AgreementAccepted"],
        ["AgreementAccepted", "MentorshipBegan"],
    )
    assert [f.mentorship.state for f in mentor.facts] == ["agreed", "in_progress"]
    assert both.agreement.mentor_accepted_at == later(60)
    assert next(i for i in both.items if i.id == "agreement.accepted").done_at == later(60)


def test_the_same_word_again_says_nothing():
    work = drafted()
    accept_agreement(work.by("budi"), accept("head"))
    again = work.by("rina")

    assert accept_agreement(again, accept("head")).state == "matched"
    assert again.said() == []


@pytest.mark.parametrize(
    ("name", "party"),
    [("ayu", "head"), ("rudi", "head"), ("budi", "mentor"), ("rudi", "mentor")],
)
def test_nobody_speaks_for_another(name, party):
    with pytest.raises(PartyInvalid) as refused:
        accept_agreement(drafted().by(name), accept(party))
    assert refused.value.pointer == "/as"


def test_without_the_heads_approval_nobody_speaks_for_the_head():
    work = matched(head_approval=False)
    draft_agreement(work.by("budi"), draft(FIRST))

    with pytest.raises(PartyInvalid):
        accept_agreement(work.by("budi"), accept("head"))


def test_one_who_works_there_and_accompanies_it_is_its_mentor():
    work = drafted()
    work.holds(an_appointment("rina", "mentor", area="35.71"))
    work.holds(states.Mentorship(**{**vars(work.mentorships.get("case")), "partner_id": "rina"}))

    with pytest.raises(PartyInvalid):
        accept_agreement(work.by("rina"), accept("head"))
    assert accept_agreement(work.by("rina"), accept("mentor")).agreement.mentor_accepted_at == NOW


@pytest.mark.parametrize("lacking", ["goals", "duties", "visits", "consent"])
def test_an_agreement_has_goals_duties_visits_and_consent(lacking):
    without = {"consent": False} if lacking == "consent" else {lacking: ()}
    command = draft(FIRST)
    with pytest.raises(AgreementInvalid):
        draft_agreement(
            matched().by("ayu"), commands.DraftAgreement(**{**vars(command), **without})
        )


def test_goals_duties_and_visits_are_enough_to_agree_to():
    said = {"goals": ("Sirkulasi",), "duties": ("Komputer",)}
    visits = (commands.VisitDate(planned_at=FIRST),)
    command = commands.DraftAgreement(mentorship_id="case", visits=visits, **said)

    assert draft_agreement(matched().by("ayu"), command).agreement.consent


def test_what_is_not_written_down_cannot_be_accepted():
    with pytest.raises(AgreementMissing):
        accept_agreement(matched().by("ayu"), accept("mentor"))


def test_a_change_is_a_new_version_that_both_accept_again():
    work = drafted()
    for name, party in (("budi", "head"), ("ayu", "mentor")):
        accept_agreement(work.by(name), accept(party))

    changed = draft_agreement(work.by("rudi"), draft(SECOND, THIRD))

    assert (changed.agreement.version, changed.state) == (2, "in_progress")
    assert changed.agreement.head_accepted_at is changed.agreement.mentor_accepted_at is None
    assert next(i for i in changed.items if i.id == "agreement.accepted").done_at is None
    for name, party in (("rina", "head"), ("eko", "mentor")):
        again = work.by(name)
        accept_agreement(again, accept(party))
        assert again.said() == ["AgreementAccepted"]


def test_a_visit_that_stays_or_took_place_keeps_its_id():
    work = drafted(FIRST, SECOND)
    first, second = work.mentorships.get("case").agreement.visits
    visited = agreement.visited(work.mentorships.get("case"), NOW, "v1", FIRST)
    work.record(visited)

    changed = draft_agreement(work.by("ayu"), draft(SECOND, THIRD)).agreement.visits

    assert [visit.planned_at for visit in changed] == [FIRST, SECOND, THIRD]
    assert [visit.id for visit in changed[:2]] == [first.id, second.id]
    assert changed[0].visit_id == "v1"


def test_dates_of_any_offset_are_kept_in_one_spelling():
    visits = draft_agreement(
        matched().by("ayu"), draft("2026-12-01T09:00:00+07:00", "2026-11-30T02:00:00Z")
    ).agreement.visits

    assert [visit.planned_at for visit in visits] == [
        "2026-11-30T02:00:00.000Z",
        "2026-12-01T02:00:00.000Z",
    ]


def test_a_visit_belongs_to_the_nearest_planned_one_within_a_week():
    case = drafted(FIRST, SECOND).mentorships.get("case")

    near = agreement.visited(case, NOW, "v1", later(8 * DAY))
    assert [visit.visit_id for visit in near.mentorship.agreement.visits] == [None, "v1"]
    other = agreement.visited(near.mentorship, NOW, "v2", later(8 * DAY))
    assert [visit.visit_id for visit in other.mentorship.agreement.visits] == ["v2", "v1"]
    assert agreement.visited(case, NOW, "v1", later(30 * DAY)) is None
    assert agreement.visited(a_case(), NOW, "v1", FIRST) is None


def test_an_overdue_visit_is_told_once():
    case = drafted(FIRST, SECOND).mentorships.get("case")
    after = later(5 * DAY)

    told = agreement.tell_overdue(case, after, after)
    assert [v.overdue_told_at for v in told.mentorship.agreement.visits] == [after, None]
    assert agreement.tell_overdue(told.mentorship, after, after) is None
    assert agreement.tell_overdue(a_case(), after, after) is None


def test_what_was_proven_before_the_work_began_counts_at_once():
    early = ("agreement", "sign_off", "follow_up")
    items = tuple(
        i if i.stage in early else states.Item(**{**vars(i), "done_at": NOW})
        for i in a_case().items
    )
    work = matched(items=items, stage="agreement")
    draft_agreement(work.by("ayu"), draft(FIRST))
    accept_agreement(work.by("budi"), accept("head"))

    last = work.by("ayu")
    case = accept_agreement(last, accept("mentor"))

    assert last.said() == ["AgreementAccepted", "MentorshipBegan", "StageCompleted"]
    assert (case.state, case.stage) == ("ready_for_signoff", "sign_off")


def test_what_a_version_drops_is_remembered_for_calendars():
    work = drafted(FIRST, SECOND)
    first, second = work.mentorships.get("case").agreement.visits
    assert work.mentorships.get("case").agreement.dropped is UNSET

    after = draft_agreement(work.by("ayu"), draft(SECOND)).agreement
    assert [visit.id for visit in after.dropped] == [first.id]
    again = draft_agreement(work.by("ayu"), draft(THIRD)).agreement
    assert [visit.id for visit in again.dropped] == [first.id, second.id]
