"""Commands: what is checked before the service is asked, and what is made of its answer."""

import asyncio
import json

import pytest

from chassis.errors import Outage
from contracts.members import commands, states
from gateway.asked import slow_digest
from gateway.body import read_limited
from gateway.problems import Problem, of_refusal
from gateway.question import Bug, Reply
from tests.support.gateway import House, answered, peopled
from tests.support.stated import BASE, a_member, an_institution, consenting, later, sealed

SCHOOL = {"name": "SMAN 1 Kediri", "kind": "school", "area": "35.71"}


@pytest.fixture
def house():
    found = peopled()
    found.backend.replies[commands.RegisterInstitution.verb] = answered(an_institution())
    return found


def register(house, by="koko", **more):
    return house.send("POST", "/v1/institutions", by, **({"json": SCHOOL} | more))


def test_a_command_is_asked_once_and_its_answer_is_the_next_get(house):
    answer = register(house, Idempotency_Key="k1")

    assert answer.status_code == 201
    assert answer.headers["location"] == "/v1/institutions/i1"
    assert answer.headers["etag"] == '"1"'
    assert house.get("/v1/institutions/i1").json == answer.json
    (question,) = house.backend.asked
    assert question.command == commands.RegisterInstitution(**SCHOOL)
    assert question.actor.member_id == "koko"
    assert question.actor.session_id == "session-koko"
    assert question.key == "k1"


def test_without_a_key_there_is_no_fingerprint(house):
    register(house)

    assert house.backend.asked[0].key is None
    assert house.backend.asked[0].fingerprint is None


def test_the_fingerprint_is_of_the_request_not_of_its_spelling(house):
    for body in (
        '{"name":"a","kind":"school","area":"35.71"}',
        '{"area" : "35.71", "kind":"school", "name":"a"}',
        '{"name":"b","kind":"school","area":"35.71"}',
    ):
        register(house, json=None, body=body, Content_Type="application/json", Idempotency_Key="k")
    prints = [question.fingerprint for question in house.backend.asked]

    assert prints[0] == prints[1] != prints[2]


def test_a_password_is_not_to_be_guessed_from_the_fingerprint(house):
    house.backend.replies[commands.ChangeMe.verb] = answered(a_member("koko"))
    for key in ("k1", "k1", "k2"):
        house.send("PATCH", "/v1/me", "koko", json={"password": "1234567890"}, Idempotency_Key=key)
    prints = [question.fingerprint for question in house.backend.asked]

    assert prints[0] == prints[1] != prints[2]
    assert slow_digest("1234567890", b"k1") != slow_digest("1234567890", b"k2")


def test_an_answer_given_again_says_so_and_still_folds(house):
    house.backend.replies[commands.RegisterInstitution.verb] = answered(
        an_institution("i9"), replayed=True
    )
    answer = register(house, Idempotency_Key="k1")

    assert answer.status_code == 201
    assert answer.headers["idempotent-replayed"] == "true"
    assert house.get("/v1/institutions/i9").status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 256, "käse", "a\tb"])
def test_a_key_that_cannot_be_one_is_refused(house, key):
    answer = register(house, Idempotency_Key=key)

    assert (answer.status_code, answer.json["code"]) == (400, "idempotency.malformed")


@pytest.mark.parametrize("match", ["1", '"00"', '"a"', '"1-x"', "W/x", '"99999999999"'])
def test_if_match_is_a_version(house, match):
    answer = house.send("PATCH", "/v1/institutions/i1", "koko", json={}, If_Match=match)

    assert answer.status_code == 400


@pytest.mark.parametrize(("match", "version"), [('"7"', 7), ('"0"', 0), ("*", None)])
def test_if_match_travels_as_a_number(house, match, version):
    house.backend.replies[commands.ChangeInstitution.verb] = answered(an_institution())
    answer = house.send("PATCH", "/v1/institutions/i1", "koko", json={}, If_Match=match)

    assert answer.status_code == 200
    assert house.backend.asked[0].if_match == version
    assert house.backend.asked[0].command.institution_id == "i1"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"name": None}, "/name", "null"),
        ({"name": {"$ne": None}}, "/name", "type"),
        ({"name": 7}, "/name", "type"),
        ({"name": ""}, "/name", "length"),
        ({"name": " "}, "/name", "blank"),
        ({"name": "a\x07"}, "/name", "characters"),
        ({"kind": "castle"}, "/kind", "choice"),
        ({"npsn": "12"}, "/npsn", "length"),
        ({"latitude": 91}, "/latitude", "range"),
        ({"latitude": "1"}, "/latitude", "type"),
        ({"version": 9}, "/version", "unknown"),
        ({"role/~x": 1}, "/role~1~0x", "unknown"),
        ({"area": "UP"}, "/area", "pattern"),
    ],
)
def test_values_that_do_not_fit_are_pointed_at(house, change, pointer, code):
    answer = register(house, json={**SCHOOL, **change}, Accept_Language="en")

    assert answer.status_code == 422
    assert (pointer, code) in [(e["pointer"], e["code"]) for e in answer.json["errors"]]
    assert not house.backend.asked


def test_a_missing_field_is_pointed_at_in_indonesian(house):
    answer = register(house, json={"kind": "school", "area": "35.71"})

    assert answer.json["errors"] == [
        {"pointer": "/name", "code": "required", "message": "Isian ini wajib diisi."}
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"x"',
        b'{"name": NaN}',
        b'{"name": Infinity}',
        b'{"name": "a", "name": "b"}',
        b'{"name": "\xff"}',
        b'{"name": "a\\u0000b"}',
        b'{"name": "\\ud800"}',
        b'{"a\\u0000": 1}',
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b"[" * 100_000,
        b'{"a":[' + b"[" * 40 + b"]" * 40 + b"]}",
        b"\xef\xbb\xbf{}",
        b"{}".decode().encode("utf-16"),
    ],
)
def test_a_body_that_cannot_be_read_is_400(house, body):
    answer = register(house, json=None, body=body, Content_Type="application/json")

    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data"])
def test_what_is_not_json_is_415(house, kind):
    assert register(house, json=None, body=b"{}", Content_Type=kind).status_code == 415


def test_a_body_without_a_type_is_415(house):
    house.client._default_headers = None
    answer = house.client.simulate_post("/v1/auth/revoke", body=b"{}", headers={"Content-Type": ""})

    assert answer.status_code == 415


def test_a_large_body_is_413_whether_it_says_so_or_not():
    house = peopled(max_body_bytes=100)
    large = json.dumps({"name": "x" * 200}).encode()

    assert (
        register(house, json=None, body=large, Content_Type="application/json").status_code == 413
    )
    told = register(
        house, json=None, body=large, Content_Type="application/json", Content_Length="5"
    )
    assert told.status_code in (400, 413)


def test_who_sends_a_body_that_is_not_read_is_told_that_the_connection_ends():
    house = peopled(max_body_bytes=100)
    body, kind = json.dumps({"name": "x" * 200}).encode(), {"Content_Type": "application/json"}

    too_large = register(house, json=None, body=body, **kind)
    unwanted = house.send("POST", "/nowhere", body=body, **kind)
    read = register(house, json=None, body=b"{", **kind)

    assert [one.status_code for one in (too_large, unwanted, read)] == [413, 404, 400]
    assert too_large.headers["connection"] == unwanted.headers["connection"] == "close"
    assert "connection" not in read.headers


def test_a_body_that_goes_on_is_cut_off():
    class Endless:
        content_length = None

        @property
        def stream(self):
            return self

        def __aiter__(self):
            return self

        async def __anext__(self):
            return b"x" * 60

    with pytest.raises(Problem) as caught:
        asyncio.run(read_limited(Endless(), 100))
    assert caught.value.status == 413


def test_an_action_needs_no_body(house):
    house.backend.replies[commands.ApproveMember.verb] = answered(a_member("pandu", version=2))
    answer = house.send("POST", "/v1/members/pandu/approve", "koko")

    assert answer.status_code == 200
    assert answer.json["email"] == "pandu@example.org"


def test_an_impossible_id_is_404(house):
    assert house.send("POST", "/v1/members/a b/approve", "koko").status_code == 404
    assert not house.backend.asked


def test_commands_take_no_query(house):
    assert house.send("POST", "/v1/institutions?x=1", "koko", json=SCHOOL).status_code == 400


def test_what_one_may_not_see_after_the_change_is_told_as_an_entry(house):
    moved = later(consenting("ayu"), area="35.06")
    house.backend.replies[commands.ChangeMember.verb] = answered(moved)
    answer = house.send("PATCH", "/v1/members/ayu", "koko", json={"area": "35.06"})

    assert answer.status_code == 200
    assert "email" not in answer.json
    assert answer.json["version"] == 2


def test_leaving_tells_no_roles(house):
    house.backend.replies[commands.Leave.verb] = answered(a_member("koko", version=2, state="left"))
    answer = house.send("DELETE", "/v1/me", "koko")

    assert (answer.status_code, answer.json["roles"]) == (200, [])
    assert house.get("/v1/me", by="koko").status_code == 401


def test_consents_are_answered_as_they_are_read(house):
    house.backend.replies[commands.SetConsents.verb] = answered(later(consenting("ayu")))
    body = {"consents": [{"purpose": "directory", "granted": True, "text_version": "1"}]}
    answer = house.send("PUT", "/v1/me/consents", "ayu", json=body)

    assert answer.json == house.get("/v1/me/consents", by="ayu").json


def test_consents_as_they_were_read_can_be_given(house):
    house.put(consenting("ayu"))
    house.backend.replies[commands.SetConsents.verb] = answered(later(consenting("ayu")))
    shown = house.get("/v1/me/consents", by="ayu").json

    answer = house.send("PUT", "/v1/me/consents", "ayu", json=shown)

    assert answer.status_code == 200, answer.json
    (given,) = house.backend.asked[-1].command.consents
    assert given == commands.ConsentAnswer(purpose="directory", granted=True, text_version="1")
    for wrong in ({"state": "active"}, {"region": "kediri-raya"}):
        answer = house.send("PUT", "/v1/me/consents", "ayu", json={**shown, **wrong})
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (Outage("away", retry_after_seconds=4), 503, "service.unavailable"),
        (Bug("r1"), 500, "service.error"),
        (of_refusal({"code": "members.npsn_taken", "pointer": "/npsn"}), 409, "members.npsn_taken"),
        (of_refusal({"code": "new.one", "detail": "d"}), 409, "new.one"),
    ],
)
def test_what_the_service_says_no_to_is_a_problem(house, failure, status, code):
    house.backend.replies[commands.RegisterInstitution.verb] = failure
    answer = register(house)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get("retry-after") == ("4" if status == 503 else None)
    assert "Traceback" not in answer.text


def test_a_write_through_that_fails_does_not_take_the_answer_away(house):
    register(house)
    house.front.store.apply = House().front.store.apply.__func__.__get__(house.store)
    house.store.away = False

    async def away(_):
        raise Outage("database")

    house.store.apply = away
    assert register(house).status_code == 201


def test_facts_nobody_knows_are_left_to_the_projector(house):
    house.backend.replies[commands.RegisterInstitution.verb] = Reply(
        result=answered(an_institution()).result, facts=({"specversion": "9"},)
    )

    assert register(house).status_code == 201


def test_signing_in_ignores_tokens_and_keys(house):
    tokens = {"access_token": "a", "refresh_token": "r", "token_type": "Bearer", "expires_in": 600}
    house.backend.replies[commands.SignIn.verb] = Reply(result=tokens)
    body = {"grant_type": "password", "username": "ayu@example.org", "password": "secret"}
    answer = house.send(
        "POST", "/v1/auth/token", json=body, Authorization="Bearer rubbish", Idempotency_Key="k"
    )

    assert (answer.status_code, answer.json) == (200, tokens)
    assert answer.headers["cache-control"] == "no-store"
    assert house.backend.asked[0].key is None
    assert house.backend.asked[0].actor.member_id is None
    assert house.backend.asked[0].actor.address


def test_a_wish_for_a_code_is_always_answered_the_same(house):
    house.backend.replies[commands.RequestCode.verb] = Reply(result={"sent": True, "id": 1})
    answer = house.send("POST", "/v1/auth/codes", json={"username": "x"})

    assert (answer.status_code, answer.json) == (202, {"accepted": True})


def test_sign_up_needs_no_token_and_shows_what_one_typed(house):
    house.backend.replies[commands.SignUp.verb] = answered(a_member("siti", state="pending"))
    answer = house.send("POST", "/v1/members", json={"name": "Siti", "email": "s@example.org"})

    assert (answer.status_code, answer.json["state"]) == (201, "pending")
    assert answer.headers["location"] == "/v1/members/siti"


def test_what_a_refusal_caused_is_known_at_once(house):
    """A refresh token used twice: refused, and the session's access tokens end with it."""
    over = states.Session(**BASE, id="session-ayu", member_id="ayu", ended=True, reason="r")
    refusal = {"code": "auth.token_spent", "detail": ""}
    house.backend.replies[commands.SignIn.verb] = of_refusal(refusal, [sealed(over)])
    assert house.get("/v1/me", by="ayu").status_code == 200

    body = {"grant_type": "refresh_token", "refresh_token": "session-ayu.x"}
    assert house.send("POST", "/v1/auth/token", json=body).status_code == 401

    assert house.get("/v1/me", by="ayu").status_code == 401


def test_services_are_told_what_their_caller_was_shown_of_himself():
    house = peopled()

    house.send("PATCH", "/v1/me", "koko", json={"language": "en"})

    actor = house.backend.asked[-1].actor
    kinds = [(one.kind, one.id) for one in actor.seen]
    assert kinds[0] == ("member", "koko")
    assert {kind for kind, _ in kinds[1:]} == {"appointment"}
    assert all(one.version >= 1 for one in actor.seen)
