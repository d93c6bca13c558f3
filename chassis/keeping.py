"""What every service does that hears: answer for the facts that it could not hear."""

from typing import Any

from chassis.answer import Answer
from chassis.asking import answers
from chassis.call import Call
from chassis.parking import restate_parked, unpark
from chassis.periodic import every
from contracts.operations import DropParked, ReplayParked, Unparking

RESTATE_SECONDS = 600


class KeepsParked:
    """To be inherited by a service with a desk that speaks."""

    desk: Any

    @answers(ReplayParked, DropParked)
    def unpark(self, call: Call) -> Answer:
        """Replay or drop; that an operator asks, the gateway has made sure."""
        assert isinstance(call.command, Unparking)
        return unpark(self.desk, call.command)

    @every(RESTATE_SECONDS)
    def restate_parked(self) -> None:
        """Say again what is still parked: a gateway that lost its views fills its list."""
        restate_parked(self.desk)
