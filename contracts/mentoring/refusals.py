"""Why the mentoring service says no."""

from contracts.refusal import RefusalCode

KIND_UNKNOWN = RefusalCode(
    code="mentoring.kind_unknown",
    status=422,
    en="There is no such kind",
    id="Jenis ini tidak dikenal",
)
MENTORSHIP_UNKNOWN = RefusalCode(
    code="mentoring.mentorship_unknown",
    status=404,
    en="There is no such case",
    id="Pendampingan tidak ditemukan",
)
MENTORSHIP_TAKEN = RefusalCode(
    code="mentoring.mentorship_taken",
    status=409,
    en="A case with this goal is open already",
    id="Pendampingan dengan tujuan ini sudah berjalan",
)
MENTORSHIP_STATE_FORBIDS = RefusalCode(
    code="mentoring.mentorship_state_forbids",
    status=409,
    en="The case's state does not allow this",
    id="Status pendampingan tidak mengizinkan ini",
)
PILOT_INVALID = RefusalCode(
    code="mentoring.pilot_invalid",
    status=422,
    en="There is no such case to follow",
    id="Pendampingan yang diikuti tidak ditemukan",
)
INSTITUTION_INVALID = RefusalCode(
    code="mentoring.institution_invalid",
    status=422,
    en="The institution is not in the register",
    id="Lembaga tidak ada dalam daftar",
)
TEMPLATE_UNKNOWN = RefusalCode(
    code="mentoring.template_unknown",
    status=422,
    en="There is no such version of the form",
    id="Versi formulir tidak ditemukan",
)
ANSWERS_INVALID = RefusalCode(
    code="mentoring.answers_invalid",
    status=422,
    en="Some answers do not fit the form",
    id="Beberapa jawaban tidak sesuai formulir",
)
NOT_READY = RefusalCode(
    code="mentoring.not_ready",
    status=409,
    en="The institution is not ready yet",
    id="Lembaga belum siap",
)
MENTOR_INVALID = RefusalCode(
    code="mentoring.mentor_invalid",
    status=422,
    en="This member is no mentor here",
    id="Anggota ini bukan pendamping di sini",
)
MENTOR_UNAVAILABLE = RefusalCode(
    code="mentoring.mentor_unavailable",
    status=409,
    en="The mentor is not available or has enough cases",
    id="Pendamping tidak tersedia atau sudah penuh",
)
OFFER_UNKNOWN = RefusalCode(
    code="mentoring.offer_unknown",
    status=404,
    en="There is no such offer",
    id="Tawaran tidak ditemukan",
)
OFFER_OPEN = RefusalCode(
    code="mentoring.offer_open",
    status=409,
    en="Another offer of this case is open",
    id="Masih ada tawaran lain yang terbuka",
)
OFFER_STATE_FORBIDS = RefusalCode(
    code="mentoring.offer_state_forbids",
    status=409,
    en="The offer's state does not allow this",
    id="Status tawaran tidak mengizinkan ini",
)
AGREEMENT_MISSING = RefusalCode(
    code="mentoring.agreement_missing",
    status=409,
    en="There is no agreement yet",
    id="Belum ada kesepakatan",
)
AGREEMENT_INVALID = RefusalCode(
    code="mentoring.agreement_invalid",
    status=422,
    en="The agreement needs goals, duties, visits and consent",
    id="Kesepakatan memerlukan tujuan, tugas, kunjungan, dan persetujuan",
)
VISIT_UNKNOWN = RefusalCode(
    code="mentoring.visit_unknown",
    status=404,
    en="There is no such visit",
    id="Kunjungan tidak ditemukan",
)
VISIT_INVALID = RefusalCode(
    code="mentoring.visit_invalid",
    status=422,
    en="The visit's times are not possible",
    id="Waktu kunjungan tidak mungkin",
)
PHOTO_INVALID = RefusalCode(
    code="mentoring.photo_invalid",
    status=422,
    en="The photo cannot be taken in",
    id="Foto tidak dapat diterima",
)
CHILD_ON_PHOTO = RefusalCode(
    code="mentoring.child_on_photo",
    status=422,
    en="Declare that no child can be recognised",
    id="Nyatakan bahwa tidak ada anak yang dapat dikenali",
)
ITEM_UNKNOWN = RefusalCode(
    code="mentoring.item_unknown",
    status=404,
    en="There is no such item",
    id="Butir tidak ditemukan",
)
ITEM_DONE = RefusalCode(
    code="mentoring.item_done",
    status=409,
    en="The item is proven already",
    id="Butir sudah dibuktikan",
)
EVIDENCE_INVALID = RefusalCode(
    code="mentoring.evidence_invalid",
    status=422,
    en="The evidence is not of the kind that the item asks for",
    id="Bukti tidak sesuai jenis yang diminta",
)
STAGE_OPEN = RefusalCode(
    code="mentoring.stage_open",
    status=409,
    en="Something mandatory is open in this stage",
    id="Masih ada butir wajib yang terbuka di tahap ini",
)
ISSUE_UNKNOWN = RefusalCode(
    code="mentoring.issue_unknown",
    status=404,
    en="There is no such issue",
    id="Kendala tidak ditemukan",
)
ISSUE_STATE_FORBIDS = RefusalCode(
    code="mentoring.issue_state_forbids",
    status=409,
    en="The issue is solved, or as high as it goes",
    id="Kendala sudah selesai atau sudah di tingkat tertinggi",
)
ACCEPTANCE_MISSING = RefusalCode(
    code="mentoring.acceptance_missing",
    status=409,
    en="The facts that prove a running library are not there",
    id="Fakta bahwa perpustakaan berjalan belum ada",
)
PARTY_INVALID = RefusalCode(
    code="mentoring.party_invalid",
    status=403,
    en="This is for somebody else to say",
    id="Ini bukan wewenang Anda untuk menyatakan",
)
FOLLOW_UP_UNKNOWN = RefusalCode(
    code="mentoring.follow_up_unknown",
    status=404,
    en="There is no such follow-up",
    id="Tindak lanjut tidak ditemukan",
)
FOLLOW_UP_DONE = RefusalCode(
    code="mentoring.follow_up_done",
    status=409,
    en="This follow-up was answered already",
    id="Tindak lanjut sudah dijawab",
)
FOLLOW_UP_EARLY = RefusalCode(
    code="mentoring.follow_up_early",
    status=409,
    en="It is too early to say that it still runs",
    id="Belum waktunya menyatakan masih berjalan",
)
ASSIGNMENT_UNKNOWN = RefusalCode(
    code="mentoring.assignment_unknown",
    status=404,
    en="There is no such assignment",
    id="Penugasan tidak ditemukan",
)
ASSIGNMENT_STATE_FORBIDS = RefusalCode(
    code="mentoring.assignment_state_forbids",
    status=409,
    en="The assignment was confirmed already, or is too old",
    id="Penugasan sudah disetujui atau sudah usang",
)
ALL = tuple(value for value in list(globals().values()) if isinstance(value, RefusalCode))
