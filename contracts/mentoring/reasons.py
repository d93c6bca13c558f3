"""Why somebody is suggested for a case: a code with a value, and its words in both languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NEEDS = {
    "network": ("jaringan", "network"),
    "hardware": ("perangkat keras", "hardware"),
    "database": ("basis data", "database"),
    "server": ("server", "server"),
    "slims": ("SLiMS", "SLiMS"),
    "metadata": ("metadata", "metadata"),
    "cataloguing": ("pengatalogan", "cataloguing"),
    "circulation": ("sirkulasi", "circulation"),
    "labels": ("label dan barcode", "labels and barcodes"),
    "training": ("pelatihan", "training"),
    "leadership": ("kepemimpinan", "leadership"),
}
AREAS = {
    "LIB": ("pengelolaan perpustakaan", "library management"),
    "ICT": ("teknologi informasi", "information technology"),
    "COM": ("komunikasi", "communication"),
}
WORDS = {
    "distance": ("{0} km dari lembaga", "{0} km from the institution"),
    "same_area": ("di wilayah yang sama", "in the same area"),
    "other_area": ("dari wilayah lain", "from another area"),
    "covers": ("menguasai {0}", "covers {0}"),
    "confirmed": ("dikonfirmasi orang lain: {0}", "confirmed by others: {0}"),
    "levels": ("tingkat kompetensi: {0}", "level of competence: {0}"),
    "leaves_open": ("belum tercakup: {0}", "leaves open: {0}"),
    "pair": ("pasangan pustakawan dan TI", "librarian and IT pair"),
    "load": ("{0} dari {1} pendampingan berjalan", "{0} of {1} cases running"),
    "history": ("{0} pendampingan tuntas", "{0} cases completed"),
    "nobody": ("tidak ada pendamping yang bebas", "no mentor is free"),
}
LISTS = ("covers", "confirmed", "levels", "leaves_open")
LANGUAGES = ("id", "en")


@dataclass(frozen=True)
class Reason:
    """A code and what it speaks of."""

    code: str
    value: str = ""

    @property
    def line(self) -> str:
        """Both as one text, as a pairing carries it."""
        return f"{self.code}:{self.value}"

    def text(self, language: str) -> str:
        """The reason in words; in Indonesian unless English is asked for."""
        index = int(language == LANGUAGES[1])
        if self.code in LISTS:
            named = ", ".join(_named(one, index) for one in self.value.split(","))
            return WORDS[self.code][index].format(named)
        return WORDS[self.code][index].format(*self.value.split("/"))

    @property
    def texts(self) -> dict[str, str]:
        """The words by language."""
        return {language: self.text(language) for language in LANGUAGES}


def of_line(line: str) -> Reason:
    """What `Reason.line` made; raises KeyError for a code that is not known."""
    code, _, value = line.partition(":")
    if code not in WORDS:
        raise KeyError(code)
    return Reason(code, value)


def distance(km: float) -> Reason:
    """Whole kilometres."""
    return Reason("distance", str(round(km)))


def area(same: bool) -> Reason:
    """What is known of somebody whose place is not."""
    return Reason("same_area" if same else "other_area")


def covers(needs: Iterable[str]) -> Reason:
    """Needs of the case that are covered."""
    return Reason("covers", ",".join(needs))


def confirmed(needs: Iterable[str]) -> Reason:
    """Needs that others confirm the team's competence for (source: B2)."""
    return Reason("confirmed", ",".join(needs))


def levels(by_area: Mapping[str, int]) -> Reason:
    """The highest level of the team, by competency area (source: B1)."""
    return Reason("levels", ",".join(f"{area} {level}" for area, level in by_area.items()))


def leaves_open(needs: Iterable[str]) -> Reason:
    """Needs that nobody of the team covers."""
    return Reason("leaves_open", ",".join(needs))


def pair() -> Reason:
    """Two who complement one another (source: B4)."""
    return Reason("pair")


def load(running: int, capacity: int) -> Reason:
    """Cases at the moment, of how many at most."""
    return Reason("load", f"{running}/{capacity}")


def history(completed: int) -> Reason:
    """Cases that were signed off."""
    return Reason("history", str(completed))


def nobody() -> Reason:
    """Nobody is left who could go."""
    return Reason("nobody")


def _named(one: str, index: int) -> str:
    """A need, or an area with its level, in words."""
    code, _, level = one.partition(" ")
    return f"{AREAS[code][index]} {level}" if level else NEEDS[code][index]
