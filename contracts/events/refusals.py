"""Why the events service says no."""

from contracts.refusal import RefusalCode

KIND_UNKNOWN = RefusalCode(
    code="events.kind_unknown",
    status=422,
    en="There is no such kind",
    id="Jenis ini tidak dikenal",
)
REQUEST_UNKNOWN = RefusalCode(
    code="events.request_unknown",
    status=404,
    en="There is no such request",
    id="Usulan tidak ditemukan",
)
REQUEST_STATE_FORBIDS = RefusalCode(
    code="events.request_state_forbids",
    status=409,
    en="The request's state does not allow this",
    id="Status usulan tidak mengizinkan ini",
)
EVENT_UNKNOWN = RefusalCode(
    code="events.event_unknown",
    status=404,
    en="There is no such event",
    id="Kegiatan tidak ditemukan",
)
EVENT_INVALID = RefusalCode(
    code="events.event_invalid",
    status=422,
    en="The event is not possible like this",
    id="Kegiatan tidak dapat dibuat seperti ini",
)
EVENT_STATE_FORBIDS = RefusalCode(
    code="events.event_state_forbids",
    status=409,
    en="The event's state does not allow this",
    id="Status kegiatan tidak mengizinkan ini",
)
AREA_INVALID = RefusalCode(
    code="events.area_invalid",
    status=422,
    en="The area is not one of this region",
    id="Wilayah bukan bagian region ini",
)
MEMBER_INVALID = RefusalCode(
    code="events.member_invalid",
    status=422,
    en="The member is not one of this region",
    id="Anggota bukan bagian region ini",
)
INSTITUTION_INVALID = RefusalCode(
    code="events.institution_invalid",
    status=422,
    en="The institution is not in the register",
    id="Lembaga tidak ada dalam daftar",
)
VENUE_UNKNOWN = RefusalCode(
    code="events.venue_unknown",
    status=404,
    en="There is no such place",
    id="Tempat tidak ditemukan",
)
VENUE_INVALID = RefusalCode(
    code="events.venue_invalid",
    status=422,
    en="The place is not in the register",
    id="Tempat tidak ada dalam daftar",
)
VENUE_TAKEN = RefusalCode(
    code="events.venue_taken",
    status=409,
    en="The place is in use at that time",
    id="Tempat sedang dipakai pada waktu itu",
)
HOST_UNCONFIRMED = RefusalCode(
    code="events.host_unconfirmed",
    status=409,
    en="The host has not agreed yet",
    id="Tuan rumah belum menyetujui",
)
SPEAKER_UNKNOWN = RefusalCode(
    code="events.speaker_unknown",
    status=404,
    en="There is no such speaker",
    id="Pemateri tidak ditemukan",
)
SPEAKER_TAKEN = RefusalCode(
    code="events.speaker_taken",
    status=409,
    en="This speaker was invited already",
    id="Pemateri ini sudah diundang",
)
SPEAKER_STATE_FORBIDS = RefusalCode(
    code="events.speaker_state_forbids",
    status=409,
    en="The speaker has answered already",
    id="Pemateri sudah menjawab",
)
SPEAKER_MISSING = RefusalCode(
    code="events.speaker_missing",
    status=422,
    en="No speaker has confirmed; give a reason to publish anyway",
    id="Belum ada pemateri yang memastikan; beri alasan untuk tetap mengumumkan",
)
COHOST_UNKNOWN = RefusalCode(
    code="events.cohost_unknown",
    status=404,
    en="This area was not asked to host",
    id="Wilayah ini tidak diminta menjadi tuan rumah bersama",
)
COHOST_TAKEN = RefusalCode(
    code="events.cohost_taken",
    status=409,
    en="This area hosts the event already",
    id="Wilayah ini sudah menjadi tuan rumah",
)
QUESTIONS_FROZEN = RefusalCode(
    code="events.questions_frozen",
    status=409,
    en="Somebody has answered; make a new version of the questions",
    id="Sudah ada jawaban; buat versi baru pertanyaan",
)
ANSWERS_INVALID = RefusalCode(
    code="events.answers_invalid",
    status=422,
    en="Some answers do not fit the questions",
    id="Beberapa jawaban tidak sesuai pertanyaan",
)
CAPACITY_BELOW = RefusalCode(
    code="events.capacity_below",
    status=409,
    en="More people have a seat than that",
    id="Peserta yang mendapat tempat lebih banyak dari itu",
)
FULL = RefusalCode(
    code="events.full",
    status=409,
    en="There is no seat and no place in line left",
    id="Tidak ada tempat maupun antrean tersisa",
)
REGISTRATION_CLOSED = RefusalCode(
    code="events.registration_closed",
    status=409,
    en="Registration is not open",
    id="Pendaftaran tidak dibuka",
)
ALREADY_REGISTERED = RefusalCode(
    code="events.already_registered",
    status=409,
    en="This person is registered already",
    id="Orang ini sudah terdaftar",
)
NETWORK_CONSENT_NEEDED = RefusalCode(
    code="events.network_consent_needed",
    status=409,
    en="Consent to sharing your data with other regions first (purpose network)",
    id="Setujui dahulu pembagian data Anda dengan region lain (tujuan network)",
)
REGISTRATION_UNKNOWN = RefusalCode(
    code="events.registration_unknown",
    status=404,
    en="There is no such registration",
    id="Pendaftaran tidak ditemukan",
)
REGISTRATION_STATE_FORBIDS = RefusalCode(
    code="events.registration_state_forbids",
    status=409,
    en="The registration's state does not allow this",
    id="Status pendaftaran tidak mengizinkan ini",
)
OFFER_LAPSED = RefusalCode(
    code="events.offer_lapsed",
    status=409,
    en="The offer has expired",
    id="Tawaran sudah kedaluwarsa",
)
REGISTRATION_INVALID = RefusalCode(
    code="events.registration_invalid",
    status=422,
    en="Say who registers: oneself, a member or a guest",
    id="Sebutkan siapa yang didaftarkan: diri sendiri, anggota, atau tamu",
)
CHECK_IN_INVALID = RefusalCode(
    code="events.check_in_invalid",
    status=422,
    en="Give exactly one of ticket, member, scans, walk-in or code",
    id="Berikan tepat satu: tiket, anggota, pindaian, tamu, atau kode",
)
CHECK_IN_CLOSED = RefusalCode(
    code="events.check_in_closed",
    status=409,
    en="Check-in is not open now",
    id="Presensi tidak sedang dibuka",
)
TICKET_INVALID = RefusalCode(
    code="events.ticket_invalid",
    status=422,
    en="The ticket is not genuine",
    id="Tiket tidak asli",
)
TICKET_OTHER_EVENT = RefusalCode(
    code="events.ticket_other_event",
    status=422,
    en="The ticket is for another event",
    id="Tiket untuk kegiatan lain",
)
TICKET_CANCELLED = RefusalCode(
    code="events.ticket_cancelled",
    status=409,
    en="The registration was cancelled",
    id="Pendaftaran sudah dibatalkan",
)
CODE_INVALID = RefusalCode(
    code="events.code_invalid",
    status=422,
    en="The code is not valid or no longer",
    id="Kode tidak sah atau sudah kedaluwarsa",
)
CONSENT_NEEDED = RefusalCode(
    code="events.consent_needed",
    status=422,
    en="The guest must consent to being listed",
    id="Tamu perlu menyetujui pencatatan",
)
MINUTES_MISSING = RefusalCode(
    code="events.minutes_missing",
    status=422,
    en="Write minutes, or say why there are none",
    id="Tulis notulen, atau beri alasan mengapa tidak ada",
)
FEEDBACK_CLOSED = RefusalCode(
    code="events.feedback_closed",
    status=409,
    en="Feedback is not open",
    id="Umpan balik tidak dibuka",
)
FEEDBACK_GIVEN = RefusalCode(
    code="events.feedback_given",
    status=409,
    en="You have answered already",
    id="Anda sudah menjawab",
)
FEEDBACK_UNKNOWN = RefusalCode(
    code="events.feedback_unknown",
    status=404,
    en="There is no such answer",
    id="Jawaban tidak ditemukan",
)
PROBLEM_TAKEN = RefusalCode(
    code="events.problem_taken",
    status=409,
    en="This problem is a topic already",
    id="Masalah ini sudah menjadi topik",
)
CERTIFICATE_UNKNOWN = RefusalCode(
    code="events.certificate_unknown",
    status=404,
    en="There is no such certificate",
    id="Sertifikat tidak ditemukan",
)
CERTIFICATE_STATE_FORBIDS = RefusalCode(
    code="events.certificate_state_forbids",
    status=409,
    en="The certificate was revoked already",
    id="Sertifikat sudah dicabut",
)
SERIES_UNKNOWN = RefusalCode(
    code="events.series_unknown",
    status=404,
    en="There is no such series",
    id="Rangkaian kegiatan tidak ditemukan",
)
SERIES_STATE_FORBIDS = RefusalCode(
    code="events.series_state_forbids",
    status=409,
    en="The series has ended",
    id="Rangkaian kegiatan sudah berakhir",
)
RULE_INVALID = RefusalCode(
    code="events.rule_invalid",
    status=422,
    en="The recurrence rule cannot be read",
    id="Aturan pengulangan tidak dapat dibaca",
)
EQUIPMENT_UNKNOWN = RefusalCode(
    code="events.equipment_unknown",
    status=404,
    en="There is no such equipment",
    id="Peralatan tidak ditemukan",
)
EQUIPMENT_INVALID = RefusalCode(
    code="events.equipment_invalid",
    status=422,
    en="The equipment is not possible like this",
    id="Peralatan tidak dapat dicatat seperti ini",
)
EQUIPMENT_TAKEN = RefusalCode(
    code="events.equipment_taken",
    status=409,
    en="It is reserved at that time",
    id="Peralatan sudah dipesan pada waktu itu",
)
RESERVATION_UNKNOWN = RefusalCode(
    code="events.reservation_unknown",
    status=404,
    en="There is no such reservation",
    id="Pemesanan tidak ditemukan",
)
RESERVATION_STATE_FORBIDS = RefusalCode(
    code="events.reservation_state_forbids",
    status=409,
    en="The reservation's state does not allow this",
    id="Status pemesanan tidak mengizinkan ini",
)
FEED_UNKNOWN = RefusalCode(
    code="events.feed_unknown",
    status=404,
    en="There is no such calendar",
    id="Kalender tidak ditemukan",
)
FEED_INVALID = RefusalCode(
    code="events.feed_invalid",
    status=422,
    en="Say which area the calendar is of",
    id="Sebutkan wilayah kalender",
)
ALL = tuple(value for value in list(globals().values()) if isinstance(value, RefusalCode))
