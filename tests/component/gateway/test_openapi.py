"""The OpenAPI document: complete, true to the routes, and free of anything outside."""

import re

import pytest

from contracts.notifications.states import CATEGORIES
from gateway import app as application
from gateway.api.house import ASSETS, DOCS
from gateway.app import ROUTES, Undescribed, made
from gateway.describe import Access, Operation, Success, described, operation_of
from gateway.resource import Resource
from tests.support.gateway import House

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def house():
    return House()


@pytest.fixture(scope="module")
def document(house):
    answer = house.get("/openapi.json")
    assert answer.status_code == 200
    return answer.json


def test_it_is_the_same_whenever_it_is_asked_for(house, document):
    assert house.get("/openapi.json").json == document


def operations(document):
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item, item[method]


def test_every_responder_is_in_it_and_nothing_else(document):
    offered = {
        (path, method)
        for path, cls in ROUTES.items()
        for method in METHODS
        if hasattr(cls, f"on_{method}")
    }

    assert {(path, method) for path, method, _, _ in operations(document)} == offered


def test_what_is_created_says_where_it_is(document):
    silent = [
        (method, path)
        for path, method, _, operation in operations(document)
        if "Location" not in operation["responses"].get("201", {"headers": ["Location"]})["headers"]
    ]
    assert silent == []


def test_the_categories_of_notices_are_named(document):
    told = document["paths"]["/v1/notification-preferences"]["get"]["responses"]["200"]

    assert all(category in told["description"] for category in CATEGORIES)


def test_every_fixed_name_is_there(document):
    fixed = """/healthz /readyz /metrics /openapi.json /docs /.well-known/jwks.json /v1/auth/token
    /v1/auth/codes /v1/auth/revoke /v1/me /v1/me/consents /v1/me/export /v1/region /v1/areas
    /v1/areas/{id} /v1/areas/resolve /v1/institutions /v1/institutions/{id}
    /v1/institutions/imports /v1/members /v1/members/{id} /v1/members/{id}/approve
    /v1/members/{id}/suspend /v1/members/{id}/reinstate /v1/members/imports
    /v1/members/{id}/competencies /v1/members/{id}/competencies/evidence
    /v1/members/{id}/competencies/endorsements /v1/appointments /v1/appointments/{id}
    /v1/appointments/{id}/accept /v1/appointments/{id}/end /v1/sync /v1/sync/commands /v1/stream
    /v1/operations/parked /v1/operations/parked/{id}/replay /v1/operations/parked/{id}/drop
    /v1/operations/views/{name}/rebuild /v1/reports/activity /v1/reports/attendance
    /v1/reports/competency /v1/reports/mentoring"""

    assert set(fixed.split()) <= document["paths"].keys()


def test_path_parameters_are_declared(document):
    for path, _, item, _ in operations(document):
        declared = {one["name"] for one in item.get("parameters", [])}
        assert declared == set(re.findall(r"{(\w+)}", path))


def test_every_reference_leads_somewhere(document):
    schemas = document["components"]["schemas"]
    names = set(re.findall(r"#/components/schemas/(\w+)", repr(document)))

    assert names <= schemas.keys()
    assert "Problem" in names


def test_every_operation_tells_its_problems(document):
    for path, _, _, operation in operations(document):
        told = operation["responses"]
        assert {"400", "429", "500"} <= told.keys(), path
        for status, answer in told.items():
            if int(status) >= 400:
                (kind,) = answer["content"]
                assert kind == "application/problem+json"
        if operation["security"]:
            assert {"401", "403"} <= told.keys()


def test_every_422_has_a_list_of_errors(document):
    told = [one["responses"].get("422") for _, _, _, one in operations(document)]
    contents = [answer["content"]["application/problem+json"] for answer in told if answer]

    assert {one["schema"]["$ref"] for one in contents} == {"#/components/schemas/InvalidProblem"}
    _, more = document["components"]["schemas"]["InvalidProblem"]["allOf"]
    assert more["required"] == ["errors"]


def test_commands_take_keys_and_changes_take_versions(document):
    patch = document["paths"]["/v1/institutions/{id}"]["patch"]
    names = {one["name"] for one in patch["parameters"]}

    assert names == {"Idempotency-Key", "If-Match"}
    assert {"404", "409", "412", "413", "415", "422", "503"} <= patch["responses"].keys()
    assert patch["requestBody"]["content"]["application/json"]["schema"]["$ref"]


WITHOUT_KEY = {  # and why: decision 2
    "/v1/auth/token",
    "/v1/auth/codes",
    "/v1/auth/revoke",
    "/v1/events/{id}/check-in-codes",
    "/v1/notification-templates/{kind}/preview",
    "/v1/unsubscribe",
    "/v1/webhooks/telegram",
    "/v1/webhooks/whatsapp",
    "/v1/mentorships/{id}/visits/{visit_id}/photos",
    "/v1/sync/commands",
    "/v1/operations/parked/{id}/replay",
    "/v1/operations/parked/{id}/drop",
    "/v1/operations/views/{name}/rebuild",
}


def test_every_command_takes_a_key_but_a_few_that_cannot(document):
    unkeyed = {
        path
        for path, method, _, operation in operations(document)
        if method not in ("get", "head")
        and "Idempotency-Key" not in {one["name"] for one in operation["parameters"]}
    }

    assert unkeyed == WITHOUT_KEY


def test_secrets_are_written_never_read(document):
    schemas = document["components"]["schemas"]

    assert schemas["SignIn"]["properties"]["password"]["writeOnly"] is True
    assert "password" not in schemas["Me"]["properties"]


def test_texts_without_control_characters_say_so(document):
    name = document["components"]["schemas"]["RegisterInstitution"]["properties"]["name"]

    assert re.fullmatch(name["pattern"], "SMAN 1")
    assert not re.fullmatch(name["pattern"], "a\x07")
    assert not re.fullmatch(name["pattern"], "  ")


def test_no_pattern_is_python_only(document):
    assert "\\Z" not in repr(document)


def test_a_responder_that_nobody_described_stops_the_start(house):
    class Bare(Resource):
        async def on_get(self, req, resp):
            pass

    with pytest.raises(Undescribed):
        made(Bare, house.front)


def test_a_description_is_found_on_bound_responders():
    success = Success(about="x", schema=None)
    operation = Operation(summary="s", tag="t", access=Access.PUBLIC, success=success)

    assert operation_of(described(lambda: None, operation)) is operation
    assert operation_of(print) is None


def test_the_docs_page_loads_only_what_is_ours(house):
    page = house.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    for name, kind in ASSETS.items():
        assert name in page.text
        answer = house.get(f"/docs/{name}")
        assert answer.headers["content-type"] == kind
        assert answer.content == (DOCS / name).read_bytes()
    everything = "".join(path.read_text() for path in DOCS.iterdir())
    assert not re.findall(r"https?://", everything)
    assert "onclick" not in page.text
    assert "<style" not in page.text


def test_the_parts_of_the_docs_page_are_described_as_they_are(document):
    told = document["paths"]["/docs/{name}"]["get"]["responses"]["200"]["content"]

    assert set(told) == {kind.partition(";")[0] for kind in ASSETS.values()}


@pytest.mark.parametrize(
    "name",
    ["nothing.js", "index.html", "..%2fapp.py", "../app.py", "..", "docs.js%00", "docs.JS"],
)
def test_nothing_else_is_handed_out_beside_the_docs_page(house, name):
    answer = house.get(f"/docs/{name}", Accept="*/*")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["code"] == "request.not_found"


def test_the_app_is_made_from_the_environment(monkeypatch):
    made_of = []
    monkeypatch.setattr(application.Front, "of", lambda settings: made_of.append(settings))
    monkeypatch.setattr(application, "create_app", lambda front: "app")
    monkeypatch.setattr(application.log, "configure", lambda level: None)
    for name in ("REGION", "AMQP_URI", "MONGO_URI"):
        monkeypatch.setenv(name, name.lower())

    assert application.from_environment() == "app"
    assert made_of[0].region == "region"
