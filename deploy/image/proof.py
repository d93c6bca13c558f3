"""Proves an image while it is built: `python proof.py PACKAGE…` says what it may hold.

Every module of the packages is imported, so a missing requirement breaks the build; whatever of
the project is there besides them breaks it too.
"""

import importlib
import pkgutil
import sys
from importlib.metadata import distributions
from importlib.util import find_spec

OURS = ("contracts", "chassis", "services", "gateway", "cell", "tests", "bench")
TOOLS = ("pip", "setuptools", "uv")


def modules(package: str) -> list[str]:
    """The package and everything in it."""
    path = importlib.import_module(package).__path__
    inside = pkgutil.walk_packages(path, f"{package}.")
    return [package, *(module.name for module in inside if not module.name.endswith("__main__"))]


def main(packages: list[str]) -> int:
    """0 when all is there and nothing else is."""
    names = [name for package in packages for name in modules(package)]
    for name in names:
        importlib.import_module(name)
    strangers = {name for name in (*OURS, *TOOLS) if find_spec(name)} - set(packages)
    if strangers:
        print(f"does not belong here: {', '.join(sorted(strangers))}", file=sys.stderr)
        return 1
    held = len(list(distributions()))
    print(f"{len(names)} modules of {', '.join(packages)} imported, {held} packages installed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
