"""What a delivery to a hearer says: a fact, a speaker's pulse, or something from another region."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from prometheus_client import Counter

from chassis import topology
from chassis.intake import Delivery
from chassis.settings import REGION_PATTERN
from contracts.codec import Malformed
from contracts.envelope import Envelope, open_fact, read
from contracts.fact import Fact

HEARD = Counter("jejaring_facts_heard_total", "Facts heard, by outcome", ["hearer", "outcome"])
ATTEMPT = "x-attempt"
MOST_ATTEMPTS = 1000  # no ladder is as long; a peer may have written any number
UNREADABLE = (Malformed, ValueError, TypeError, AttributeError)

Known = Mapping[str, type[Fact]]


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """A speaker says that everything it recorded up to `upto` has been published."""

    speaker: str
    upto: str


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """What came from a peer, as it came: nothing of it is to be believed yet."""

    peer: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One delivery, what it says, and the name by which its method is found."""

    delivery: Delivery
    said: tuple[Envelope, Fact] | Pulse | Crossing

    @property
    def name(self) -> str:
        """A fact's name, or that of pulses or of the border."""
        if isinstance(self.said, Pulse):
            return topology.PULSE
        return topology.BORDER if isinstance(self.said, Crossing) else self.said[0].name


class Unheard(LookupError):
    """No method here hears the fact; a newer or an older replica may."""


@dataclass(frozen=True, kw_only=True)
class Ear:
    """What a hearer of a region hears: its own region's facts, those of others, and what else."""

    region: str
    facts: Known
    abroad: Known
    pulses: bool = False
    border: bool = False

    @classmethod
    def of(cls, region: str, methods: Iterable[Any], names: Container[str]) -> "Ear":
        """What these methods hear, each by its `facts` and `abroad`; `names` are all of theirs."""
        here, abroad = dict[str, type[Fact]](), dict[str, type[Fact]]()
        for method in methods:
            here.update(method.facts)
            abroad.update(method.abroad)
        pulses, border = topology.PULSE in names, topology.BORDER in names
        return cls(region=region, facts=here, abroad=abroad, pulses=pulses, border=border)

    def understood(self, delivery: Delivery) -> Heard:
        """What a delivery says; raises Unheard, or one of UNREADABLE when it says nothing."""
        if delivery.origin.startswith(topology.FROM):
            return self._crossing(delivery)
        raw = orjson.loads(delivery.body)
        if delivery.headers.get("kind") == topology.PULSE:
            if not self.pulses:
                raise Unheard("nobody here hears pulses")
            return Heard(delivery=delivery, said=Pulse(**raw))
        envelope = read(raw)
        known = self._known(envelope, abroad=delivery.origin == topology.ABROAD.name)
        if envelope.name not in known:
            raise Unheard(f"nobody here hears {envelope.name}")
        return Heard(delivery=delivery, said=(envelope, open_fact(envelope, known)))

    def _known(self, envelope: Envelope, *, abroad: bool) -> Known:
        """The facts that may come this way; raises Malformed when another region says them."""
        if abroad == (envelope.region == self.region):
            raise Malformed(f"{envelope.region} does not speak here")
        return self.abroad if abroad else self.facts

    def _crossing(self, delivery: Delivery) -> Heard:
        peer = delivery.origin.removeprefix(topology.FROM)
        if not re.fullmatch(REGION_PATTERN, peer):
            raise Malformed(f"{peer!r} names no region")
        if not self.border:
            raise Unheard("nobody here stands at the border")
        return Heard(delivery=delivery, said=Crossing(peer=peer, body=delivery.body))


def attempt_of(delivery: Delivery) -> int:
    """How often this delivery was retried; anything odd in the header counts as never."""
    attempt = delivery.headers.get(ATTEMPT, 0)
    return attempt if type(attempt) is int and 0 <= attempt < MOST_ATTEMPTS else 0
