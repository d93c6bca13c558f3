"""`chassis.run` with the speaker of a later release: every object in its facts has one field more.

The words of today's contracts stay; `data` also holds what nobody here has heard of.
"""

import sys
from dataclasses import replace
from typing import Any

from chassis.run import main  # it patches the standard library, before anything else comes

# isort: split
from chassis import desk, work
from contracts.envelope import Envelope, seal
from contracts.fact import Fact

NEW = "dari_masa_depan"


def with_news(value: Any) -> Any:
    """The same JSON with an unknown field in every object."""
    if isinstance(value, dict):
        return {**{name: with_news(part) for name, part in value.items()}, NEW: {"v": 2}}
    return [with_news(part) for part in value] if isinstance(value, list) else value


def newer(fact: Fact, **rest: str) -> Envelope:
    """What the release after this one says."""
    envelope = seal(fact, **rest)
    return replace(envelope, data=with_news(envelope.data))


if __name__ == "__main__":
    work.seal = desk.seal = newer
    sys.exit(main(sys.argv[1:]))
