"""What every unit test stands on."""

import pytest
import structlog


@pytest.fixture(scope="session", autouse=True)
def _plain_traces():
    """structlog's own colourful traces take a quarter of a second each."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    yield
    structlog.reset_defaults()
