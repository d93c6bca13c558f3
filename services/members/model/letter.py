"""Letters: short plain messages to one contact, in the member's language."""

from dataclasses import dataclass, replace

from chassis import clock
from services.members.model.code import LIVES_SECONDS

FIRST_WAIT_SECONDS = 10
LONGEST_WAIT_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message that waits for the mail server; not sent once `valid_until` is past."""

    id: str
    to: str
    subject: str
    body: str
    language: str
    kind: str
    created_at: str
    valid_until: str
    due_at: str
    attempts: int = 0

    def taken(self, now: str) -> "Letter":
        """The letter while somebody tries to send it; due again later if he fails or dies."""
        wait = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**self.attempts)
        return replace(self, attempts=self.attempts + 1, due_at=clock.later(now, wait))


CODE_TEXTS = {
    "id": (
        "Kode masuk Jejaring",
        (
            "Halo {name},\n\nKode sekali pakai Anda:\n\n{digits}\n\n"
            "Kode berlaku {minutes} menit dan hanya untuk Anda. Jangan berikan kepada siapa pun.\n"
            "Jika Anda tidak memintanya, abaikan pesan ini.\n"
        ),
    ),
    "en": (
        "Your Jejaring sign-in code",
        (
            "Hello {name},\n\nYour one-time code:\n\n{digits}\n\n"
            "It works for {minutes} minutes and only for you. Do not give it to anybody.\n"
            "If you did not ask for it, ignore this message.\n"
        ),
    ),
}


def code_letter(id: str, to: str, name: str, digits: str, language: str, now: str) -> Letter:
    """The letter with a code, the six digits alone on a line."""
    subject, body = CODE_TEXTS[language]
    line = " ".join(name.split())
    return Letter(
        id=id,
        to=to,
        subject=subject,
        body=body.format(name=line, digits=digits, minutes=LIVES_SECONDS // 60),
        language=language,
        kind="code",
        created_at=now,
        valid_until=clock.later(now, LIVES_SECONDS),
        due_at=now,
    )
