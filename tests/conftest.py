"""How tests are tried: which of them go to one worker, and in which order."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from chassis import clock

# What shares servers goes to one worker as a whole, and begins first, in this order: it is long.
TOGETHER = (
    "tests/faults/",
    "tests/integration/chassis/",
    "tests/integration/",
    "tests/federation/",
)
AFTER_THEM = (  # a file at a time, by workers with a cell; the long ones first
    "tests/e2e/test_sync.py",
    "tests/e2e/test_views.py",
    "tests/e2e/test_copies.py",
    "tests/e2e/test_travelled.py",
    "tests/e2e/",
)


def place_of(nodeid: str) -> str:
    """What is tried by one worker: one of the folders above, or a file."""
    file = nodeid.partition("::")[0]
    return next((place for place in TOGETHER if file.startswith(place)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Workers get a file at a time; of some folders all files."""
    from xdist.scheduler import LoadScopeScheduling

    class FilesAndFolders(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return place_of(nodeid)

    return FilesAndFolders(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long ones first, when several workers share the rest."""
    if config.pluginmanager.hasplugin("xdist"):
        order = (*TOGETHER, *AFTER_THEM, "")
        items.sort(
            key=lambda item: next(n for n, one in enumerate(order) if item.nodeid.startswith(one))
        )


def pytest_collection_finish() -> None:
    """What thousands of collected tests consist of stays: no garbage is looked for in it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _plain_traces() -> Iterator[None]:
    """structlog's own colourful traces take a quarter of a second each."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock_file(tmp_path: Path) -> Iterator[Path]:
    """A file that sets the region's clock ahead, for as long as the test lasts."""
    path = tmp_path / "clock"
    clock.follow(str(path))
    yield path
    clock.follow("")
