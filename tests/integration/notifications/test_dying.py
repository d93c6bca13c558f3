"""Two processes, and processes that die: nothing goes twice, and what may have gone is said so."""

import socket
import threading
import time
from dataclasses import replace

import pytest

from contracts.events import facts as events
from contracts.members import facts as members
from contracts.notifications import commands
from tests.integration.notifications.conftest import SERVICE
from tests.support.gatherings import a_registration, an_event
from tests.support.infrastructure import until
from tests.support.members import NOW, a_member
from tests.support.pace import slowness

pytestmark = pytest.mark.cell

PAST = "2020-01-01T00:00:00.000Z"


class SilentMail:
    """A mail server that takes a message and never says so."""

    def __init__(self):
        self.taken = threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        with connection, connection.makefile("rwb") as stream:
            stream.write(b"220 hello\r\n")
            stream.flush()
            for line in stream:
                verb = line[:4].upper()
                stream.write(b"354 go on\r\n" if verb == b"DATA" else b"250 fine\r\n")
                stream.flush()
                if verb == b"DATA":
                    while stream.readline().rstrip(b"\r\n") != b".":
                        pass
                    self.taken.set()
                    time.sleep(60)

    def close(self):
        self.listening.close()


@pytest.fixture
def silent():
    server = SilentMail()
    yield server
    server.close()


def known(house, *ids, **fields):
    house.say(
        *(members.MemberRestated(member=a_member(id, area="35.06", **fields)) for id in ids),
        events.EventPublished(event=an_event()),
        start="known",
    )
    until(lambda: house.database["known_event"].count_documents({}) == 1)
    until(lambda: house.database["known_member"].count_documents({}) == len(ids))


def test_a_kill_between_hand_over_and_note_leaves_it_unknown(building, silent):
    building.clear()
    stage = building.stage
    doomed = stage.serve(SERVICE, SMTP_URI=f"smtp://127.0.0.1:{silent.port}", PROVIDER_SECONDS="60")
    known(building, "ayu")
    building.say(events.RegistrationConfirmed(registration=a_registration("ayu")))
    assert silent.taken.wait(10)
    doomed.kill()
    (row,) = building.ledger()
    assert row["state"] == "queued", "nobody has noted anything"

    building.database["outgoing"].update_many({}, {"$set": {"leased_until": NOW}})
    heir = stage.serve(SERVICE)

    (row,) = until(lambda: building.ledger(state="unknown"))
    assert row["attempts"] == 1 and "nobody answered" in row["reason"]
    time.sleep(1.5)
    assert building.letters() == [], "nothing is sent again by itself"
    with pytest.raises(LookupError, match="auth.forbidden"):
        building.ask(commands.RequeueDelivery(delivery_id=row["_id"], confirm=True), "ayu")
    heir.end()


@pytest.fixture
def two(building):
    """Two processes of the service."""
    building.clear()
    pair = [building.stage.serve(SERVICE), building.stage.serve(SERVICE)]
    yield building
    for service in pair:
        service.end()


def test_a_digest_goes_once_whoever_sends_it(two):
    known(two, "ayu")
    wishes = commands.SetPreferences(
        language="id", channels=("email",), categories={}, quiet_hours=None, digest="daily"
    )
    assert two.ask(wishes, "ayu")["digest"] == "daily"
    publish_nearby(two)

    until(lambda: len(two.inbox("ayu")) == 3)
    assert two.database["outgoing"].count_documents({}) == 1
    assert two.letters() == []
    two.database["outgoing"].update_many({}, {"$set": {"due_at": PAST}})

    (letter,) = until(lambda: two.letters())
    assert letter["Subject"] == "Ringkasan Jejaring: 3 pemberitahuan"
    text = letter.get_body(("plain",)).get_content()
    assert all(f"Kegiatan {n}" in text for n in range(3))
    until(lambda: len(two.ledger(state="sent", digest=True)) == 3)
    time.sleep(1.5)
    assert len(two.letters()) == 1


def publish_nearby(house):
    """Three events in the area that ayu moved to."""
    near = replace(a_member("ayu"), version=2)
    house.say(members.MemberRestated(member=near), start="near")
    until(lambda: house.database["known_member"].find_one({"_id": "ayu", "area": "35.71"}))
    house.say(
        *(events.EventPublished(event=an_event(f"e{n}", title=f"Kegiatan {n}")) for n in range(3)),
        start="news",
    )


def test_a_reminder_comes_once_and_survives(two):
    known(two, "ayu", "budi")
    two.say(
        *(events.RegistrationRestated(registration=a_registration(id)) for id in ("ayu", "budi"))
    )
    until(lambda: two.database["known_registration"].count_documents({}) == 2)
    reminders = two.database["reminder"]
    until(lambda: reminders.count_documents({"event_id": "barcode"}) == 3)

    reminders.update_one({"_id": "event:barcode:1d:0"}, {"$set": {"due_at": PAST}})

    until(lambda: len(two.letters()) == 2)
    assert two.inbox("ayu") == two.inbox("budi") == ["event_reminder_1d"]
    time.sleep(1.5)
    assert len(two.letters()) == 2
    assert reminders.count_documents({"event_id": "barcode"}) == 2


def test_many_are_told_in_pieces_and_each_once(two):
    ids = [f"m{n}" for n in range(250)]
    two.say(*(members.MemberRestated(member=a_member(id)) for id in ids), start="many")
    until(lambda: two.database["known_member"].count_documents({}) == len(ids))

    two.say(events.EventPublished(event=an_event()), start="new")

    until(lambda: len(two.letters()) >= len(ids))
    assert len({letter["To"] for letter in two.letters()}) == len(two.letters()) == len(ids)
    until(lambda: len(two.ledger(state="sent")) == len(ids))


def in_the_middle_of_many(house):
    """A process that has told some of 200 members and not all; and their ids."""
    house.clear()
    busy = house.stage.serve(SERVICE)
    ids = [f"m{n}" for n in range(200)]
    house.say(*(members.MemberRestated(member=a_member(id)) for id in ids), start="many")
    until(lambda: house.database["known_member"].count_documents({}) == len(ids))
    house.say(events.EventPublished(event=an_event()), start="new")
    until(lambda: len(house.letters()) > 20)
    return busy, ids


def test_a_kill_in_the_middle_of_many_doubles_nothing_and_hides_nothing(building):
    doomed, ids = in_the_middle_of_many(building)
    doomed.kill()

    building.database["outgoing"].update_many(
        {"handing_over": True}, {"$set": {"leased_until": NOW}}
    )
    heir = building.stage.serve(SERVICE)

    settled = {"state": {"$in": ["sent", "unknown"]}}
    until(lambda: len(building.ledger(**settled)) == len(ids))
    reached = [letter["To"] for letter in building.letters()]
    assert len(reached) == len(set(reached)), "somebody was told twice"
    sent = {f"{row['member_id']}@sekolah.id" for row in building.ledger(state="sent")}
    unknown = building.ledger(state="unknown")
    assert sent <= set(reached) and len(sent) + len(unknown) == len(ids)
    assert len(unknown) <= 40, "at most one group of each worker"
    heir.end()


def test_a_stop_in_the_middle_of_many_notes_all_that_went(building):
    stopped, ids = in_the_middle_of_many(building)

    began = time.monotonic()
    assert stopped.terminate() == 0
    took = time.monotonic() - began

    assert took < 4 * slowness(), "what is being handed over is noted at once"
    sent = {f"{row['member_id']}@sekolah.id" for row in building.ledger(state="sent")}
    assert {letter["To"] for letter in building.letters()} == sent
    assert building.database["outgoing"].count_documents({"handing_over": True}) == 0
    building.stage.serve(SERVICE)
    until(lambda: len(building.ledger(state="sent")) == len(ids))
    assert len(building.letters()) == len(ids)
