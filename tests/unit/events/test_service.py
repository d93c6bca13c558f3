"""The service declares: every command has a handler, every kind can be said again, all is heard."""

import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from chassis import patience
from chassis.answer import Answer
from chassis.call import Seen
from contracts.catalogue import COMMANDS, FACTS
from contracts.events import commands
from contracts.fact import Fact
from contracts.federation import facts as federation
from contracts.members import facts as members
from services.events import replicas, service
from services.events.errors import LAGGING, EventUnknown, Forbidden, KindUnknown
from services.events.handlers.who import authority
from services.events.repository import INDEXES, UNIQUE, policy_of
from services.events.service import Books, attending, planning
from tests.support.events import (
    DAY,
    ENDS,
    a_call,
    a_member,
    a_region,
    a_registration,
    an_appointment,
    an_event,
    later,
    seats_of,
)
from tests.unit.events.test_leaving import member
from tests.unit.members.test_letters import SETTINGS


def test_every_command_is_answered():
    ours = {verb for verb in COMMANDS if verb.startswith("events.")}

    assert set(service.HANDLERS) == ours - {"events.restate"}
    assert {command.verb for command in service.COMMANDS} == set(service.HANDLERS)
    assert not planning.HANDLERS.keys() & attending.HANDLERS.keys()


def test_every_kind_with_a_restated_fact_can_be_said_again():
    ours = {name: cls for name, cls in FACTS.items() if name.startswith("events.")}
    kinds = {cls.kind for name, cls in ours.items() if name.endswith("_restated.v1")}

    assert set(service.RESTATED) == kinds == {cls.kind for cls in ours.values()}


def test_every_unique_index_has_its_refusal():
    named = {
        index.document["name"]
        for indexes in INDEXES.values()
        for index in indexes
        if index.document.get("unique")
    }

    assert named == set(UNIQUE)


def test_everything_that_changes_a_replica_is_heard():
    def every(base: type[Fact]) -> set[type[Fact]]:
        return {cls for cls in FACTS.values() if issubclass(cls, base)}

    unheard = {
        members.AppointmentOffered,
        members.AppointmentDeclined,
        members.AreaCoordinated,
        members.AreaCoordinatorVacant,
        federation.PeerProposed,
        federation.PeerHeard,
    }
    said = every(members.MemberFact) | every(members.AppointmentFact) | every(members.AreaFact)
    said |= every(members.InstitutionFact) | every(federation.PeerFact)
    assert set(replicas.HEARD) == said - unheard


def test_the_settings_make_the_policy():
    policy = policy_of(SETTINGS)

    assert (policy.issuer, policy.timezone) == (f"/regions/{SETTINGS.region}", "Asia/Jakarta")
    assert Books.under(policy).policy is policy


class Desk:
    """A desk over books in memory; a coordinator's word arrives after `late` tries."""

    def __init__(self, work, late=()):
        self.work, self.late, self.said_again, self.heard = work, list(late), [], []

    def decide(self, handler, call):
        try:
            return Answer(result=handler(self.work, call.command))
        finally:
            if self.late:
                self.work.holds(self.late.pop(0))

    def remember(self, facts):
        for fact in facts:
            self.work.remember(fact)

    def lacks(self, shown):
        return False

    def hear(self, handler, envelope, fact):
        handler(self.work, fact)

    def sweep(self, handler):
        return handler(self.work)

    def restate(self, kind, _):
        self.said_again.append(kind)
        return 3


def a_service(work, late=()):
    events = service.Events()
    events.desk = Desk(work, late)
    return events


def asked(command, seconds=3600):
    call = {**vars(a_call()), "deadline": time.time() + seconds}
    return SimpleNamespace(**{**call, "command": command, "verb": command.verb})


@pytest.fixture
def _no_time_passes(monkeypatch):
    monkeypatch.setattr(patience.eventlet, "sleep", lambda seconds: None)


@pytest.mark.usefixtures("_no_time_passes")
def test_what_was_said_a_moment_ago_elsewhere_counts_here():
    late = [a_member("eka", state="active"), an_appointment("eka", "secretary")]
    work = a_region(a_member("eka", state="pending")).by("eka")
    ask = commands.RegisterVenue(name="Kafe", area="35.06")

    assert a_service(work, late).answer(asked(ask)).result.name == "Kafe"


@pytest.mark.usefixtures("_no_time_passes")
def test_a_stranger_is_refused_in_the_end_and_other_refusals_at_once():
    ask = commands.RequestEvent(topic="x", area="35.71")
    with pytest.raises(Forbidden):
        a_service(a_region().by("stranger")).answer(asked(ask))

    assert EventUnknown not in LAGGING
    with pytest.raises(EventUnknown):
        a_service(a_region().by("rudi")).answer(
            asked(commands.PublishEvent(event_id="x", no_speaker_reason="berbagi"))
        )


def test_a_kind_is_said_again_for_the_cell_officers_and_operators():
    operator = an_appointment("ayu", "operator")
    for work in (a_region(), a_region().by("sari"), a_region(operator).by("ayu")):
        events = a_service(work)
        assert events.restate(asked(commands.Restate(kind="seats"))).result == {"restated": 3}
        assert events.desk.said_again == ["seats"]
    with pytest.raises(KindUnknown):
        a_service(a_region()).restate(asked(commands.Restate(kind="ticket")))
    with pytest.raises(Forbidden):
        a_service(a_region().by("rudi")).restate(asked(commands.Restate(kind="seats")))


def test_what_members_say_is_noted_and_who_left_is_forgotten_then():
    event = an_event(state="published")
    place = a_registration("budi", id="r1")
    work = a_region(event, seats_of(event, confirmed=1), place)
    said = [
        members.MemberChanged(member=member(3, name="Ayu L.")),
        members.MemberLeft(member=member(9, id="budi", state="left", name="—")),
    ]

    a_service(work).note([(None, fact) for fact in said])

    assert work.members.get("ayu").name == "Ayu L."
    assert work.members.get("budi").state == "left"
    assert work.registrations.get("r1").state == "cancelled"


def test_what_comes_round_reminds_and_prolongs():
    event = an_event()
    work = a_region(event, seats_of(event))
    start = {"starts_at": later(30 * DAY, ENDS), "ends_at": later(30 * DAY + 60, ENDS)}
    plan = commands.PlanSeries(
        title="Kamis", kind="clinic", area="35.71", rule="FREQ=WEEKLY", dates=1, **start
    )
    ask = commands.RequestEvent(topic="x", area="35.71")
    for by, command in (("ayu", ask), ("rudi", plan)):
        service.HANDLERS[command.verb](work.by(by), command)
    later_on = work.at(later(14 * DAY))

    a_service(later_on).remind()
    a_service(later_on).prolong()

    assert {"EventRequestWaits", "EventRequestEscalated", "SeriesChanged"} <= set(later_on.said())


def test_what_somebody_changed_of_himself_is_waited_for():
    work = a_region().by("rudi")
    newer = work.members.get("rudi").version + 1
    actor = replace(work.call.actor, seen=(Seen(kind="member", id="rudi", version=newer),))

    with pytest.raises(Forbidden, match="has not been heard here"):
        authority(replace(work, call=replace(work.call, actor=actor)))
