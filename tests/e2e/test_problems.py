"""Every refusal is problem+json in the reader's language; every answer carries its headers."""

from typing import Any

import pytest

from tests.support.client import KOTA, Community, Person, problem, told

SCHOOL = {"name": "SD Uji Masalah", "kind": "school", "area": KOTA}


@pytest.mark.parametrize(
    ("accepted", "language", "title"),
    [
        ("", "id", "Silakan masuk terlebih dahulu"),
        ("id", "id", "Silakan masuk terlebih dahulu"),
        ("en", "en", "Sign in first"),
        ("en-GB,en;q=0.8", "en", "Sign in first"),
        ("jv, en;q=0.5", "en", "Sign in first"),
        ("en;q=0.1, id;q=0.9", "id", "Silakan masuk terlebih dahulu"),
        ("nl", "id", "Silakan masuk terlebih dahulu"),
    ],
)
def test_a_problem_speaks_the_readers_language(
    visitor: Person, accepted: str, language: str, title: str
) -> None:
    answer = visitor.get("/v1/me", headers={"Accept-Language": accepted} if accepted else {})
    assert problem(answer, 401, "auth.required")["title"] == title
    assert answer.headers["Content-Language"] == language
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("language", "message"), [("en", "Missing data for required field."), ("id", None)]
)
def test_an_invalid_body_names_each_field(kota: Person, language: str, message: str | None) -> None:
    headers = {"Accept-Language": language}
    body = {"kind": "castle", "latitude": 91, "npsn": "abc"}
    said = problem(kota.command("POST", "/v1/institutions", body, **headers), 422)
    errors = {error["pointer"]: error["message"] for error in said["errors"]}
    assert errors.keys() == {"/name", "/kind", "/latitude", "/npsn", "/area"}
    assert all(errors.values())
    if message:
        assert errors["/name"] != "" and errors["/name"].isascii()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/institutions/", 404),
        ("GET", "/v1/institutions/not-there", 404),
        ("GET", "/v1/institutions/%00", 404),
        ("GET", "/v1/institutions/..%2f..%2fetc", 404),
        ("GET", "/v1/areas/99.99", 404),
        ("GET", "/v1/members/01a1fc80-0000-7000-8000-000000000000", 404),
        ("DELETE", "/v1/institutions", 405),
        ("PUT", "/v1/institutions/x", 405),
        ("POST", "/v1/sync", 405),
    ],
)
def test_what_is_not_there_is_a_problem_too(
    kota: Person, method: str, path: str, status: int
) -> None:
    answer = kota.client.request(method, path)
    problem(answer, status)
    if status == 405:
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"null", 400),
        (b'{"name": NaN}', 400),
        (b'{"name": Infinity}', 400),
        (b'{"name": "a", "name": "b"}', 400),
        (b'{"name": "\xff"}', 400),
        (b'{"name": "a\\u0000b"}', 400),
        (b'{"name": "\\ud800"}', 400),
        (b'{"latitude": 123456789012345678901234567890}', 422),
        (b'{"a":' * 40 + b"1" + b"}" * 40, 400),
        (b"[" * 100_000, 400),
        (b'{"name": "' + b"x" * (1024 * 1024) + b'"}', 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(kota: Person, raw: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    answer = kota.client.post("/v1/institutions", content=raw, headers=headers)
    problem(answer, status)


@pytest.mark.parametrize(
    "media", ["text/plain", "application/xml", "text/csv", "multipart/form-data"]
)
def test_a_body_that_is_not_json_is_415(kota: Person, media: str) -> None:
    answer = kota.client.post(
        "/v1/institutions", content=b"name=x", headers={"Content-Type": media}
    )
    problem(answer, 415, "request.media_type")


def test_a_format_that_is_not_offered_is_406(visitor: Person) -> None:
    problem(visitor.get("/v1/areas", headers={"Accept": "text/html"}), 406)


def test_a_huge_upload_is_refused_before_it_is_read(kota: Person) -> None:
    def endless() -> Any:
        for _ in range(64):
            yield b"x" * (1024 * 1024)

    answer = kota.client.post(
        "/v1/institutions/imports", content=endless(), headers={"Content-Type": "text/csv"}
    )
    problem(answer, 413, "request.too_large")


def test_an_answer_carries_the_request_id_it_was_given(visitor: Person) -> None:
    given = visitor.get("/v1/areas", headers={"X-Request-ID": "uji-123"})
    assert given.headers["X-Request-ID"] == "uji-123"
    odd = visitor.get("/v1/areas", headers={"X-Request-ID": "<script>"})
    assert odd.headers["X-Request-ID"] != "<script>"


def test_answers_keep_browsers_honest(visitor: Person) -> None:
    for path in ("/v1/areas", "/v1/nothing", "/docs"):
        headers = visitor.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert (
        "Access-Control-Allow-Origin"
        not in visitor.get("/v1/areas", headers={"Origin": "https://jahat.example"}).headers
    )


def test_the_documentation_needs_nobody_else(visitor: Person) -> None:
    page = visitor.get("/docs").text
    assert "http://" not in page and "https://" not in page
    for name in ("docs.js", "docs.css"):
        assert name in page
        assert visitor.get(f"/docs/{name}").status_code == 200


def test_the_openapi_document_is_3_1_and_names_every_route_of_api_md(visitor: Person) -> None:
    document = told(visitor.get("/openapi.json"), 200)
    assert document["openapi"].startswith("3.1")
    assert {
        "/v1/auth/token", "/v1/auth/codes", "/v1/auth/revoke", "/v1/me", "/v1/me/consents",
        "/v1/me/export", "/v1/region", "/v1/areas", "/v1/areas/{id}", "/v1/areas/resolve",
        "/v1/institutions", "/v1/institutions/{id}", "/v1/institutions/imports", "/v1/members",
        "/v1/members/{id}", "/v1/members/{id}/approve", "/v1/members/{id}/suspend",
        "/v1/members/{id}/reinstate", "/v1/members/imports", "/v1/members/{id}/competencies",
        "/v1/members/{id}/competencies/evidence", "/v1/members/{id}/competencies/endorsements",
        "/v1/appointments", "/v1/appointments/{id}", "/v1/appointments/{id}/accept",
        "/v1/appointments/{id}/end", "/v1/sync", "/v1/sync/commands", "/v1/stream",
        "/v1/operations/parked", "/v1/operations/parked/{id}/replay",
        "/v1/operations/parked/{id}/drop", "/v1/operations/views/{name}/rebuild",
        "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/.well-known/jwks.json",
    } <= document["paths"].keys()  # fmt: skip


def test_metrics_hold_no_names_of_people(community: Community, visitor: Person) -> None:
    community.newcomer(name="Zubaidah Metrik")
    metrics = visitor.get("/metrics").text
    assert "jejaring_" in metrics
    assert "Zubaidah" not in metrics


def test_logs_hold_no_names_nor_contacts_of_people(community: Community) -> None:
    address = community.email()
    person = community.listed(name="Zulaikha Catatan", email=address)
    person.all("/v1/members", q="zulaikha")
    logs = community.cell.home.logs
    text = "".join(
        p.read_text(errors="replace") for p in logs.glob("*.log") if "mongod" not in p.name
    )
    assert "Zulaikha" not in text and "zulaikha" not in text
    assert address not in text


def test_head_answers_like_get_without_a_body(visitor: Person) -> None:
    answer = visitor.client.head("/v1/areas")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["ETag"] == visitor.get("/v1/areas").headers["ETag"]
