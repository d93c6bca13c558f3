"""The naive service: stock nameko RPC on MongoDB."""

# mypy: disallow-untyped-decorators=False

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import eventlet

eventlet.monkey_patch()

import os  # noqa: E402
from typing import Any  # noqa: E402

from nameko.rpc import rpc  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402
from pymongo import MongoClient  # noqa: E402

from bench.plain.register import decide, latest  # noqa: E402

CLIENT: "MongoClient[Any]" = MongoClient(os.environ["MONGO_URI"], maxPoolSize=16)


class Institutions:
    """Lists and registers."""

    name = "naive_institutions"

    @rpc
    def list_all(self) -> list[dict[str, Any]]:
        """The first 20 by name."""
        return latest(CLIENT)

    @rpc
    def register(self, body: dict[str, Any]) -> dict[str, Any]:
        """Register one."""
        return decide(CLIENT, body)


def main() -> None:
    """Serve until killed."""
    runner = ServiceRunner(config={"AMQP_URI": os.environ["AMQP_URI"], "max_workers": 16})
    runner.add_service(Institutions)
    runner.start()
    runner.wait()


if __name__ == "__main__":
    main()
