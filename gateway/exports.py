"""The one place where CSV leaves the house: sheets, made safe for spreadsheets, row after row."""

import csv
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from falcon.asgi import Request, Response

from gateway.language import language_of
from gateway.query import Parameter

MEDIA = "text/csv"
MARK = "\ufeff"  # without it Excel takes the bytes for another encoding than UTF-8
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
SEPARATORS = {"comma": ",", "semicolon": ";"}
FORMAT = Parameter(
    name="format", about="As JSON, or as CSV for spreadsheets: all of it.", one_of=("json", "csv")
)
SEPARATOR = Parameter(
    name="separator",
    about="Between the cells of CSV; Excel in an Indonesian Windows opens semicolons.",
    one_of=tuple(SEPARATORS),
)
PARAMETERS = {one.name: one for one in (FORMAT, SEPARATOR)}

Cells = Sequence[Any]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What becomes a file: its name, its titles by language, and its rows as they are found."""

    name: str
    titles: Mapping[str, Sequence[str]]
    parts: AsyncIterator[Sequence[Cells]]


def as_csv(given: dict[str, Any]) -> bool:
    """Whether the query asks for CSV."""
    return given.get("format") == "csv"


async def send(req: Request, resp: Response, given: dict[str, Any], sheet: Sheet) -> None:
    """Answer with the sheet; what fails before the first rows are there is still a problem."""
    language = language_of(req.get_header("Accept-Language"))
    separator = SEPARATORS[given.get("separator", "comma")]
    first = await anext(sheet.parts, ())
    titles = sheet.titles[language]

    async def body() -> AsyncIterator[bytes]:
        yield MARK.encode() + written([titles, *first], separator)
        async for rows in sheet.parts:
            yield written(rows, separator)

    resp.content_type = f"{MEDIA}; charset=utf-8"
    resp.downloadable_as = f"{sheet.name}.csv"
    resp.set_header("Cache-Control", "private, no-store")
    resp.set_header("Content-Language", language)
    resp.stream = body()


def written(rows: Iterable[Cells], separator: str) -> bytes:
    """Rows as RFC 4180 has them, with CRLF."""
    told = StringIO()
    csv.writer(told, delimiter=separator).writerows([cell(one) for one in row] for row in rows)
    return told.getvalue().encode()


def cell(value: Any) -> str | int | float:
    """A value as a cell; text that a spreadsheet would run as a formula is quoted (OWASP)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return value
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = text.replace("\0", "")
    return f"'{text}" if text.startswith(FORMULAS) else text
