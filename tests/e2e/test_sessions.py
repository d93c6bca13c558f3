"""Sessions: refresh tokens rotate, reuse ends the family, revoked is over at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.client import Community, Person, problem, told

ALGORITHM = "Ed25519"


def refresh(person: Person, token: str) -> Any:
    """Use a refresh token."""
    return person.post("/v1/auth/token", {"grant_type": "refresh_token", "refresh_token": token})


def test_a_refresh_token_gets_the_next_one(community: Community) -> None:
    person = community.newcomer()
    first = person.refresh_token
    tokens = told(refresh(person, first), 200)
    assert tokens["refresh_token"] != first
    assert tokens["token_type"] == "Bearer" and tokens["expires_in"] > 0
    person.use(tokens)
    assert person.get("/v1/me").status_code == 200


def test_a_phone_that_lost_the_answer_gets_the_same_successor(community: Community) -> None:
    person = community.newcomer()
    first = person.refresh_token
    tokens = [told(refresh(person, first), 200)["refresh_token"] for _ in range(2)]
    assert tokens[0] == tokens[1]


def test_ten_at_once_with_one_refresh_token_stay_one_session(community: Community) -> None:
    person = community.newcomer()
    first = person.refresh_token
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: refresh(person, first), range(10)))
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert len({a.json()["refresh_token"] for a in answers if a.status_code == 200}) == 1
    assert person.get("/v1/me").status_code == 200


def test_a_spent_refresh_token_ends_the_whole_session(community: Community) -> None:
    person = community.newcomer()
    spent = person.refresh_token
    for _ in range(2):
        person.use(told(refresh(person, person.refresh_token), 200))
    newest = person.refresh_token
    problem(refresh(person, spent), 401, "auth.token_spent")
    problem(refresh(person, newest), 401, "auth.token_spent")
    problem(person.get("/v1/me"), 401, "auth.invalid_token")


@pytest.mark.parametrize("made_up", ["", "x", "a.b", "01a1fc80-0000-7000-8000-000000000000.AAAA"])
def test_a_made_up_refresh_token_ends_nobody_elses_session(
    community: Community, made_up: str
) -> None:
    person = community.newcomer()
    session = person.refresh_token.partition(".")[0]
    for token in (made_up, f"{session}.{made_up}"):
        assert refresh(person, token).status_code in (401, 422)
    assert person.get("/v1/me").status_code == 200
    assert refresh(person, person.refresh_token).status_code == 200


def test_a_revoked_session_is_over_at_once(community: Community) -> None:
    person = community.newcomer()
    told(person.post("/v1/auth/revoke", {"refresh_token": person.refresh_token}), 200)
    problem(person.get("/v1/me"), 401, "auth.invalid_token")
    problem(refresh(person, person.refresh_token), 401, "auth.token_spent")


def test_revoking_a_token_that_is_not_ours_tells_nothing(visitor: Person) -> None:
    for token in ("x", "01a1fc80-0000-7000-8000-000000000000.AAAA"):
        told(visitor.post("/v1/auth/revoke", {"refresh_token": token}), 200)
