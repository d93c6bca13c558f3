"""The columns of lists about mentoring and events, as a coordinator's spreadsheet has them."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from gateway.listing import Column

Item = Mapping[str, Any]


def at(path: str) -> Callable[[Item], Any]:
    """The value at a dotted path; nothing where a part of it is nothing."""
    names = path.split(".")

    def value(item: Item) -> Any:
        return reduce(lambda inner, name: None if inner is None else inner[name], names, item)

    return value


def named(path: str, id: str, en: str) -> Column:
    """A column that holds what stands at a path."""
    return Column(id=id, en=en, of=at(path))


def minutes(issue: Item) -> int:
    """Of remote help, over all hops."""
    return sum(hop["minutes"] for hop in issue["hops"])


def notes(visit: Item) -> list[str]:
    """Those that the reader may read."""
    return [note["text"] for note in visit["notes"]]


def contact(registration: Item) -> str | None:
    """Of a guest; a member's is not for lists."""
    guest = registration.get("guest") or {}
    return guest.get("phone") or guest.get("email")


def answers(registration: Item) -> list[str]:
    """To the event's questions, by their ids; yes is 1 and no is 0 as everywhere in a sheet."""
    given = registration["answers"] or {}
    return [f"{question}: {_plain(said)}" for question, said in given.items()]


def _plain(said: str | float) -> str | float:
    """Text as it is; a whole number with all of its digits (a phone's, an NIP)."""
    return int(said) if not isinstance(said, str) and said == int(said) else said


ID = named("id", "ID", "ID")
CASE_ID = named("mentorship_id", "ID kasus", "Case ID")
AREA = named("area", "Wilayah", "Area")
STATE = named("state", "Status", "State")
CREATED = named("created_at", "Dibuat", "Created")
CHANGED = named("updated_at", "Diubah", "Changed")

CASES = (
    ID,
    named("institution_name", "Lembaga", "Institution"),
    AREA,
    named("goal", "Tujuan", "Goal"),
    STATE,
    named("stage", "Tahap", "Stage"),
    named("progress", "Kemajuan (%)", "Progress (%)"),
    named("readiness.verdict", "Kesiapan", "Readiness"),
    named("readiness.score", "Skor kesiapan", "Readiness score"),
    named("problem", "Masalah", "Problem"),
    named("present_system", "Sistem sekarang", "Present system"),
    named("contact.name", "Kontak", "Contact"),
    named("contact.phone", "Telepon kontak", "Contact phone"),
    named("mentor_id", "ID pendamping", "Mentor ID"),
    named("partner_id", "ID pendamping kedua", "Second mentor ID"),
    named("state_reason", "Alasan", "Reason"),
    named("signed_off_at", "Serah terima", "Signed off"),
    named("reopened", "Dibuka kembali", "Reopened"),
    CREATED,
    CHANGED,
)
VISITS = (
    ID,
    CASE_ID,
    AREA,
    named("started_at", "Mulai", "Began"),
    named("ended_at", "Selesai", "Ended"),
    named("people", "Yang ditemui", "People met"),
    named("work", "Pekerjaan", "Work"),
    named("problems", "Masalah", "Problems"),
    named("next_steps", "Langkah berikut", "Next steps"),
    Column(id="Catatan", en="Notes", of=notes),
    Column(id="Jumlah foto", en="Photos", of=lambda visit: len(visit["photos"])),
    named("logged_by", "ID pencatat", "Written by (ID)"),
)
ISSUES = (
    ID,
    CASE_ID,
    AREA,
    named("code", "Kode", "Code"),
    named("description", "Uraian", "Description"),
    STATE,
    named("level", "Tingkat", "Level"),
    Column(id="Perpindahan", en="Hops", of=lambda issue: len(issue["hops"])),
    Column(id="Menit bantuan jarak jauh", en="Minutes of remote help", of=minutes),
    named("remedy", "Penyelesaian", "Remedy"),
    named("solved_at", "Selesai", "Solved"),
    CREATED,
    CHANGED,
)
FOLLOW_UPS = (
    ID,
    CASE_ID,
    AREA,
    named("day", "Hari", "Day"),
    named("due_on", "Tanggal", "Due"),
    STATE,
    named("running", "Masih berjalan", "Still runs"),
    named("note", "Catatan", "Note"),
    CHANGED,
)
REGISTRATIONS = (
    ID,
    named("event_id", "ID kegiatan", "Event ID"),
    named("name", "Nama", "Name"),
    STATE,
    named("position", "Urutan tunggu", "Place in line"),
    named("needs_reconfirm", "Perlu konfirmasi ulang", "To reconfirm"),
    Column(id="Jawaban", en="Answers", of=answers),
    Column(id="Kontak tamu", en="Guest's contact", of=contact),
    named("member_id", "ID anggota", "Member ID"),
    named("registered_by", "ID pendaftar", "Registered by (ID)"),
    named("attended_at", "Hadir", "Attended"),
    Column(id="Cara presensi", en="Checked in by", of=lambda one: one.get("checked_in")),
    named("cancelled_reason", "Alasan batal", "Reason of cancelling"),
    CREATED,
    CHANGED,
)
FEEDBACK = (
    named("event_id", "ID kegiatan", "Event ID"),
    named("score", "Nilai", "Score"),
    named("liked", "Yang baik", "Liked"),
    named("better", "Yang perlu lebih baik", "To be better"),
    Column(id="Masalah", en="Problems", of=lambda told: [one["text"] for one in told["problems"]]),
)
