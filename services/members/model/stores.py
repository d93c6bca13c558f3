"""What the service keeps for itself and never says, as if it lived in memory."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from chassis.signing import SigningSecret
from services.members.model.account import Account
from services.members.model.attempts import Tally
from services.members.model.code import Code, CodeRequest
from services.members.model.ledger import ConsentEntry
from services.members.model.letter import Letter
from services.members.model.session import Family


class SigningSecrets(Protocol):
    """Private keys."""

    def all(self) -> list[SigningSecret]:
        """Those that sign or will sign."""

    def add(self, secret: SigningSecret) -> None:
        """Keep one."""

    def remove(self, id: str) -> None:
        """Forget one."""


class Accounts(Protocol):
    """Ways in."""

    def get(self, member_id: str) -> Account | None:
        """A member's."""

    def put(self, account: Account) -> None:
        """Keep it as it is now."""

    def remove(self, member_id: str) -> None:
        """Forget it."""


class Codes(Protocol):
    """One-time codes."""

    def of_member(self, member_id: str) -> list[Code]:
        """A member's, newest first."""

    def put(self, code: Code) -> None:
        """Keep one."""

    def count_try(self, member_id: str) -> None:
        """Each of a member's had a try more."""

    def remove(self, ids: Iterable[str]) -> None:
        """Forget some."""


class CodeRequests(Protocol):
    """Wishes for a code that nobody looked into yet."""

    def add(self, request: CodeRequest) -> None:
        """Keep one."""

    def oldest(self, limit: int) -> list[CodeRequest]:
        """Some, oldest first."""

    def remove(self, ids: Iterable[str]) -> None:
        """Forget some."""

    def remove_for(self, usernames: Iterable[str]) -> None:
        """Forget those for the usernames."""


class Tallies(Protocol):
    """Counted attempts."""

    def get(self, keys: Sequence[str]) -> Mapping[str, Tally]:
        """The counters by key."""

    def put(self, tally: Tally) -> None:
        """Keep one as it is now."""

    def remove(self, key: str) -> None:
        """Forget one."""


class Families(Protocol):
    """Signed-in sessions."""

    def get(self, id: str) -> Family | None:
        """One by session id."""

    def of_member(self, member_id: str) -> list[Family]:
        """A member's."""

    def put(self, family: Family) -> None:
        """Keep it as it is now."""

    def remove(self, id: str) -> None:
        """Forget it."""


class Letters(Protocol):
    """Letters that wait for the mail server."""

    def add(self, letter: Letter) -> None:
        """Queue one."""

    def due(self, now: str, limit: int) -> list[Letter]:
        """Some that may be sent now, oldest first."""

    def put(self, letter: Letter) -> None:
        """Keep it as it is now, unless it is gone."""

    def remove(self, ids: Iterable[str]) -> None:
        """Forget some."""

    def remove_to(self, contacts: Iterable[str]) -> None:
        """Forget those to the contacts."""


class Ledger(Protocol):
    """The consent ledger: only ever longer."""

    def add(self, entries: Sequence[ConsentEntry]) -> None:
        """Write rows at the end."""


class Imports(Protocol):
    """Which member came from which row of which library; keys are digests."""

    def find(self, keys: Sequence[str]) -> dict[str, str]:
        """Member ids by key."""

    def add(self, members: Mapping[str, str]) -> None:
        """Remember member ids by key."""


class Certificates(Protocol):
    """Which certificates were heard of."""

    def is_news(self, serial: str, version: int) -> bool:
        """Whether nothing as new was heard of the certificate; from now on it was."""


class Founding(Protocol):
    """What the region was founded with."""

    def get(self) -> str | None:
        """The digest of the founding data."""

    def put(self, digest: str) -> None:
        """Remember it."""
