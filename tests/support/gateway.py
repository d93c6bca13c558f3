"""A gateway in memory: real routes, folds and rules over a store and a backend that are fakes."""

import time
import warnings
import weakref
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import falcon.testing
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import OKPKey

from chassis.settings import Settings
from contracts.codec import encode
from contracts.members import states
from gateway.app import Application, create_app
from gateway.feed import Feed
from gateway.freshness import Freshness
from gateway.front import Front
from gateway.hub import Hub
from gateway.identity import Identity
from gateway.limits import Limit
from gateway.pages import Pages
from gateway.picture import Picture
from gateway.question import Reply
from gateway.tail import Tail
from gateway.viewer import Viewers
from gateway.views import fold
from tests.support.memory import MemoryStore
from tests.support.stated import (
    BASE,
    REGION,
    a_member,
    a_registration,
    an_appointment,
    an_area,
    an_event,
    consenting,
    fact_of,
    sealed,
    seats_of,
)

ISSUER = "http://gateway.test"
KEY = OKPKey.generate_key("Ed25519", parameters={"kid": "key-1"})


def answered(state: Any, *, more: tuple[Any, ...] = (), replayed: bool = False) -> Reply:
    told = () if replayed else tuple(sealed(one) for one in (state, *more))
    return Reply(result=encode(state), facts=told, replayed=replayed)


@dataclass
class FakeBackend:
    """Answers commands as told, and remembers the questions."""

    replies: dict[str, Any] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)
    connected: bool = True

    async def ask(self, question: Any, deadline_seconds: float | None = None) -> Reply:
        self.asked.append(question)
        reply = self.replies[question.command.verb]
        reply = reply(question) if callable(reply) else reply
        if isinstance(reply, Exception):
            raise reply
        return reply


class Album:
    """Photos as they come, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def keep(self, id: str, raw: bytes) -> Picture:
        self.kept[id] = raw
        return Picture(media_type="image/jpeg", body=raw)

    async def read(self, id: str) -> bytes | None:
        return self.kept.get(id)


class StillFront(Front):
    """A front in which nothing runs by itself."""

    def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass


# Routing is half of what a house costs, so an application serves one house after another.
IDLE: dict[Settings, list[Application]] = defaultdict(list)


def application(front: Front) -> Application:
    """An application over the front: a new one, or one that no house uses any more."""
    if not IDLE[front.settings]:
        return create_app(front)
    app = IDLE[front.settings].pop()
    vars(app.front).update(vars(front), router=app.front.router)
    return app


class House:
    """The gateway of a test: put states into its views, act as somebody, look at the answers."""

    def __init__(self, **settings: Any) -> None:
        self.store, self.backend = MemoryStore(), FakeBackend()
        store: Any = self.store
        given = {"region": REGION, "amqp_uri": "", "mongo_uri": "", "public_url": ISSUER}
        self.settings = Settings(**{**given, **settings})
        identity, viewers = Identity(store, ISSUER), Viewers(store)
        pages, feed = Pages(fresh=True), Feed(store)
        hub = Hub(feed)
        front = StillFront(
            settings=self.settings,
            store=store,
            backend=self.backend,  # type: ignore[arg-type]
            identity=identity,
            viewers=viewers,
            pages=pages,
            freshness=Freshness(store),
            feed=feed,
            hub=hub,
            tail=Tail(store, identity, viewers, pages, hub.wake),
            photos=Album(),  # type: ignore[arg-type]
            outside=None,
            limit=Limit(self.settings.rate_limit_per_minute),
            auth_limit=Limit(self.settings.auth_limit_per_minute),
        )
        app = application(front)
        weakref.finalize(self, IDLE[self.settings].append, app)
        self.front, self.client = app.front, falcon.testing.TestClient(app)
        jwk = KEY.as_dict(private=False)
        self.put(
            states.SigningKey(**BASE, id="key-1", algorithm="Ed25519", curve="Ed25519", x=jwk["x"])
        )

    def put(self, *those: Any) -> None:
        """Fold states into the views, as if their facts had been heard."""
        for state in those:
            for change in fold(fact_of(state)):
                document = self.store.views[change.view].setdefault(
                    change.id, {"_id": change.id, "seq": {}}
                )
                if document["seq"].get(change.part, 0) < change.sequence:
                    document.update(change.fields)
                    document["seq"][change.part] = change.sequence

    def get(self, path: str, by: str | None = None, **headers: str) -> Any:
        return self.send("GET", path, by, **headers)

    def send(self, method: str, path: str, by: str | None = None, **more: Any) -> Any:
        body = more.pop("json", None)
        raw = more.pop("body", None)
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        if by:
            headers["Authorization"] = f"Bearer {token(by)}"
        path, _, query = path.partition("?")
        return self.client.simulate_request(
            method, path, headers=headers, json=body, body=raw, query_string=query
        )


def token(
    member_id: str, key: OKPKey = KEY, header: dict[str, Any] | None = None, **claims: Any
) -> str:
    now = int(time.time())
    said = {
        "iss": ISSUER,
        "aud": "jejaring",
        "sub": member_id,
        "sid": f"session-{member_id}",
        "iat": now,
        "exp": now + 86_400,
        **claims,
    }
    head = header or {"alg": "Ed25519", "typ": "at+jwt", "kid": "key-1"}
    return signed(head, said, key)


def signed(header: dict[str, Any], claims: dict[str, Any], key: Any) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def peopled(**settings: Any) -> House:
    """A region with an officer, a coordinator of 35.71, an operator and three members."""
    house = House(**settings)
    house.put(
        an_area("35.71"),
        an_area("35.06"),
        a_member("officer", area=None),
        an_appointment("officer", "coordinator"),
        a_member("koko"),
        an_appointment("koko", "area_coordinator", area="35.71"),
        a_member("oper", area=None),
        an_appointment("oper", "operator"),
        consenting("ayu"),
        a_member("budi", area="35.06"),
        a_member("pandu", state="pending"),
    )
    return house


def busy(**settings: Any) -> House:
    """A peopled house with an event, its manager (another area's member) and its door."""
    house = peopled(**settings)
    house.put(
        an_event(),
        seats_of(),
        an_appointment("budi", "event_manager", event_id="e1"),
        a_registration("r1"),
        a_registration("r2", "pandu", state="waiting", position=1, ticket=None),
    )
    return house
