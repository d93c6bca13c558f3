"""One school's way on a real broker and database, from the request to the last look."""

import pytest

from chassis import clock
from contracts.members import facts
from contracts.mentoring import commands, states
from services.mentoring.model.template import shipped
from tests.support.house_of_mentoring import DAY
from tests.support.infrastructure import until
from tests.support.mentoring import answers
from tests.unit.mentoring.test_leaving import member

pytestmark = pytest.mark.cell

STAFF = {"budi": "head", "ayu": "mentor", "rudi": "coordinator"}


def requested(school, **fields):
    plain = {"institution_id": "sman4", "goal": "Otomasi sirkulasi", "head_approval": True}
    school.id = ""
    school.id = school.ask("budi", commands.RequestMentorship, **{**plain, **fields})["id"]
    return school.id


def matched(school):
    requested(school, needs=("network", "slims"))
    assess(school)
    team = {"mentor_id": "ayu", "partner_id": "eko"}
    offer = school.ask("rudi", commands.MakeOffer, **team)
    school.ask("ayu", commands.AcceptOffer, offer_id=offer["id"])


def assess(school, **besides):
    form = {"template_version": 1, "answers": answers(**besides)}
    return school.ask("rudi", commands.Assess, **form)


def begun(school):
    matched(school)
    at = clock.later(clock.now(), 3 * DAY)
    said = {"goals": ("Sirkulasi berjalan",), "duties": ("Satu komputer",), "consent": True}
    school.ask("ayu", commands.DraftAgreement, **said, visits=(commands.VisitDate(planned_at=at),))
    for name, party in list(STAFF.items())[:2]:
        school.ask(name, commands.AcceptAgreement, party=party)


def proven(school, *without):
    """A visit with a photo, then every item that is proven by hand."""
    now = clock.now()
    times = {"started_at": clock.later(now, -7200), "ended_at": clock.later(now, -3600)}
    visit = school.ask("ayu", commands.LogVisit, client_id="hp-1", **times)
    photo = {"photo_id": "p1", "media_type": "image/jpeg", "size_bytes": 9}
    school.ask("ayu", commands.AddPhoto, visit_id=visit["id"], **photo, no_identifiable_child=True)
    proof = {"photo": "p1", "number": "7", "text": "x", "date": clock.today("Asia/Jakarta")}
    for item in shipped(1).items:
        if item.evidence_kind != "none" and item.id not in without:
            kind = item.evidence_kind
            evidence = states.Proof(kind=kind, value=proof[kind])
            school.ask("ayu", commands.CompleteItem, item_id=item.id, evidence=evidence)


def sign(school):
    for name, party in STAFF.items():
        school.ask(name, commands.SignOff, party=party, agrees=True)


def test_a_school_goes_from_not_ready_to_a_library_that_stopped_and_runs_again(school):
    house = school.house
    requested(school, needs=("slims",))
    assert assess(school, lan=False)["readiness"]["verdict"] == "not_ready"
    offer = school.tried("rudi", commands.MakeOffer, mentor_id="ayu", partner_id="eko")
    assert offer["refusal"]["code"] == "mentoring.not_ready"
    school.ask("budi", commands.Stop, reason="Tanpa LAN belum bisa")

    begun(school)
    assert school.case["state"] == "in_progress"
    vote = school.tried("budi", commands.SignOff, party="head", agrees=True)
    assert vote["refusal"]["code"] == "mentoring.mentorship_state_forbids"
    assert "hold" in vote["refusal"]["allowed"]

    proven(school, "sign_off.backup_restored")
    assert school.case["state"] == "ready_for_signoff"
    vote = school.tried("budi", commands.SignOff, party="head", agrees=True)
    assert vote["refusal"]["code"] == "mentoring.acceptance_missing"
    assert vote["refusal"]["allowed"] == ["sign_off.backup_restored"]
    restored = states.Proof(kind="date", value=clock.today("Asia/Jakarta"))
    school.ask("eko", commands.CompleteItem, item_id="sign_off.backup_restored", evidence=restored)
    sign(school)

    assert school.case["state"] == "signed_off"
    areas = ("LIB", "ICT")
    for name in ("ayu", "eko", "budi"):
        wanted = {f"{school.id}.{area}" for area in areas}
        until(lambda name=name, wanted=wanted: set(house.evidence(name)) == wanted)
    assert [m["load"] for m in house.books["mentor"].find({})] == [0, 0]

    school.days_pass(91)
    school.ask("budi", commands.AnswerFollowUp, day=30, running=True)
    assert school.case["state"] == "follow_up"
    school.ask("budi", commands.AnswerFollowUp, day=90, running=False, note="Komputer rusak")
    assert (school.case["state"], school.case["stage"]) == ("in_progress", "live_lending")
    assert [m["load"] for m in house.books["mentor"].find({})] == [1, 1]


def test_asked_again_with_the_key_it_is_one_case(school):
    ask = commands.RequestMentorship(institution_id="sman4", goal="Otomasi sirkulasi")
    who = {"actor": {"member_id": "budi"}, "key": "sekali", "fingerprint": "f"}
    first = school.asker.ask(ask, **who)
    second = school.asker.ask(ask, **who)

    assert first["result"] == second["result"]
    assert school.house.books["mentorship"].count_documents({}) == 1


def test_of_many_at_once_one_case_comes_out_and_the_others_are_told_why(school):
    ask = commands.RequestMentorship(institution_id="sman4", goal="Otomasi sirkulasi")
    asker, who = school.asker, {"actor": {"member_id": "budi"}}
    numbers = [asker.send(ask, 10.0, **who) for _ in range(12)]

    told = asker.wait(numbers, 15)

    codes = [one["refusal"]["code"] if "refusal" in one else "done" for one in told]
    assert sorted(codes) == ["done", *11 * ["mentoring.mentorship_taken"]]
    assert school.house.books["mentorship"].count_documents({}) == 1


def test_different_things_that_are_proven_at_once_are_all_kept(school):
    begun(school)
    ids = ("infrastructure.lan", "installation.version", "staff_training.guide")
    evidence = states.Proof(kind="text", value="ya")
    asker, who = school.asker, {"actor": {"member_id": "ayu"}}

    about = {"mentorship_id": school.id, "evidence": evidence}
    proofs = [commands.CompleteItem(item_id=id, **about) for id in ids]
    told = asker.wait([asker.send(proof, 10.0, **who) for proof in proofs], 15)

    assert ["result" in one for one in told] == [True, True, True]
    assert {i["id"] for i in school.case["items"] if i["done_at"]} >= set(ids)


def test_a_mentor_who_left_is_gone_from_the_case_and_it_waits_for_another(school):
    begun(school)
    left = facts.MemberLeft(member=member("ayu", 9, state="left"))

    school.house.says(left, "kiri-1")
    school.house.says(left, "kiri-1")

    until(lambda: school.case["mentor_id"] is None)
    assert (school.case["state"], school.case["partner_id"]) == ("assessed", None)
    assert "ayu" not in str(school.case)
    mentors = {m["_id"]: m for m in school.house.books["mentor"].find({})}
    assert (mentors["eko"]["load"], mentors["ayu"]["available"]) == (0, False)
