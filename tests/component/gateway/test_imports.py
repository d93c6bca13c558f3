"""Imports: a file in pieces, a report in one; and operations on the projector."""

from io import BytesIO

import orjson
import pytest

from contracts.codec import encode
from contracts.members import commands
from contracts.operations import DropParked, RebuildView, ReplayParked
from gateway.api import imports
from gateway.backend import MOST_BODY_BYTES
from gateway.problems import Problem
from gateway.question import Reply
from tests.support.gateway import peopled
from tests.support.stated import NOW, a_parked, an_institution, sealed

HEADER = "npsn,name\n"


def reporting(question):
    lines = question.command.lines
    told = [
        {"line": one.line, "outcome": "refused", "column": "npsn", "code": "c", "message": "m"}
        for one in lines
        if one.cells["npsn"] == "bad"
    ]
    counts = {"created": len(lines) - len(told), "updated": 0, "unchanged": 0}
    result = {"dry_run": question.command.dry_run, "counts": {**counts, "refused": len(told)}}
    facts = [sealed(an_institution(f"i{one.line}")) for one in lines]
    return Reply(result={**result, "lines": told}, facts=facts)


@pytest.fixture
def house(monkeypatch):
    monkeypatch.setattr(imports, "LINES_PER_COMMAND", 2)
    found = peopled(import_body_bytes=2000)
    found.backend.replies[commands.ImportInstitutions.verb] = reporting
    found.backend.replies[commands.ImportMembers.verb] = reporting
    return found


def upload(house, body, path="/v1/institutions/imports", kind="text/csv", **headers):
    return house.send("POST", path, "officer", body=body, Content_Type=kind, **headers)


def test_pieces_are_asked_in_order_and_reports_merged(house):
    answer = upload(house, HEADER + "1,a\nbad,b\n3,c\n4,d\nbad,e\n", Idempotency_Key="k")

    assert answer.status_code == 200
    assert answer.json["counts"] == {"created": 3, "updated": 0, "unchanged": 0, "refused": 2}
    assert [line["line"] for line in answer.json["lines"]] == [3, 6]
    assert [len(q.command.lines) for q in house.backend.asked] == [2, 2, 1]
    keys = [question.key for question in house.backend.asked]
    assert len(set(keys)) == 3
    assert all(key.startswith("import-") for key in keys)
    assert house.get("/v1/institutions/i6").status_code == 200


@pytest.mark.parametrize(
    ("code", "said", "indonesian", "english"),
    [
        ("request.invalid", "String does not match", "Bentuknya tidak", "The form is not right."),
        ("members.not_yours", "of area 35.71", "Anda tidak berwenang", "of area 35.71"),
        ("of.tomorrow", "as it is said", "as it is said", "as it is said"),
    ],
)
def test_a_line_s_reason_is_told_in_the_caller_s_language(house, code, said, indonesian, english):
    told = {"line": 2, "outcome": "refused", "column": None, "code": code, "message": said}
    fine = {"line": 3, "outcome": "updated", "column": "name", "code": None, "message": None}
    result = {"dry_run": False, "counts": {"refused": 1, "updated": 1}, "lines": [told, fine]}
    house.backend.replies[commands.ImportInstitutions.verb] = lambda _: Reply(result=result)

    for language, start in (("id", indonesian), ("en", english)):
        lines = upload(house, HEADER + "1,a\n2,b\n", Accept_Language=language).json["lines"]
        assert lines[0]["message"].startswith(start)
        assert lines[1] == fine


def test_the_same_key_gives_the_same_pieces(house):
    for _ in range(2):
        upload(house, HEADER + "1,a\n2,b\n3,c\n", Idempotency_Key="k")
    first, second, again, twice = house.backend.asked

    assert (first.key, first.fingerprint) == (again.key, again.fingerprint)
    assert (second.key, second.fingerprint) == (twice.key, twice.fingerprint)


def test_a_dry_run_keeps_no_key(house):
    answer = upload(
        house, HEADER + "1,a\n", "/v1/institutions/imports?dry_run=true", Idempotency_Key="k"
    )

    assert answer.json["dry_run"] is True
    assert house.backend.asked[0].command.dry_run is True
    assert house.backend.asked[0].key is None


def test_without_a_key_there_is_none(house):
    upload(house, HEADER + "1,a\n")

    assert house.backend.asked[0].key is None


def test_an_import_given_again_says_so(house):
    house.backend.replies[commands.ImportInstitutions.verb] = Reply(
        result={"dry_run": False, "counts": {"created": 1}, "lines": []}, replayed=True
    )

    assert upload(house, HEADER + "1,a\n").headers["idempotent-replayed"] == "true"


def test_an_empty_file_is_an_empty_report(house):
    answer = upload(house, HEADER)

    assert answer.json["counts"] == {"created": 0, "updated": 0, "unchanged": 0, "refused": 0}
    assert not house.backend.asked


@pytest.mark.parametrize("body", [HEADER.encode() + b"1,\xff\n", HEADER.encode() + b'1,"a\n'])
def test_a_file_that_cannot_be_read_names_the_line(house, body):
    answer = upload(house, body, Accept_Language="en")

    assert answer.status_code == 422
    assert "line 2" in answer.json["detail"]


def test_the_last_piece_is_what_is_left(house):
    lines = imports.institution_lines(BytesIO(HEADER.encode() + b"1,a\n2,b\n3,c\n"))

    assert [len(imports.next_piece(lines)) for _ in range(3)] == [2, 1, 0]


def test_a_file_is_decoded_no_further_than_the_piece_needs(house):
    lines = imports.institution_lines(BytesIO(HEADER.encode() + b"1,a\n2,b\n3,\xff\n"))

    assert [line.cells["npsn"] for line in imports.next_piece(lines)] == ["1", "2"]
    with pytest.raises(Problem) as refused:
        imports.next_piece(lines)
    assert "line 4" in refused.value.detail


def test_long_lines_go_in_smaller_pieces(monkeypatch):
    monkeypatch.setattr(imports, "BYTES_PER_COMMAND", 1000)
    long = "".join(f"{number},{'x' * 400}\n" for number in range(5))
    lines = imports.institution_lines(BytesIO((HEADER + long).encode()))

    assert [len(imports.next_piece(lines)) for _ in range(3)] == [3, 2, 0]


@pytest.mark.parametrize("wide", ["d", "d" * 130_000])
def test_a_piece_always_fits_the_broker(wide):
    file = f"a,b,c,{wide}\n" + f"{'x' * 9_999},2,{'é' * 9_999}\n" * 300
    lines = imports.institution_lines(BytesIO(file.encode()))
    pieces = list(iter(lambda: imports.next_piece(lines), ()))

    assert sum(map(len, pieces)) == 300
    bodies = [encode(commands.ImportInstitutions(lines=one, dry_run=False)) for one in pieces]
    assert max(len(orjson.dumps(body)) for body in bodies) < MOST_BODY_BYTES // 2


def test_a_line_too_long_for_any_command_is_refused_by_itself(house, monkeypatch):
    monkeypatch.setattr(imports, "BYTES_PER_COMMAND", 500)
    long = f"2,{'x' * 500}\n"
    report = upload(house, HEADER + f"1,a\n{long}bad,c\n{long}", Accept_Language="en").json

    assert report["counts"] == {"created": 1, "updated": 0, "unchanged": 0, "refused": 3}
    assert [(one["line"], one["code"]) for one in report["lines"]] == [
        (3, "request.too_large"),
        (4, "c"),
        (5, "request.too_large"),
    ]
    assert [len(question.command.lines) for question in house.backend.asked] == [2]


def test_so_many_columns_that_no_line_fits_a_command_are_a_report_of_refusals(monkeypatch):
    house = peopled()
    file = ",".join(f"column{number}" for number in range(40_000)) + "\n1,2\n3,4\n"

    report = upload(house, file).json

    assert (report["counts"]["refused"], [one["line"] for one in report["lines"]]) == (2, [2, 3])
    assert house.backend.asked == []


def form(*parts):
    pieces = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="f.csv"\r\n\r\n{text}\r\n'
        for name, text in parts
    ]
    return "".join(pieces) + "--b--\r\n"


def test_a_form_with_one_file_is_as_good(house):
    body = form(("file", HEADER + "1,a\n"))
    answer = upload(house, body, kind="multipart/form-data; boundary=b")

    assert answer.json["counts"]["created"] == 1


@pytest.mark.parametrize("parts", [(), (("other", "x"),), (("file", HEADER), ("file", HEADER))])
def test_a_form_without_exactly_one_file_is_refused(house, parts):
    body = form(*parts)

    assert upload(house, body, kind="multipart/form-data; boundary=b").status_code == 400


def test_a_broken_form_is_refused(house):
    assert upload(house, "x", kind="multipart/form-data; boundary=b").status_code == 400
    assert upload(house, "x", kind="multipart/form-data").status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_another_type_is_refused(house, kind):
    assert upload(house, HEADER, kind=kind).status_code == 415


def test_a_large_file_is_refused(house, monkeypatch):
    large = HEADER + "1,a\n" * 1000
    assert upload(house, large).status_code == 413
    whole = form(("file", large))
    assert upload(house, whole, kind="multipart/form-data; boundary=b").status_code == 413
    monkeypatch.setattr(imports, "IN_MEMORY_BYTES", 0)
    assert upload(house, whole, kind="multipart/form-data; boundary=b").status_code == 413


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("path", ["/v1/institutions/imports", "/v1/members/imports?area=35.71"])
def test_a_file_of_more_lines_than_a_report_can_hold_is_refused(house, monkeypatch, path, ending):
    monkeypatch.setattr(imports, "MOST_LINES", 5)
    empty = Reply(result={"dry_run": False, "counts": {}, "lines": []})
    house.backend.replies = dict.fromkeys(house.backend.replies, empty)
    fits, large = (f"npsn,name{ending}" + f"1,a{ending}" * rows for rows in (4, 5))

    answer = upload(house, large, path, Accept_Language="en")
    assert (answer.status_code, answer.json["detail"]) == (413, "at most 5 lines")
    form_of = "multipart/form-data; boundary=b"
    assert upload(house, form(("file", large)), path, form_of).status_code == 413
    assert house.backend.asked == []
    assert upload(house, fits, path).status_code != 413


def test_an_event_that_no_id_can_name_is_not_there(house):
    assert upload(house, HEADER, "/v1/events/$where/attendance/imports").status_code == 404
    assert house.backend.asked == []


def test_members_come_from_one_library(house):
    slims = '"M1","Ani","0","Standard","a@example.org","","","","0","","","0812"\n'
    house.backend.replies[commands.ImportMembers.verb] = Reply(
        result={"dry_run": False, "counts": {"created": 1}, "lines": []}
    )
    path = "/v1/members/imports?area=35.71&institution_id=i1&member_type=Staf"
    answer = upload(house, slims, path)

    assert answer.status_code == 200, answer.text
    command = house.backend.asked[0].command
    assert (command.area, command.institution_id, command.member_type) == ("35.71", "i1", "Staf")
    assert command.lines[0].cells["member_name"] == "Ani"
    assert upload(house, slims, "/v1/members/imports").status_code == 200
    assert house.backend.asked[1].command.area is None


# -- operations ---------------------------------------------------------------------------------


def test_the_operator_lists_what_is_parked(house):
    for number in range(3):
        house.store.views["parked"][f"p{number}"] = {
            "_id": f"p{number}.projector",
            "parked": encode(a_parked(f"p{number}.projector")),
        }
    house.put(a_parked("p1x.events"), a_parked("p9.events"), a_parked("p8.events"))
    house.put(a_parked("p8.events", version=2, state="dropped"))
    answer = house.get("/v1/operations/parked?limit=2", by="oper")
    first = answer.json
    rest = house.get(f"/v1/operations/parked?limit=9&cursor={first['next']}", by="oper").json

    assert answer.headers["x-view-lag-seconds"] == house.front.freshness.header()
    assert [one["id"] for one in first["items"] + rest["items"]] == [
        "p0.projector",
        "p1.projector",
        "p1x.events",
        "p2.projector",
        "p9.events",
    ]
    assert first["items"][0] == {
        "id": "p0.projector",
        "hearer": "projector",
        "fact": "jejaring.members.x.v1",
        "subject": "member/ayu",
        "reason": "r",
        "attempts": 6,
        "at": NOW,
    }
    assert rest["next"] is None
    assert house.get("/v1/operations/parked?cursor=MQ", by="oper").status_code == 400


def test_only_the_operator_operates(house):
    paths = ("parked/p0/drop", "parked/p0/replay", "views/areas/rebuild")
    for who, status in (("officer", 403), (None, 401)):
        assert house.get("/v1/operations/parked", by=who).status_code == status
        for path in paths:
            assert house.send("POST", f"/v1/operations/{path}", who).status_code == status


def test_a_fact_that_nobody_keeps_is_not_asked_for(house):
    house.put(a_parked("p8.events", version=2, state="replayed"))

    for id in ("p0.projector", "p8.events", "nobody"):
        answer = house.send("POST", f"/v1/operations/parked/{id}/drop", "oper")
        assert (answer.status_code, answer.json["code"]) == (404, "operations.parked_unknown")
    assert house.backend.asked == []


def test_a_parked_fact_is_replayed_by_the_service_that_keeps_it_and_is_gone_at_once(house):
    house.put(a_parked("p9.events"))
    gone = sealed(a_parked("p9.events", version=2, state="replayed"))
    house.backend.replies[ReplayParked.verb] = Reply(result={"accepted": True}, facts=(gone,))

    assert house.send("POST", "/v1/operations/parked/p9.events/replay", "oper").status_code == 200

    assert house.backend.asked[0].command.service == "events"
    assert house.get("/v1/operations/parked", by="oper").json["items"] == []


def test_dropping_and_rebuilding_are_asked_of_the_projector(house):
    house.store.views["parked"]["p0.projector"] = {
        "_id": "p0.projector",
        "parked": encode(a_parked("p0.projector")),
    }
    house.backend.replies[DropParked.verb] = Reply(result={"accepted": True})
    house.backend.replies[RebuildView.verb] = Reply(result={"accepted": True})

    assert house.send("POST", "/v1/operations/parked/p0.projector/drop", "oper").status_code == 200
    answer = house.send("POST", "/v1/operations/views/areas/rebuild", "oper")
    assert (answer.status_code, answer.json) == (202, {"accepted": True})
    assert [q.command for q in house.backend.asked] == [
        DropParked(id="p0.projector"),
        RebuildView(view="areas"),
    ]
