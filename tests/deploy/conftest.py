"""Cells, rendered once and copied for each test."""

from collections.abc import Callable

import pytest

from tests.deploy.manifests import NO_KUBECTL, Cell, cell_of, has_kubectl


@pytest.fixture(scope="session")
def render() -> Callable[[str], Cell]:
    """Renders a cell by its name; skips where nothing can render."""
    if not has_kubectl():
        pytest.skip(NO_KUBECTL)
    return cell_of
