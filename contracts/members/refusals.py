"""Why the members service says no."""

from contracts.refusal import RefusalCode

AREA_UNKNOWN = RefusalCode(
    code="members.area_unknown",
    status=404,
    en="There is no such area",
    id="Wilayah tidak ditemukan",
)
AREA_TAKEN = RefusalCode(
    code="members.area_taken",
    status=409,
    en="An area with this id exists",
    id="Wilayah dengan kode ini sudah ada",
)
AREA_OVERLAPS = RefusalCode(
    code="members.area_overlaps",
    status=409,
    en="The codes belong to another area already",
    id="Kode sudah termasuk wilayah lain",
)
AREA_INVALID = RefusalCode(
    code="members.area_invalid",
    status=422,
    en="The area is not one of this region",
    id="Wilayah bukan bagian region ini",
)
INSTITUTION_UNKNOWN = RefusalCode(
    code="members.institution_unknown",
    status=404,
    en="There is no such institution",
    id="Lembaga tidak ditemukan",
)
INSTITUTION_INVALID = RefusalCode(
    code="members.institution_invalid",
    status=422,
    en="The institution is not in the register",
    id="Lembaga tidak ada dalam daftar",
)
NPSN_TAKEN = RefusalCode(
    code="members.npsn_taken",
    status=409,
    en="An institution with this NPSN exists",
    id="Lembaga dengan NPSN ini sudah ada",
)
MEMBER_UNKNOWN = RefusalCode(
    code="members.member_unknown",
    status=404,
    en="There is no such member",
    id="Anggota tidak ditemukan",
)
CONTACT_MISSING = RefusalCode(
    code="members.contact_missing",
    status=422,
    en="One phone number or e-mail is needed",
    id="Perlu satu nomor telepon atau surel",
)
CONTACT_TAKEN = RefusalCode(
    code="members.contact_taken",
    status=409,
    en="This phone number or e-mail is registered; sign in instead",
    id="Nomor telepon atau surel ini sudah terdaftar; silakan masuk",
)
EMAIL_INVALID = RefusalCode(
    code="members.email_invalid",
    status=422,
    en="This is not an e-mail address",
    id="Alamat surel tidak sah",
)
PHONE_INVALID = RefusalCode(
    code="members.phone_invalid",
    status=422,
    en="This is not a phone number",
    id="Nomor telepon tidak sah",
)
MEMBER_STATE = RefusalCode(
    code="members.member_state",
    status=409,
    en="The member's state does not allow this",
    id="Status anggota tidak mengizinkan ini",
)
APPOINTMENT_UNKNOWN = RefusalCode(
    code="members.appointment_unknown",
    status=404,
    en="There is no such appointment",
    id="Penugasan tidak ditemukan",
)
APPOINTMENT_STATE = RefusalCode(
    code="members.appointment_state",
    status=409,
    en="The appointment's state does not allow this",
    id="Status penugasan tidak mengizinkan ini",
)
APPOINTMENT_INVALID = RefusalCode(
    code="members.appointment_invalid",
    status=422,
    en="Role, area and term do not fit together",
    id="Peran, wilayah, dan masa tugas tidak cocok",
)
APPOINTMENT_TAKEN = RefusalCode(
    code="members.appointment_taken",
    status=409,
    en="The member has this role already",
    id="Anggota sudah memegang peran ini",
)
LAST_COORDINATOR = RefusalCode(
    code="members.last_coordinator",
    status=409,
    en="The region needs a coordinator; appoint a successor first",
    id="Region memerlukan koordinator; tunjuk penggantinya dahulu",
)
OWN_ENDORSEMENT = RefusalCode(
    code="members.own_endorsement",
    status=403,
    en="Nobody endorses himself",
    id="Tidak boleh mengesahkan diri sendiri",
)
INNOVATION_UNKNOWN = RefusalCode(
    code="members.innovation_unknown",
    status=404,
    en="There is no such innovation",
    id="Inovasi tidak ditemukan",
)
INNOVATION_STATE = RefusalCode(
    code="members.innovation_state",
    status=409,
    en="The innovation was withdrawn",
    id="Inovasi ini sudah ditarik",
)
AUTHOR_INVALID = RefusalCode(
    code="members.author_invalid",
    status=422,
    en="The author is not a member of this region",
    id="Penulis bukan anggota region ini",
)
AUTHOR_CONSENT_NEEDED = RefusalCode(
    code="members.author_consent_needed",
    status=409,
    en="All authors must consent to being named in other regions first (purpose network)",
    id="Semua penulis perlu setuju dahulu namanya dibagikan ke region lain (tujuan network)",
)
NOT_YOURS = RefusalCode(
    code="members.not_yours",
    status=403,
    en="This is not yours to do",
    id="Anda tidak berwenang melakukan ini",
)
CREDENTIALS = RefusalCode(
    code="auth.credentials",
    status=401,
    en="The sign-in data are not right",
    id="Data masuk tidak tepat",
)
TOKEN_SPENT = RefusalCode(
    code="auth.token_spent",
    status=401,
    en="The session is over, sign in again",
    id="Sesi telah berakhir, silakan masuk lagi",
)
TOO_MANY_ATTEMPTS = RefusalCode(
    code="auth.too_many_attempts",
    status=429,
    en="Too many attempts, wait a little",
    id="Terlalu banyak percobaan, tunggu sebentar",
)
GRANT_INVALID = RefusalCode(
    code="auth.grant_invalid",
    status=422,
    en="The fields do not fit the grant type",
    id="Isian tidak cocok dengan jenis izin",
)
KIND_UNKNOWN = RefusalCode(
    code="members.kind_unknown",
    status=404,
    en="This kind of aggregate is not known",
    id="Jenis data ini tidak dikenal",
)
REGION_FOUNDED = RefusalCode(
    code="members.region_founded",
    status=409,
    en="The region was founded with other data",
    id="Region sudah didirikan dengan data lain",
)
TYPE_NOT_CHOSEN = RefusalCode(
    code="members.type_not_chosen",
    status=422,
    en="People of this type were not asked for",
    id="Anggota jenis ini tidak diminta",
)
IMPORT_COLUMNS = RefusalCode(
    code="members.import_columns",
    status=422,
    en="The file lacks needed columns",
    id="Berkas tidak memiliki kolom yang diperlukan",
)

ALL = tuple(value for value in list(globals().values()) if isinstance(value, RefusalCode))
