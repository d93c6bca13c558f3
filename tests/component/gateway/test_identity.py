"""Tokens: a good one is good, everything else is 401."""

import asyncio
import time
import warnings
from base64 import urlsafe_b64encode

import orjson
import pytest
from joserfc import jws
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from chassis import clock
from chassis.errors import Outage
from contracts.members import states
from gateway.issuer import OutsideIssuer
from gateway.problems import Problem
from tests.support.gateway import KEY, House, peopled, signed, token
from tests.support.stated import BASE, a_member, later

HEAD = {"alg": "Ed25519", "typ": "at+jwt", "kid": "key-1"}
OTHER = OKPKey.generate_key("Ed25519")
NOW = time.time()


def segment(value):
    return urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


def unsigned(header):
    return f"{segment(header)}.{token('ayu').split('.')[1]}."


def public_as_secret():
    raw = KEY.as_dict(private=False)["x"].encode()
    claims = {"iss": "http://gateway.test", "aud": "jejaring", "sub": "ayu", "sid": "s"}
    secret = OctKey.import_key(raw)
    return signed({**HEAD, "alg": "HS256"}, {**claims, "exp": NOW + 86_400}, secret)


def signed_list():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return jws.serialize_compact(HEAD, b"[]", KEY, algorithms=["Ed25519"])


FORGED = {
    "another key": token("ayu", OTHER),
    "none": unsigned({**HEAD, "alg": "none"}),
    "ours without a signature": unsigned(HEAD),
    "public key as a secret": public_as_secret(),
    "another name of the algorithm": token("ayu", header={**HEAD, "alg": "EdDSA"}),
    "unknown kid": token("ayu", header={**HEAD, "kid": "other"}),
    "kid traversal": token("ayu", header={**HEAD, "kid": "../../dev/null"}),
    "kid that is no text": f"{segment({**HEAD, 'kid': 7})}.e30.e30",
    "no kid": token("ayu", header={"alg": "Ed25519", "typ": "at+jwt"}),
    "jwk inside": token("ayu", header={**HEAD, "jwk": OTHER.as_dict(private=False)}),
    "a ticket": token("ayu", header={**HEAD, "typ": "ticket+jwt"}),
    "expired": token("ayu", exp=int(NOW) - 10),
    "never expires": token("ayu", exp=None),
    "expires as text": token("ayu", exp="2999"),
    "expires as true": token("ayu", exp=True),
    "not yet": token("ayu", nbf=int(NOW) + 86_400),
    "another issuer": token("ayu", iss="http://evil.test"),
    "another audience": token("ayu", aud="others"),
    "list of audiences": token("ayu", aud=["jejaring"]),
    "nobody": token(""),
    "subject is a number": token("ayu", sub=7),
    "no session": token("ayu", sid=None),
    "huge": "a." + "b" * 5000 + ".c",
    "two parts": "a.b",
    "not base64": "§.§.§",
    "header is a list": f"{segment([])}.e30.e30",
    "cut": token("ayu")[:-3],
    "says a list": signed_list(),
}


@pytest.fixture(scope="module")
def house():
    return peopled()


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
def test_a_token_that_is_not_ours_is_refused(house, forged):
    answer = house.get("/v1/areas", Authorization=f"Bearer {forged}".encode().decode("latin-1"))

    assert answer.status_code == 401, answer.text
    assert answer.json["code"] == "auth.invalid_token"
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Basic abc", "x"])
def test_another_scheme_is_refused(house, sent):
    assert house.get("/v1/areas", Authorization=sent).status_code == 401


def test_a_good_token_is_good_with_a_little_leeway(house):
    assert house.get("/v1/me", by="ayu").status_code == 200
    late = token("ayu", exp=int(time.time()) - 2)
    assert house.get("/v1/me", Authorization=f"bearer {late}").status_code == 200


def test_an_ended_session_is_over_at_once():
    house = peopled()
    assert house.get("/v1/me", by="ayu").status_code == 200
    house.put(states.Session(**BASE, id="session-ayu", member_id="ayu", ended=True, reason="out"))
    asyncio.run(house.front.tail.note("sessions", "session-ayu"))

    assert house.get("/v1/me", by="ayu").status_code == 401
    assert house.get("/v1/me", by="budi").status_code == 200


def test_a_remembered_token_still_expires():
    house = peopled()
    old = token("ayu", exp=int(time.time()) + 1)
    bearer = asyncio.run(house.front.identity.bearer(old))
    object.__setattr__(bearer, "expires_at", time.time() - 6)

    assert house.get("/v1/me", Authorization=f"Bearer {old}").status_code == 401


def test_a_retired_key_verifies_until_its_day():
    house = peopled()
    jwk = KEY.as_dict(private=False)
    key = states.SigningKey(**BASE, id="key-1", algorithm="Ed25519", curve="Ed25519", x=jwk["x"])
    house.put(later(key, retires_at="2999-01-01T00:00:00.000Z"))
    assert house.get("/v1/me", by="ayu").status_code == 200

    house.put(later(later(key), retires_at="2020-01-01T00:00:00.000Z"))
    asyncio.run(house.front.tail.note("keys", "key-1"))
    assert house.get("/v1/me", by="ayu").status_code == 401


def test_keys_stay_while_their_view_is_rebuilt():
    house = peopled()
    house.get("/v1/me", by="ayu")
    house.store.views["keys"].clear()
    asyncio.run(house.front.identity.reload())

    assert house.get("/v1/me", by="ayu").status_code == 200


def test_an_unknown_kid_is_looked_up_at_most_once_a_second():
    house = House()
    house.get("/v1/me", Authorization=f"Bearer {token('a', header={**HEAD, 'kid': 'k2'})}")
    reads = house.store.reads
    house.get("/v1/me", Authorization=f"Bearer {token('b', header={**HEAD, 'kid': 'k3'})}")

    assert house.store.reads == reads


def slowly(store, monkeypatch, before=lambda: None, after=lambda: None):
    """Reading takes a while, and meanwhile this happens; how many reads of the keys there were."""
    find, reads = store.find, []

    async def found(view, query, limit=0):
        if view == "keys":
            reads.append(view)
            await asyncio.sleep(0.01)
            before()
            return await find(view, query, limit)
        read = await find(view, query, limit)
        await asyncio.sleep(0.01)
        after()
        return read

    monkeypatch.setattr(store, "find", found)
    return reads


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_session_that_ends_while_all_are_read_stays_ended(monkeypatch, moment):
    house = peopled()
    identity = house.front.identity
    slowly(house.store, monkeypatch, **{moment: lambda: identity.end("session-ayu")})

    async def story():
        await identity.reload()
        with pytest.raises(Problem):
            await identity.bearer(token("ayu"))
        await identity.bearer(token("budi"))

    asyncio.run(story())


def test_an_older_read_does_not_take_back_what_a_newer_one_found(monkeypatch):
    house = peopled()
    identity, find, waits = house.front.identity, house.store.find, [0.02]

    async def found(view, query, limit=0):
        read = await find(view, query, limit)
        await asyncio.sleep(waits.pop() if view == "sessions" and waits else 0)
        return read

    monkeypatch.setattr(house.store, "find", found)

    async def story():
        first = asyncio.create_task(identity.reload())
        await asyncio.sleep(0.01)
        house.put(states.Session(**BASE, id="s1", member_id="ayu", ended=True, reason="out"))
        identity.end("s1")
        await asyncio.gather(first, identity.reload())
        assert identity.ended == {"s1"}

    asyncio.run(story())


def test_many_who_ask_at_once_are_looked_up_together(monkeypatch):
    house = peopled()
    identity = house.front.identity
    reads = slowly(house.store, monkeypatch)

    async def story():
        strangers = [token("x", header={**HEAD, "kid": f"k{n}"}) for n in range(5)]
        asking = [identity.bearer(one) for one in (token("ayu"), *strangers, token("budi"))]
        return await asyncio.gather(*asking, return_exceptions=True)

    ayu, *strangers, budi = asyncio.run(story())
    assert (ayu.member_id, budi.member_id) == ("ayu", "budi")
    assert {stranger.status for stranger in strangers} == {401}
    assert len(reads) == 1


def test_many_who_ask_in_vain_wait_once(monkeypatch):
    house = peopled()
    identity = house.front.identity
    house.store.away = True
    reads = slowly(house.store, monkeypatch)

    async def story():
        asking = [identity.bearer(token(who)) for who in ("ayu", "budi", "koko")]
        found = await asyncio.gather(*asking, return_exceptions=True)
        assert {type(one) for one in found} == {Outage}
        assert len(reads) == 1
        assert identity.loaded_at is None

    asyncio.run(story())


def test_our_tokens_and_keys_expire_by_the_regions_clock(clock_file):
    house = peopled()
    assert house.get("/v1/me", by="ayu").status_code == 200
    clock_file.write_text(f"{90 * 86_400}")

    assert house.get("/v1/me", by="ayu").status_code == 401, "also one that was remembered"
    fresh = token("ayu", exp=int(clock.timestamp()) + 600)
    assert house.get("/v1/me", Authorization=f"Bearer {fresh}").status_code == 200

    jwk = KEY.as_dict(private=False)
    key = states.SigningKey(**BASE, id="key-1", algorithm="Ed25519", curve="Ed25519", x=jwk["x"])
    house.put(later(key, retires_at=clock.later(clock.real(), 30 * 86_400)))
    asyncio.run(house.front.tail.note("keys", "key-1"))
    assert house.get("/v1/me", Authorization=f"Bearer {fresh}").status_code == 401


def test_an_outside_token_expires_by_real_time(clock_file):
    house = outside()
    clock_file.write_text(f"{90 * 86_400}")

    good = {"Authorization": f"Bearer {issued()}"}
    assert house.get("/v1/me", **good).status_code == 200
    assert house.get("/v1/me", **good).status_code == 200, "also once it is remembered"
    assert house.get("/v1/me", Authorization=f"Bearer {issued(exp=1)}").status_code == 401


def test_only_so_many_tokens_are_remembered(monkeypatch):
    monkeypatch.setattr("gateway.identity.MOST_REMEMBERED", 1)
    house = peopled()
    house.get("/v1/me", by="ayu")
    house.get("/v1/me", by="budi")

    assert len(house.front.identity.remembered) == 1


def test_without_the_database_nobody_is_called_a_forger():
    house = House()
    house.store.away = True

    assert house.get("/v1/me", by="ayu").status_code == 503


# -- an outside issuer ------------------------------------------------------------------------

ISSUER = "https://issuer.test"
RSA = RSAKey.generate_key(2048, parameters={"kid": "r"})
EC = ECKey.generate_key("P-256", parameters={"kid": "e"})
OKP = OKPKey.generate_key("Ed25519", parameters={"kid": "o"})
KEYS = {"RS256": RSA, "ES256": EC, "EdDSA": OKP, "Ed25519": OKP}


def outside():
    house = peopled(oidc_issuer=ISSUER, oidc_audience="app", oidc_jwks_uri="https://x/jwks")
    house.put(later(a_member("budi", area="35.06"), contact_proven=True))
    issuer = OutsideIssuer(house.settings, house.store)
    issuer.take(KeySet([RSA, EC, OKP]).as_dict(private=False))
    house.front.identity.outside = issuer
    return house


def issued(alg="RS256", key=None, header=None, **claims):
    said = {
        "iss": ISSUER,
        "aud": "app",
        "exp": int(time.time()) + 86_400,
        "email": "Budi@example.org",
        "email_verified": True,
        **claims,
    }
    key = key or KEYS[alg]
    return signed({"alg": alg, "kid": key.kid, **(header or {})}, said, key)


@pytest.fixture(scope="module")
def abroad():
    return outside()


@pytest.mark.parametrize("alg", KEYS)
def test_an_outside_issuer_vouches_by_verified_address(abroad, alg):
    answer = abroad.get("/v1/me", Authorization=f"Bearer {issued(alg)}")

    assert (answer.status_code, answer.json["id"]) == (200, "budi")


@pytest.mark.parametrize(
    "forged",
    [
        issued(email_verified=False),
        issued(email="ayu@example.org"),
        issued(email=7),
        issued(aud="others"),
        issued(aud=["others"]),
        issued(exp=1),
        issued(header={"typ": "ticket+jwt"}),
        issued("EdDSA", key=OKPKey.generate_key("Ed25519", parameters={"kid": "o"})),
        issued("RS256", header={"kid": "e"}),
        issued("RS256", header={"kid": "unknown"}),
        unsigned({"alg": "none", "kid": "r"}).replace(".", f".{segment({'iss': ISSUER})}.", 1),
    ],
)
def test_an_outside_token_that_is_not_good_is_refused(abroad, forged):
    assert abroad.get("/v1/me", Authorization=f"Bearer {forged}").status_code == 401


def test_our_own_tokens_go_on_beside_an_outside_issuer(abroad):
    assert abroad.get("/v1/me", by="budi").status_code == 200


def test_several_audiences_may_hold_ours(abroad):
    answer = abroad.get("/v1/me", Authorization=f"Bearer {issued(aud=['x', 'app'])}")

    assert answer.status_code == 200
