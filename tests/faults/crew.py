"""Threads that ask without a pause while things break; what was asked is asked until answered."""

import threading
import time
from collections.abc import Sequence
from typing import Any, Self

HEAL_SECONDS = 90.0
PATIENCE_SECONDS = 90.0


class Crew:
    """A thread for each share of the work: rounds, until the block ends."""

    def __init__(self, shares: Sequence[Any], patience: float = PATIENCE_SECONDS) -> None:
        self.answers, self.patience = 0, patience
        self._stop, self._lock = threading.Event(), threading.Lock()
        self._errors: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._work, args=(share,), daemon=True) for share in shares
        ]

    def round(self, share: Any) -> None:
        """What one thread does again and again."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing new; what was asked is repeated until it is answered."""
        self._stop.set()
        for thread in self._threads:
            thread.join(self.patience)
        assert not any(thread.is_alive() for thread in self._threads), "somebody hangs"
        assert self._errors == []
        print(self)

    def wait_for_answers(self, count: int) -> None:
        """Until that many more were given (again)."""
        goal, until = self.answers + count, time.monotonic() + HEAL_SECONDS
        while self.answers < goal:
            assert time.monotonic() < until and not self._errors, self._errors
            time.sleep(0.02)

    def _work(self, share: Any) -> None:
        try:
            while not self._stop.is_set():
                self.round(share)
        except BaseException as error:
            self._errors.append(error)
            raise
