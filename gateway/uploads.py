"""Uploaded files, read line by line."""

from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import cast

from contracts.codec import Malformed
from contracts.members import commands, slims
from contracts.members.csv_lines import read_csv

Upload = SpooledTemporaryFile[bytes]
Lines = Iterator[commands.CsvLine]


def institution_lines(upload: Upload) -> Lines:
    """Lines of a CSV with a header, decoded as they are needed."""
    return read_csv(decoded(upload))


def decoded(upload: Upload) -> Iterator[str]:
    """The file's text line by line; raises Malformed with the line that is not UTF-8."""
    for number, raw in enumerate(cast(Iterable[bytes], upload), start=1):
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed(f"line {number}: this is not UTF-8 text") from None


def member_lines(upload: Upload) -> Lines:
    """Lines of a SLiMS member export."""
    return slims.read(upload.read())
