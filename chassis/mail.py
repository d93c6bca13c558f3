"""E-mail: a connection to the server, and the headers that every letter has (RFC 5322)."""

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr
from urllib.parse import unquote, urlsplit

from chassis import clock

POLICY = SMTP.clone(max_line_length=998)  # an address in a header is never cut
SENDER_NAME = "Jejaring"


def connected(uri: str, seconds: float) -> smtplib.SMTP:
    """A connection to `smtp://` or `smtps://`, signed in when the URI names a user."""
    parts = urlsplit(uri)
    host = parts.hostname or "127.0.0.1"
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=seconds)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=seconds)
    if parts.username:
        if parts.scheme != "smtps":
            server.starttls()
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def message(
    name: str,
    *,
    mail_from: str,
    to: str,
    subject: str,
    written_at: str,
    language: str,
    text: str,
    html: str | None = None,
) -> EmailMessage:
    """A letter to one person; under the same `name` (RFC 5322 atom) it has the same Message-ID."""
    made = EmailMessage(policy=POLICY)
    made["From"] = formataddr((SENDER_NAME, mail_from))
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = clock.moment(written_at)
    made["Message-ID"] = f"<{name}@{mail_from.partition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text, cte="quoted-printable")
    if html is not None:
        made.add_alternative(html, subtype="html", cte="quoted-printable")
    made["Content-Language"] = language  # setting the content drops such
    return made
