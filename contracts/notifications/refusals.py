"""Why the notifications service says no."""

from contracts.refusal import RefusalCode

KIND_UNKNOWN = RefusalCode(
    code="notifications.kind_unknown",
    status=422,
    en="There is no such kind",
    id="Jenis ini tidak dikenal",
)
NOTICE_UNKNOWN = RefusalCode(
    code="notifications.notice_unknown",
    status=404,
    en="There is no such notification",
    id="Pemberitahuan tidak ditemukan",
)
DELIVERY_UNKNOWN = RefusalCode(
    code="notifications.delivery_unknown",
    status=404,
    en="There is no such delivery",
    id="Pengiriman tidak ditemukan",
)
DELIVERY_STATE_FORBIDS = RefusalCode(
    code="notifications.delivery_state_forbids",
    status=409,
    en="Only a failed or unknown delivery is sent again",
    id="Hanya pengiriman yang gagal atau tidak diketahui yang dapat dikirim ulang",
)
REQUEUE_UNCONFIRMED = RefusalCode(
    code="notifications.requeue_unconfirmed",
    status=422,
    en="It may have arrived already: confirm that it is sent again",
    id="Mungkin sudah sampai: pastikan akan dikirim ulang",
)
PREFERENCES_INVALID = RefusalCode(
    code="notifications.preferences_invalid",
    status=422,
    en="These preferences are not possible",
    id="Preferensi ini tidak dapat dipakai",
)
CATEGORY_ESSENTIAL = RefusalCode(
    code="notifications.category_essential",
    status=422,
    en="What you registered for cannot be switched off",
    id="Yang Anda ikuti tidak dapat dimatikan",
)
AUDIENCE_INVALID = RefusalCode(
    code="notifications.audience_invalid",
    status=422,
    en="Say exactly one audience: an area, a role or an event",
    id="Sebutkan tepat satu sasaran: wilayah, peran, atau kegiatan",
)
THROTTLED = RefusalCode(
    code="notifications.throttled",
    status=429,
    en="Too much was sent in a short time",
    id="Terlalu banyak yang dikirim dalam waktu singkat",
)
RECIPIENT_UNKNOWN = RefusalCode(
    code="notifications.recipient_unknown",
    status=404,
    en="There is no such member",
    id="Anggota tidak ditemukan",
)
CONTACT_UNWANTED = RefusalCode(
    code="notifications.contact_unwanted",
    status=409,
    en="The member does not want to be written to",
    id="Anggota ini tidak bersedia dihubungi",
)
ANNOUNCEMENT_UNKNOWN = RefusalCode(
    code="notifications.announcement_unknown",
    status=404,
    en="There is no such announcement",
    id="Pengumuman tidak ditemukan",
)
TEMPLATE_UNKNOWN = RefusalCode(
    code="notifications.template_unknown",
    status=404,
    en="There is no such template",
    id="Templat tidak ditemukan",
)
UNSUBSCRIBE_INVALID = RefusalCode(
    code="notifications.unsubscribe_invalid",
    status=404,
    en="This link is not one of ours",
    id="Tautan ini tidak dikenali",
)
CHANNEL_INVALID = RefusalCode(
    code="notifications.channel_invalid",
    status=422,
    en="The channel needs an address that fits",
    id="Saluran memerlukan alamat yang sesuai",
)
LINK_INVALID = RefusalCode(
    code="notifications.link_invalid",
    status=422,
    en="The code is not valid or no longer",
    id="Kode tidak sah atau sudah kedaluwarsa",
)
ALL = tuple(value for value in list(globals().values()) if isinstance(value, RefusalCode))
