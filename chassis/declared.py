"""What a service declares, derived from its table of handlers and from its contracts."""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from contracts.codec import decode
from contracts.command import Command
from contracts.fact import Fact

Handler = Callable[[Any, Any], Any]


def commands_of(page: ModuleType, handlers: Mapping[str, Handler]) -> tuple[type[Command], ...]:
    """The commands of a contracts page that have a handler, in the page's order."""
    named = (value for value in vars(page).values() if isinstance(value, type))
    return tuple(cls for cls in named if getattr(cls, "verb", None) in handlers)


def by_kind(*restated: type[Fact]) -> dict[str, type[Fact]]:
    """The facts that say an aggregate again, by its kind."""
    return {cls.kind: cls for cls in restated}


def said_again(cls: type[Fact], document: Mapping[str, Any]) -> Fact:
    """A stored aggregate as the fact that says it again."""
    return decode(cls, {cls.kind: document})


def reading(read: Callable[[Any], Any], handler: Handler) -> Handler:
    """The handler, given what the schema read from the command."""
    return lambda work, command: handler(work, read(command))
