"""Each line is one JSON object with the request that it belongs to."""

import json
import logging
import re
import sys

import pytest
import structlog
from structlog.contextvars import get_contextvars

from chassis import log


@pytest.fixture(autouse=True)
def _as_before():
    root = logging.getLogger()
    handlers, level, known = root.handlers[:], root.level, structlog.get_config()
    yield
    structlog.configure(**known)
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_our_lines_and_those_of_libraries_carry_the_request(capsys):
    log.configure("INFO")
    log.bind(request_id="req-1", traceparent="", verb="members.create_area")

    log.get_logger().debug("unheard")
    log.get_logger().info("area made", area="35.71")
    logging.getLogger("nameko").warning("from a library")

    ours, theirs = lines(capsys)
    assert (ours["event"], ours["area"], ours["level"]) == ("area made", "35.71", "info")
    assert (theirs["event"], theirs["level"]) == ("from a library", "warning")
    assert ours["request_id"] == theirs["request_id"] == "req-1"
    assert "traceparent" not in ours


class Gone:
    """Standard error whose reader has ended."""

    def write(self, text):
        raise BrokenPipeError

    def flush(self):
        raise BrokenPipeError


def test_what_nobody_reads_stops_nobody(monkeypatch):
    log.configure("INFO")
    monkeypatch.setattr(sys, "stderr", Gone())

    log.get_logger().warning("write-through failed")
    logging.getLogger("nameko").warning("from a library")
    log.LINES.flush()


def test_a_new_request_forgets_the_old_one():
    log.bind(request_id="req-1", verb="x")
    log.bind(request_id="req-2")

    assert get_contextvars() == {"request_id": "req-2"}


def test_an_error_is_one_line_too(capsys):
    log.configure("INFO")
    try:
        raise ValueError("no")
    except ValueError:
        log.get_logger().exception("it failed")

    (line,) = lines(capsys)
    assert "ValueError: no" in line["exception"]


def test_a_trace_is_one_of_w3c():
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", log.new_traceparent())
