"""A certificate on paper: A4 landscape, with its serial and a QR code of the verifying page."""

from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
MONTHS_ID = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
WORDS = {
    "id": {
        "title": "SERTIFIKAT",
        "given": "diberikan kepada",
        "for": "atas kehadirannya dalam",
        "on": "pada tanggal {day}",
        "hours": "setara {hours} jam pelajaran (JP)",
        "awards": "Kompetensi: {awards}",
        "serial": "Nomor {serial}. Periksa keasliannya di {link}",
        "revoked": "DICABUT",
    },
    "en": {
        "title": "CERTIFICATE",
        "given": "awarded to",
        "for": "for attending",
        "on": "on {day}",
        "hours": "worth {hours} training hours (JP)",
        "awards": "Competencies: {awards}",
        "serial": "Serial {serial}. Verify it at {link}",
        "revoked": "REVOKED",
    },
}


def render(certificate: Mapping[str, Any], link: str) -> bytes:
    """The PDF; the same certificate always gives the same bytes."""
    words = WORDS[certificate["language"]]
    page = FPDF(orientation="landscape", format="A4")
    page.set_creation_date(datetime.fromisoformat(certificate["issued_at"]))
    page.set_title(f"{words['title']} {certificate['id']}")
    page.set_lang(certificate["language"])
    page.add_font("text", "", FONTS / "DejaVuSans.ttf")
    page.add_page()
    page.rect(8, 8, 281, 194)
    for size, space, text in lines(certificate, words):
        page.set_font("text", size=size)
        page.multi_cell(0, size * 0.55, text, align="C", new_x="LMARGIN", new_y="NEXT")
        page.ln(space)
    page.image(qr(link), x=132, y=142, w=34)
    page.set_y(180)
    page.set_font("text", size=10)
    page.multi_cell(0, 5, words["serial"].format(serial=certificate["id"], link=link), align="C")
    return bytes(page.output())


def lines(certificate: Mapping[str, Any], words: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Size, space after it (mm) and text of each line."""
    title = words["revoked"] if certificate["state"] == "revoked" else words["title"]
    told = [
        (34, 8, title),
        (13, 3, words["given"]),
        (26, 6, certificate["name"] or "—"),
        (13, 3, words["for"]),
        (20, 4, certificate["title"]),
        (13, 3, words["on"].format(day=day(certificate["held_on"], certificate["language"]))),
    ]
    if certificate["hours"]:
        told.append((13, 3, words["hours"].format(hours=certificate["hours"])))
    if certificate["awards"]:
        awards = ", ".join(f"{one['area']} {one['level']}" for one in certificate["awards"])
        told.append((13, 3, words["awards"].format(awards=awards)))
    return told


def day(text: str, language: str) -> str:
    """`10 Desember 2026`, `10 December 2026`."""
    found = date.fromisoformat(text)
    month = MONTHS_ID[found.month - 1] if language == "id" else f"{found:%B}"
    return f"{found.day} {month} {found.year}"


def qr(link: str) -> BytesIO:
    """The link as a QR code, PNG."""
    image = BytesIO()
    segno.make(link, error="m").save(image, kind="png", scale=8, border=2)
    image.seek(0)
    return image
