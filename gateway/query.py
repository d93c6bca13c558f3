"""Query strings: only the parameters that an operation declares, each once, each checked."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import falcon.uri
import orjson
from falcon.asgi import Request

from chassis import clock
from contracts import common
from gateway.body import malformed
from gateway.problems import Problem
from gateway.views.change import Document, tokens
from gateway.views.store import Slice

LONGEST_QUERY = 4096
LONGEST_VALUE = 1024
MOST_WORDS = 8
TIME = r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+ -]\d{2}:\d{2}))?"
DAY_LENGTH = len("2026-11-21")


def time_of(text: str) -> str:
    """A day as it is, an instant in our spelling; a plus may have become a space on its way.

    What is stored is compared as text, so both must be spelled alike. Raises ValueError.
    """
    if len(text) > DAY_LENGTH:
        return clock.utc(text.replace(" ", "+"))
    return date.fromisoformat(text).isoformat()


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One query parameter: what it may look like and how it filters (`field`), if it does.

    With `days` the field holds days, and an instant stands for the day that it is written with.
    """

    name: str
    about: str
    pattern: str | None = None
    one_of: tuple[str, ...] = ()
    longest: int = 100
    field: str | None = None
    compare: str = "$eq"
    boolean: bool = False
    days: bool = False
    whole: tuple[int, int] | None = None
    default: Any = None
    required: bool = False

    def read(self, text: str) -> Any:
        """The value; raises Problem (400) naming the parameter."""
        if len(text) > self.longest or "\0" in text:
            raise malformed(f"{self.name} is too long or holds NUL")
        if self.pattern and not re.fullmatch(self.pattern, text):
            if self.name == "cursor":
                raise Problem(common.CURSOR)
            raise malformed(f"{self.name} does not look right")
        if self.pattern == TIME:
            return self._time(text)
        if self.one_of and text not in self.one_of:
            raise malformed(f"{self.name} is one of {', '.join(self.one_of)}")
        if self.boolean:
            return text == "true"
        return self._number(text) if self.whole else text

    def _time(self, text: str) -> str:
        try:
            found = time_of(text)
        except ValueError:
            raise malformed(f"{self.name} is no day or instant") from None
        return text[:DAY_LENGTH] if self.days else found

    def _number(self, text: str) -> int:
        assert self.whole is not None
        least, most = self.whole
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise malformed(f"{self.name} is a number from {least} to {most}")
        return int(text)


def flag(name: str, about: str, field: str | None = None) -> Parameter:
    """A parameter that is true or false."""
    return Parameter(name=name, about=about, one_of=("true", "false"), boolean=True, field=field)


def period(
    field: str, about: str, prefix: str = "", *, days: bool = False
) -> tuple[Parameter, Parameter]:
    """Two parameters: from an instant or day on, and before another."""
    which = "of an instant only its day counts" if days else "a day is one of UTC"
    since = Parameter(
        name=f"{prefix}from",
        about=f"{about} then or later; {which}.",
        pattern=TIME,
        field=field,
        compare="$gte",
        days=days,
    )
    until = Parameter(
        name=f"{prefix}to",
        about=f"{about} before; {which}.",
        pattern=TIME,
        field=field,
        compare="$lt",
        days=days,
    )
    return since, until


LIMIT = Parameter(name="limit", about="At most so many items.", whole=(1, 100), default=20)
CURSOR = Parameter(
    name="cursor",
    about="Where the page before ended: its `next`.",
    pattern=r"[A-Za-z0-9_-]+",
    longest=LONGEST_VALUE,
)


def read_query(req: Request, known: Mapping[str, Parameter]) -> dict[str, Any]:
    """The values of the known parameters; raises Problem (400) for anything else."""
    text = req.query_string
    if not text:
        given: dict[str, Any] = {}
    else:
        given = _given(text, known)
    missing = [p.name for p in known.values() if p.required and p.name not in given]
    if missing:
        raise malformed(f"{', '.join(missing)} is needed")
    return given


def _given(text: str, known: Mapping[str, Parameter]) -> dict[str, Any]:
    if len(text) > LONGEST_QUERY:
        raise malformed("the query is too long")
    parsed = falcon.uri.parse_query_string(text, keep_blank=True, csv=False)
    unknown = sorted(name[:40] for name in parsed if name not in known)
    if unknown:
        raise malformed(f"unknown parameters: {', '.join(unknown)[:200]}")
    given = {}
    for name, value in parsed.items():
        if not isinstance(value, str):
            raise malformed(f"{name} comes twice")
        given[name] = known[name].read(value)
    return given


def filters(given: Mapping[str, Any], known: Mapping[str, Parameter]) -> Document:
    """The MongoDB query that the given filters mean; values are only ever compared."""
    wanted: Document = {}
    for name, value in given.items():
        field = known[name].field
        if known[name].days:
            value = value[:DAY_LENGTH]  # a report's period may be of instants
        if field == "words":
            if value.strip():
                wanted["$and"] = _like_all(tokens(value)[:MOST_WORDS])
        elif field:
            wanted.setdefault(field, {})[known[name].compare] = value
    return wanted


def _like_all(found: list[str]) -> list[Document]:
    """Every word must be there; a text without any matches nothing."""
    return [{"words": word_like(token)} for token in found] or [{"words": {"$in": []}}]


def word_like(token: str) -> Document:
    """Numbers match whole, words by how they begin."""
    return {"$eq": token} if token.isdigit() else {"$regex": f"^{re.escape(token)}"}


def write_cursor(sort: str, value: str, id: str) -> str:
    """The place after an item, opaque to the client."""
    return encode_opaque([sort, value, id])


def read_cut(given: Mapping[str, Any], sorts: Mapping[str, str], default: str) -> Slice:
    """Order and place of a page; raises Problem (400) for a cursor that is not ours."""
    sort = given.get("sort", default)
    field, descending = sorts[sort.removeprefix("-")], sort.startswith("-")
    after = None
    if "cursor" in given:
        place = decode_opaque(given["cursor"])
        if not isinstance(place, list) or len(place) != 3 or place[0] != sort:
            raise Problem(common.CURSOR)
        if not all(isinstance(one, str) for one in place):
            raise Problem(common.CURSOR)
        after = (place[1], place[2])
    limit = given.get("limit", LIMIT.default)
    return Slice(field=field, descending=descending, after=after, limit=limit)


def encode_opaque(value: Any) -> str:
    """JSON as URL-safe text."""
    return urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


def decode_opaque(text: str) -> Any:
    """What `encode_opaque` wrote; raises Problem (400) for anything else."""
    try:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,2048}", text):
            raise ValueError(text)
        return orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, NotBase64):
        raise Problem(common.CURSOR) from None
