"""How a case came to where it is: its states and stages, each with its instant."""

from typing import Any

from chassis import aggregate
from contracts.mentoring import states
from contracts.types import UNSET

MOST_STEPS = 60


def moved(case: states.Mentorship, now: str, /, **changes: Any) -> states.Mentorship:
    """The case after one change; where it was until now is among its steps."""
    return aggregate.moved(case, now, **{"steps": _until_now(case), **changes})


def _until_now(case: states.Mentorship) -> tuple[states.Step, ...]:
    """The steps with the present one.

    It began with the last change: had there been one since, it would be the last step already.
    """
    known = () if case.steps is UNSET else case.steps
    if known and (known[-1].state, known[-1].stage) == (case.state, case.stage):
        return known
    step = states.Step(
        state=case.state, stage=case.stage, at=case.updated_at, reason=case.state_reason
    )
    steps = (*known, step)
    return steps if len(steps) <= MOST_STEPS else (steps[0], *steps[2:])
