"""The supervisor's own process: supervisord, which a full disk does not end.

What it cannot write into a log it tells on stderr, a file on the same disk; an error there would
end it, and all that it supervises would go on unwatched.
"""

import contextlib
import sys
from typing import Any

from supervisor import supervisord


class Forgiving:
    """A stream that drops what it cannot write."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, or drop it."""
        with contextlib.suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, or drop it."""
        with contextlib.suppress(OSError):
            self._stream.flush()


def main() -> None:
    """Supervise until told to stop; the arguments are supervisord's."""
    sys.stdout, sys.stderr = Forgiving(sys.stdout), Forgiving(sys.stderr)
    supervisord.main()


if __name__ == "__main__":
    main()
