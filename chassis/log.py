"""JSON logs on standard error, each line with the request it belongs to."""

import logging
import random
import sys
from contextlib import suppress
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars


class Lines:
    """Standard error for lines; one that nobody reads any more is lost, and costs nothing else.

    A process may outlive who reads its output: then each write fails.
    """

    def write(self, text: str) -> None:
        """Write a line, or lose it."""
        with suppress(OSError, ValueError):
            sys.stderr.write(text)

    def flush(self) -> None:
        """Hand over what was written, or lose it."""
        with suppress(OSError, ValueError):
            sys.stderr.flush()


LINES: Any = Lines()


def configure(level: str) -> None:
    """One JSON object per line for our own and for library logs."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(LINES),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(LINES)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(), foreign_pre_chain=shared
        )
    )
    logging.getLogger("nameko.containers").setLevel(logging.ERROR)  # refusals are no errors
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def get_logger() -> Any:
    """A structlog logger; events are words, values are keys without personal data."""
    return structlog.get_logger()


def bind(**values: str) -> None:
    """Start a fresh context for this request, fact or sweep."""
    clear_contextvars()
    bind_contextvars(**{name: value for name, value in values.items() if value})


def new_traceparent() -> str:
    """A W3C trace context that starts here."""
    return f"00-{random.getrandbits(128):032x}-{new_span()}-01"


def new_span() -> str:
    """An id for a span: unlikely to be another's, and no secret."""
    return f"{random.getrandbits(64):016x}"
