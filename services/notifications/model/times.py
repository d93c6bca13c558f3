"""Dates and times as people of the region write them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus"),
        *("September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    ),
}
INDONESIAN = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def day(instant: str, timezone: str, language: str) -> str:
    """`Kamis, 10 Desember 2026` or `Thursday, 10 December 2026` in the zone."""
    return _day(_local(instant, timezone), language)


def date(text: str, language: str) -> str:
    """The same of an ISO date."""
    return _day(datetime.fromisoformat(text), language)


def moment(instant: str, timezone: str, language: str) -> str:
    """`Kamis, 10 Desember 2026 09.00 WIB` or `Thursday, 10 December 2026 09:00 WIB`."""
    local = _local(instant, timezone)
    clock = local.strftime("%H.%M" if language == "id" else "%H:%M")
    return f"{_day(local, language)} {clock} {zone_name(local, timezone)}"


def zone_name(local: datetime, timezone: str) -> str:
    """WIB, WITA, WIT; elsewhere the distance from UTC, like `UTC+9` or `UTC+5:30`."""
    if timezone in INDONESIAN:
        return INDONESIAN[timezone]
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def _local(instant: str, timezone: str) -> datetime:
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(timezone))


def _day(local: datetime, language: str) -> str:
    name, month = DAYS[language][local.weekday()], MONTHS[language][local.month - 1]
    return f"{name}, {local.day} {month} {local.year}"
