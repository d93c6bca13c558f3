"""A queue that nobody takes from rings the alarm of the other processes, and ends none of them."""

import orjson
import pytest

from tests.support.infrastructure import Service, until

pytestmark = pytest.mark.cell

LISTENER, LEDGER = "tests.support.listener", "tests.support.ledger"


def alarm(service: Service) -> bool | None:
    """What the readiness page says of the listener's queue; the page itself stays 200."""
    status, body = service.get("/readyz")
    assert status == 200, body
    return orjson.loads(body).get("heard_by_listener")


def test_a_queue_without_a_hearer_is_told_by_the_processes_that_live(stage):
    stage.settings = {"HEARERS": "listener", "ATTENDANCE_SECONDS": "0.2"}
    stage.hearers = ["listener"]
    stage.declare(LISTENER, LEDGER)
    stage.serve(LISTENER)
    watcher = stage.serve(LEDGER)
    until(lambda: watcher.metric('jejaring_queue_takers{hearer="listener"}') == 1)
    assert alarm(watcher) is True

    stage.services[0].kill()

    until(lambda: alarm(watcher) is False)
    assert watcher.metric('jejaring_queue_takers{hearer="listener"}') == 0
    stage.publish(stage.hear_queue(), b"{}")
    until(lambda: watcher.metric('jejaring_queue_waiting{hearer="listener"}') == 1)
    stage.serve(LISTENER)
    until(lambda: alarm(watcher) is True)


def test_a_queue_that_was_never_declared_rings_too(stage):
    stage.settings = {"HEARERS": "nobody", "ATTENDANCE_SECONDS": "0.1"}
    stage.declare(LEDGER)
    watcher = stage.serve(LEDGER)

    until(lambda: b'"heard_by_nobody":false' in watcher.get("/readyz")[1])
    assert watcher.is_ready()
