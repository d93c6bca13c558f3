"""Why the federation service says no."""

from contracts.refusal import RefusalCode

KIND_UNKNOWN = RefusalCode(
    code="federation.kind_unknown",
    status=422,
    en="There is no such kind",
    id="Jenis ini tidak dikenal",
)
PEER_UNKNOWN = RefusalCode(
    code="federation.peer_unknown",
    status=404,
    en="There is no such peer",
    id="Region mitra tidak ditemukan",
)
PEER_KNOWN = RefusalCode(
    code="federation.peer_known",
    status=409,
    en="This region is known already; block it to enter another key",
    id="Region ini sudah tercatat; blokir dahulu untuk mengganti kunci",
)
PEER_INVALID = RefusalCode(
    code="federation.peer_invalid",
    status=422,
    en="This cannot be a peer",
    id="Ini tidak dapat menjadi region mitra",
)
PEER_STATE_FORBIDS = RefusalCode(
    code="federation.peer_state_forbids",
    status=409,
    en="The peer's state does not allow this",
    id="Status region mitra tidak mengizinkan ini",
)
ITEM_UNKNOWN = RefusalCode(
    code="federation.item_unknown",
    status=404,
    en="Nothing of another region is known by this id",
    id="Tidak ada kegiatan region lain dengan id ini",
)
ALL = tuple(value for value in list(globals().values()) if isinstance(value, RefusalCode))
