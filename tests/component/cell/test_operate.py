"""The operator's console: what it asks of the gateway, and what it says in one line."""

import json
from pathlib import Path

import httpx
import pytest

from cell import operate
from cell.operate import Operator, main

LOGIN = {"username": "operator@x", "password": "secret"}


class Gateway:
    """Answers as told; remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.pages = [[fact("1.members"), fact("2.projector", subject="")], [fact("3.events")]]
        self.building = 1
        self.answers: dict[str, httpx.Response] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(f"{request.method} {path}")
        if path in self.answers:
            return self.answers[path]
        if path == "/v1/auth/token":
            assert json.loads(request.content) == {"grant_type": "password", **LOGIN}
            return httpx.Response(200, json={"access_token": "t"})
        assert request.headers["Authorization"] == "Bearer t"
        if path == "/v1/operations/parked":
            page = int(request.url.params.get("cursor", "0"))
            following = str(page + 1) if page + 1 < len(self.pages) else None
            return httpx.Response(200, json={"items": self.pages[page], "next": following})
        if path == "/v1/operations/views":
            self.building -= 1
            since = "2026" if self.building >= 0 and len(self.asked) > 3 else None
            items = [{"name": one, "building_since": since} for one in ("areas", "members")]
            return httpx.Response(200, json={"items": items, "next": None})
        return httpx.Response(200, json={"accepted": True})


def fact(id: str, **more: object) -> dict[str, object]:
    given = {"at": "then", "hearer": id.partition(".")[2], "fact": "members.x.v1", "attempts": 6}
    return {"id": id, "subject": "member/ayu", "reason": "ValueError()", **given, **more}


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def operator(gateway: Gateway, monkeypatch) -> Operator:
    monkeypatch.setattr(operate, "PAUSE_SECONDS", 0)
    client = httpx.Client(base_url="http://gateway", transport=httpx.MockTransport(gateway))
    return Operator(client, LOGIN)


def test_all_parked_facts_are_listed_with_their_reasons(operator, capsys):
    assert operate.parked(operator, "") == 0

    told = capsys.readouterr().out
    assert "1.members  then  members: members.x.v1 about member/ayu" in told
    assert "about nothing known" in told
    assert "cell: 3 parked; make replay ID=… or make drop ID=…" in told
    assert told.count("6 attempts: ValueError()") == 3


def test_when_nothing_is_parked_it_says_so(operator, gateway, capsys):
    gateway.pages = [[]]

    operate.parked(operator, "")

    assert capsys.readouterr().out == "cell: 0 parked\n"


@pytest.mark.parametrize("verb", ["replay", "drop"])
def test_one_fact_is_replayed_or_dropped(operator, gateway, verb):
    assert operate.VERBS[verb](operator, "1.members") == 0

    assert gateway.asked[-1] == f"POST /v1/operations/parked/1.members/{verb}"


def test_a_rebuild_waits_until_the_view_is_shown(operator, gateway, capsys):
    gateway.building = 3

    assert operate.rebuild(operator, "members") == 0

    assert gateway.asked[1] == "POST /v1/operations/views/members/rebuild"
    assert gateway.asked[2:] == ["GET /v1/operations/views"] * len(gateway.asked[2:])
    assert "members is built again" in capsys.readouterr().out


def test_all_views_are_built_one_after_another(operator, gateway):
    operate.rebuild(operator, "all")

    assert [one for one in gateway.asked if "rebuild" in one] == [
        "POST /v1/operations/views/areas/rebuild",
        "POST /v1/operations/views/members/rebuild",
    ]


def test_a_rebuild_that_takes_for_ever_is_given_up_and_goes_on(operator, gateway, monkeypatch):
    gateway.building = 10**6
    monkeypatch.setattr(operate, "REBUILD_SECONDS", 0.0)
    gateway.asked += ["", ""]

    with pytest.raises(operate.CellError, match="still being built"):
        operate.rebuild(operator, "members")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            httpx.Response(404, json={"detail": "tidak ditemukan", "code": "operations.x"}),
            r"tidak ditemukan \(operations\.x\)",
        ),
        (httpx.Response(502, text="<html>"), "502 Bad Gateway"),
    ],
)
def test_what_the_gateway_refuses_is_one_line(operator, gateway, answer, told):
    gateway.answers["/v1/operations/parked/x/drop"] = answer

    with pytest.raises(operate.CellError, match=told):
        operate.drop(operator, "x")


def test_a_gateway_that_is_away_is_one_line(tmp_path: Path, capsys):
    (tmp_path / "cell.json").write_text('{"region": "semarang"}')
    (tmp_path / "credentials.json").write_text(json.dumps({"operator": LOGIN}))

    assert main(["parked"], {"CELL_DIR": str(tmp_path)}) == 1
    assert "the gateway does not answer" in capsys.readouterr().err


def test_without_a_cell_it_says_so(tmp_path: Path, capsys):
    assert main(["rebuild", "all"], {"CELL_DIR": str(tmp_path)}) == 1
    assert "holds no cell" in capsys.readouterr().err


def test_the_help_speaks_both_languages(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out

    assert "Konsol operator" in told
    assert all(english in told.replace("\n", " ") for english in ("The operator's console",))
    assert all(" · " in words for words in operate.HELP.values())
