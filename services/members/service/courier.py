"""The courier: carries queued letters to the mail server, at least once each."""

import smtplib
from email.message import EmailMessage
from functools import partial
from typing import Any

from chassis.log import get_logger
from chassis.mail import connected, message
from chassis.settings import Settings
from services.members.handlers import codes, letters
from services.members.model.letter import Letter

log = get_logger()

TIMEOUT_SECONDS = 5.0
AWAY = (OSError, smtplib.SMTPException)
REFUSED = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    ValueError,
)


class Courier:
    """Answers code requests with letters and sends what is due."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.running = self.again = False

    def run(self, desk: Any) -> None:
        """Send until nothing is due; a second caller only makes the first look once more."""
        self.again = True
        if self.running:
            return
        self.running = True
        try:
            while self.again:
                self.again = False
                self._round(desk)
        finally:
            self.running = False

    def _round(self, desk: Any) -> None:
        asked = desk.sweep(codes.answer_code_requests)
        taken = desk.sweep(letters.take_letters)
        self.again = self.again or asked == codes.BATCH or len(taken) == letters.BATCH
        if taken:
            self._carry(desk, taken)

    def _carry(self, desk: Any, taken: list[Letter]) -> None:
        """One connection for a round; what fails is due again later."""
        try:
            with connected(self.settings.smtp_uri, TIMEOUT_SECONDS) as server:
                for letter in taken:
                    self._hand_over(desk, server, letter)
        except AWAY as error:
            log.warning("mail server away", letters=len(taken), error=told(error))

    def _hand_over(self, desk: Any, server: smtplib.SMTP, letter: Letter) -> None:
        try:
            server.send_message(written(letter, self.settings))
        except REFUSED as error:
            log.warning("letter refused", letter=letter.id, error=told(error))
            return
        desk.sweep(partial(letters.letter_sent, id=letter.id))


def told(error: Exception) -> str:
    """What kind of error it is: what servers say names who was written to."""
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()


def written(letter: Letter, settings: Settings) -> EmailMessage:
    """The letter as a message; the same letter always has the same Message-ID."""
    return message(
        letter.id,
        mail_from=settings.mail_from,
        to=address_of(letter.to, settings.phone_mail_domain),
        subject=letter.subject,
        written_at=letter.created_at,
        language=letter.language,
        text=letter.body,
    )


def address_of(contact: str, phone_mail_domain: str) -> str:
    """Where a letter to the contact goes: numbers by the region's mail-to-message gateway."""
    return contact if "@" in contact else f"{contact}@{phone_mail_domain}"
