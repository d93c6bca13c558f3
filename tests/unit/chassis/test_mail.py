"""A mail server is named by a URI; every letter says who sent it and that a machine did."""

from functools import partial

import pytest

from chassis import mail

LETTER = {
    "mail_from": "jejaring@kediri.example",
    "to": "ayu@sekolah.id",
    "subject": "Kode masuk ✿",
    "written_at": "2026-11-21T02:00:00.123Z",
    "language": "id",
    "text": "Halo Ayu ᬅ\n",
}


class Wire:
    """Stands for smtplib's connections and remembers what was asked of it."""

    def __init__(self, name, log, host, port, timeout):
        log.append((name, host, port, timeout))
        self.log = log

    def starttls(self):
        self.log.append("starttls")

    def login(self, user, password):
        self.log.append((user, password))


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("smtp://127.0.0.1:2525", [("SMTP", "127.0.0.1", 2525, 5.0)]),
        ("smtp://", [("SMTP", "127.0.0.1", 25, 5.0)]),
        ("smtp://u:p%40@mail.id", [("SMTP", "mail.id", 25, 5.0), "starttls", ("u", "p@")]),
        ("smtps://u@mail.id", [("SMTP_SSL", "mail.id", 465, 5.0), ("u", "")]),
    ],
)
def test_the_uri_says_how_to_connect(monkeypatch, uri, said):
    log = []
    for name in ("SMTP", "SMTP_SSL"):
        monkeypatch.setattr(mail.smtplib, name, partial(Wire, name, log))

    mail.connected(uri, 5.0)

    assert log == said


def test_a_letter_says_what_it_is():
    made = mail.message("l1", **LETTER)

    assert (made["To"], made["Message-ID"]) == ("ayu@sekolah.id", "<l1@kediri.example>")
    assert made["From"] == "Jejaring <jejaring@kediri.example>"
    assert (made["Auto-Submitted"], made["Content-Language"]) == ("auto-generated", "id")
    assert (made["Subject"], made["Date"]) == ("Kode masuk ✿", "Sat, 21 Nov 2026 02:00:00 +0000")
    assert (made.get_content_type(), made.get_content()) == ("text/plain", "Halo Ayu ᬅ\n")
    assert made.as_bytes().isascii(), "any server takes it"


def test_a_letter_with_html_has_both():
    made = mail.message("l1", **LETTER, html="<p>Halo</p>")

    parts = [part.get_content_type() for part in made.iter_parts()]
    assert parts == ["text/plain", "text/html"]
    assert made["Content-Language"] == "id"
