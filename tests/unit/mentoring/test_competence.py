"""Competence in matching: what members can, as they and others said it, and for how long."""

from contracts.mentoring.candidates import CONFIRMED_POINTS
from contracts.mentoring.competence import AREA_OF_NEED, NOTHING_SAID, Levels, levels_of
from contracts.mentoring.matching import rank
from contracts.mentoring.states import NEEDS
from services.mentoring.handlers import offers
from services.mentoring.model.known import KnownCompetencies, KnownLevel
from tests.support.mentoring import DAY, a_case, a_mentor, a_region, later
from tests.unit.mentoring.test_assignments import propose, ready_case
from tests.unit.mentoring.test_matching import a_candidate
from tests.unit.mentoring.test_offers import lapse_all, offer

TODAY = "2026-11-21"
IT_NEEDS = ("network", "hardware", "database", "server")


def a_level(area="ICT", level=3, source="self", **fields):
    return KnownLevel(area=area, level=level, source=source, **fields)


def known(id="ayu", **said):
    return KnownCompetencies(id=id, version=1, **said)


def test_the_highest_level_of_any_source_counts_and_that_of_others_confirms():
    said = levels_of(
        known(
            ratings=(a_level(level=4), a_level("LIB", 1)),
            evidence=(a_level(level=2, source="event"), a_level("LIB", 2, "self")),
            endorsements=(a_level(level=3, source="mentor"), a_level("COM", 1, "coordinator")),
        ),
        TODAY,
    )

    assert said.said == {"ICT": 4, "LIB": 2, "COM": 1}
    assert said.confirmed == {"ICT": 3, "COM": 1}
    assert levels_of(None, TODAY) == NOTHING_SAID


def test_a_high_level_covers_the_needs_of_its_area_and_a_low_one_none():
    able = a_candidate("able", skills=("slims",), levels=Levels({"ICT": 3, "LIB": 2}, {}))
    (team,) = rank(a_case(needs=(*IT_NEEDS, "slims", "metadata")), [able])

    assert team.open_needs == ("metadata",)
    assert team.confirmed_needs == ()
    told = [one.text("en") for one in team.reasons]
    assert told[0] == "covers network, hardware, database, server, SLiMS"
    assert told[1] == "level of competence: information technology 3, library management 2"


def test_who_others_vouch_for_comes_before_who_only_says_so_himself():
    case = a_case(needs=("slims", "network"))
    vouched = a_candidate("zain", levels=Levels({"LIB": 2}, {"LIB": 2}))
    said = a_candidate("ani", levels=Levels({"LIB": 2}, {"LIB": 1}))

    first, second = rank(case, [said, vouched])

    assert (first.lead.candidate.id, second.lead.candidate.id) == ("zain", "ani")
    assert second.cost - first.cost == CONFIRMED_POINTS
    assert [one.text("id") for one in first.reasons][1:3] == [
        "dikonfirmasi orang lain: SLiMS",
        "tingkat kompetensi: pengelolaan perpustakaan 2",
    ]


def test_a_librarian_and_somebody_of_it_are_found_by_what_they_were_shown_to_know():
    """Neither names a skill: their competencies close each other's gaps."""
    case = a_case(needs=("network", "database", "metadata", "cataloguing"))
    librarian = a_candidate("ayu", skills=(), levels=Levels({"LIB": 3}, {"LIB": 3}))
    it = a_candidate("eko", background="it", skills=(), levels=Levels({"ICT": 4}, {"ICT": 2}))

    team = rank(case, [librarian, it, a_candidate("ani", skills=case.needs[:2])])[0]

    assert team.ids == {"ayu", "eko"}
    assert team.open_needs == ()
    assert team.confirmed_needs == case.needs
    codes = [one.code for one in team.reasons]
    assert codes[:4] == ["pair", "covers", "confirmed", "levels"]


def test_the_next_best_and_a_batch_look_at_what_was_heard_of_competencies():
    both = known("eko", endorsements=(a_level(level=3, source="coordinator"),))
    work = a_region(a_mentor("eko", background="it", skills=()), both)
    case = ready_case(work, "Otomasi", needs=("network", "slims"))

    (pairing,) = propose(work).pairings
    assert {pairing.mentor_id, pairing.partner_id} == {"ayu", "eko"}
    assert "confirmed:network" in pairing.reasons
    assert "levels:ICT 3" in pairing.reasons

    offer(work, case, "ayu")
    made = lapse_all(work, later(3 * DAY))[-1].offer
    assert made.mentor_id == "eko"
    offers.withdraw_open(work.at(later(4 * DAY)), case.id)


def test_what_expired_by_the_day_of_the_question_covers_nothing():
    mentor = a_mentor("eko", background="it", skills=())
    shown = a_level(level=3, source="event", expires_on="2026-11-22")
    work = a_region(mentor, known("eko", evidence=(shown,)))
    ready_case(work, "Otomasi", needs=("network",))

    def reasons(now):
        return propose(work, by=work.by("rudi", now=now)).pairings[0].reasons

    assert "covers:network" in reasons(later(0))
    assert "leaves_open:network" in reasons(later(DAY))


def test_every_need_belongs_to_an_area():
    assert set(AREA_OF_NEED) == set(NEEDS)
