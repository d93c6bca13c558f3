"""The service declares: every command has a handler, every kind can be said again."""

from contracts.catalogue import COMMANDS, FACTS
from contracts.codec import encode
from contracts.members import facts
from services.members import service
from services.members.repository import INDEXES, UNIQUE, policy_of
from services.members.repository.work import MembersWork
from tests.support.members import a_member
from tests.unit.members.test_letters import SETTINGS


def test_every_command_is_answered():
    ours = {verb for verb in COMMANDS if verb.startswith("members.")}

    assert set(service.HANDLERS) == ours - {"members.restate"}
    assert {command.verb for command in service.COMMANDS} == set(service.HANDLERS)


def test_every_kind_with_a_restated_fact_can_be_said_again():
    kinds = {cls.kind for name, cls in FACTS.items() if name.endswith("_restated.v1")}

    assert set(service.RESTATED) == kinds


def test_a_stored_aggregate_is_said_as_it_stands():
    ayu = a_member()

    said = service.restated(facts.MemberRestated, {"_id": ayu.id, **encode(ayu)})

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
