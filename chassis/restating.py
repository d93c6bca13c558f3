"""Saying every aggregate of a kind again, for whoever may ask for it."""

from collections.abc import Mapping
from functools import partial

from chassis.answer import Answer
from chassis.call import Call
from chassis.declared import Handler, said_again
from chassis.desk import Desk
from chassis.errors import Refusal
from contracts.fact import Fact


def restated(
    desk: Desk,
    call: Call,
    facts: Mapping[str, type[Fact]],
    *,
    may: Handler,
    unknown: type[Refusal],
) -> Answer:
    """`{"restated": how many}`; raises `unknown` for a kind that has no fact, and as `may`."""
    cls = facts.get(getattr(call.command, "kind", ""))
    if cls is None:
        raise unknown(f"known are {', '.join(sorted(facts))}", pointer="/kind")
    desk.decide(may, call)
    return Answer(result={"restated": desk.restate(cls.kind, partial(said_again, cls))})
