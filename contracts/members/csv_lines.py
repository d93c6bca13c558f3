"""Plain CSV (institutions) to lines of cells, tolerant of what spreadsheets do to a file."""

import csv
from collections.abc import Iterable, Iterator

from contracts.codec import Malformed
from contracts.members.commands import CsvLine

LONGEST_CELL = 10_000  # longer than any column may be: what is cut is refused with its column
LONGEST_FILE = 2**31 - 1  # the reader's own limit for a cell would end the file


def read_csv(source: bytes | Iterable[str]) -> Iterator[CsvLine]:
    """Lines of a CSV file with a header, numbered as in the file (the header is line 1).

    `source` is the whole file as UTF-8 bytes, or its text line by line with line ends. A byte order
    mark, CRLF, blank lines and missing or surplus trailing cells are survived; cells are stripped,
    long ones cut, and every column of the header is present in every line. Raises Malformed with
    the line number.
    """
    csv.field_size_limit(LONGEST_FILE)
    texts = _decoded(source) if isinstance(source, bytes) else source
    reader = csv.reader(texts, strict=True)
    header: list[str] | None = None
    for line, cells in _numbered(reader):
        if header is None:
            header = _header(cells)
        elif any(cell.strip() for cell in cells):
            yield CsvLine(line=line, cells=_by_column(header, cells))


def _decoded(source: bytes) -> Iterator[str]:
    for number, raw in enumerate(source.splitlines(keepends=True), start=1):
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed(f"line {number}: this is not UTF-8 text") from error


def _numbered(reader: "csv._reader") -> Iterator[tuple[int, list[str]]]:  # type: ignore[name-defined]
    """Records with the number of the line on which each begins."""
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Malformed(f"line {reader.line_num}: {error}") from error
        yield begins, cells
        begins = reader.line_num + 1


def _header(cells: list[str]) -> list[str]:
    return [cell.strip().removeprefix("\ufeff").strip().lower() for cell in cells]


def _by_column(header: list[str], cells: list[str]) -> dict[str, str]:
    padded = [*cells, *[""] * len(header)]
    named = zip(header, padded, strict=False)
    return {name: cell.strip()[:LONGEST_CELL] for name, cell in named if name}
