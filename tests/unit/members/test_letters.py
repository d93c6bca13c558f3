"""Letters are sent at least once, in plain words, to a mail server that may be away."""

import smtplib
from contextlib import contextmanager

import pytest

from chassis.settings import Settings
from contracts.members import commands
from services.members.handlers.codes import request_code
from services.members.handlers.letters import letter_sent, take_letters
from services.members.model.letter import LONGEST_WAIT_SECONDS, code_letter
from services.members.service import courier
from tests.support.members import NOW, a_region, later

SETTINGS = Settings(
    region="kediri-raya",
    amqp_uri="amqp://x",
    mongo_uri="mongodb://x",
    mail_from="jejaring@kediri.example",
    phone_mail_domain="sms.example",
)


def a_letter(to="ayu@sekolah.id", language="id", id="l1"):
    return code_letter(id, to, "Ayu", "012345", language, NOW)


class Desk:
    """Runs sweeps on books in memory."""

    def __init__(self, work):
        self.work = work

    def sweep(self, handler):
        return handler(self.work)


class Server:
    """A mail server that remembers, and refuses what it is told to."""

    def __init__(self, refuses=()):
        self.messages, self.refuses = [], refuses

    def send_message(self, message):
        if message["To"] in self.refuses:
            raise smtplib.SMTPRecipientsRefused({message["To"]: (550, b"no such user")})
        self.messages.append(message)

    def recipients(self):
        return [message["To"] for message in self.messages]


@pytest.fixture
def server(monkeypatch):
    mail = Server()

    @contextmanager
    def connected(uri, seconds):
        yield mail

    monkeypatch.setattr(courier, "connected", connected)
    return mail


def test_a_letter_that_was_taken_is_due_again_later_each_time_longer():
    work = a_region()
    work.letters.add(a_letter())

    (taken,) = take_letters(work)
    assert take_letters(work) == []
    (again,) = take_letters(work.by(now=taken.due_at))

    assert (taken.due_at, again.due_at) == (later(10), later(30))
    assert again.attempts == 2


def test_the_wait_does_not_grow_for_ever():
    letter = a_letter()
    for _ in range(10):
        letter = letter.taken(NOW)

    assert letter.due_at == later(LONGEST_WAIT_SECONDS)


def test_a_letter_whose_code_is_dead_is_not_sent():
    work = a_region()
    work.letters.add(a_letter())

    assert take_letters(work.by(now=later(600))) == []
    assert work.letters.all() == []


def test_a_letter_that_was_sent_is_forgotten():
    work = a_region()
    work.letters.add(a_letter())

    letter_sent(work, "l1")

    assert work.letters.all() == []


def test_a_message_says_what_it_is():
    message = courier.written(a_letter(), SETTINGS)

    assert message["To"] == "ayu@sekolah.id"
    assert message["From"] == "Jejaring <jejaring@kediri.example>"
    assert message["Message-ID"] == "<l1@kediri.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].endswith("+0000")
    assert message.get_content_type() == "text/plain"
    assert "\n012345\n" in message.get_content()


def test_a_phone_is_reached_by_the_regions_gateway():
    message = courier.written(a_letter(to="+6281234567890"), SETTINGS)

    assert message["To"] == "+6281234567890@sms.example"


def test_a_name_in_any_script_is_written():
    letter = code_letter("l1", "a@x.id", "Ayu ✿ ᬅ", "012345", "id", NOW)

    assert "✿" in courier.written(letter, SETTINGS).get_content()


def test_the_courier_answers_requests_and_sends(server):
    work = a_region()
    request_code(work, commands.RequestCode(username="ayu@sekolah.id"))

    courier.Courier(SETTINGS).run(Desk(work))

    assert server.recipients() == ["ayu@sekolah.id"]
    assert work.letters.all() == []


def test_the_courier_goes_on_until_nothing_is_due(server):
    work = a_region()
    for number in range(45):
        work.letters.add(a_letter(id=f"l{number}"))

    courier.Courier(SETTINGS).run(Desk(work))

    assert len(server.messages) == 45


def test_a_refused_address_holds_up_nobody_and_is_in_no_log(server, capsys):
    work = a_region()
    server.refuses = ("bad@x.id",)
    work.letters.add(a_letter(to="bad@x.id", id="l0"))
    work.letters.add(a_letter(id="l1"))

    courier.Courier(SETTINGS).run(Desk(work))

    told = "".join(capsys.readouterr())
    assert ("letter refused" in told, "bad@x.id" in told) == (True, False)

    assert server.recipients() == ["ayu@sekolah.id"]
    assert [letter.id for letter in work.letters.all()] == ["l0"]


def test_without_letters_nobody_is_called(monkeypatch):
    monkeypatch.setattr(courier, "connected", None)

    courier.Courier(SETTINGS).run(Desk(a_region()))


def test_without_a_mail_server_letters_wait(monkeypatch):
    def away(uri, seconds):
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(courier, "connected", away)
    work = a_region()
    work.letters.add(a_letter())

    courier.Courier(SETTINGS).run(Desk(work))

    assert [letter.attempts for letter in work.letters.all()] == [1]


def test_a_second_caller_makes_the_first_look_once_more(server):
    work = a_region()
    running = courier.Courier(SETTINGS)
    desk = Desk(work)
    work.letters.add(a_letter(id="l1"))
    sent = server.send_message

    def send_and_be_kicked(message):
        sent(message)
        if len(server.messages) == 1:
            work.letters.add(a_letter(id="l2"))
            running.run(desk)

    server.send_message = send_and_be_kicked
    running.run(desk)

    assert len(server.messages) == 2
    assert not running.running
