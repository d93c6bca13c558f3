"""Who hears what of a case: its institution, its mentors, its coordinators; each of it once."""

from dataclasses import replace

import pytest

from contracts.mentoring import facts, states
from services.notifications.errors import NotYetKnown
from services.notifications.model.rendering import words
from services.notifications.model.rules import tellings
from tests.support.books import MemoryBooks
from tests.support.gatherings import begun
from tests.support.members import NOW, a_member, an_appointment, an_area
from tests.support.told_cases import LATER, a_case, a_follow_up, an_issue, an_offer


@pytest.fixture
def books():
    """The case, its people, rudi who coordinates the area, officers, and a mentor elsewhere."""
    return MemoryBooks().knows(
        an_area("35.71", coordinators=("rudi",)),
        *(a_member(one) for one in ("ayu", "eko", "rudi", "sari", "kartini", "fitri")),
        a_member("budi", institution_id="sman4"),
        a_member("rina", institution_id="sman4"),
        a_member("lama", state="suspended", institution_id="sman4"),
        an_appointment("kartini", "coordinator"),
        an_appointment("sari", "secretary"),
        an_appointment("fitri", "mentor"),
        an_appointment("ayu", "mentor"),
        a_case(),
    )


def told(fact, books, id="f1"):
    """Kind → who is told, whichever telling names him."""
    heard: dict[str, set[str]] = {}
    for one in tellings(fact, id, books):
        heard.setdefault(one.kind, set()).update(one.members)
    return heard


HOUSE, TEAM, AREA = {"budi", "rina"}, {"ayu", "eko"}, {"rudi"}
ALL = HOUSE | TEAM | AREA


@pytest.mark.parametrize(
    ("fact", "kind", "who"),
    [
        (facts.MentorshipRequested, "mentorship_requested", AREA),
        (facts.MentorshipMatched, "mentorship_matched", ALL),
        (facts.MentorshipUnmatched, "mentorship_unmatched", HOUSE | AREA),
        (facts.MentorNeeded, "mentor_needed", AREA),
        (facts.AgreementDrafted, "agreement_drafted", HOUSE | TEAM),
        (facts.MentorshipBegan, "mentorship_began", ALL),
        (facts.StageCompleted, "stage_completed", HOUSE | TEAM),
        (facts.MentorshipHeld, "mentorship_held", ALL),
        (facts.MentorshipResumed, "mentorship_resumed", ALL),
        (facts.MentorshipStopped, "mentorship_stopped", ALL),
        (facts.MentorshipReopened, "mentorship_reopened", ALL),
        (facts.MentorshipClosed, "mentorship_closed", ALL),
    ],
)
def test_each_change_of_state_reaches_whom_it_concerns(fact, kind, who, books):
    assert told(fact(mentorship=a_case(2)), books) == {kind: who}


def test_details_and_items_disturb_nobody(books):
    quiet = (facts.MentorshipChanged, facts.ItemCompleted, facts.MentorshipErased)

    assert [told(fact(mentorship=a_case(2)), books) for fact in quiet] == [{}, {}, {}]
    assert told(facts.OfferAccepted(offer=an_offer(state="accepted")), books) == {}


def test_an_assessment_says_verdict_score_and_what_was_before(books):
    ready = states.Readiness(
        template_version=1,
        score=62,
        verdict="ready_with_conditions",
        conditions=("lan",),
        before=48,
    )
    fact = facts.MentorshipAssessed(mentorship=a_case(2, readiness=ready))

    (one,) = tellings(fact, "f1", books)

    assert set(one.members) == HOUSE | AREA
    said = words(one.kind, "id", one.params)
    assert "siap dengan syarat" in said.title
    assert "62% (sebelumnya 48%)" in said.body and "dipenuhi: 1" in said.body


def test_one_sides_word_waits_for_the_others_and_both_begin(books):
    half = states.Agreement(
        version=1, goals=("g",), duties=("d",), visits=(), consent=True, head_accepted_at=NOW
    )
    both = replace(half, mentor_accepted_at=NOW)

    heard = told(facts.AgreementAccepted(mentorship=a_case(2, agreement=half)), books)

    assert heard == {"agreement_accepted": HOUSE | TEAM}
    assert told(facts.AgreementAccepted(mentorship=a_case(2, agreement=both)), books) == {}


def test_when_everything_is_there_all_three_parties_are_asked_to_sign_off(books):
    ready = a_case(2, state="ready_for_signoff", stage="sign_off")

    assert told(facts.StageCompleted(mentorship=ready), books) == {"mentorship_ready": ALL}


def test_a_vote_says_whose_and_that_they_disagree(books):
    votes = (
        states.Vote(party="head", agrees=True, at=NOW, by="budi"),
        states.Vote(party="mentor", agrees=False, at=LATER, by="ayu", comment="Pencadangan gagal"),
    )
    fact = facts.SignOffVoted(mentorship=a_case(2, votes=votes, disputed=True))

    assert told(fact, books) == {"sign_off_voted": ALL}
    said = words("sign_off_voted", "en", next(tellings(fact, "f1", books)).params)
    assert "The mentor says" in said.body and "do not agree" in said.body


def test_signed_off_is_told_to_all_and_invites_the_institution_to_be_a_host(books):
    fact = facts.MentorshipSignedOff(mentorship=a_case(2, state="signed_off"))

    assert told(fact, books) == {"mentorship_signed_off": ALL, "host_welcome": HOUSE}


def test_each_visit_that_did_not_take_place_is_told_once(books):
    visits = (
        states.PlannedVisit(id="v1", planned_at=NOW, overdue_told_at="2026-01-01T00:00:00.000Z"),
        states.PlannedVisit(id="v2", planned_at=NOW, overdue_told_at=NOW),
        states.PlannedVisit(id="v3", planned_at=LATER),
    )
    plan = states.Agreement(version=1, goals=("g",), duties=("d",), visits=visits, consent=True)
    fact = facts.VisitOverdue(mentorship=a_case(2, agreement=plan))

    assert told(fact, books) == {"visit_overdue": TEAM | AREA}
    assert {one.once for one in tellings(fact, "f1", books)} == {"overdue:v2"}


def test_a_visit_is_told_to_the_institution(books):
    visit = states.Visit(
        **begun("visit"),
        mentorship_id="case",
        area="35.71",
        client_id="phone-1",
        started_at=NOW,
        ended_at=LATER,
        logged_by="ayu",
        next_steps="Impor data",
    )
    fact = facts.VisitLogged(visit=visit)

    assert told(fact, books) == {"visit_logged": HOUSE}
    assert "Impor data" in words("visit_logged", "id", _params(fact, books)).body


def test_an_offer_is_told_to_who_is_asked_and_its_end_to_who_made_it(books):
    made = facts.OfferMade(offer=an_offer())
    askers = {"sari", "rudi"}

    assert told(made, books) == {"offer_made": TEAM}
    assert told(facts.OfferDeclined(offer=an_offer()), books) == {"offer_declined": askers}
    assert told(facts.OfferQuestioned(offer=an_offer()), books) == {"offer_questioned": askers}
    assert told(facts.OfferWithdrawn(offer=an_offer()), books) == {"offer_withdrawn": TEAM}
    lapsed = told(facts.OfferLapsed(offer=an_offer()), books)
    assert lapsed == {"offer_lapsed": TEAM, "offer_unanswered": askers}
    alone = facts.OfferMade(offer=an_offer(partner_id=None, offered_by=None))
    assert told(alone, books) == {"offer_made": {"ayu"}}


def test_a_fault_is_told_to_who_has_it_now(books):
    def heard(level, **fields):
        fact = facts.IssueClimbed(issue=an_issue(level, **fields))
        return told(fact, books).get("issue_climbed")

    reported = facts.IssueReported(issue=an_issue())

    assert told(reported, books) == {"issue_reported": TEAM}
    assert heard("area") == AREA
    assert heard("region") == {"sari", "kartini"}
    assert heard("network") == {"ayu", "fitri"}
    assert heard("area", reported_by="rudi") is None


def test_help_and_remedy_come_back_to_who_asked(books):
    helped = facts.IssueHelped(issue=an_issue())
    solved = an_issue(remedy="chmod", solved_by="ayu")

    assert told(helped, books) == {"issue_helped": {"budi"}}
    assert told(facts.IssueHelped(issue=an_issue(reported_by=None)), books) == {}
    heard = told(facts.IssueSolved(issue=solved), books)
    assert heard == {"issue_solved": HOUSE | {"eko"}}


def test_follow_ups_ask_everybody_and_good_news_reach_who_helped(books):
    running = a_follow_up(state="done", running=True, answered_by="budi")

    assert told(facts.FollowUpDue(follow_up=a_follow_up()), books) == {"follow_up_due": ALL}
    heard = told(facts.FollowUpAnswered(follow_up=running), books)
    assert heard == {"follow_up_answered": TEAM | AREA}
    stopped = replace(running, running=False)
    last = replace(running, day=180)
    assert told(facts.FollowUpAnswered(follow_up=stopped), books) == {}
    assert told(facts.FollowUpAnswered(follow_up=last), books) == {}


def test_an_answer_that_forgets_who_gave_it_is_not_told_again(books):
    running = a_follow_up(state="done", running=True, answered_by="budi")
    first = list(tellings(facts.FollowUpAnswered(follow_up=running), "f1", books))
    again = list(
        tellings(
            facts.FollowUpAnswered(follow_up=replace(running, version=2, answered_by=None)),
            "f2",
            books,
        )
    )

    assert {one.once for one in first} == {one.once for one in again} == {"answered:look"}


def test_what_speaks_of_a_case_that_was_not_heard_of_waits():
    nothing = MemoryBooks()

    for fact in (facts.OfferMade(offer=an_offer()), facts.FollowUpDue(follow_up=a_follow_up())):
        with pytest.raises(NotYetKnown):
            list(tellings(fact, "f1", nothing))


def test_texts_name_who_accompanies_the_case(books):
    fact = facts.MentorshipMatched(mentorship=a_case(2))

    said = words("mentorship_matched", "en", _params(fact, books))

    assert "SMAN 4 Kediri" in said.title
    assert "Mentors: " in said.body


def _params(fact, books):
    timezone = {"timezone": "Asia/Jakarta"}
    return {**timezone, **next(tellings(fact, "f1", books)).params}
