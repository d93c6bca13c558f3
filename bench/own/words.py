"""What the measured services say and are asked; never part of the released contracts."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.catalogue import FACTS
from contracts.command import Command
from contracts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note with the moment (time.time()) just before it was committed."""

    id: str
    version: int
    said_at: float
    text: str = "as long as the state of an institution is, or thereabouts " * 5


@dataclass(frozen=True, kw_only=True)
class NoteFact(Fact):
    """Something about a note."""

    kind: ClassVar[str] = "note"
    note: Note


class Said(NoteFact):
    """Heard one by one, with the inbox in the handler's transaction."""

    name = "speaker.said.v1"


class Told(NoteFact):
    """Heard in batches."""

    name = "speaker.told.v1"


@dataclass(frozen=True, kw_only=True)
class Echo(Command):
    """Answered with its own text."""

    verb = "speaker.echo"
    text: str


@dataclass(frozen=True, kw_only=True)
class Say(Command):
    """Keep a note and say so."""

    verb = "speaker.say"
    id: str


# The relay routes by the catalogue; these words are known in the processes of the bench only.
FACTS.update({cls.name: cls for cls in (Said, Told)})
