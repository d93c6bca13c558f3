"""Indonesian or English, and what is wrong with a value in both."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

LANGUAGES = ("id", "en")
DEFAULT = "id"

MESSAGES = {
    "required": {"en": "This is needed.", "id": "Isian ini wajib diisi."},
    "unknown": {"en": "This field is not known.", "id": "Isian ini tidak dikenal."},
    "null": {"en": "null is not allowed.", "id": "Nilai null tidak diizinkan."},
    "type": {"en": "The type is not right.", "id": "Jenis nilainya tidak tepat."},
    "length": {"en": "The length is not right.", "id": "Panjangnya tidak sesuai."},
    "range": {"en": "The number is out of range.", "id": "Angkanya di luar batas."},
    "choice": {"en": "Not one of the choices.", "id": "Bukan salah satu pilihan."},
    "pattern": {"en": "The form is not right.", "id": "Bentuknya tidak sesuai."},
    "blank": {"en": "Blank text is not enough.", "id": "Teks tidak boleh kosong."},
    "characters": {
        "en": "Control characters are not allowed.",
        "id": "Karakter kendali tidak diizinkan.",
    },
    "date": {"en": "Not a day of the calendar.", "id": "Bukan tanggal yang ada."},
}
BEGINNINGS = (
    ("Missing data", "required"),
    ("Unknown field", "unknown"),
    ("Field may not be null", "null"),
    ("Shorter than", "length"),
    ("Longer than", "length"),
    ("Length must", "length"),
    ("Must be greater", "range"),
    ("Must be less", "range"),
    ("Must be one of", "choice"),
    ("String does not match", "pattern"),
    ("Blank text", "blank"),
    ("Control characters", "characters"),
    ("Not a day", "date"),
)


@lru_cache(maxsize=256)
def language_of(accepted: str | None) -> str:
    """The best of our languages for an Accept-Language header; Indonesian when in doubt."""
    best, weight = DEFAULT, 0.0
    for part in (accepted or "").split(","):
        tag, _, quality = part.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        value = _quality(quality)
        if language in LANGUAGES and value > weight:
            best, weight = language, value
    return best


def _quality(text: str) -> float:
    """The q of `;q=0.8`; 1 when it is missing, 0 when it is nonsense."""
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def field_errors(messages: Mapping[Any, Any], pointer: str = "") -> list[dict[str, Any]]:
    """marshmallow's nested messages as {pointer, code, message in both languages}."""
    found: list[dict[str, Any]] = []
    for name, inner in messages.items():
        place = pointer if name == "_schema" else f"{pointer}/{_escaped(str(name))}"
        if isinstance(inner, Mapping):
            found += field_errors(inner, place)
        else:
            found += [field_error(place, str(text)) for text in inner]
    return found


def field_error(pointer: str, text: str) -> dict[str, Any]:
    """One error for what the library said; what it says otherwise is about the type."""
    code = next((code for start, code in BEGINNINGS if text.startswith(start)), "type")
    return {"pointer": pointer, "code": code, "message": MESSAGES[code]}


def _escaped(name: str) -> str:
    """A name inside a JSON pointer (RFC 6901)."""
    return name[:80].replace("~", "~0").replace("/", "~1")
