"""The books in MongoDB answer like the books in memory that the unit tests use."""

import time
from dataclasses import replace

import pytest

from chassis.call import Actor, Call
from chassis.signing import new_secret
from contracts.codec import encode
from contracts.events import commands, states
from contracts.members import facts
from services.events.handlers.keys import rotate_keys
from services.events.handlers.places import register_venue
from services.events.handlers.series import plan_series
from services.events.repository import INDEXES, UNIQUE
from services.events.service import Books, EventsDesk, replicas
from tests.support.desks import alone
from tests.support.events import (
    DAY,
    ENDS,
    HOUR,
    KEPT,
    NOW,
    REMEMBERED,
    STARTS,
    a_region,
    a_registration,
    an_event,
    later,
)
from tests.unit.events.test_leaving import member

pytestmark = pytest.mark.cell
DATABASE = "uji_events"
BEGUN = {"version": 1, "region": "uji", "created_at": NOW, "updated_at": NOW}
PLACE = states.Place(name="Aula", venue_id="v1")


@pytest.fixture
def desk(ground):
    """The service's own desk on a database that nobody else uses."""
    options = {"unique": UNIQUE, "indexes": {**INDEXES, **replicas.INDEXES}, "keeps": replicas.KEPT}
    with alone(EventsDesk(database=DATABASE, work=Books, **options), ground, "events") as desk:
        yield desk


def a_speaker(id, state, **fields):
    plain = {"name": "Budi", "kind": "practitioner", "subject": "x", "answer_by": "2026-11-28"}
    return states.Speaker(id=id, state=state, **{**plain, **fields})


def a_thing(id, **fields):
    held = {"event_id": "e1", "reserved_by": "rudi", "starts_at": STARTS, "ends_at": ENDS}
    reservation = states.Reservation(id=f"{id}-r", **{**held, "state": "handed_over", **fields})
    return states.Equipment(
        **BEGUN,
        id=id,
        name="Layar",
        area="35.71",
        owner_member_id="ayu",
        reservations=(reservation,),
    )


def a_wish(id, created_at, **fields):
    plain = {**BEGUN, "created_at": created_at, "topic": "x", "area": "35.71", "state": "new"}
    return states.EventRequest(id=id, **{**plain, **fields})


def a_series(id, **fields):
    plain = {"title": "x", "area": "35.71", "kind": "clinic", "rule": "FREQ=WEEKLY"}
    times = {"starts_at": STARTS, "timezone": "Asia/Jakarta", "made_until": STARTS}
    return states.Series(**BEGUN, id=id, **{**plain, **times, **fields})


def everything():
    """One of each kind in each state that a question tells apart."""
    out, closed = {"state": "published"}, {"state": "closed"}
    invited = a_speaker("s1", "invited", member_id="budi")
    later_on = replace(invited, answer_by="2026-12-30")
    confirmed = a_speaker("s2", "confirmed", member_id="ayu")
    dates = {
        f"d{n}": an_event(f"d{n}", series_id="w1", starts_at=later(n * DAY), ends_at=ENDS)
        for n in (3, 1, 2)
    }
    return [
        a_wish("q1", later(-8 * DAY), backers=("ayu", "budi")),
        a_wish("q2", later(-8 * DAY), reminded_at=NOW, requested_by="ayu"),
        a_wish("q3", later(-15 * DAY), escalated_at=NOW),
        a_wish("q4", later(-15 * DAY), state="declined"),
        a_wish("q5", NOW),
        a_wish("q6", later(-15 * DAY), reminded_at=NOW),
        an_event("e1", venue=PLACE, speakers=(invited,)),
        an_event("e2", venue=PLACE, speakers=(later_on, confirmed), **out),
        an_event("e3", venue=PLACE, speakers=(confirmed,), **closed),
        an_event("e4", venue=replace(PLACE, venue_id="v2"), state="cancelled"),
        an_event("e5", venue=PLACE, starts_at=ENDS, ends_at=later(HOUR, ENDS)),
        *dates.values(),
        a_registration("ayu", id="r1", answers={"laptop": True}),
        a_registration("budi", id="r2", state="waiting", position=2, answers={}),
        a_registration("dewi", id="r3", state="waiting", position=1),
        a_registration("eka", id="r4", state="cancelled"),
        a_registration("rudi", id="r5", state="offered", offer_expires_at=NOW),
        a_registration("sari", id="r6", state="offered", offer_expires_at=later(1)),
        a_registration(None, id="r7", event_id="e2", name="Tamu"),
        a_thing("t1"),
        a_thing("t2", overdue_told_at=NOW),
        a_thing("t3", state="returned", event_id="e2"),
        a_series("w1"),
        a_series("w2", ended=True),
        a_series("w3", made_until=later(99 * DAY)),
    ]


def ids(found):
    return [one.id for one in found]


QUESTIONS = {
    "wishes to remind of": lambda w: ids(w.requests.to_remind(later(-7 * DAY))),
    "wishes to escalate": lambda w: ids(w.requests.to_escalate(later(-14 * DAY))),
    "wishes of somebody": lambda w: sorted(ids(w.requests.backed_by("ayu"))),
    "at a place": lambda w: sorted(ids(w.events.at_venue("v1", STARTS, ENDS))),
    "of a series": lambda w: ids(w.events.of_series("w1", later(2 * DAY))),
    "speakers to remind": lambda w: sorted(ids(w.events.with_speakers_to_remind("2026-11-28"))),
    "without material": lambda w: sorted(ids(w.events.without_material(STARTS, later(1, ENDS)))),
    "speaking": lambda w: sorted(ids(w.events.speaking("budi"))),
    "all registrations": lambda w: ids(w.registrations.of_event("e1")),
    "some registrations": lambda w: ids(w.registrations.of_event("e1", "waiting", "offered")),
    "the line": lambda w: ids(w.registrations.line("e1")),
    "open": lambda w: w.registrations.open_of("e1", "ayu").id,
    "open after cancelling": lambda w: w.registrations.open_of("e1", "eka"),
    "answered": lambda w: [w.registrations.answered(id) for id in ("e1", "e2")],
    "registrations of somebody": lambda w: ids(w.registrations.of_member("ayu")),
    "lapsed offers": lambda w: ids(w.registrations.lapsed(NOW, 10)),
    "overdue": lambda w: sorted(ids(w.equipment.overdue(later(1, ENDS)))),
    "held for": lambda w: sorted(ids(w.equipment.held_for("e1"))),
    "owned": lambda w: sorted(ids(w.equipment.owned_by("ayu"))),
    "series to prolong": lambda w: sorted(ids(w.series.to_extend(later(60 * DAY)))),
    "people": lambda w: sorted(ids(w.members.many(["ayu", "budi", "x"]))),
    "contacts": lambda w: ids(w.members.with_contacts(["ayu@sekolah.id", "+62"])),
    "roles": lambda w: ids(w.appointments.accepted_of("rudi")),
    "areas": lambda w: [w.areas.get(id).active for id in ("35.71", "35.05")],
    "house": lambda w: w.institutions.get("sman4").area,
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


def test_every_question_has_the_same_answer_in_memory_and_in_the_database(desk):
    memory = kept(desk, a_region(*everything()))

    expected = {name: ask(memory) for name, ask in QUESTIONS.items()}
    told = desk.sweep(lambda work: {name: ask(work) for name, ask in QUESTIONS.items()})

    assert told == expected
    assert [name for name, answer in told.items() if not answer] == ["open after cancelling"]


def test_sixty_dates_at_one_place_are_planned_in_one_command(desk):
    kept(desk, a_region())
    rudi = Call(
        command=commands.PlanSeries(
            title="Kamis",
            kind="clinic",
            area="35.71",
            rule="FREQ=WEEKLY",
            dates=60,
            starts_at=STARTS,
            ends_at=ENDS,
            venue=PLACE,
        ),
        actor=Actor(member_id="rudi"),
        deadline=time.time() + 5,
    )
    venue = replace(rudi, command=commands.RegisterVenue(name="Aula", area="35.71"))
    place = desk.decide(register_venue, venue).result["id"]
    there = replace(rudi.command, venue=replace(PLACE, venue_id=place))

    answer = desk.decide(plan_series, replace(rudi, command=there))

    assert len(answer.result["event_ids"]) == 60
    assert desk.database["seats"].count_documents({}) == 60


def test_of_what_was_heard_the_newest_stands_in_whatever_order(desk):
    for version in (2, 5, 3, 5, 4):
        fact = facts.MemberChanged(member=member(version, name=f"Ayu {version}"))
        desk.remember([fact])

    document = desk.database["known_member"].find_one({"_id": "ayu"})
    assert (document["name"], document["version"]) == ("Ayu 5", 5)
    assert "motives" not in document


def test_the_private_part_of_a_key_is_forgotten_when_a_newer_signs(desk):
    old = new_secret("k1", later(-40 * DAY), later(-40 * DAY))
    now = new_secret("k2", later(-10 * DAY), later(-9 * DAY))
    coming = new_secret("k3", later(-DAY), later(400 * 365 * DAY))

    def rotated(work):
        for key in (old, now, coming):
            work.signing_secrets.add(key)
        rotate_keys(work)
        return ids(work.signing_secrets.all())

    assert desk.sweep(rotated) == ["k2", "k3"]
    assert desk.database["signing_secret"].count_documents({}) == 2
