"""The projector, over a database in memory."""

from types import SimpleNamespace

import pytest

import gateway.projector as module
from gateway.projector import Projector
from tests.support.memory import Database, Transactions
from tests.support.stated import (
    NOW,
)


@pytest.fixture
def projector():
    found = Projector()
    database = Database()
    module.begin_log(database)
    settings = SimpleNamespace(amqp_uri="amqp://x/", region="kediri-raya")

    def sweep(handler):
        work = SimpleNamespace(collection=database.__getitem__, recorded=[], now=NOW)
        return handler(work)

    found.desk = SimpleNamespace(
        database=database,
        transactions=Transactions(),
        settings=settings,
        sweep=sweep,
        speaks=False,
    )
    return found
