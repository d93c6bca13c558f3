"""A database in memory, with the few operators that the gateway uses."""

import re
from collections import Counter, defaultdict
from types import SimpleNamespace
from typing import Any

from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure

from chassis.errors import Outage
from gateway.views.log import Standing


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


class Rows(list):
    """What find gives."""

    def sort(self, *_):
        return self


class Collection:
    """Documents by id, with what the projector does to them."""

    def __init__(self):
        self.documents, self.races, self.indexes = {}, 0, []
        self.refuses, self.gone, self.refusal, self.uuid = False, True, 11000, object()

    def find(self, query, fields=None, session=None):
        return Rows(one for one in self.documents.values() if matches(one, query))

    def find_one_and_update(self, query, update, session, return_document):
        found = self.documents.get(query["_id"])
        for name, more in update.get("$inc", {}).items() if found else ():
            found[name] += more
        return dict(found) if found else None

    def update_one(self, query, update, upsert=False, session=None):
        found = self.documents.get(query["_id"])
        if found and not matches(found, query):
            if upsert:
                raise DuplicateKeyError("it is there")
            return
        document = self.documents.setdefault(query["_id"], {"_id": query["_id"]})
        for name, value in update.get("$setOnInsert", {}).items():
            document.setdefault(name, value)
        document.update(update.get("$set", {}))
        for name, value in update.get("$max", {}).items():
            document[name] = max(value, document.get(name, value))

    def bulk_write(self, operations, ordered, session=None):
        self.gone = False
        if self.races:
            self.races -= 1
            raise BulkWriteError({"writeErrors": [{"index": 0, "code": 11000}]})
        for operation in operations:
            if "$set" in operation._doc:
                self.update_one(operation._filter, operation._doc, operation._upsert)
            elif not isinstance(operation._doc, list):
                self.documents[operation._doc["_id"]] = operation._doc
            else:
                self._fold(operation)

    def _fold(self, operation):
        _, after, _ = operation._doc[0]["$replaceWith"]["$cond"]
        _, literal, sequences = after["$mergeObjects"]
        ((part, sequence),) = sequences["seq"]["$mergeObjects"][1].items()
        id = operation._filter["_id"]["$eq"]
        document = self.documents.setdefault(id, {"_id": id, "seq": {}})
        if document["seq"].get(part, 0) < sequence:
            document.update(literal["$literal"])
            document["seq"][part] = sequence

    def insert_many(self, documents, ordered):
        if not documents:
            raise TypeError("documents must be a non-empty list")
        errors = []
        for index, document in enumerate(documents):
            if document["_id"] in self.documents:
                errors.append({"index": index, "code": self.refusal})
            self.documents.setdefault(document["_id"], document)
        if errors:
            raise BulkWriteError({"writeErrors": errors})

    def delete_many(self, query):
        for one in [d for d in self.documents.values() if matches(d, query)]:
            del self.documents[one["_id"]]

    def rename(self, name, dropTarget):
        if self.refuses:
            raise OperationFailure("no", 1)
        if self.gone:
            raise OperationFailure("ns not found", 26)
        self.database[name] = self
        del self.database[self.name]

    def delete_one(self, query):
        found = self.documents.pop(query["_id"], None)
        return SimpleNamespace(deleted_count=0 if found is None else 1)

    def find_one(self, query):
        return self.documents.get(query["_id"])

    def create_indexes(self, wanted):
        self.indexes += wanted


class Client(dict):
    """The databases that are not the projector's own."""

    def __missing__(self, name):
        self[name] = Database()
        return self[name]

    def close(self):
        pass


class Database(dict):
    """Collections as they are asked for."""

    def __init__(self):
        self.client = Client()

    def __missing__(self, name):
        self[name] = Collection()
        self[name].database, self[name].name = self, name
        return self[name]

    def create_collection(self, name, *, check_exists):
        assert not check_exists, "somebody may write there in between"
        if name in self and not self[name].gone:
            raise OperationFailure("already exists", 48)
        self[name].gone = False

    def drop_collection(self, name):
        self.pop(name, None)

    def list_collections(self, filter):
        there = [self[name] for name in (filter["name"],) if name in self and not self[name].gone]
        return [{"info": {"uuid": one.uuid}} for one in there]


class Transactions:
    """Runs the body at once."""

    def run(self, body, deadline):
        return body(None)


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
