"""What keeps a cell from starting or stopping."""

import sys


class CellError(Exception):
    """The message is the one clear line that the operator reads; its notes are the end of a log."""


def tell(failure: Exception) -> None:
    """On stderr the end of the log, if there is one, and the clear line last."""
    for line in (*getattr(failure, "__notes__", ()), f"cell: {failure}"):
        print(line, file=sys.stderr)
