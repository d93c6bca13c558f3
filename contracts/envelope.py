"""A fact on the wire: CloudEvents 1.0, structured JSON, with the subject's `sequence`.

Source: CloudEvents specification 1.0.2 and its `sequence` extension (here an integer as a
string of digits is not used: the sequence is a JSON number, 1 for the first statement).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.codec import Malformed, decode, encode
from contracts.fact import Fact

PREFIX = "jejaring."
CONTENT_TYPE = "application/cloudevents+json"


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One CloudEvent; `data` is the encoded fact."""

    id: str
    source: str
    type: str
    subject: str
    time: str
    sequence: int
    data: dict[str, Any]
    specversion: str = "1.0"
    datacontenttype: str = "application/json"
    traceparent: str = ""
    correlationid: str = ""

    @property
    def name(self) -> str:
        """The fact's name without the namespace."""
        return self.type.removeprefix(PREFIX)

    @property
    def region(self) -> str:
        """The region that said it."""
        return self.source.split("/")[2]

    @property
    def speaker(self) -> str:
        """The service that said it."""
        return self.source.split("/")[3]


def seal(
    fact: Fact, *, id: str, region: str, time: str, traceparent: str = "", correlation: str = ""
) -> Envelope:
    """Put a fact into its envelope; `time` is RFC 3339 in UTC."""
    return Envelope(
        id=id,
        source=f"/regions/{region}/{fact.speaker}",
        type=PREFIX + fact.name,
        subject=f"{fact.kind}/{fact.state.id}",
        time=time,
        sequence=fact.state.version,
        data=encode(fact),
        traceparent=traceparent,
        correlationid=correlation,
    )


def read(raw: Any) -> Envelope:
    """An envelope from parsed JSON; raises Malformed on anything that is not one."""
    envelope = decode(Envelope, raw)
    if envelope.specversion != "1.0":
        raise Malformed(f"specversion {envelope.specversion!r} is not known")
    if not envelope.type.startswith(PREFIX):
        raise Malformed(f"type {envelope.type!r} is not ours")
    parts = envelope.source.split("/")
    if len(parts) != 4 or parts[1] != "regions":
        raise Malformed(f"source {envelope.source!r} names no speaker")
    if envelope.sequence < 1:
        raise Malformed("sequence starts at 1")
    return envelope


def open_fact(envelope: Envelope, known: Mapping[str, type[Fact]]) -> Fact:
    """The fact inside; raises Malformed when it is unknown or disagrees with its envelope."""
    cls = known.get(envelope.name)
    if cls is None:
        raise Malformed(f"nobody here knows {envelope.name}")
    fact = decode(cls, envelope.data)
    if envelope.speaker != cls.name.partition(".")[0]:
        raise Malformed(f"{envelope.speaker} does not say {envelope.name}")
    if envelope.subject != f"{fact.kind}/{fact.state.id}":
        raise Malformed(f"subject {envelope.subject!r} is not the subject of the data")
    if envelope.sequence != fact.state.version:
        raise Malformed("sequence and version differ")
    return fact
