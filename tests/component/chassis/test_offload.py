"""CPU work leaves the hub and brings back its result or its error."""

import threading

import pytest
from eventlet import tpool

from chassis.offload import offload


@pytest.fixture(autouse=True, scope="module")
def _no_threads_left():
    yield
    tpool.killall()


def test_work_is_done_in_another_thread():
    assert offload(threading.get_ident) != threading.get_ident()


def test_an_error_comes_back():
    with pytest.raises(ZeroDivisionError):
        offload(divmod, 1, 0)
