"""A consent that is withdrawn while he asks for a place elsewhere: his name does not stay there."""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from chassis import clock
from chassis.call import Actor, Call
from contracts.codec import encode
from contracts.envelope import seal
from contracts.events import commands
from contracts.members import facts
from contracts.members.states import Member
from services.events import replicas
from services.events.errors import NetworkConsentNeeded
from services.events.handlers import abroad
from services.events.repository import INDEXES, UNIQUE
from services.events.service import DATABASE, Books, EventsDesk
from tests.support.desks import alone
from tests.unit.events.test_abroad import consenting, there

pytestmark = pytest.mark.cell

AT = "2026-01-01T00:00:00.000Z"
ASK = commands.RegisterAbroad(event_id="jauh")


@pytest.fixture
def desk(ground):
    indexes = {**INDEXES, **replicas.INDEXES}
    desk = EventsDesk(
        database=DATABASE, work=Books, unique=UNIQUE, indexes=indexes, keeps=replicas.KEPT
    )
    with alone(desk, ground, "events") as desk:
        for name, known in (("known_member", consenting("network")), ("known_event", there())):
            desk.database[name].insert_one({"_id": known.id, **encode(known)})
        yield desk


def withdrawn():
    """He consents to nothing any more."""
    times = {"created_at": AT, "updated_at": AT}
    after = Member(**times, id="ayu", version=9, region="uji", name="Ayu", state="active")
    return facts.MemberConsentsChanged(member=after)


@pytest.mark.parametrize("decided", [False, True])
def test_his_name_goes_whether_he_withdrew_before_or_after_it_was_decided(desk, decided):
    asking, heard = threading.Event(), threading.Event()

    def handler(work, command):
        work.members.get("ayu")
        state = abroad.register_abroad(work, command) if decided else None
        asking.set()
        heard.wait(1)
        return state or abroad.register_abroad(work, command)

    def ask():
        call = Call(command=ASK, actor=Actor(member_id="ayu"), deadline=time.time() + 10)
        with contextlib.suppress(NetworkConsentNeeded):
            desk.decide(handler, call)

    said = withdrawn()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask)
        assert asking.wait(5)
        desk.remember([said])
        envelope = seal(said, id=clock.new_id(), region="uji", time=AT)
        desk.hear(abroad.withdraw, envelope, said)
        heard.set()
        asked.result()

    kept = [row["name"] for row in desk.database["away_registration"].find({})]
    assert kept == ([None] if decided else [])
