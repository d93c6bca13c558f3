"""Every policy holds for every cell, and complains when a cell is broken."""

import pytest

from tests.deploy.manifests import CELLS
from tests.deploy.mutations import MUTATIONS, Break
from tests.deploy.policies import POLICIES


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", CELLS)
def test_a_cell_keeps_the_policy(render, name: str, policy: str):
    assert POLICIES[policy](render(name)) == []


@pytest.mark.parametrize(
    ("policy", "change"), MUTATIONS, ids=[change.__name__ for _, change in MUTATIONS]
)
def test_the_policy_complains(render, policy: str, change: Break):
    cell = render(CELLS[0])
    change(cell)
    assert POLICIES[policy](cell) != []


def test_every_policy_has_been_seen_to_complain():
    assert {policy for policy, _ in MUTATIONS} == POLICIES.keys()
