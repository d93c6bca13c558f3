"""The books in MongoDB answer like the books in memory that the unit tests use."""

import time
from dataclasses import replace

import pytest

from chassis import clock
from chassis.call import Actor, Call
from chassis.rounds import each
from contracts.codec import encode
from contracts.members import facts as members
from contracts.mentoring import commands, states
from services.mentoring.errors import MentorshipTaken, OfferOpen
from services.mentoring.handlers import follow_ups
from services.mentoring.handlers.cases import request_mentorship, stop
from services.mentoring.model import known
from services.mentoring.model.offer import make
from services.mentoring.repository import INDEXES, UNIQUE
from services.mentoring.service import Books, MentoringDesk, replicas
from tests.support.desks import alone
from tests.support.members import an_institution
from tests.support.mentoring import (
    DAY,
    KEPT,
    NOW,
    REMEMBERED,
    a_case,
    a_mentor,
    a_region,
    an_appointment,
    begun,
    later,
)

pytestmark = pytest.mark.cell
DATABASE = "uji_mentoring"
READY = states.Readiness(template_version=1, score=90, verdict="ready", assessed_by="dewi")
PHOTO = states.Photo(
    id="p1", media_type="image/jpeg", size_bytes=9, added_by="tono", no_identifiable_child=True
)
LEVEL = known.KnownLevel(area="ICT", level=3, source="event", expires_on="2027-01-01")
VISIT = {"mentorship_id": "c3", "area": "35.71", "started_at": NOW, "ended_at": NOW}


@pytest.fixture
def desk(ground):
    """The service's own desk on a database that nobody else uses."""
    options = {"unique": UNIQUE, "indexes": {**INDEXES, **replicas.INDEXES}, "keeps": replicas.KEPT}
    with alone(
        MentoringDesk(database=DATABASE, work=Books, **options), ground, "mentoring"
    ) as desk:
        yield desk


def an_agreement(*visits):
    return states.Agreement(version=1, goals=("a",), duties=("b",), visits=visits, consent=True)


def planned(id, days, **fields):
    return states.PlannedVisit(id=id, planned_at=later(days * DAY), **fields)


def an_offer(id, case, **fields):
    plain = {"area": "35.71", "mentor_id": "ayu", "state": "offered", "expires_at": later(3 * DAY)}
    return states.Offer(mentorship_id=case, **{**begun(id), **plain, **fields})


def an_issue(id, **fields):
    plain = {"mentorship_id": "c3", "area": "35.71", "code": "SESSION_DIR", "description": "x"}
    plain |= {"state": "open", "level": "mentor", "reported_by": "budi", "climbs_at": NOW}
    return states.Issue(**{**begun(id), **plain, **fields})


def a_look(id, day, **fields):
    plain = {"mentorship_id": "c5", "area": "35.71", "day": day, "due_on": "2026-12-21"}
    return states.FollowUp(**{**begun(id), **plain, "state": "planned", **fields})


def everything():
    """One of each kind in each state that a question tells apart."""
    first = a_case("c1", goal="a", contact=states.Contact(name="Bu Rina", email="rina@sekolah.id"))
    item = replace(first.items[0], done_at=NOW, done_by="rina")
    vote = states.Vote(party="head", agrees=True, at=NOW, by="sari")
    accompanied = {"state": "in_progress", "mentor_id": "ayu"}
    return [
        first,
        a_case("c2", goal="b", state="assessed", readiness=READY, created_at=later(-5)),
        a_case("c3", goal="c", **accompanied, agreement=an_agreement(planned("v", -3))),
        a_case(
            "c4",
            goal="d",
            **accompanied,
            partner_id="eko",
            items=(item, *first.items[1:]),
            agreement=an_agreement(
                planned("v", -3, visit_id="x"),
                planned("w", -2, overdue_told_at=NOW),
                planned("u", 9),
            ),
        ),
        a_case("c5", goal="e", state="follow_up", votes=(vote,)),
        a_case("c6", goal="f", state="assessed", readiness=replace(READY, verdict="not_ready")),
        a_case("c7", goal="g", state="assessed", readiness=READY, area="35.06"),
        a_case("c8", state="on_hold", goal="h", agreement=an_agreement(planned("v", -3))),
        an_offer("o1", "c2", expires_at=later(-1)),
        an_offer("o2", "c6", expires_at=later(-9)),
        an_offer("o3", "c7", partner_id="eko"),
        an_offer("o4", "c7", state="declined", created_at=later(-9)),
        a_mentor("tono", available=False, available_from="2026-11-20"),
        a_mentor("dewi", available=False, available_from="2026-12-20"),
        states.Visit(**begun("v1"), **VISIT, client_id="k1", logged_by="ayu", photos=(PHOTO,)),
        states.Visit(**begun("v2"), **VISIT, client_id="k2", logged_by="eko"),
        an_issue("i1"),
        an_issue("i2", climbs_at=later(9), hops=(states.Hop(level="mentor", at=NOW, by="eko"),)),
        an_issue("i3", state="solved", solved_at=NOW, solved_by="ayu", reported_by="rina"),
        an_issue("i4", state="solved", solved_at=later(9), reported_by="rina"),
        an_issue("i5", state="solved", code="OTHER", solved_at=NOW),
        a_look("f1", 90, due_on="2027-02-19"),
        a_look("f2", 30),
        a_look("f3", 30, state="done", answered_by="budi", running=True, created_at=later(-9)),
        a_look("f4", 30, mentorship_id="c4"),
        states.Template(
            **begun("1"), questions=(), items=first.items, ready_from=80, conditions_from=50
        ),
    ]


def ids(found):
    return [one.id for one in found]


QUESTIONS = {
    "naming requester": lambda w: sorted(ids(w.mentorships.naming("budi"))),
    "naming mentor": lambda w: ids(w.mentorships.naming("ayu")),
    "naming partner": lambda w: ids(w.mentorships.naming("eko")),
    "naming assessor": lambda w: ids(w.mentorships.naming("dewi")),
    "naming who proved": lambda w: ids(w.mentorships.naming("rina")),
    "naming who voted": lambda w: ids(w.mentorships.naming("sari")),
    "naming a contact": lambda w: ids(w.mentorships.naming("rina", "rina@sekolah.id")),
    "overdue visits": lambda w: sorted(ids(w.mentorships.with_overdue_visits(NOW))),
    "open at houses": lambda w: sorted(ids(w.mentorships.open_at(["sman4", "smpn1"]))),
    "held": lambda w: w.institutions.held("sman4").name,
    "houses": lambda w: sorted(ids(w.institutions.many(["sman4", "smpn1", "x"]))),
    "what they can": lambda w: w.competencies.many(["ayu", "eko"]),
    "to match": lambda w: ids(w.mentorships.to_match(None)),
    "to match in an area": lambda w: ids(w.mentorships.to_match("35.06")),
    "offers of a case": lambda w: ids(w.offers.of_case("c7")),
    "offers of cases": lambda w: sorted(ids(w.offers.of_cases(["c2", "c7"]))),
    "lapsed": lambda w: ids(w.offers.lapsed(NOW, 9)),
    "open offers": lambda w: sorted(ids(w.offers.open())),
    "profiles": lambda w: sorted(ids(w.mentors.all())),
    "to return": lambda w: ids(w.mentors.to_return("2026-11-21")),
    "by client": lambda w: w.visits.by_client("c3", "k2").id,
    "by no client": lambda w: w.visits.by_client("c1", "k2"),
    "shows": lambda w: [w.visits.shows(*one) for one in (("c3", "p1"), ("c1", "p1"))],
    "visits of somebody": lambda w: ids(w.visits.naming("tono")),
    "to climb": lambda w: ids(w.issues.to_climb(NOW, 9)),
    "solved": lambda w: ids(w.issues.solved("SESSION_DIR", 9)),
    "issues of somebody": lambda w: sorted(ids(w.issues.naming("eko"))),
    "looks": lambda w: ids(w.follow_ups.of_case("c5")),
    "to ask": lambda w: sorted(ids(w.follow_ups.to_ask("2026-12-21"))),
    "answered": lambda w: ids(w.follow_ups.answered_by("budi")),
    "templates": lambda w: w.templates.versions(),
    "people": lambda w: sorted(ids(w.members.many(["ayu", "budi", "x"]))),
    "roles": lambda w: ids(w.appointments.accepted_of("rudi")),
    "mentors": lambda w: sorted(ids(w.appointments.accepted("mentor"))),
    "house": lambda w: w.institutions.get("sman4").latitude,
    "area": lambda w: w.areas.get("35.71").name,
}


def kept(desk, memory):
    """The same things in the database."""
    shelves = {name: kind for kind, name in KEPT.items()}
    shelves |= {name: f"known_{kind}" for kind, (name, _) in REMEMBERED.items()}
    for name, collection in shelves.items():
        documents = [{"_id": s.id, **encode(s)} for s in getattr(memory, name).by_id.values()]
        if documents:
            desk.database[collection].insert_many(documents)
    return memory


def call(command, member_id="budi"):
    actor = Actor(member_id=member_id)
    return Call(command=command, actor=actor, deadline=time.time() + 5)


def test_every_question_has_the_same_answer_in_memory_and_in_the_database(desk):
    ended = an_appointment("eko", "mentor", state="ended")
    can = known.KnownCompetencies(id="ayu", version=3, evidence=(LEVEL,))
    memory = kept(desk, a_region(*everything(), ended, can))

    expected = {name: ask(memory) for name, ask in QUESTIONS.items()}
    told = desk.sweep(lambda work: {name: ask(work) for name, ask in QUESTIONS.items()})

    assert told == expected
    assert [name for name, answer in told.items() if not answer] == ["by no client"]


def test_the_day_follows_the_works_instant_in_the_regions_zone(desk):
    def travelled(work):
        work.now = "2026-12-31T18:00:00.000Z"
        return work.today

    assert desk.sweep(travelled) == "2027-01-01"
    assert desk.sweep(lambda work: work.today) == clock.today("Asia/Jakarta")


@pytest.mark.parametrize("same", ["OTOMASI   sirkulasi!", "otomasi-sirkulasi", "Otomasí Sirkulasi"])
def test_one_goal_has_one_open_case_however_it_is_written(desk, same):
    kept(desk, a_region())
    ask = commands.RequestMentorship(institution_id="sman4", goal="Otomasi sirkulasi")
    first = desk.decide(request_mentorship, call(ask)).result

    with pytest.raises(MentorshipTaken):
        desk.decide(request_mentorship, call(replace(ask, goal=same)))
    desk.decide(stop, call(commands.Stop(mentorship_id=first["id"], reason="Gedung pindah")))
    again = desk.decide(request_mentorship, call(replace(ask, goal=same)))

    assert again.result["state"] == "requested"
    assert desk.decide(request_mentorship, call(replace(ask, goal="Katalog"))).result["version"]


def test_of_two_open_offers_of_a_case_the_database_takes_one(desk):
    case = a_case(state="assessed", readiness=READY)
    kept(desk, a_region(case))
    desk.sweep(lambda work: work.record(make("uji", NOW, case, "ayu", None, "rudi")))

    with pytest.raises(OfferOpen):
        desk.sweep(lambda work: work.record(make("uji", NOW, case, "eko", None, "rudi")))


def test_on_its_day_a_look_is_asked_for_and_the_case_is_followed(desk):
    followed = a_case("c9", goal="i", state="signed_off", signed_off_at=NOW)
    kept(desk, a_region(followed, a_look("f9", 30, mentorship_id="c9")))

    def on_the_day(act):
        def travelled(work, **about):
            work.now = later(30 * DAY)
            return act(work, **about)

        return travelled

    assert each(desk, on_the_day(follow_ups.to_ask), on_the_day(follow_ups.ask)) == 1
    assert each(desk, on_the_day(follow_ups.to_ask), on_the_day(follow_ups.ask)) == 0
    assert desk.database["follow_up"].find_one({"_id": "f9"})["state"] == "due"
    assert desk.database["mentorship"].find_one({"_id": "c9"})["state"] == "follow_up"
    assert desk.database["outbox"].count_documents({}) == 2


def test_a_case_asked_for_while_its_house_is_renamed_has_the_new_name(desk):
    """The name was read before the note came; the work begins anew with the new one."""
    kept(desk, a_region())
    renamed = replace(an_institution(name="SMAN Empat"), version=2)
    ask = commands.RequestMentorship(institution_id="sman4", goal="Otomasi sirkulasi")
    tries = []

    def meanwhile(work, command):
        tries.append(work.institutions.get("sman4").name)
        if len(tries) == 1:
            desk.remember([members.InstitutionChanged(institution=renamed)])
        return request_mentorship(work, command)

    assert desk.decide(meanwhile, call(ask)).result["institution_name"] == "SMAN Empat"
    assert tries == ["SMAN 4 Kediri", "SMAN Empat"]
