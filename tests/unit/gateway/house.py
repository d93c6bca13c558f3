"""A gateway in memory: real routes, folds and rules over a store and a backend that are fakes."""

import re
import time
import warnings
import weakref
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

import falcon.testing
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import OKPKey

from chassis import clock
from chassis.errors import Outage
from chassis.settings import Settings
from contracts.catalogue import FACTS
from contracts.codec import encode, field_types
from contracts.envelope import seal
from contracts.fact import Fact
from contracts.federation.facts import EventWithdrawn
from contracts.federation.states import Withdrawal
from contracts.members import facts, states
from contracts.operations import Parked
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
from gateway.views.log import Standing

REGION = "kediri-raya"
ISSUER = "http://gateway.test"
NOW = "2026-11-21T02:00:00.000Z"
KEY = OKPKey.generate_key("Ed25519", parameters={"kid": "key-1"})
BASE: dict[str, Any] = {"version": 1, "region": REGION, "created_at": NOW, "updated_at": NOW}


def an_area(id: str = "35.71", **more: Any) -> states.Area:
    return states.Area(**{**BASE, "id": id, "name": f"Area {id}", "codes": (id,), **more})


def an_institution(id: str = "i1", **more: Any) -> states.Institution:
    return states.Institution(
        **{**BASE, "id": id, "name": "SMAN 1 Kediri", "kind": "school", "area": "35.71", **more}
    )


def a_member(id: str = "ayu", **more: Any) -> states.Member:
    given = {"name": id.title(), "state": "active", "area": "35.71", "email": f"{id}@example.org"}
    return states.Member(**{**BASE, "id": id, **given, **more})


def an_appointment(member_id: str, role: str, **more: Any) -> states.Appointment:
    given = {"id": f"{member_id}-{role}", "state": "accepted", "starts_on": "2020-01-01"}
    return states.Appointment(**{**BASE, **given, "member_id": member_id, "role": role, **more})


def competencies_of(member_id: str, level: int, **more: Any) -> states.Competencies:
    rating = states.Rating(area="ICT", level=level, source="self", rated_on="2026-11-21")
    return states.Competencies(
        **{
            **BASE,
            "id": member_id,
            "member_id": member_id,
            "framework_version": 1,
            "ratings": (rating,),
            **more,
        }
    )


def consenting(id: str = "ayu", granted: bool = True, **more: Any) -> states.Member:
    answer = states.Consent(purpose="directory", granted=granted, text_version="1", decided_at=NOW)
    return a_member(id, consents=(answer,), **more)


def a_parked(id: str, **more: Any) -> Parked:
    given = {"hearer": id.rpartition(".")[2], "fact": "jejaring.members.x.v1", "reason": "r"}
    return Parked(**{**BASE, **given, "id": id, "subject": "member/ayu", "attempts": 6, **more})


RESTATED: dict[Any, type[Fact]] = {
    field_types(cls)[cls.kind]: cls for cls in FACTS.values() if cls.name.endswith("_restated.v1")
} | {states.Session: facts.SessionEnded, Withdrawal: EventWithdrawn}


def fact_of(state: Any) -> Fact:
    cls = RESTATED[type(state)]
    return cls(**{cls.kind: state})


def sealed(state: Any) -> dict[str, Any]:
    return encode(seal(fact_of(state), id=clock.new_id(), region=REGION, time=NOW))


def answered(state: Any, *, more: tuple[Any, ...] = (), replayed: bool = False) -> Reply:
    told = () if replayed else tuple(sealed(one) for one in (state, *more))
    return Reply(result=encode(state), facts=told, replayed=replayed)


# -- a store that understands the few operators that the gateway uses -------------------------


def value_at(document: Any, path: str) -> Any:
    for name in path.split("."):
        if isinstance(document, list | tuple):
            document = [one.get(name) for one in document]
        else:
            document = document.get(name) if isinstance(document, dict) else None
    return document


def compares(value: Any, operator: str, wanted: Any) -> bool:
    if operator == "$eq":
        return wanted == value or (isinstance(value, list) and wanted in value)
    if operator == "$ne":
        return not compares(value, "$eq", wanted)
    if operator == "$in":
        return any(compares(value, "$eq", one) for one in wanted)
    if operator == "$regex":
        return any(re.search(wanted, one) for one in value or ())
    if value is None:
        return False
    return {
        "$gt": value > wanted,
        "$gte": value >= wanted,
        "$lt": value < wanted,
        "$lte": value <= wanted,
    }[operator]


def matches(document: dict[str, Any], query: dict[str, Any]) -> bool:
    for name, wanted in query.items():
        if name == "$and":
            if not all(matches(document, one) for one in wanted):
                return False
        elif name == "$or":
            if not any(matches(document, one) for one in wanted):
                return False
        else:
            operators = wanted if isinstance(wanted, dict) else {"$eq": wanted}
            value = value_at(document, name)
            if not all(compares(value, one, than) for one, than in operators.items()):
                return False
    return True


class MemoryStore:
    """The views as dictionaries; `away` makes it an outage."""

    def __init__(self) -> None:
        self.views: dict[str, dict[str, Any]] = defaultdict(dict)
        self.views["meta"]["log"] = {"_id": "log", "epoch": "e1", "secret": "s", "position": 0}
        self.away = False
        self.reads = 0

    def _here(self) -> None:
        self.reads += 1
        if self.away:
            raise Outage("database: away")

    async def ping(self) -> None:
        self._here()

    async def close(self) -> None:
        pass

    async def get(self, view: str, id: str, fields: Any = None) -> Any:
        self._here()
        return self.views[view].get(id)

    async def find(self, view: str, query: Any, limit: int = 0) -> Any:
        self._here()
        found = [one for one in self.views[view].values() if matches(one, query)]
        return found[:limit] if limit else found

    async def page(self, view: str, query: Any, cut: Any, fields: Any) -> Any:
        found = await self.find(view, cut.bound(query))
        found.sort(key=lambda one: (one[cut.field], one["_id"]), reverse=cut.descending)
        return found[: cut.limit + 1]

    async def tally(self, view: str, query: Any, by: Any, each: Any = None) -> Any:
        counted: Counter[Any] = Counter()
        for one in await self.find(view, query):
            for value in (one.get(each) or ()) if each else (None,):
                row = {**one, each: value} if each else one
                counted[tuple(row.get(name) for name in by)] += 1
        return list(counted.items())

    async def acts(self, query: Any, cut: Any) -> Any:
        return await self.page("acts", query, cut, ())

    async def values_of(self, ids: Any) -> Any:
        found = await self.find("values", {"_id": {"$in": list(ids)}})
        return {one["_id"]: one for one in found}

    async def note(self, row: Any) -> None:
        self._here()
        self.views["acts"][row["_id"]] = row

    async def rows(self, query: Any, limit: int) -> Any:
        found = await self.find("changes", query)
        return sorted(found, key=lambda one: one["position"])[:limit]

    async def meta(self) -> Any:
        self._here()
        return dict(self.views["meta"])

    async def parked(self, ids: Any, limit: int) -> Any:
        own = await self.find("parked", {"_id": ids})
        told = await self.find("unheard", {"_id": ids, "waiting": True})
        return [one["parked"] for one in sorted([*own, *told], key=lambda one: one["_id"])][:limit]

    async def apply(self, changes: Any) -> None:
        self._here()
        for change in changes:
            document = self.views[change.view].setdefault(change.id, {"_id": change.id, "seq": {}})
            if document["seq"].get(change.part, 0) < change.sequence:
                document.update(change.fields)
                document["seq"][change.part] = change.sequence

    async def promise(self, member_id: str, rows: Any) -> None:
        self._here()
        for row, version in rows.items():
            told = {"member": member_id, "row": row, "version": version}
            self.views["promised"][f"{member_id}/{row}"] = told

    async def owed(self, member_id: str) -> Any:
        changes = self.views["changes"]
        promised = await self.find("promised", {"member": member_id})
        return [
            p for p in promised if changes.get(p["row"], {"version": 0})["version"] < p["version"]
        ]

    # what the projector does, for tests of sync and stream

    def log(self, kind: str, id: str, version: int, now: list[str]) -> None:
        head = self.views["meta"]["log"]
        head["position"] += 1
        standing = Standing(kind=kind, id=id, version=version, stamp=[version], now=sorted(now))
        row = standing.row(self.views["changes"].get(f"{kind}:{id}"), head["position"])
        self.views["changes"][row["_id"]] = row


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


def later(before: Any, **more: Any) -> Any:
    return replace(before, version=before.version + 1, **more)
