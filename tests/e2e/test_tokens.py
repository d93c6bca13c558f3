"""Access tokens: believed only when everything about them is right."""

import base64
import json
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from tests.support.client import Body, Community, Person, problem, told

ALGORITHM = "Ed25519"


def test_the_keys_that_are_served_verify_the_tokens(community: Community, visitor: Person) -> None:
    token = community.newcomer().client.headers["Authorization"].split()[1]
    answer = visitor.get("/.well-known/jwks.json")
    keys = {key["kid"]: key for key in told(answer, 200)["keys"]}
    assert not any({"d", "k", "p", "q"} & key.keys() for key in keys.values())
    key = keys[header_of(token)["kid"]]
    jws.deserialize_compact(token, OKPKey.import_key(key), algorithms=[ALGORITHM])


def header_of(token: str) -> Body:
    """The header of a compact token."""
    return part_of(token, 0)


def part_of(token: str, index: int) -> Body:
    """Header or claims, unverified."""
    raw = token.split(".")[index]
    found: Body = json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    return found


def encoded(value: Any) -> str:
    """JSON as base64url."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


class Forger:
    """Somebody with the true key, to sign what the service never would."""

    def __init__(self, secret: Body, token: str) -> None:
        self.header, self.claims, self.token = header_of(token), part_of(token, 1), token
        self.key = OKPKey.import_key(
            {"kty": "OKP", "crv": ALGORITHM, "x": secret["public"], "d": secret["private"]}
        )

    def sign(self, claims: Body, header: Body | None = None, key: Any = None) -> str:
        """A token with some claims and header fields changed; None takes a field away."""
        said = {k: v for k, v in {**self.claims, **claims}.items() if v is not None}
        top = {k: v for k, v in {**self.header, **(header or {})}.items() if v is not None}
        payload = json.dumps(said)
        algorithms = [str(top["alg"])]
        return jws.serialize_compact(top, payload, key or self.key, algorithms=algorithms)


@pytest.fixture(scope="module")
def forger(community: Community, databases: dict[str, Any]) -> Forger:
    """Holds a member's good token and the key that made it."""
    token = community.member().client.headers["Authorization"].split()[1]
    kid = header_of(token)["kid"]
    owner = databases["members"]
    for name in owner.list_collection_names():
        secret = owner[name].find_one({"_id": kid, "private": {"$exists": True}})
        if secret:
            return Forger(secret, token)
    raise LookupError("no private key found")


def asks_with(visitor: Person, token: str) -> Any:
    """Who am I, says this token."""
    return visitor.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


def test_the_forgers_own_token_is_good(forger: Forger, visitor: Person) -> None:
    assert asks_with(visitor, forger.sign({})).status_code == 200


CLAIMS: list[Body] = [
    {"exp": 1_700_000_000},
    {"exp": None},
    {"exp": "2099-01-01"},
    {"exp": True},
    {"nbf": 4_000_000_000},
    {"iss": "https://jahat.example"},
    {"iss": None},
    {"aud": "somebody-else"},
    {"aud": None},
    {"sub": None},
    {"sub": ""},
    {"sub": 7},
    {"sub": {"$ne": None}},
    {"sid": None},
]


@pytest.mark.parametrize("claims", CLAIMS, ids=str)
def test_a_token_with_a_wrong_claim_is_refused_though_the_signature_holds(
    forger: Forger, visitor: Person, claims: Body
) -> None:
    problem(asks_with(visitor, forger.sign(claims)), 401, "auth.invalid_token")


HEADERS: list[Body] = [
    {"typ": None},
    {"typ": "JWT"},
    {"typ": "ticket+jwt"},
    {"kid": None},
    {"kid": "../../etc/passwd"},
    {"kid": "unknown"},
    {"crit": ["exp"], "exp": 1},
    {"cty": "JWT"},
]


@pytest.mark.parametrize("header", HEADERS, ids=str)
def test_a_token_with_an_odd_header_is_refused(
    forger: Forger, visitor: Person, header: Body
) -> None:
    raw = ".".join(
        (
            encoded({k: v for k, v in {**forger.header, **header}.items() if v}),
            *forger.token.split(".")[1:],
        )
    )
    problem(asks_with(visitor, raw), 401, "auth.invalid_token")
    if "crit" not in header:
        signed = forger.sign({}, header)
        problem(asks_with(visitor, signed), 401, "auth.invalid_token")


def confused(forger: Forger) -> dict[str, str]:
    """Tokens signed with another algorithm than the key's."""
    public = forger.key.as_dict(private=False)
    body = forger.token.split(".")[1]
    none = f"{encoded({**forger.header, 'alg': 'none'})}.{body}."
    secrets = {
        "hs256 with x": OctKey.import_key(public["x"]),
        "hs256 with the jwk": OctKey.import_key(json.dumps(public)),
    }
    made = {name: forger.sign({}, {"alg": "HS256"}, key) for name, key in secrets.items()}
    return {
        **made,
        "none": none,
        "None": none.replace(
            encoded({**forger.header, "alg": "none"}), encoded({**forger.header, "alg": "None"})
        ),
        "eddsa of a stranger": forger.sign({}, key=OKPKey.generate_key(ALGORITHM)),
        "es256": forger.sign({}, {"alg": "ES256"}, ECKey.generate_key("P-256")),
        "rs256": forger.sign({}, {"alg": "RS256"}, RSAKey.generate_key(2048)),
        "own key in the header": forger.sign({}, {"jwk": public}, OKPKey.generate_key(ALGORITHM)),
        "key from elsewhere": forger.sign({}, {"jku": "https://jahat.example/jwks.json"}),
    }


def test_another_algorithm_is_refused(forger: Forger, visitor: Person) -> None:
    for name, token in confused(forger).items():
        answer = asks_with(visitor, token)
        assert problem(answer, 401, "auth.invalid_token"), name


def test_a_token_that_was_tampered_with_is_refused(forger: Forger, visitor: Person) -> None:
    header, _, signature = forger.token.split(".")
    somebody = encoded({**forger.claims, "sub": "01a1fc80-0000-7000-8000-000000000000"})
    for token in (
        f"{header}.{somebody}.{signature}",
        f"{header}.{somebody}.",
        f"{header}.{somebody}",
        f"{forger.token}.x",
        forger.token[:-6],
        "x" * 5000,
        "....",
    ):
        problem(asks_with(visitor, token), 401, "auth.invalid_token")


@pytest.mark.parametrize("scheme", ["Basic dXNlcjpwYXNz", "Bearer", "Bearer x y", "Token x", ""])
def test_another_scheme_is_refused(visitor: Person, scheme: str) -> None:
    problem(visitor.get("/v1/me", headers={"Authorization": scheme}), 401)


def test_a_token_of_nobody_is_good_for_nothing(forger: Forger, visitor: Person) -> None:
    stranger = forger.sign({"sub": "01a1fc80-0000-7000-8000-000000000000"})
    assert asks_with(visitor, stranger).status_code in (401, 404)
    headers = {"Authorization": f"Bearer {stranger}"}
    listed = visitor.get("/v1/members", headers=headers)
    assert listed.status_code in (401, 403) or listed.json()["items"] == []
