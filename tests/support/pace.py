"""How slow this machine is now: limits of time ask about the code, not about its host."""

from time import process_time

COUNTED, NOMINAL_SECONDS = 300_000, 0.01  # of the processor, where the limits were set


def slowness() -> float:
    """How many times as long as nominal a plain loop takes; never below 1. Tracing counts, too."""
    began, total = process_time(), 0
    for number in range(COUNTED):
        total += number & 7
    return max(1.0, (process_time() - began) / NOMINAL_SECONDS)
