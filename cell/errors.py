"""What keeps a cell from starting or stopping."""


class CellError(Exception):
    """The message is the one clear line that the operator reads."""
