"""The phrase book: what services and gateway say of a case in English, said in Indonesian.

Refusals cross the wire with a detail in English. `phrases.json` has each of them, with `{}` for
what is only known then: where a phrase has few words of its own, one word or a list of words, so
that it takes nothing for its own that is not. `{*}` is any text. What the book lacks is left out
in Indonesian, for half a sentence in each language helps nobody.
"""

import json
import re
from functools import lru_cache
from pathlib import Path

BOOK: dict[str, str] = json.loads((Path(__file__).parent / "phrases.json").read_text("utf-8"))
SLOT = re.compile(r"(\{\*?\})")
ANYTHING, LISTED = "(.+)", r"([^\s,]+(?:, [^\s,]+)*)"
FEW_LETTERS = 13
LONGEST = 500  # more is a text that somebody sent: a pattern may take long over it


def own_letters(phrase: str) -> int:
    """How much of a phrase is its own."""
    return len(SLOT.sub("", phrase))


def pattern(phrase: str) -> re.Pattern[str]:
    """What finds the phrase, with a group for each slot."""
    narrow = LISTED if own_letters(phrase) <= FEW_LETTERS else ANYTHING
    slots = {"{}": narrow, "{*}": ANYTHING}
    parts = (slots.get(part) or re.escape(part) for part in SLOT.split(phrase))
    return re.compile("".join(parts), re.DOTALL)


# The wordiest first: "there is no case {}" before "{} is {}".
PATTERNS = [
    (pattern(phrase), SLOT.sub("{}", BOOK[phrase]))
    for phrase in sorted(BOOK, key=own_letters, reverse=True)
    if SLOT.search(phrase)
]


def in_indonesian(text: str) -> str | None:
    """The text in Indonesian; None when the book does not have it."""
    if len(text) > LONGEST:
        return None
    return BOOK[text] if text in BOOK else filled_in(text)


@lru_cache(maxsize=1024)
def filled_in(text: str) -> str | None:
    """The phrase in Indonesian that the text is one case of; None when there is none."""
    for one, said in PATTERNS:
        if found := one.fullmatch(text):
            return said.format(*found.groups())
    return None
