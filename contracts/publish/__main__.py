"""`python -m contracts.publish [--release]`: write docs/generated.

With `--release`, what is new is also added to the released list; from then on it stays.
"""

import json
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from contracts.publish import asyncapi, page, released

PROJECT = Path(__file__).parent.parent.parent
GENERATED = PROJECT / "docs" / "generated"


def generated() -> dict[str, str]:
    """File name → text of everything that is made from the contracts."""
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    return {"catalogue.md": page.page(), "asyncapi.json": as_text(asyncapi.document(version))}


def as_text(value: object) -> str:
    """JSON as it is kept in the repository."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the files; 1 when a released promise is broken."""
    GENERATED.mkdir(parents=True, exist_ok=True)
    for name, text in generated().items():
        (GENERATED / name).write_text(text)
    if "--release" not in arguments:
        return 0
    try:
        grown = released.grown(released.released(), released.today())
    except ValueError as error:
        sys.stderr.write(f"contracts: {error}\n")
        return 1
    released.LIST.write_text(as_text(grown))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
