"""Matching: distance, needs, pairs, and whole batches that no greedy choice beats."""

from time import process_time

import pytest

from contracts.mentoring import reasons
from contracts.mentoring.candidates import LOAD_POINTS, Candidate
from contracts.mentoring.distance import kilometres, spot
from contracts.mentoring.matching import rank
from contracts.mentoring.states import BACKGROUNDS, NEEDS
from services.mentoring.model import assignment, solver
from tests.support.mentoring import a_case
from tests.support.pace import slowness

KEDIRI, PARE, SEMARANG = (-7.8352, 112.0178), (-7.7675, 112.1979), (-6.9667, 110.4167)


def a_candidate(id, **fields):
    """A librarian next door who knows SLiMS."""
    plain = {"background": "librarian", "skills": ("slims",), "area": "35.71"}
    here = {"latitude": KEDIRI[0], "longitude": KEDIRI[1]}
    return Candidate(id=id, **{**plain, **here, **fields})


def best_ids(case, *candidates, **options):
    return [tuple(sorted(team.ids)) for team in rank(case, candidates, **options)]


def test_distance_is_that_of_the_sphere():
    assert kilometres(spot(*KEDIRI), spot(*PARE)) == pytest.approx(21.2, abs=0.3)
    assert kilometres(spot(*KEDIRI), spot(*SEMARANG)) == pytest.approx(201.2, abs=2)
    assert kilometres(spot(*KEDIRI), spot(*KEDIRI)) == 0
    assert kilometres(spot(0, 0), spot(0, 180)) == pytest.approx(20015.1, abs=0.1)
    assert spot(None, 112.0) is spot(-7.8, None) is None


def test_the_nearest_who_covers_most_and_has_least_to_do_comes_first():
    case = a_case(needs=("slims",))
    far = {"latitude": PARE[0], "longitude": PARE[1]}

    found = best_ids(
        case,
        a_candidate("busy", load=1),
        a_candidate("unable", skills=()),
        a_candidate("far", **far),
        a_candidate("near"),
        a_candidate("proven", completed=9, **far),
    )

    assert found == [("proven",), ("near",), ("far",), ("busy",), ("unable",)]


def test_nobody_who_is_away_full_or_asked_before_is_suggested():
    case = a_case(needs=("slims",))
    away, full = a_candidate("away", available=False), a_candidate("full", load=2)

    assert best_ids(case, away, full, a_candidate("asked"), without={"asked"}) == []
    assert best_ids(case, away, full, a_candidate("asked")) == [("asked",)]


def test_a_librarian_and_somebody_of_it_close_each_others_gaps():
    case = a_case(needs=("network", "database", "metadata"))
    librarian = a_candidate("ayu", skills=("metadata",))
    other = a_candidate("ani", skills=("network", "database"))
    it = a_candidate("eko", background="it", skills=("network", "database"))

    (pair, alone) = rank(case, [librarian, it, other])

    assert pair.ids == {"ayu", "eko"}
    assert pair.lead.candidate.id == "eko"
    assert pair.open_needs == ()
    assert alone.ids == {"ani"}
    assert [reason.code for reason in pair.reasons] == ["pair", "covers", "distance", "load"]
    assert [r.text("en") for r in alone.reasons] == [
        "covers network, database",
        "leaves open: metadata",
        "0 km from the institution",
        "0 of 2 cases running",
    ]


def test_a_partner_who_saves_nothing_stays_at_home():
    case = a_case(needs=("slims", "network"))
    far = a_candidate("eko", background="it", skills=("network",), latitude=-6.9, longitude=110.4)

    assert best_ids(case, a_candidate("ayu"), far)[0] == ("ayu",)


def test_unknown_places_are_assumed_by_area():
    case = a_case(needs=())
    nowhere = {"latitude": None, "longitude": None}
    own, other = a_candidate("own", **nowhere), a_candidate("other", area="35.06", **nowhere)

    first, second = rank(case, [other, own])

    assert (first.lead.candidate.id, first.cost) == ("own", 1.5)
    assert [reason.line for reason in second.reasons] == ["other_area:", "load:0/2"]


def test_every_reason_has_words_in_both_languages_and_comes_back_from_its_line():
    made = [
        reasons.distance(12.4),
        reasons.area(True),
        reasons.area(False),
        reasons.covers(NEEDS),
        reasons.confirmed(NEEDS),
        reasons.levels({"ICT": 3, "LIB": 2, "COM": 4}),
        reasons.leaves_open(("network",)),
        reasons.pair(),
        reasons.load(1, 2),
        reasons.history(3),
        reasons.nobody(),
    ]

    assert {reason.code for reason in made} == set(reasons.WORDS)
    assert [reasons.of_line(reason.line) for reason in made] == made
    assert made[0].texts == {"id": "12 km dari lembaga", "en": "12 km from the institution"}
    assert made[8].text("id") == "1 dari 2 pendampingan berjalan"
    assert all(reason.texts["id"] != "" for reason in made)
    with pytest.raises(KeyError):
        reasons.of_line("gossip:he is nice")


def test_four_hundred_mentors_are_ranked_in_five_milliseconds():
    mentors = [
        a_candidate(
            f"m{number}",
            background=BACKGROUNDS[number % 3],
            skills=tuple(NEEDS[(number * step) % 11] for step in (1, 3, 5)),
            latitude=-8 + number % 97 / 97,
            longitude=111 + number % 89 / 89,
        )
        for number in range(400)
    ]
    case = a_case(needs=("network", "database", "slims", "metadata", "training"))
    spent = []
    for _ in range(20):
        began = process_time()
        assert len(rank(case, mentors)) == 10
        spent.append(process_time() - began)

    assert min(spent) < 0.005 * slowness()


def test_the_solver_has_nothing_to_do_without_rows():
    assert solver.cheapest([]) == []


def test_one_mentor_takes_two_cases_only_when_that_is_cheaper_than_the_way_of_another():
    cases = [a_case("c1", needs=()), a_case("c2", needs=())]
    near, far = a_candidate("near"), a_candidate("far", latitude=PARE[0], longitude=PARE[1])
    very_far = a_candidate("far", latitude=SEMARANG[0], longitude=SEMARANG[1])

    def leads(*mentors):
        return {t.lead.candidate.id for t in assignment.best(cases, mentors, {}).teams if t}

    assert leads(near, far) == {"near", "far"}
    assert leads(near, very_far) == {"near"}
    assert assignment.best(cases, [near, very_far], {}).total == LOAD_POINTS


def test_who_gets_nobody_is_told_so():
    plan = assignment.best([a_case(needs=())], [a_candidate("full", capacity=0)], {})

    (pairing,) = plan.pairings()

    assert (pairing.mentor_id, pairing.partner_id, pairing.reasons) == (None, None, ("nobody:",))
    assert plan.total == assignment.NOBODY_POINTS
