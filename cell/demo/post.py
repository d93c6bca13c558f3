"""The mail that a cell received: who was written to, and the code inside."""

import email
import email.policy
import re
import time
from collections.abc import Iterator
from email.message import EmailMessage
from functools import cache
from itertools import takewhile
from pathlib import Path

from cell.demo.person import Broke

CODE = re.compile(r"^\s*(\d{6})\s*$", re.MULTILINE)
SECONDS = 15.0


def letters_in(box: Path, wanted: str = "") -> Iterator[EmailMessage]:
    """The messages to addresses that hold the wanted text, newest first."""
    for path in sorted(box.glob("*.eml"), reverse=True):
        if wanted in recipients(path):
            yield email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


@cache
def recipients(path: Path) -> str:
    """To whom a message went; a stored message never changes, and looking is done over and over."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return "".join(takewhile(lambda line: line.startswith("X-Envelope-"), file))


def letters_to(box: Path, contact: str) -> Iterator[EmailMessage]:
    """The messages to an e-mail address or a phone number, newest first."""
    wanted = contact if "@" in contact else re.sub(r"\D", "", contact).removeprefix("0")
    for letter in letters_in(box, wanted):
        if any(wanted in to for to in letter.get_all("X-Envelope-To", [])):
            yield letter


def code_for(box: Path, contact: str, besides: int = 0, seconds: float = SECONDS) -> str:
    """The newest code sent to a contact, once more than `besides` letters came; raises Broke."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        letters = list(letters_to(box, contact))
        for letter in letters[: len(letters) - besides]:
            if found := CODE.search(text_of(letter)):
                return found[1]
        time.sleep(0.05)
    raise Broke(f"no code for {contact} came within {seconds:g} s")


def text_of(letter: EmailMessage) -> str:
    """The plain text of a message."""
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""
