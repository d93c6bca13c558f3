"""Loading a file: parts, repeats, counts that add up."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from cell import load
from cell.errors import CellError
from cell.load import Chunk, Coordinator, Report, chunks

LOGIN = {"username": "a@b", "password": "x"}


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def coordinator(answer: Callable[[httpx.Request], httpx.Response]) -> Coordinator:
    client = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://cell")
    return Coordinator(client, LOGIN)


def report_of(rows: int, **refused: int) -> dict:
    lines = [
        {"line": line, "outcome": "refused", "column": column, "code": "c", "message": "m"}
        for column, line in refused.items()
    ]
    counts = {"created": rows - len(lines), "updated": 0, "unchanged": 0, "refused": len(lines)}
    return {"dry_run": False, "counts": counts, "lines": lines}


@pytest.fixture(autouse=True)
def no_sleep(monkeypatch):
    monkeypatch.setattr(load.time, "sleep", lambda seconds: None)


def test_each_part_carries_the_header_and_knows_its_place():
    parts = list(chunks(lines("npsn,name\n1,a\n2,b\n3,c\n"), rows_at_once=2))

    assert [(part.line, part.rows, part.text) for part in parts] == [
        (2, 2, "npsn,name\n1,a\n2,b\n"),
        (4, 1, "npsn,name\n3,c\n"),
    ]


def test_a_row_over_several_lines_stays_whole():
    parts = list(chunks(lines('npsn,name\n1,"a\nb"\n2,c'), rows_at_once=1))

    assert [(part.line, part.text) for part in parts] == [
        (2, 'npsn,name\n1,"a\nb"\n'),
        (4, "npsn,name\n2,c\n"),
    ]


def test_empty_lines_are_no_rows():
    (part,) = chunks(lines("npsn,name\n\n1,a\n\n"))

    assert part.rows == 1


def test_an_empty_file_is_refused():
    with pytest.raises(CellError, match="the file is empty"):
        list(chunks([]))


def test_lines_are_those_of_the_file():
    report = Report()

    report.add(Chunk(line=502, rows=3, text=""), report_of(3, npsn=3))

    assert report.refused[0]["line"] == 503
    assert report.is_complete


def test_rows_that_are_nowhere_are_noticed():
    report = Report()

    report.add(Chunk(line=2, rows=3, text=""), report_of(2))

    assert not report.is_complete


def test_an_outage_is_waited_out_with_the_same_key():
    keys, answers = [], iter([503, 429, 200])

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        return httpx.Response(next(answers), headers={"Retry-After": "1"}, json=report_of(1))

    coordinator(answer).load(Chunk(line=2, rows=1, text="x\n1\n"), dry_run=False)

    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_a_broken_connection_is_tried_again_but_not_for_ever():
    tries = []

    def answer(request: httpx.Request) -> httpx.Response:
        tries.append(request)
        raise httpx.ConnectError("refused")

    with pytest.raises(CellError, match="the gateway does not answer"):
        coordinator(answer).sign_in()
    assert len(tries) == load.TRIES


def test_a_token_that_expires_midway_is_renewed():
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/auth/token":
            return httpx.Response(200, json={"access_token": "new"})
        known = request.headers.get("Authorization") == "Bearer new"
        return httpx.Response(200 if known else 401, json=report_of(1))

    taken = coordinator(answer).load(Chunk(line=2, rows=1, text="x\n1\n"), dry_run=True)

    assert taken["counts"]["created"] == 1


def test_a_refusal_names_the_place_and_the_reason():
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(422, json={"code": "imports.columns", "detail": "no npsn"})

    with pytest.raises(CellError, match=r"from line 2 on .* 422 imports\.columns: no npsn"):
        coordinator(answer).load(Chunk(line=2, rows=1, text="x\n1\n"), dry_run=False)


def test_an_answer_that_is_no_problem_document_is_shown_as_it_is():
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500, text="oops")

    with pytest.raises(CellError, match="cannot sign in: 500 oops"):
        coordinator(answer).sign_in()


def test_a_whole_file_is_loaded_and_counted(tmp_path: Path, capsys):
    file = tmp_path / "schools.csv"
    file.write_bytes(b"\xef\xbb\xbfnpsn,name\r\n" + b"".join(b"%d,a\r\n" % n for n in range(1200)))
    bodies = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/auth/token":
            return httpx.Response(200, json={"access_token": "t"})
        bodies.append(request.content)
        return httpx.Response(200, json=report_of(request.content.count(b"\n") - 1, name=2))

    report = load.load(file, coordinator(answer), dry_run=False)
    load.show(report, dry_run=True)

    assert [body.count(b"\r\n") for body in bodies] == [501, 501, 201]
    assert all(body.startswith(b"npsn,name\r\n") for body in bodies)
    assert report.is_complete
    shown = capsys.readouterr().out
    assert "line 1002, name: m (c)" in shown
    assert "dry run, nothing written: 1200 rows: 1197 created, 0 updated, 0 unchanged, 3" in shown


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("CELL_DIR", str(tmp_path / "none"))


@pytest.mark.usefixtures("nowhere")
def test_a_file_that_is_not_there_is_named_before_anything_else(tmp_path: Path, capsys):
    assert load.main([str(tmp_path / "none.csv")]) == 1
    assert "No such file or directory" in (told := capsys.readouterr().err)
    assert "none.csv" in told


@pytest.mark.usefixtures("nowhere")
def test_without_a_cell_it_says_so(tmp_path: Path, capsys):
    (tmp_path / "schools.csv").touch()

    assert load.main([str(tmp_path / "schools.csv")]) == 1
    assert "holds no cell; start one: make up" in capsys.readouterr().err
