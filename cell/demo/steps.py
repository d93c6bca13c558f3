"""How the story is told: each step a sentence with ✓ or ✗ and what was observed."""

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from cell.demo.scene import FAILURES, Act

S = TypeVar("S")
Step = tuple[str, Act]


def tell(scene: S, steps: Iterable[tuple[str, Callable[[S], str]]]) -> bool:
    """Play the steps in order until one does not hold; True when all did."""
    for number, (sentence, act) in enumerate(steps, start=1):
        began = time.monotonic()
        held, observed = _played(scene, act)
        took = time.monotonic() - began
        print(f"{number:3} {'✓' if held else '✗'} {sentence} ({took:.1f} s)", flush=True)
        print(f"      {observed}", flush=True)
        if not held:
            return False
    return True


def _played(scene: S, act: Callable[[S], str]) -> tuple[bool, str]:
    try:
        return True, act(scene)
    except FAILURES as failure:
        return False, f"{type(failure).__name__}: {failure}"
