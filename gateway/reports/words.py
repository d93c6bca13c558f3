"""What numbers are called in a spreadsheet, in Indonesian and English; JSON has the codes."""

from collections.abc import Iterator, Mapping, Sequence

from gateway.reports.numbers import SMALLEST_GROUP, Number

TITLES = {
    "id": ("Bagian", "Wilayah", "Kelompok", "Nilai", "Satuan", "Daftar", "Bagian dari"),
    "en": ("Section", "Area", "Group", "Value", "Unit", "List", "Out of"),
}
FEW = {"id": f"kurang dari {SMALLEST_GROUP}", "en": f"fewer than {SMALLEST_GROUP}"}
WORDS: Mapping[str, tuple[str, str]] = {
    # sections
    "events": ("Kegiatan", "Events"),
    "attendance": ("Presensi per kegiatan", "Attendance by event"),
    "attendance_as_cohost": (
        "Presensi kegiatan sebagai tuan rumah bersama",
        "Attendance of events hosted too",
    ),
    "registrations": ("Pendaftaran", "Registrations"),
    "members": ("Anggota menurut latar belakang", "Members by background"),
    "competencies": ("Anggota menurut kompetensi", "Members by competency"),
    "cases": ("Kasus pendampingan", "Mentoring cases"),
    "open_cases_by_stage": ("Kasus terbuka menurut tahap", "Open cases by stage"),
    "open_cases_by_age": ("Kasus terbuka menurut umur", "Open cases by age"),
    "issues": ("Gangguan", "Issues"),
    "visits": ("Kunjungan", "Visits"),
    "follow_ups": ("Tindak lanjut", "Follow-ups"),
    "running_at_180": ("Masih berjalan setelah 180 hari", "Still running at 180 days"),
    "dormant_areas": ("Wilayah tanpa kegiatan", "Areas without activity"),
    # what groups are made by
    "state": ("Status", "State"),
    "stage": ("Tahap", "Stage"),
    "kind": ("Jenis", "Kind"),
    "education": ("Pendidikan", "Education"),
    "competency": ("Kompetensi", "Competency"),
    "level": ("Tingkat minimal", "At least level"),
    "code": ("Kode", "Code"),
    "day": ("Hari", "Day"),
    "days": ("Hari sejak permintaan", "Days since the request"),
    "outcome": ("Hasil", "Outcome"),
    "event": ("Judul", "Title"),
    "starts_at": ("Mulai", "Begins"),
    "idle_days": ("Hari tanpa kegiatan", "Days without activity"),
    # units
    "count": ("jumlah", "count"),
    "percent": ("persen", "percent"),
    # states of events, registrations, issues and follow-ups
    "draft": ("draf", "draft"),
    "published": ("diumumkan", "announced"),
    "cancelled": ("dibatalkan", "cancelled"),
    "confirmed": ("terdaftar", "confirmed"),
    "waiting": ("menunggu", "waiting"),
    "offered": ("ditawari", "offered"),
    "attended": ("hadir", "attended"),
    "no_show": ("tidak hadir", "no-show"),
    "open": ("terbuka", "open"),
    "solved": ("selesai", "solved"),
    "running": ("berjalan", "runs"),
    "withdrawn": ("ditarik", "withdrawn"),
    # states and stages of cases (domain.md §9)
    "requested": ("diminta", "requested"),
    "assessed": ("dinilai", "assessed"),
    "matched": ("ada pendamping", "matched"),
    "agreed": ("disepakati", "agreed"),
    "in_progress": ("berlangsung", "in progress"),
    "on_hold": ("ditunda", "on hold"),
    "ready_for_signoff": ("siap serah terima", "ready for sign-off"),
    "signed_off": ("diserahterimakan", "signed off"),
    "follow_up": ("tindak lanjut", "follow-up"),
    "closed": ("selesai", "closed"),
    "stopped": ("berhenti", "stopped"),
    "request": ("permintaan", "request"),
    "readiness": ("asesmen kesiapan", "readiness"),
    "agreement": ("kesepakatan", "agreement"),
    "infrastructure": ("infrastruktur", "infrastructure"),
    "installation": ("instalasi SLiMS", "SLiMS installation"),
    "collection_data": ("data koleksi", "collection data"),
    "members_labels": ("anggota dan label", "members and labels"),
    "staff_training": ("pelatihan petugas", "staff training"),
    "live_lending": ("layanan berjalan", "live lending"),
    "sign_off": ("serah terima", "sign-off"),
    # kinds of events
    "gathering": ("gathering", "gathering"),
    "workshop": ("lokakarya", "workshop"),
    "training": ("pelatihan", "training"),
    "lecture": ("kuliah", "lecture"),
    "clinic": ("klinik", "clinic"),
    "sinau_bareng": ("sinau bareng", "learning together"),
    "seminar": ("seminar", "seminar"),
    "discussion": ("diskusi", "discussion"),
    # backgrounds and competencies
    "library_degree": ("sarjana perpustakaan", "library degree"),
    "other_degree": ("sarjana lain", "other degree"),
    "secondary": ("sekolah menengah", "secondary school"),
    "other": ("lainnya", "other"),
    "untold": ("tidak disebut", "not told"),
    "LIB": ("pengelolaan perpustakaan", "library management"),
    "ICT": ("teknologi informasi", "information technology"),
    "COM": ("komunikasi", "communication"),
    "SOFT": ("kepribadian", "personality"),
    "SUP": ("ilmu pendukung", "supporting disciplines"),
}
FREE = ("event", "starts_at")  # groups whose values are not words of ours


def word(code: str, language: str) -> str:
    """A code in a language; what has no word stays as it is."""
    told = WORDS.get(code)
    return code if told is None else told[language == "en"]


def rows(numbers: Sequence[Number], language: str, url: str) -> Iterator[list[object]]:
    """The numbers as rows of a sheet; `url` is where this cell is found."""
    for one in numbers:
        yield [
            word(one.section, language),
            one.area,
            "; ".join(labelled(name, value, language) for name, value in one.group.items()),
            FEW[language] if one.hidden else one.value,
            word(one.unit, language),
            f"{url}{one.href}" if one.href else "",
            f"{url}{one.of}" if one.of else "",
        ]


def labelled(name: str, value: str, language: str) -> str:
    """One part of a group."""
    said = value if name in FREE else word(value, language)
    return f"{word(name, language)}: {said}"
