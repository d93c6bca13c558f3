"""The released list only grows."""

import copy

import pytest

from contracts.catalogue import COMMANDS, FACTS, REFUSALS
from contracts.publish.__main__ import main
from contracts.publish.released import broken, grown, released, today

ADVICE = "new contracts: run `python -m contracts.publish --release` and commit RELEASED.json"


def test_no_promise_is_broken():
    assert broken(released(), today()) == []


def test_everything_of_today_is_on_the_list():
    listed = released()

    assert set(listed["facts"]) == set(FACTS), ADVICE
    assert set(listed["commands"]) == set(COMMANDS), ADVICE
    assert set(listed["refusals"]) == set(REFUSALS), ADVICE
    assert listed == today(), ADVICE


def a_list(**changes):
    return {
        "facts": {"a.b.v1": "hash"},
        "commands": {"a.do": {"fields": ["x", "y"], "needed": ["x"]}},
        "refusals": {"a.no": 409},
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"facts": {}}, "fact a.b.v1 is gone"),
        ({"facts": {"a.b.v1": "other"}}, "sample a.b.v1 was changed"),
        ({"commands": {}}, "command a.do is gone"),
        ({"commands": {"a.do": {"fields": ["x"], "needed": ["x"]}}}, "command a.do lost y"),
        (
            {"commands": {"a.do": {"fields": ["x", "y"], "needed": ["x", "y"]}}},
            "command a.do now needs y",
        ),
        ({"refusals": {}}, "refusal a.no is gone"),
        ({"refusals": {"a.no": 410}}, "refusal a.no was changed"),
    ],
)
def test_a_broken_promise_is_told_in_one_line(changes, line):
    assert broken(a_list(), a_list(**changes)) == [line]


def test_a_broken_promise_cannot_be_released():
    with pytest.raises(ValueError, match=r"fact a\.b\.v1 is gone; command a\.do is gone"):
        grown(a_list(), a_list(facts={}, commands={}))


def test_what_is_new_joins_the_list():
    now = copy.deepcopy(a_list())
    now["facts"]["a.c.v1"] = "hash"
    now["commands"]["a.do"]["fields"].append("z")
    now["refusals"]["a.never"] = 403

    assert grown(a_list(), now) == now


def test_publishing_with_a_broken_promise_fails_and_keeps_the_list(tmp_path, monkeypatch, capsys):
    kept = tmp_path / "RELEASED.json"
    kept.write_text('{"facts": {"members.gone.v1": "x"}, "commands": {}, "refusals": {}}')
    monkeypatch.setattr("contracts.publish.released.LIST", kept)
    monkeypatch.setattr("contracts.publish.released.released.__defaults__", (kept,))
    monkeypatch.setattr("contracts.publish.__main__.GENERATED", tmp_path)

    assert main(["--release"]) == 1
    assert capsys.readouterr().err == "contracts: fact members.gone.v1 is gone\n"
    assert "members.gone.v1" in kept.read_text()


def test_publishing_writes_the_list_and_both_documents(tmp_path, monkeypatch):
    kept = tmp_path / "RELEASED.json"
    kept.write_text('{"facts": {}, "commands": {}, "refusals": {}}')
    monkeypatch.setattr("contracts.publish.released.LIST", kept)
    monkeypatch.setattr("contracts.publish.released.released.__defaults__", (kept,))
    monkeypatch.setattr("contracts.publish.__main__.GENERATED", tmp_path / "generated")

    assert main(["--release"]) == 0
    assert released(kept) == today()
    assert main([]) == 0
    assert {path.name for path in (tmp_path / "generated").iterdir()} == {
        "asyncapi.json",
        "catalogue.md",
    }
