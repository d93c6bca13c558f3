"""A command: a request that may be refused."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Command:
    """A request to one service; `verb` is `<service>.<verb_noun>`."""

    verb: ClassVar[str]

    @property
    def service(self) -> str:
        """The service that decides, the first word of the verb."""
        return self.verb.partition(".")[0]
