"""Names are promises: well-formed, unique and complete in both languages."""

import re

import pytest

from contracts import common, operations
from contracts.catalogue import COMMANDS, FACTS, REFUSALS, SPEAKERS
from contracts.codec import field_types
from contracts.operations import ReplayParked, Unparking


@pytest.mark.parametrize("name", sorted(FACTS))
def test_facts_are_named_after_their_speaker_and_version(name):
    assert re.fullmatch(r"[a-z]+\.[a-z_]+\.v[1-9]", name)
    assert name.partition(".")[0] in (*SPEAKERS, "operations")
    assert FACTS[name].kind in field_types(FACTS[name])
    assert FACTS[name].__doc__


@pytest.mark.parametrize("verb", sorted(COMMANDS))
def test_commands_are_named_after_the_service_that_decides(verb):
    command = COMMANDS[verb]

    assert re.fullmatch(r"[a-z]+\.[a-z_]+", verb)
    if not issubclass(command, Unparking):
        assert command.service.fget(command) == verb.partition(".")[0]
    assert command.__doc__


def test_a_parked_fact_is_asked_for_where_it_is_kept():
    assert ReplayParked(id="0193.events").service == "events"


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_refusals_have_a_client_status_and_both_languages(code):
    refusal = REFUSALS[code]

    assert re.fullmatch(r"[a-z]+\.[a-z_]+", code)
    assert 400 <= refusal.status < 500 or code.startswith("service.")
    assert refusal.en
    assert refusal.id
    assert refusal.en != refusal.id


def test_no_two_refusals_share_a_code():
    pages = [common.ALL, operations.ALL, *(pages[2].ALL for pages in SPEAKERS.values())]
    codes = [refusal.code for page in pages for refusal in page]

    assert sorted(codes) == sorted(set(codes))


def test_a_member_says_yes_only_where_he_said_yes():
    fact = FACTS["members.member_joined.v1"]
    member = field_types(fact)["member"]
    consent = {"text_version": "2026-09", "decided_at": "2026-11-21T02:00:00.123Z"}
    from contracts.codec import decode

    state = decode(
        member,
        {
            "id": "01",
            "version": 1,
            "region": "kediri-raya",
            "created_at": "",
            "updated_at": "",
            "name": "Dewi Anjarsari",
            "state": "active",
            "consents": [
                {"purpose": "directory", "granted": True, **consent},
                {"purpose": "photo", "granted": False, **consent},
            ],
        },
    )

    assert [state.consents_to(p) for p in ("directory", "photo", "telegram")] == [
        True,
        False,
        False,
    ]
