"""Levels are one's own, evidence and endorsements are witnessed."""

import pytest

from chassis.errors import Stale
from contracts.members import commands, states
from contracts.types import UNSET
from services.members.errors import (
    Invalid,
    MemberStateForbids,
    MemberUnknown,
    NotYours,
    OwnEndorsement,
)
from services.members.handlers.competencies import (
    add_evidence,
    endorse,
    expiring,
    publish_frameworks,
    rate_competencies,
    tell_expiring,
)
from services.members.model import framework
from services.members.model.competency import MOST_KEPT, Competencies, none_yet
from tests.support.members import NOW, TODAY, a_member, a_region, an_appointment


def ratings(**levels):
    return tuple(commands.RatingAnswer(area=a, level=level) for a, level in levels.items())


def rated(work, **levels):
    return rate_competencies(
        work, commands.RateCompetencies(member_id="ayu", ratings=ratings(**levels))
    )


def test_a_member_rates_himself():
    work = a_region().by("ayu")

    state = rated(work, ICT=1, LIB=3)

    assert [(r.area, r.level, r.source) for r in state.ratings] == [
        ("LIB", 3, "self"),
        ("ICT", 1, "self"),
    ]
    assert (state.id, state.version) == ("ayu", 1)


def test_rating_again_keeps_the_unanswered():
    work = a_region().by("ayu")
    rated(work, ICT=1, LIB=3)

    state = rated(work, ICT=2)

    assert {r.area: r.level for r in state.ratings} == {"LIB": 3, "ICT": 2}
    assert state.version == 2


def test_no_answer_is_no_change():
    work = a_region().by("ayu")

    assert rated(work).ratings == ()
    assert work.said() == []


def test_a_pending_member_rates_himself_too():
    work = a_region().holds(a_member("ayu", state="pending")).by("ayu")

    assert rated(work, LIB=1).version == 1


def test_nobody_rates_somebody_else():
    with pytest.raises(NotYours):
        rated(a_region().by("rudi"), LIB=4)


def test_one_level_per_area():
    work = a_region().by("ayu")
    twice = (*ratings(LIB=1), *ratings(LIB=2))

    with pytest.raises(Invalid):
        rate_competencies(work, commands.RateCompetencies(member_id="ayu", ratings=twice))


def test_a_stale_rating_is_refused():
    work = a_region()
    rated(work.by("ayu"), LIB=1)

    with pytest.raises(Stale):
        rated(work.by("ayu", if_match=4), LIB=2)


def test_the_newest_framework_is_named():
    work = a_region()
    publish_frameworks(work)
    work.frameworks.by_id["2"] = work.frameworks.by_id["1"]

    assert rated(work.by("ayu"), LIB=1).framework_version == 2


# -- evidence and endorsement ----------------------------------------------------------------


def evidence(**fields):
    plain = {"member_id": "ayu", "area": "ICT", "level": 2, "title": "SLiMS training"}
    return commands.AddEvidence(**{**plain, **fields})


def endorsement(**fields):
    return commands.Endorse(**{"member_id": "ayu", "area": "ICT", "level": 2, **fields})


def test_own_evidence_says_so():
    state = add_evidence(a_region().by("ayu"), evidence(expires_on="2027-01-01"))

    (item,) = state.evidence
    assert (item.source, item.given_by, item.given_on) == ("self", "ayu", TODAY)
    assert item.expires_on == "2027-01-01"


@pytest.mark.parametrize(("by", "source"), [("rudi", "coordinator"), ("tono", "mentor")])
def test_coordinators_and_mentors_witness(by, source):
    work = a_region().holds(a_member("tono"), an_appointment("tono", "mentor", area="35.71"))

    assert add_evidence(work.by(by), evidence()).evidence[0].source == source
    endorsed = endorse(work.by(by), endorsement(note="Seen at work"))
    assert (endorsed.endorsements[0].source, endorsed.endorsements[0].given_by) == (source, by)


def test_a_mentor_without_an_area_witnesses_everywhere():
    work = a_region().holds(a_member("tono"), an_appointment("tono", "mentor"))

    assert endorse(work.by("tono"), endorsement()).endorsements[0].source == "mentor"


def test_nobody_endorses_himself():
    for somebody in ("ayu", "rudi"):
        with pytest.raises(OwnEndorsement):
            endorse(a_region().by(somebody), endorsement(member_id=somebody))


def test_not_even_through_the_model():
    own = Competencies(none_yet("ayu", "kediri-raya", NOW), 1)

    with pytest.raises(OwnEndorsement):
        own.endorse("e1", NOW, TODAY, "ayu", "mentor", area="LIB", level=4)


@pytest.mark.parametrize("somebody", ["dewi", "tono"])
def test_strangers_witness_nothing(somebody):
    work = a_region().holds(a_member("tono"), an_appointment("tono", "mentor", area="35.06"))

    with pytest.raises(NotYours):
        endorse(work.by(somebody), endorsement())
    with pytest.raises(NotYours):
        add_evidence(work.by(somebody), evidence())


def test_nobody_is_endorsed_who_is_unknown_or_left():
    work = a_region().holds(a_member("ayu", state="left"))

    with pytest.raises(MemberStateForbids):
        endorse(work.by("rudi"), endorsement())
    with pytest.raises(MemberUnknown):
        endorse(work.by("rudi"), endorsement(member_id="x"))


def test_evidence_that_expired_is_none():
    with pytest.raises(Invalid) as told:
        add_evidence(a_region().by("ayu"), evidence(expires_on=TODAY))
    assert told.value.pointer == "/expires_on"


def test_only_so_much_is_kept():
    work = a_region().by("ayu")
    for _ in range(MOST_KEPT):
        add_evidence(work, evidence())

    with pytest.raises(Invalid, match=str(MOST_KEPT)):
        add_evidence(work, evidence())


# -- the framework ----------------------------------------------------------------------------


def test_the_framework_ships_as_data_and_covers_the_seven_functions():
    published = framework.publish(1, "kediri-raya", NOW).framework

    assert tuple(area.code for area in published.areas) == states.COMPETENCY_AREAS
    assert all(a.name_id and a.name_en and a.content_id and a.content_en for a in published.areas)
    assert {function for area in published.areas for function in area.skkni} == {
        "pengembangan koleksi",
        "pengorganisasian bahan perpustakaan",
        "layanan perpustakaan",
        "pelestarian koleksi",
        "pengembangan profesi kepustakawanan",
        "manajemen perpustakaan",
        "penerapan TIK perpustakaan",
    }


def test_a_framework_is_published_once():
    work = a_region()

    publish_frameworks(work)
    publish_frameworks(work)

    assert work.said() == ["FrameworkPublished"]


def evidenced(work, expires_on, title="Pelatihan"):
    said = commands.AddEvidence(
        member_id="ayu", area="ICT", level=2, title=title, expires_on=expires_on
    )
    return add_evidence(work, said)


@pytest.mark.parametrize(
    ("expires_on", "told"), [("2026-12-21", True), ("2026-12-22", False), (None, False)]
)
def test_evidence_that_expires_is_announced_thirty_days_before(expires_on, told):
    work = a_region().by("ayu")
    evidenced(work, expires_on)

    assert expiring(work) == (["ayu"] if told else [])
    tell_expiring(work, "ayu")

    assert work.said()[1:] == (["CompetencyEvidenceExpiring"] if told else [])


def test_each_evidence_is_announced_once():
    work = a_region().by("ayu")
    evidenced(work, "2026-12-01", "Lama")
    tell_expiring(work, "ayu")
    evidenced(work, "2026-12-02", "Baru")
    tell_expiring(work, "ayu")
    tell_expiring(work, "ayu")

    assert expiring(work) == []
    old, new = work.competencies.get("ayu").evidence
    assert (old.title, new.title) == ("Lama", "Baru")
    assert work.said().count("CompetencyEvidenceExpiring") == 2


def test_what_was_said_under_an_older_framework_says_so():
    work = a_region().by("ayu")
    rated(work, ICT=1, LIB=3)
    evidenced(work, None)
    before = Competencies(work.competencies.get("ayu"), framework=2)

    after = before.rate(NOW, TODAY, ratings(ICT=2)).competencies

    assert after.framework_version == 2
    assert {r.area: (r.level, r.framework_version) for r in after.ratings} == {
        "LIB": (3, 1),
        "ICT": (2, UNSET),
    }
    assert [item.framework_version for item in after.evidence] == [1]
    third = Competencies(after, framework=3).rate(NOW, TODAY, ratings(COM=1)).competencies
    assert [r.framework_version for r in third.ratings] == [1, 2, UNSET]


def test_within_a_framework_nothing_names_it():
    work = a_region().by("ayu")
    rated(work, ICT=1)

    assert [r.framework_version for r in rated(work, LIB=2).ratings] == [UNSET, UNSET]
