"""A Falcon and MongoDB monolith: registers in its own transaction (gthread, 2 workers x 8)."""

import os
from typing import Any

import falcon
import orjson
from pymongo import MongoClient

from bench.plain.register import decide


class Institutions:
    """`/institutions`"""

    def __init__(self, client: "MongoClient[Any]") -> None:
        self._client = client

    def on_post(self, req: Any, resp: Any) -> None:
        """Register one."""
        made = decide(self._client, orjson.loads(req.bounded_stream.read()))
        resp.data, resp.content_type = orjson.dumps(made), "application/json"
        resp.status = "201 Created"


class Ready:
    """`/readyz`"""

    def on_get(self, _: Any, resp: Any) -> None:
        """It serves."""
        resp.data = b"{}"


def make() -> Any:
    """The application."""
    client: MongoClient[Any] = MongoClient(os.environ["MONGO_URI"], maxPoolSize=16)
    app: Any = falcon.App()
    app.add_route("/institutions", Institutions(client))
    app.add_route("/readyz", Ready())
    return app
