"""The ledger with a relay that dies at the worst moment: after the confirm, before the removal."""

import os
import signal
from typing import Any

from tests.support import ledger


class Deadly:
    """An outbox whose removal kills the process while the file `die-once` lies on the stage.

    With `break-once` it is a bug instead.
    """

    def __init__(self, outbox: Any) -> None:
        self._outbox = outbox

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)

    def delete_many(self, filter: Any) -> Any:
        """Die instead, once."""
        if (ledger.STAGE / "break-once").exists():
            (ledger.STAGE / "break-once").unlink()
            raise ZeroDivisionError("a bug in the relay")
        if filter["_id"]["$in"] and (ledger.STAGE / "die-once").exists():
            (ledger.STAGE / "die-once").unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return self._outbox.delete_many(filter)


class DyingDesk(ledger.Desk):
    """A desk with such an outbox."""

    def setup(self) -> None:
        """Put the deadly outbox into the relay."""
        super().setup()
        self.relay._outbox = Deadly(self.relay._outbox)


class DyingLedger(ledger.Ledger):
    """Areas, kept; facts, said twice."""

    desk = DyingDesk(database=os.environ["LEDGER_DATABASE"])
