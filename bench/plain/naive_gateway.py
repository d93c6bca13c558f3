"""The naive gateway: Falcon under gthread, a pool of stock cluster proxies, every GET an RPC."""

import os
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import falcon
import orjson
from nameko.standalone.rpc import ClusterRpcProxy

POOL = 16


class Proxies:
    """As many proxies as threads."""

    def __init__(self, uri: str) -> None:
        self._idle: queue.Queue[Any] = queue.Queue()
        for _ in range(POOL):
            self._idle.put(None)
        self._uri = uri

    @contextmanager
    def one(self) -> Iterator[Any]:
        """A proxy of one's own; made at its first use."""
        proxy = self._idle.get()
        if proxy is None:
            proxy = ClusterRpcProxy({"AMQP_URI": self._uri}, timeout=20).start()
        try:
            yield proxy
        finally:
            self._idle.put(proxy)


class Institutions:
    """`/institutions`"""

    def __init__(self, proxies: Proxies) -> None:
        self._proxies = proxies

    def on_get(self, _: Any, resp: Any) -> None:
        """The first 20 by name."""
        with self._proxies.one() as proxy:
            items = proxy.naive_institutions.list_all()
        resp.data, resp.content_type = orjson.dumps({"items": items}), "application/json"

    def on_post(self, req: Any, resp: Any) -> None:
        """Register one."""
        with self._proxies.one() as proxy:
            made = proxy.naive_institutions.register(orjson.loads(req.bounded_stream.read()))
        resp.data, resp.content_type = orjson.dumps(made), "application/json"
        resp.status = "201 Created"


def make() -> Any:
    """The application."""
    app: Any = falcon.App()
    app.add_route("/institutions", Institutions(Proxies(os.environ["AMQP_URI"])))
    return app
