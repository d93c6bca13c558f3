"""What every service does: answer for facts that it could not hear, and forget who left."""

from typing import Any

from chassis.answer import Answer
from chassis.asking import answers
from chassis.call import Call
from chassis.forgetting import forget_answers
from chassis.parking import restate_parked, unpark
from chassis.periodic import every
from contracts.operations import DropParked, ReplayParked, Unparking

RESTATE_SECONDS = 600
FORGET_SECONDS = 60


class KeepsParked:
    """To be inherited by a service with a desk that speaks."""

    desk: Any

    @answers(ReplayParked, DropParked)
    def unpark(self, call: Call) -> Answer:
        """Replay or drop; that an operator asks, the gateway has made sure."""
        assert isinstance(call.command, Unparking)
        return unpark(self.desk, call.command)

    @every(FORGET_SECONDS)
    def forget_answers(self) -> None:
        """Empty the kept answers that hold something of who left, and look for him once more."""
        forget_answers(self.desk, self.forget_again)

    def forget_again(self, id: str) -> None:
        """Forget who left a minute ago: somebody may just have written of him as of a member."""

    @every(RESTATE_SECONDS)
    def restate_parked(self) -> None:
        """Say again what is still parked: a gateway that lost its views fills its list."""
        restate_parked(self.desk)
