"""A service that echoes, and that keeps notes and says so."""

# mypy: disallow-untyped-decorators=False

import time
from typing import Any

from bench.own.words import Echo, Note, Said, Say
from chassis.answer import Answer
from chassis.asking import answers
from chassis.call import Call
from chassis.desk import Desk
from chassis.work import Work

DATABASE = "bench_speaker"


def say(work: Work, command: Say) -> Any:
    """One note, one fact."""
    return work.record(Said(note=Note(id=command.id, version=1, said_at=time.time())))


class Speaker:
    """The nameko service."""

    name = "speaker"
    desk = Desk(database=DATABASE)

    @answers(Echo)
    def echo(self, call: Call) -> Answer:
        """The text, without any work."""
        return Answer(result=call.command.text)  # type: ignore[attr-defined]

    @answers(Say)
    def say(self, call: Call) -> Answer:
        """Decide it."""
        return self.desk.decide(say, call)
