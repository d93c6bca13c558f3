"""The member file that SLiMS 9 exports, to lines of the few cells that a network needs.

Source: the SLiMS export and import pages (columns by position; no header unless asked for; values
escaped as MySQL does, or doubled quotes once a spreadsheet saved the file again). What nobody here
needs (pin, password, picture, birth date, address and the like) is dropped while reading.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.codec import Malformed
from contracts.members.commands import CsvLine

COLUMNS = (
    "member_id",
    "member_name",
    "gender",
    "member_type_name",
    "member_email",
    "member_address",
    "postal_code",
    "inst_name",
    "is_new",
    "member_image",
    "pin",
    "member_phone",
    "member_fax",
    "member_since_date",
    "register_date",
    "expire_date",
    "birth_date",
    "member_notes",
    "mpasswd",
)
KEPT = frozenset(
    ("member_id", "member_name", "member_type_name", "member_email", "inst_name", "member_phone")
)
SEPARATORS = ",;\t|"
PLAIN = re.compile(r'[^"\\\r\n]+')
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "", "Z": ""}


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How one file separates cells and writes a quote inside a cell."""

    separator: str
    backslashes: bool


def read(raw: bytes) -> Iterator[CsvLine]:
    """Lines with the kept columns, numbered as in the file; raises Malformed on an open quote."""
    text = _text(raw)
    records = Scanner(text, _dialect(text)).records()
    columns: tuple[str, ...] = COLUMNS
    for position, (line, cells) in enumerate(records):
        if position == 0 and cells[0].strip().lower() == "member_id":
            columns = tuple(cell.strip().lower() for cell in cells)
            continue
        if any(cell.strip() for cell in cells):
            yield CsvLine(line=line, cells=_kept(columns, cells))


def _text(raw: bytes) -> str:
    """UTF-8, or Latin-1 as old installations wrote it."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _kept(columns: tuple[str, ...], cells: list[str]) -> dict[str, str]:
    named = dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))
    return {name: named.get(name, "").strip() for name in COLUMNS if name in KEPT}


def _dialect(text: str) -> Dialect:
    bare = re.sub(r"\\.", "", text, flags=re.DOTALL)
    separator = _separator(bare)
    edge = re.escape(separator) + r"\r\n"
    doubled = re.search(rf'"{{3,}}|[^{edge}"]""|""[^{edge}"]', bare)
    return Dialect(separator=separator, backslashes=doubled is None)


def _separator(bare: str) -> str:
    """What follows the first enclosed cell, else the likeliest sign of the first line."""
    enclosed = re.match(r'\s*"[^"]*"(.)', bare)
    if enclosed and enclosed[1] in SEPARATORS:
        return enclosed[1]
    first = re.split(r"[\r\n]", bare.lstrip(), maxsplit=1)[0]
    return max(SEPARATORS, key=first.count)


class Scanner:
    """Reads cells one after the other; knows the place in the text and the line it is on."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.text, self.dialect = text, dialect
        self.place, self.line = 0, 1
        self.ending = re.compile(rf"[\r\n{re.escape(dialect.separator)}]")

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Cells of each record and the line it begins on; LF, CR LF and CR alone end a record."""
        while self.place < len(self.text):
            begins, cells = self.line, [self.cell()]
            while self.now() == self.dialect.separator:
                self.place += 1
                cells.append(self.cell())
            self.end_line()
            yield begins, cells

    def now(self) -> str:
        """The character at the place; empty at the end."""
        return self.text[self.place : self.place + 1]

    def end_line(self) -> None:
        """Step over one line end."""
        self.place += 2 if self.text.startswith("\r\n", self.place) else 1
        self.line += 1

    def cell(self) -> str:
        """One cell, enclosed or bare; what follows the closing quote is taken as it is."""
        enclosed = self.enclosed() if self.now() == '"' else ""
        start = self.place
        ends = self.ending.search(self.text, start)
        self.place = ends.start() if ends else len(self.text)
        return enclosed + self.text[start : self.place]

    def enclosed(self) -> str:
        """The text between quotes; raises Malformed when the closing quote is missing."""
        begins, parts = self.line, list[str]()
        self.place += 1
        while (part := self.part(begins)) is not None:
            parts.append(part)
        return "".join(parts)

    def part(self, begins: int) -> str | None:
        """The next piece of an enclosed cell, unescaped; None at the closing quote."""
        if plain := PLAIN.match(self.text, self.place):
            self.place = plain.end()
            return plain[0]
        sign = self.now()
        following = self.text[self.place + 1 : self.place + 2]
        if not sign:
            raise Malformed(f"line {begins}: a quote is not closed")
        if sign == "\\" and self.dialect.backslashes and following:
            self.place += 2
            return ESCAPES.get(following, following)
        if sign == '"' and following == '"' and not self.dialect.backslashes:
            self.place += 2
            return sign
        self.place += 1
        self.line += sign == "\n" or (sign == "\r" and following != "\n")
        return None if sign == '"' else sign
