"""A service's desk by itself, for tests of what happens in its transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TypeVar

from chassis.desk import Desk
from chassis.settings import Settings
from tests.support.infrastructure import Ground

D = TypeVar("D", bound=Desk)


@contextmanager
def alone(desk: D, ground: Ground, service: str) -> Iterator[D]:
    """The desk without its container's threads; its database is gone afterwards."""
    settings = Settings(region="uji", amqp_uri=ground.amqp_uri, mongo_uri=ground.mongo_uri)
    desk.container = SimpleNamespace(config={"settings": settings}, service_name=service)
    desk.setup()
    desk.index()
    try:
        yield desk
    finally:
        ground.mongo.drop_database(desk.database.name)
        desk.database.client.close()
