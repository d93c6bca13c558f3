"""Lines: a database that is away costs nothing, a provider that is away is left alone."""

from contextlib import ExitStack
from types import SimpleNamespace

import eventlet
import pytest

from chassis.errors import Outage
from services.notifications import service
from services.notifications.model.outgoing import Outcome
from services.notifications.senders import Away, Refused, Rejected
from services.notifications.service import posting
from services.notifications.service.posting import Line, Posting

AWAY = Outage("away", retry_after_seconds=1)
SENDER = SimpleNamespace(channel="email", group=5)


class Desk:
    """Gives what was planned, one sweep after the other."""

    def __init__(self, *plan):
        self.plan, self.sweeps = list(plan), 0

    def sweep(self, step):
        self.sweeps += 1
        given = self.plan.pop(0)
        if isinstance(given, Exception):
            raise given
        return given


def a_line():
    return Line(SENDER, lambda work: work())


def a_posting(*lines):
    made = Posting()
    made.lines = {line.sender.channel: line for line in lines}
    made.container = SimpleNamespace(config={"settings": SimpleNamespace(drain_seconds=5)})
    return made


def test_a_line_whose_database_is_away_ends_and_works_at_the_next_kick():
    line, desk = a_line(), Desk(AWAY, ([], 0))

    line.kick(desk)
    assert (line.running, desk.sweeps) == (0, 1)
    line.kick(desk)

    assert (line.running, desk.sweeps) == (0, 2)


def test_what_was_handed_over_is_noted_when_the_database_is_back(monkeypatch):
    monkeypatch.setattr(posting, "NOTE_PAUSE_SECONDS", 0)
    desk = Desk(AWAY, AWAY, None)

    a_line()._note(desk, [Outcome(id="m1", what="sent")])

    assert desk.sweeps == 3


def test_noting_is_given_up_while_the_lease_still_lasts(monkeypatch):
    monkeypatch.setattr(posting, "HANDING_OVER_SECONDS", -1.0)
    desk = Desk(AWAY, None)

    with pytest.raises(Outage):
        a_line()._note(desk, [Outcome(id="m1", what="sent")])

    assert desk.sweeps == 1


def test_nothing_is_taken_for_a_provider_that_does_not_answer():
    line, desk = a_line(), Desk()
    for _ in range(line.circuit.failures_to_open):
        line.circuit.failed()

    line.kick(desk)

    assert (line.running, desk.sweeps) == (0, 0)


def test_only_channels_that_are_set_up_are_kicked():
    line, desk = a_line(), Desk(([], 0))

    a_posting(line).kick(desk, ["webhook"])
    assert desk.sweeps == 0
    a_posting(line).kick(desk, ["webhook", "email"])

    assert desk.sweeps == 1


def test_stopping_waits_for_what_is_being_handed_over():
    line = a_line()
    line.running = 1
    eventlet.spawn_after(0.05, setattr, line, "running", 0)

    a_posting(line).stop()

    assert line.stopping and line.running == 0


def test_a_step_that_always_finds_something_is_left_for_the_next_round():
    rounds = []

    service.Notifications()._until_done(lambda: rounds.append(1) or True)

    assert len(rounds) == service.MOST_ROUNDS


def test_what_a_server_says_is_noted_without_the_address():
    said = []
    parcels = [SimpleNamespace(id=f"m{n}", address="siti@x.id") for n in range(4)]
    answers = iter(
        [
            Rejected("550 <SITI@x.id>: no such user"),
            Refused("451 siti@x.id is greylisted"),
            "2.0.0 queued for siti@x.id",
            Away("421 bye, siti@x.id"),
        ]
    )

    def send(_):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    line = a_line()
    line._note = lambda _, outcomes: said.extend(outcomes)
    line._hand_over(None, ExitStack(), send, parcels)

    assert [(one.what, one.reason) for one in said] == [
        ("failed", "550 <…>: no such user"),
        ("again", "451 … is greylisted"),
        ("sent", "2.0.0 queued for …"),
        ("again", "421 bye, …"),
    ]
