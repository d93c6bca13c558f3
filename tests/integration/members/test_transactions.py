"""What of the members service only a real database can show: conflicts, and rows that go."""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from pymongo import MongoClient
from pymongo.monitoring import CommandListener

from chassis import clock
from chassis.call import Actor, Call
from chassis.errors import KeyForgotten
from chassis.forgetting import forget_answers
from contracts.codec import encode
from contracts.members import states
from contracts.members.commands import (
    ApproveMember,
    ConsentAnswer,
    EndAppointment,
    Leave,
    RegisterInnovation,
    SetConsents,
    SignIn,
    SignUp,
)
from services.members.errors import AuthorConsentNeeded, LastCoordinator, WrongCredentials
from services.members.handlers import appointments, innovations, keys, members, signing_in
from services.members.model import code, passwords
from services.members.repository.indexes import INDEXES
from services.members.service import Members, MembersDesk
from tests.support.desks import alone

pytestmark = pytest.mark.cell

BASE = {
    "version": 1,
    "region": "uji",
    "created_at": "2026-01-01T00:00:00.000Z",
    "updated_at": "2026-01-01T00:00:00.000Z",
}


def members_desk(ground):
    """The service's own desk, without its threads."""
    bound = Members.desk
    options = {"work": bound._work, "unique": bound._unique, "indexes": INDEXES}
    return alone(MembersDesk(database="uji_members", **options), ground, "members")


@pytest.fixture
def desk(ground):
    """The service's own desk on a database that nobody else uses."""
    with members_desk(ground) as desk:
        yield desk


def keep(desk, *those):
    for state in those:
        document = {"_id": state.id, **encode(state)}
        desk.database[type(state).__name__.lower()].insert_one(document)


def in_office(desk):
    """Two coordinators of the region, who could both leave if each saw the other stay."""
    for id in ("ayu", "budi"):
        keep(
            desk,
            states.Member(**BASE, id=id, name=id.title(), state="active", email=f"{id}@x.org"),
            states.Appointment(
                **BASE,
                id=f"term-{id}",
                member_id=id,
                role="coordinator",
                state="accepted",
                starts_on="2020-01-01",
            ),
        )


def overlapping(desk, handler, command, member_id, mine, other):
    """What is answered; the first tries of both overlap."""

    def handled(work, command):
        try:
            return handler(work, command)
        finally:
            mine.set()
            assert other.wait(5)

    call = Call(command=command, actor=Actor(member_id=member_id), deadline=time.time() + 10)
    return desk.decide(handled, call).result


def leaving(desk, member_id, mine, other):
    """How it ends."""
    command = EndAppointment(appointment_id=f"term-{member_id}")
    try:
        return overlapping(desk, appointments.end_appointment, command, member_id, mine, other)[
            "state"
        ]
    except LastCoordinator:
        return "stays"


def test_of_two_coordinators_who_leave_at_once_one_stays(desk):
    in_office(desk)
    one, two = threading.Event(), threading.Event()

    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(leaving, desk, "ayu", one, two)
        outcomes = [leaving(desk, "budi", two, one), beside.result()]

    assert sorted(outcomes) == ["ended", "stays"]
    kept = sorted(row["state"] for row in desk.database["appointment"].find({}))
    assert kept == ["accepted", "ended"]


def test_evidence_that_expires_soon_is_found_until_it_was_told(desk):
    plain = {"area": "ICT", "level": 2, "source": "self", "given_on": "2026-01-01"}
    told = {"expiry_told_at": BASE["created_at"]}
    for id, more in {
        "soon": {"expires_on": "2026-12-01"},
        "told": {"expires_on": "2026-12-01", **told},
        "past": {"expires_on": "2026-11-01"},
        "far": {"expires_on": "2027-12-01"},
        "ever": {},
    }.items():
        item = states.Evidence(**plain, id=f"e-{id}", given_by=id, title="Kursus", **more)
        said = {"member_id": id, "framework_version": 1, "evidence": (item,)}
        keep(desk, states.Competencies(**BASE, id=id, **said))

    found = desk.sweep(lambda work: work.competencies.expiring("2026-11-21", "2026-12-21"))

    assert found == ["soon"]


def test_nobody_is_named_elsewhere_who_takes_his_consent_back_at_that_moment(desk):
    agreed = states.Consent(
        purpose="network", granted=True, text_version="1", decided_at=BASE["created_at"]
    )
    desk.sweep(keys.rotate_keys)  # else both make the outbox, and conflict for that
    keep(desk, states.Area(**BASE, id="35.71", name="Kota Kediri", codes=("35.71",)))
    for id in ("ayu", "budi"):
        plain = {"name": id.title(), "state": "active", "area": "35.71", "email": f"{id}@x.org"}
        keep(desk, states.Member(**BASE, id=id, consents=(agreed,), **plain))
    entry = RegisterInnovation(
        title="Plug-in label",
        summary="Mencetak label",
        kind="plugin",
        origin="individual",
        authors=(states.Author(name="Ayu", member_id="ayu"),),
        status="shared",
        scope="public",
        author_consent=True,
    )
    no = SetConsents(consents=(ConsentAnswer(purpose="network", granted=False, text_version="1"),))
    one, two = threading.Event(), threading.Event()

    with ThreadPoolExecutor(1) as pool:
        register = innovations.register_innovation
        beside = pool.submit(overlapping, desk, register, entry, "budi", one, two)
        overlapping(desk, members.set_consents, no, "ayu", two, one)
        with contextlib.suppress(AuthorConsentNeeded):
            beside.result()

    assert [row["scope"] for row in desk.database["innovation"].find({})] in ([], ["cell"])


def test_what_kept_answers_hold_of_who_left_goes_and_their_keys_still_count(desk):
    def asked(handler, command, member_id=None):
        actor = Actor(member_id=member_id)
        key = {"key": "k1", "fingerprint": command.verb}
        call = Call(command=command, actor=actor, deadline=time.time() + 10, **key)
        return desk.decide(handler, call).result

    def kept():
        rows = desk.database["outbox"].find({"answered_at": {"$exists": True}})
        return b" ".join(bytes(row["result"] or b"") for row in rows)

    in_office(desk)
    keep(desk, states.Area(**BASE, id="35.71", name="Kota Kediri", codes=("35.71",)))
    join = SignUp(name="Siti", area="35.71", email="siti@x.org")
    siti = asked(members.sign_up, join)["id"]
    asked(members.approve_member, ApproveMember(member_id=siti), "ayu")
    asked(members.sign_up, replace(join, name="Tono", email="tono@x.org"), "other")
    left = asked(members.leave, Leave(), siti)

    again = []
    forget_answers(desk, again.append)
    assert b"siti@x.org" in kept(), "somebody may still be deciding by what he was"
    desk.database["forgetting"].update_many({}, {"$set": {"marked_at": BASE["created_at"]}})
    assert [forget_answers(desk, again.append) for _ in range(2)] == [2, 0]
    assert again == [siti]

    assert (b"siti@x.org" in kept(), b"Siti" in kept(), b"tono@x.org" in kept()) == (0, 0, 1)
    for again in (
        lambda: asked(members.sign_up, join),
        lambda: asked(members.approve_member, ApproveMember(member_id=siti), "ayu"),
    ):
        with pytest.raises(KeyForgotten):
            again()
    assert asked(members.leave, Leave(), siti) == left
    assert desk.database["member"].count_documents({"name": "Siti"}) == 0
    assert desk.database["forgetting"].count_documents({}) == 0


def test_a_key_that_a_newer_one_replaced_is_forgotten_and_said_to_retire(desk):
    def age(**fields):
        desk.database["signing_secret"].update_one({}, {"$set": fields})

    desk.sweep(keys.rotate_keys)
    age(created_at=clock.later(clock.now(), -40 * 24 * 3600))
    desk.sweep(keys.rotate_keys)
    (old, new) = desk.database["signing_secret"].find({}).sort("created_at", 1)
    assert new["signs_from"] > clock.now()

    long_ago = {"signs_from": clock.later(clock.now(), -3600)}
    desk.database["signing_secret"].update_one({"_id": new["_id"]}, {"$set": long_ago})
    age(signs_from=clock.later(clock.now(), -7200))
    desk.sweep(keys.rotate_keys)

    assert [row["_id"] for row in desk.database["signing_secret"].find({})] == [new["_id"]]
    retired = desk.database["signing_key"].find_one({"_id": old["_id"]})
    assert retired["retires_at"]
    assert desk.database["signing_key"].find_one({"_id": new["_id"]})["retires_at"] is None


class Trips(CommandListener):
    """Which commands went to the database."""

    def __init__(self):
        self.names = []

    def started(self, event):
        self.names.append(event.command_name)

    def succeeded(self, event):
        """Of no interest."""

    def failed(self, event):
        """Of no interest."""


def test_signing_in_is_the_same_work_whether_the_contact_exists_or_not(ground, monkeypatch):
    trips, hashed = Trips(), []
    digest, matches = code.digest, passwords.matches
    monkeypatch.setattr(
        "chassis.connections.connect",
        lambda uri, pool: MongoClient(uri, maxPoolSize=pool, event_listeners=[trips]),
    )
    monkeypatch.setattr(code, "digest", lambda *given: hashed.append("code") or digest(*given))
    monkeypatch.setattr(
        passwords, "matches", lambda *given: hashed.append("password") or matches(*given)
    )

    def work_of(desk, name, **secret):
        grant = {"grant_type": next(iter(secret)), "username": f"{name}@x.org", **secret}
        actor = Actor(address="10.0.0.1")
        call = Call(command=SignIn(**grant), actor=actor, deadline=time.time() + 10)
        trips.names.clear()
        hashed.clear()
        with pytest.raises(WrongCredentials):
            desk.decide(signing_in.sign_in, call)
        return trips.names[:], hashed[:]

    with members_desk(ground) as desk:
        in_office(desk)
        later = clock.later(clock.now(), 600)
        for number in range(code.MOST_LIVE):
            row = code.Code(
                id=str(number), member_id="ayu", digest="x", contact="ayu@x.org", expires_at=later
            )
            desk.database["code"].insert_one({"_id": row.id, **encode(row)})
        keep(
            desk,
            states.Member(**BASE, id="tono", name="Tono", state="suspended", email="tono@x.org"),
        )
        desk.database["account"].insert_one({"_id": "tono", "member_id": "tono"})
        for secret in ({"code": "123456"}, {"password": "a guess"}):
            work_of(desk, "first", **secret)  # makes the collections
            unknown = work_of(desk, "nobody", **secret)
            assert len(unknown[1]) == 1
            for name in ("ayu", "budi", "tono"):
                assert work_of(desk, name, **secret) == unknown, name
        assert {row["tries"] for row in desk.database["code"].find({})} == {1}
