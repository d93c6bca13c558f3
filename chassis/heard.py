"""What a delivery to a hearer says: a fact, or a speaker's pulse."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from prometheus_client import Counter

from chassis import topology
from chassis.intake import Delivery
from contracts.codec import Malformed
from contracts.envelope import Envelope, open_fact, read
from contracts.fact import Fact

HEARD = Counter("jejaring_facts_heard_total", "Facts heard, by outcome", ["hearer", "outcome"])
ATTEMPT = "x-attempt"
UNREADABLE = (Malformed, ValueError, TypeError, AttributeError)


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """A speaker says that everything it recorded up to `upto` has been published."""

    speaker: str
    upto: str


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One delivery, what it says, and the name it goes by: a fact's, or that of pulses."""

    delivery: Delivery
    said: tuple[Envelope, Fact] | Pulse

    @property
    def name(self) -> str:
        """What the hearing methods are found by."""
        return topology.PULSE if isinstance(self.said, Pulse) else self.said[0].name


class Unheard(LookupError):
    """No method here hears the fact; a newer or an older replica may."""


def understood(delivery: Delivery, known: Mapping[str, type[Fact]], *, pulses: bool) -> Heard:
    """What a delivery says; raises Unheard, or one of UNREADABLE when it says nothing."""
    raw = orjson.loads(delivery.body)
    if delivery.headers.get("kind") == topology.PULSE:
        if not pulses:
            raise Unheard("nobody here hears pulses")
        return Heard(delivery=delivery, said=Pulse(**raw))
    envelope = read(raw)
    if envelope.name not in known:
        raise Unheard(f"nobody here hears {envelope.name}")
    return Heard(delivery=delivery, said=(envelope, open_fact(envelope, known)))


def attempt_of(delivery: Delivery) -> int:
    """How often this delivery was retried; anything odd in the header counts as never."""
    attempt = delivery.headers.get(ATTEMPT, 0)
    return attempt if type(attempt) is int and attempt >= 0 else 0
