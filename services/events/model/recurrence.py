"""When something comes again: RFC 5545 rules, read where the event is, so local time stays."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from chassis import clock
from services.events.errors import RuleInvalid

STAMP = "%Y%m%dT%H%M%SZ"
DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
NUMBERED = rf"(?:[+-]?[1-5])?{DAY}"
DATE = r"-?(?:[1-9]|[12]\d|3[01])"
NUMBER = r"[1-9]\d{0,2}"
UNTIL = r"2\d{7}(?:T\d{6}Z?)?"
ANY = {"FREQ": "[A-Z]+", "INTERVAL": NUMBER, "COUNT": NUMBER, "UNTIL": UNTIL, "WKST": DAY}
# Only what comes true again and again: a rule that never does would be looked for until year 9999.
KNOWN: dict[str, dict[str, str]] = {
    "DAILY": ANY,
    "WEEKLY": {**ANY, "BYDAY": rf"{DAY}(?:,{DAY})*"},
    "MONTHLY": {**ANY, "BYDAY": rf"{NUMBERED}(?:,{NUMBERED})*", "BYSETPOS": "-?[1-4]"},
    "YEARLY": ANY,
}
BY_DATE = {**ANY, "BYMONTHDAY": rf"{DATE}(?:,{DATE})*"}


def parts_of(rule: str) -> dict[str, str]:
    """`FREQ=MONTHLY;BYDAY=4TH` by its names; raises RuleInvalid when it is none of ours."""
    named = dict(part.partition("=")[::2] for part in rule.split(";"))
    known = KNOWN.get(named.get("FREQ", ""))
    if known is None:
        raise RuleInvalid(f"FREQ is one of {', '.join(KNOWN)}", pointer="/rule")
    if named["FREQ"] == "MONTHLY" and "BYMONTHDAY" in named:
        known = BY_DATE
    for name, text in named.items():
        if name not in known or not re.fullmatch(known[name], text):
            raise RuleInvalid(f"{name}={text} cannot be used here", pointer="/rule")
    if "BYSETPOS" in named and re.search(r"\d", named.get("BYDAY", "1")):
        raise RuleInvalid("BYSETPOS counts days of the week without a number", pointer="/rule")
    return named


def occurrences(rule: str, first: str, timezone: str, after: str, most: int) -> list[str]:
    """At most `most` instants of the rule that come after an instant, at the same local time.

    The rule counts from `first`. Raises RuleInvalid.
    """
    found = (clock.instant(moment) for moment in _moments(rule, first, timezone))
    return list(islice((instant for instant in found if instant > after), most))


def continued(rule: str, made: int) -> str:
    """The rule for what remains of it after that many dates; only COUNT changes."""
    named = parts_of(rule)
    if "COUNT" in named:
        named["COUNT"] = str(max(1, int(named["COUNT"]) - made))
    return ";".join(f"{name}={value}" for name, value in named.items())


def moved_hours(other: str, before: str, after: str, timezone: str) -> str:
    """Another date's time, moved to the local time of day that one date's time moved to.

    Raises RuleInvalid when the one moved to another day: days follow the rule.
    """
    zone = ZoneInfo(timezone)
    old, new, moving = (clock.moment(text).astimezone(zone) for text in (before, after, other))
    if old.date() != new.date():
        detail = "the days of a series follow its rule; only the hour moves for several"
        raise RuleInvalid(detail, pointer="/starts_at")
    return clock.instant(datetime.combine(moving.date(), new.time(), tzinfo=zone))


def _moments(rule: str, first: str, timezone: str) -> Iterator[datetime]:
    start = clock.moment(first).astimezone(ZoneInfo(timezone))
    named = parts_of(rule)
    count = named.pop("COUNT", None)
    if "UNTIL" in named:
        named["UNTIL"] = _until(named["UNTIL"], start)
    text = ";".join(f"{name}={value}" for name, value in named.items())
    return islice(iter(rrulestr(text, dtstart=start)), int(count) if count else None)


def _until(text: str, start: datetime) -> str:
    """The last instant, in UTC as the rule needs it; a day ends where the event is."""
    try:
        named = text.removesuffix("Z") if "T" in text else f"{text}T235959"
        zone = UTC if text.endswith("Z") else start.tzinfo
        last = datetime.strptime(f"{named}Z", STAMP).replace(tzinfo=zone)
    except ValueError:
        raise RuleInvalid(f"UNTIL={text} is not a day or an instant", pointer="/rule") from None
    return last.astimezone(UTC).strftime(STAMP)
