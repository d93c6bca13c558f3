"""What makes a test a unit test: no wire and no process (with these: tests/component)."""

import sys
from collections.abc import Generator
from threading import get_ident

import pytest

FOREIGN = {"socket.bind", "socket.connect", "subprocess.Popen", "os.fork"}
_done: set[tuple[str, int]] = set()

sys.addaudithook(lambda event, _: _done.add((event, get_ident())) if event in FOREIGN else None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """What is foreign to unit tests fails one that does it in its own thread."""
    _done.clear()
    yield
    foreign = [event for event, thread in _done if thread == get_ident()]
    assert not foreign, f"a test that does this stands in tests/component: {foreign}"
