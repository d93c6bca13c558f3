"""Refusals that any service or the gateway may give."""

from contracts.refusal import RefusalCode

MALFORMED = RefusalCode(
    code="request.malformed",
    status=400,
    en="The request cannot be read",
    id="Permintaan tidak dapat dibaca",
)
INVALID = RefusalCode(
    code="request.invalid",
    status=422,
    en="Some values are not valid",
    id="Beberapa isian tidak sah",
)
NOT_SIGNED_IN = RefusalCode(
    code="auth.required", status=401, en="Sign in first", id="Silakan masuk terlebih dahulu"
)
TOKEN_INVALID = RefusalCode(
    code="auth.invalid_token",
    status=401,
    en="The access token is not valid",
    id="Token akses tidak sah",
)
FORBIDDEN = RefusalCode(
    code="auth.forbidden",
    status=403,
    en="This is not yours to do",
    id="Anda tidak berwenang melakukan ini",
)
NOT_FOUND = RefusalCode(
    code="request.not_found", status=404, en="There is nothing here", id="Tidak ada apa pun di sini"
)
METHOD = RefusalCode(
    code="request.method_not_allowed",
    status=405,
    en="This method is not offered here",
    id="Metode ini tidak tersedia di sini",
)
NOT_ACCEPTABLE = RefusalCode(
    code="request.not_acceptable",
    status=406,
    en="This format is not offered",
    id="Format ini tidak tersedia",
)
STALE = RefusalCode(
    code="request.stale",
    status=412,
    en="It changed since you read it",
    id="Data telah berubah sejak Anda membacanya",
)
TOO_LARGE = RefusalCode(
    code="request.too_large",
    status=413,
    en="The body is too large",
    id="Isi permintaan terlalu besar",
)
MEDIA_TYPE = RefusalCode(
    code="request.media_type",
    status=415,
    en="This content type is not understood",
    id="Jenis isi ini tidak dikenali",
)
TOO_MANY = RefusalCode(
    code="request.too_many",
    status=429,
    en="Too many requests, slow down",
    id="Terlalu banyak permintaan, pelan-pelan",
)
CURSOR = RefusalCode(
    code="request.cursor",
    status=400,
    en="The cursor is not one of ours",
    id="Kursor tidak dikenali",
)
KEY_MALFORMED = RefusalCode(
    code="idempotency.malformed",
    status=400,
    en="The idempotency key is not usable",
    id="Kunci idempotensi tidak dapat dipakai",
)
KEY_MISMATCH = RefusalCode(
    code="idempotency.mismatch",
    status=422,
    en="This key was used with another request",
    id="Kunci ini sudah dipakai untuk permintaan lain",
)
KEY_RUNNING = RefusalCode(
    code="idempotency.in_progress",
    status=409,
    en="The first request with this key is still running",
    id="Permintaan pertama dengan kunci ini masih berjalan",
)
KEY_FORGOTTEN = RefusalCode(
    code="idempotency.forgotten",
    status=410,
    en="This was done; its answer was erased with the person it named",
    id="Permintaan ini sudah dijalankan; jawabannya dihapus bersama data orang yang disebutnya",
)
BUSY = RefusalCode(
    code="service.busy", status=503, en="Too busy, try again", id="Sedang sibuk, silakan coba lagi"
)
UNAVAILABLE = RefusalCode(
    code="service.unavailable",
    status=503,
    en="Temporarily not available, try again",
    id="Sementara tidak tersedia, silakan coba lagi",
)
INTERNAL = RefusalCode(
    code="service.error",
    status=500,
    en="Something went wrong on our side",
    id="Terjadi kesalahan pada sistem kami",
)

ALL = tuple(value for value in list(globals().values()) if isinstance(value, RefusalCode))
