"""Bare Falcon ASGI: a list of 20 plain documents by one indexed query, or one of them by its id."""

import os
from typing import Any

import falcon.asgi
import orjson
from pymongo import AsyncMongoClient

COLLECTION = "plain"


class Institutions:
    """`/institutions`"""

    def __init__(self, collection: Any) -> None:
        self._collection = collection

    async def on_get(self, _: Any, resp: Any) -> None:
        """The first 20 by name."""
        found = self._collection.find({}).sort([("order", 1), ("_id", 1)]).limit(20)
        resp.data = orjson.dumps({"items": await found.to_list()})
        resp.content_type = "application/json"


class Institution:
    """`/institutions/{id}`"""

    def __init__(self, collection: Any) -> None:
        self._collection = collection

    async def on_get(self, _: Any, resp: Any, id: str) -> None:
        """One by its id."""
        resp.data = orjson.dumps(await self._collection.find_one({"_id": id}))
        resp.content_type = "application/json"


class Ready:
    """`/readyz`"""

    async def on_get(self, _: Any, resp: Any) -> None:
        """It serves."""
        resp.data = b"{}"


def make() -> Any:
    """The application."""
    client: AsyncMongoClient[Any] = AsyncMongoClient(os.environ["MONGO_URI"])
    app: Any = falcon.asgi.App()
    plain = client["bench"][COLLECTION]
    app.add_route("/institutions", Institutions(plain))
    app.add_route("/institutions/{id}", Institution(plain))
    app.add_route("/readyz", Ready())
    return app
