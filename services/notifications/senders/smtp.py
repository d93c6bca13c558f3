"""E-mail: one connection for many messages, one recipient each (RFC 5321, 5322, 8058)."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from hashlib import sha256

from chassis.mail import connected, message
from services.notifications.model.outgoing import Parcel
from services.notifications.senders import Away, Doubtful, Refused, Rejected, Send

GONE = (OSError, smtplib.SMTPServerDisconnected)
TAKEN = 250
FORWARDED = 251
CLOSING = 421
PERMANENT = 500


class SmtpSender:
    """Hands messages to the region's mail server."""

    channel, group = "email", 10

    def __init__(self, uri: str, mail_from: str, *, seconds: float) -> None:
        self._uri, self._from, self._seconds = uri, mail_from, seconds

    @contextmanager
    def opened(self) -> Iterator[Send]:
        """A session with the server; raises Away."""
        try:
            server = connected(self._uri, self._seconds)
        except (OSError, smtplib.SMTPException) as error:
            raise Away(type(error).__name__) from error
        try:
            yield lambda parcel: self.send(server, parcel)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    def send(self, server: smtplib.SMTP, parcel: Parcel) -> str | None:
        """What the server said; after the last dot its silence leaves us in doubt."""
        content = written(parcel, self._from).as_bytes()
        try:
            server.ehlo_or_helo_if_needed()
            _must(server.mail(self._from))
            _must(server.rcpt(parcel.address))
        except GONE as error:
            raise Away(type(error).__name__) from error
        except (Rejected, Refused):
            _forget(server)
            raise
        try:
            answer = server.data(content)
        except smtplib.SMTPDataError as error:
            answer = (error.smtp_code, error.smtp_error)  # type: ignore[assignment]
        except GONE as error:
            raise Doubtful(type(error).__name__) from error
        _must(answer)
        return answer[1].decode(errors="replace")[:200]


def _must(answer: tuple[int, bytes]) -> None:
    code, said = answer
    if code in (TAKEN, FORWARDED):
        return
    told = f"{code} {said.decode(errors='replace')[:200]}"
    if code == CLOSING:
        raise Away(told)
    raise Rejected(told) if code >= PERMANENT else Refused(told)


def _forget(server: smtplib.SMTP) -> None:
    """The next message starts afresh."""
    with suppress(OSError, smtplib.SMTPException):
        server.rset()


def written(parcel: Parcel, mail_from: str) -> EmailMessage:
    """The message: the same parcel always has the same Message-ID."""
    made = message(
        sha256(parcel.id.encode()).hexdigest()[:32],
        mail_from=mail_from,
        to=parcel.address,
        subject=parcel.letter.subject,
        written_at=parcel.written_at,
        language=parcel.letter.language,
        text=parcel.letter.text,
        html=parcel.letter.html,
    )
    if parcel.unsubscribe:
        made["List-Unsubscribe"] = f"<{parcel.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return made
