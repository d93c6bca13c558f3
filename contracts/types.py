"""The kinds of value a contract field may hold, written once as annotated types.

Each alias carries the marker that the chassis turns into validation and into OpenAPI, so a
length or a pattern is stated here and nowhere else.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Final


@dataclass(frozen=True, kw_only=True)
class Text:
    """A string: between `shortest` and `longest` characters, whole value matching `pattern`.

    `spelled` is the field's name in bodies where ours cannot be it (`as` is a word of Python). With
    `numbered` a body may say a whole number, which is its digits.
    """

    shortest: int = 0
    longest: int
    pattern: str | None = None
    one_of: tuple[str, ...] = ()
    format: str | None = None
    secret: bool = False
    spelled: str | None = None
    numbered: bool = False


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number between `least` and `most`, both included."""

    least: float
    most: float


@dataclass(frozen=True, kw_only=True)
class Many:
    """A list of at most `most` values."""

    most: int


class Unset(Enum):
    """The absence of a value in a partial change (not the same as null)."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET

AREA_PATTERN = r"[a-z0-9][a-z0-9.-]{0,39}"
CODE_PATTERN = r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?"
NPSN_PATTERN = r"[0-9A-Z]\d{7}"
DATE_PATTERN = r"\d{4}-\d{2}-\d{2}"

Id = Annotated[str, Text(shortest=1, longest=64, pattern=r"[A-Za-z0-9._:-]+")]
AreaId = Annotated[str, Text(shortest=1, longest=40, pattern=AREA_PATTERN)]
OfficialCode = Annotated[str, Text(shortest=2, longest=13, pattern=CODE_PATTERN)]
Name = Annotated[str, Text(shortest=1, longest=160)]
Line = Annotated[str, Text(longest=300)]
Prose = Annotated[str, Text(longest=4000)]
Email = Annotated[str, Text(shortest=3, longest=254, format="email")]
Phone = Annotated[str, Text(shortest=6, longest=24, format="phone")]
Username = Annotated[str, Text(shortest=1, longest=254)]
Password = Annotated[str, Text(shortest=10, longest=200, secret=True)]
Secret = Annotated[str, Text(shortest=1, longest=4096, secret=True)]
Npsn = Annotated[str, Text(shortest=8, longest=8, pattern=NPSN_PATTERN)]
Date = Annotated[str, Text(shortest=10, longest=10, pattern=DATE_PATTERN, format="date")]
Instant = Annotated[str, Text(longest=30, format="date-time")]
Link = Annotated[str, Text(longest=500, format="uri")]
Latitude = Annotated[float, Number(least=-90, most=90)]
Longitude = Annotated[float, Number(least=-180, most=180)]
Level = Annotated[int, Number(least=0, most=4)]
Version = Annotated[int, Number(least=1, most=2**31)]
