"""The service declares: every command has a handler, every kind can be said again."""

from types import SimpleNamespace

import pytest

from chassis.answer import Answer
from chassis.declared import said_again
from chassis.errors import Outage
from contracts.catalogue import COMMANDS, FACTS
from contracts.codec import encode
from contracts.events import facts as event_facts
from contracts.members import commands, facts
from services.members import service
from services.members.errors import KindUnknown
from services.members.handlers.competencies import add_evidence
from services.members.repository import INDEXES, UNIQUE, policy_of
from services.members.repository.work import MembersWork
from tests.support.members import a_call, a_member, a_region, an_appointment, later
from tests.unit.members.test_hearing_of_events import an_event, issued
from tests.unit.members.test_letters import SETTINGS


def test_every_command_is_answered():
    ours = {verb for verb in COMMANDS if verb.startswith("members.")}

    assert set(service.HANDLERS) == ours - {"members.restate"}
    assert {command.verb for command in service.COMMANDS} == set(service.HANDLERS)


def test_every_kind_with_a_restated_fact_can_be_said_again():
    ours = {name: cls for name, cls in FACTS.items() if name.startswith("members.")}
    kinds = {cls.kind for name, cls in ours.items() if name.endswith("_restated.v1")}

    assert set(service.RESTATED) == kinds


def test_a_stored_aggregate_is_said_as_it_stands():
    ayu = a_member()

    said = said_again(facts.MemberRestated, {"_id": ayu.id, **encode(ayu)})

    assert said == facts.MemberRestated(member=ayu)


def test_every_unique_index_has_its_refusal():
    named = {
        index.document["name"]
        for indexes in INDEXES.values()
        for index in indexes
        if index.document.get("unique")
    }

    assert named == set(UNIQUE)


def test_the_settings_make_the_policy():
    policy = policy_of(SETTINGS)

    assert (policy.issuer, policy.access_token_seconds) == ("http://127.0.0.1:8080", 600)
    assert MembersWork.under(policy).policy is policy


class Desk:
    """A desk over books in memory that remembers what was said again."""

    def __init__(self, work):
        self.work, self.said_again = work, []

    def decide(self, handler, call):
        return Answer(result=handler(self.work, call.command))

    def hear(self, handler, _, fact):
        handler(self.work, fact)

    def sweep(self, handler):
        return handler(self.work)

    def restate(self, kind, _):
        self.said_again.append(kind)
        return 3


class Container:
    """A container that runs its threads at once."""

    config = {"settings": SETTINGS}

    def spawn_managed_thread(self, run):
        run()


def a_service(work):
    members = service.Members()
    members.desk = Desk(work)
    members.post = service.Post()
    members.post.container = Container()
    members.post.setup()
    return members


def asked(command):
    return SimpleNamespace(**{**vars(a_call()), "command": command, "verb": command.verb})


@pytest.fixture
def rounds(monkeypatch):
    done = []
    monkeypatch.setattr(service.Courier, "run", lambda _, desk: done.append(desk))
    return done


def test_a_command_is_decided_and_the_courier_only_goes_when_there_are_letters(rounds):
    members = a_service(a_region().by("sari"))

    area = members.answer(asked(commands.ChangeArea(area_id="35.71", name="Kota"))).result
    assert (area.name, rounds) == ("Kota", [])
    members.answer(asked(commands.RequestCode(username="ayu@sekolah.id")))

    assert rounds == [members.desk]
    assert members.post.get_dependency(None) is members.post


def test_an_import_is_read_before_it_is_decided():
    members = a_service(a_region().by("sari"))

    report = members.answer(asked(commands.ImportInstitutions(lines=()))).result

    assert report["counts"]["created"] == 0


def test_a_kind_is_said_again():
    members = a_service(a_region())

    assert members.restate(asked(commands.Restate(kind="member"))).result == {"restated": 3}
    assert members.desk.said_again == ["member"]
    with pytest.raises(KindUnknown):
        members.restate(asked(commands.Restate(kind="letter")))


def test_what_comes_round_ends_terms_rotates_keys_and_sends_letters(rounds):
    over = an_appointment("rudi", "area_coordinator", area="35.71", ends_on="2026-11-20")
    work = a_region().holds(over).by(now=later(0))
    members = a_service(work)

    members.keep_terms()
    members.keep_keys()
    members.deliver()

    assert work.areas.get("35.71").acting_coordinator == "kartini"
    assert {"SigningKeyPublished", "FrameworkPublished"} <= set(work.said())
    assert rounds == [members.desk]


def test_what_comes_round_says_that_evidence_expires():
    work = a_region().by("ayu")
    said = commands.AddEvidence(
        member_id="ayu", area="ICT", level=2, title="Kursus", expires_on="2026-12-01"
    )
    add_evidence(work, said)

    a_service(work).tell_expiring()

    assert work.said()[-1] == "CompetencyEvidenceExpiring"


def test_letters_wait_while_the_database_is_away(monkeypatch):
    def away(*_):
        raise Outage("database")

    monkeypatch.setattr(service.Courier, "run", away)

    a_service(a_region()).deliver()


def test_what_events_say_is_noted():
    grant = an_appointment("ayu", "event_manager", event_id="e1")
    work = a_region().holds(grant)
    members = a_service(work)

    members.note_event(None, event_facts.EventClosed(event=an_event("closed")))
    members.note_certificate(None, issued())

    assert work.said() == ["AppointmentEnded", "CompetencyEvidenced"]
