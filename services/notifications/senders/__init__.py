"""Senders: one per channel, each behind the same small face; none knows why it sends."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from services.notifications.model.outgoing import Parcel

Send = Callable[[Parcel], str | None]


class Sender(Protocol):
    """A channel's way out.

    `group` is how many messages are begun together: as many are unknown after a crash.
    """

    channel: str
    group: int

    def opened(self) -> AbstractContextManager[Send]:
        """A connection for some messages: `send(parcel)` gives the provider's name for it.

        Raises Away when there is none; `send` raises any of the errors below.
        """


class NotSent(Exception):
    """It surely did not go; the message says why, without addresses or keys."""


class Rejected(NotSent):
    """The provider will never take it."""


class Refused(NotSent):
    """The provider did not take it now; it may later."""


class Busy(NotSent):
    """The provider takes nothing for a while."""

    def __init__(self, reason: str, retry_after_seconds: float) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds


class Away(NotSent):
    """The provider cannot be reached."""


class Doubtful(Exception):
    """It was handed over and nobody answered: it may have arrived."""
