"""Nothing about a case is changed by who has not seen it as it is (invariant 8)."""

import pytest

from chassis.errors import Stale
from contracts.mentoring import commands, states
from services.mentoring.service import HANDLERS
from tests.support.mentoring import a_case, a_region, answers, begun, later

READY = states.Readiness(template_version=1, score=90, verdict="ready")
AGREEMENT = states.Agreement(version=1, goals=("a",), duties=("b",), visits=(), consent=True)
EARLY = ("requested", "assessed")
VISIT = commands.VisitDate(planned_at=later(3 * 24 * 3600))
PLAN = {"goals": ("a",), "duties": ("b",), "visits": (VISIT,), "consent": True}
ASKED = [
    ("requested", "budi", commands.ChangeMentorship, {"problem": "Belum ada jaringan"}),
    ("requested", "rudi", commands.Assess, {"template_version": 1, "answers": answers()}),
    ("requested", "budi", commands.Stop, {"reason": "Gedung pindah"}),
    ("assessed", "rudi", commands.MakeOffer, {"mentor_id": "eko"}),
    ("matched", "ayu", commands.DraftAgreement, PLAN),
    ("matched", "ayu", commands.AcceptAgreement, {"party": "mentor"}),
    ("in_progress", "ayu", commands.Unmatch, {"reason": "Pindah kota"}),
    ("in_progress", "ayu", commands.Hold, {"reason": "Banjir"}),
    ("on_hold", "ayu", commands.Resume, {}),
    ("in_progress", "ayu", commands.CompleteStage, {}),
    ("ready_for_signoff", "budi", commands.SignOff, {"party": "head", "agrees": False}),
]


@pytest.mark.parametrize(("state", "who", "cls", "said"), ASKED)
def test_who_saw_an_older_version_changes_nothing(state, who, cls, said):
    team = {} if state in EARLY else {"mentor_id": "ayu", "agreement": AGREEMENT}
    rests = {"state_before_hold": "in_progress"} if state == "on_hold" else {}
    case = a_case(state=state, head_approval=True, readiness=READY, **team, **rests)
    work = a_region(case)
    command = cls(mentorship_id="case", **said)

    with pytest.raises(Stale):
        HANDLERS[cls.verb](work.by(who, if_match=7), command)

    assert work.mentorships.get("case").version == 1


@pytest.mark.parametrize("cls", [commands.AcceptOffer, commands.DeclineOffer])
def test_an_offer_is_answered_as_it_was_seen(cls):
    made = {"mentorship_id": "case", "area": "35.71", "mentor_id": "ayu", "state": "offered"}
    offer = states.Offer(**begun("o1"), **made, expires_at=later(3600))
    work = a_region(a_case(state="assessed"), offer)

    with pytest.raises(Stale):
        HANDLERS[cls.verb](work.by("ayu", if_match=2), cls(mentorship_id="case", offer_id="o1"))
