"""What schemas let pass and a cluster would not: each policy lists what is wrong with a cell."""

from collections.abc import Callable
from inspect import isfunction

from tests.deploy.manifests import Cell
from tests.deploy.policies import of_code, of_network, of_objects, of_pods

Policy = Callable[[Cell], list[str]]

POLICIES: dict[str, Policy] = {
    name: value
    for page in (of_objects, of_pods, of_code, of_network)
    for name, value in vars(page).items()
    if isfunction(value) and value.__module__ == page.__name__ and not name.startswith("_")
}
