"""Values to preview a template with."""

from typing import Any

SAMPLE: dict[str, Any] = {
    "event": {
        "title": "Lokakarya barcode",
        "starts_at": "2026-12-10T02:00:00.000Z",
        "ends_at": "2026-12-10T05:00:00.000Z",
        "timezone": "Asia/Jakarta",
        "place": "Perpustakaan SMAN 4 Kota Kediri",
        "reason": "Aula dipakai ujian",
    },
    "before": {
        "starts_at": "2026-12-03T02:00:00.000Z",
        "ends_at": "2026-12-03T05:00:00.000Z",
        "timezone": "Asia/Jakarta",
        "place": "Aula Dinas",
    },
    "reconfirm": True,
    "registration": {
        "position": 3,
        "offer_expires_at": "2026-12-09T02:00:00.000Z",
        "reason": "Berhalangan",
        "refused": {"id": "Pendaftaran tidak dibuka", "en": "Registration is not open"},
        "guest": False,
    },
    "certificate": {
        "serial": "JJR-2026-7K3F9QXA",
        "title": "Lokakarya barcode",
        "held_on": "2026-12-10",
        "hours": 4,
        "reason": "Salah nama",
    },
    "request": {
        "topic": "Mencetak barcode",
        "reason": "Sudah ada lokakarya bulan depan",
        "backers": 6,
        "asked_at": "2026-11-20T02:00:00.000Z",
    },
    "speaker": {"subject": "Mencetak barcode dari SLiMS", "answer_by": "2026-12-01", "days": 3},
    "answer": {
        "state": "confirmed",
        "name": "Siti Rahayu",
        "subject": "Mencetak barcode dari SLiMS",
        "note": "Aula dapat dipakai",
        "area": "Kabupaten Kediri",
    },
    "equipment": {"name": "Printer label", "due_at": "2026-12-10T06:00:00.000Z"},
    "timezone": "Asia/Jakarta",
    "member": {"name": "Budi Santoso", "reason": "Permintaan sendiri"},
    "appointment": {
        "role": "area_coordinator",
        "area": "Kota Kediri",
        "starts_on": "2027-01-01",
        "ends_on": "2028-12-31",
    },
    "area": {
        "name": "Kota Kediri",
        "cases": [{"institution": "SMAN 4 Kota Kediri", "goal": "Otomasi sirkulasi"}],
        "more": 2,
    },
    "case": {
        "institution": "SMAN 4 Kota Kediri",
        "goal": "Otomasi sirkulasi",
        "reason": "Ujian sekolah",
        "team": "Ayu Lestari, Eko Prasetyo",
        "stage": "installation",
        "progress": 40,
    },
    "readiness": {"verdict": "not_ready", "score": 48, "before": 35, "conditions": 3},
    "planned_at": "2026-12-10T02:00:00.000Z",
    "visit": {"started_at": "2026-12-10T02:00:00.000Z", "next_steps": "Impor data koleksi"},
    "vote": {"party": "head", "agrees": False, "comment": "Pencadangan gagal", "disputed": True},
    "offer": {
        "expires_at": "2026-12-13T02:00:00.000Z",
        "question": "Berapa komputer tersedia?",
        "reason": "Jadwal penuh",
        "to": "Ayu Lestari",
    },
    "issue": {
        "code": "SESSION_DIR",
        "description": "Login berulang",
        "level": "area",
        "remedy": "Folder sesi dapat ditulis",
        "note": "Lewat telepon",
    },
    "follow_up": {"day": 90, "note": "Peminjaman berjalan"},
    "announcement": {
        "title": "Pindah grup",
        "body": "Grup WhatsApp kita pindah.",
        "sender": "Koordinator Kota Kediri",
    },
}
