"""View `institutions`: the register, found by any filter or by words of the name."""

import orjson
from pymongo import IndexModel

from contracts.codec import encode
from contracts.members.states import Institution
from gateway.views.change import Change, plain, words

NAME = "institutions"
KINDS = ("institution",)
FILTERS = ("area", "kind", "level", "status", "npsn", "district_code", "words")
INDEXES = [
    IndexModel([("order", 1), ("_id", 1)]),
    IndexModel([("updated_at", 1), ("_id", 1)]),
    IndexModel([("area", 1), ("updated_at", 1), ("_id", 1)]),
    *(IndexModel([(name, 1), ("order", 1), ("_id", 1)]) for name in FILTERS),
]
SHORT = {
    f"{short}n": (short, "negeri") for short in ("tk", "sd", "smp", "sma", "smk", "slb", "mts")
} | {"min": ("mi", "negeri"), "man": ("ma", "negeri")}


def fold(institution: Institution) -> list[Change]:
    """The institution's document."""
    fields = {
        "version": institution.version,
        "order": plain(institution.name),
        "words": found_by(institution),
        **{name: getattr(institution, name) for name in FILTERS if name != "words"},
        "updated_at": institution.updated_at,
        "body": orjson.dumps(encode(institution)),
    }
    seq = institution.version
    return [Change(view=NAME, id=institution.id, part="institution", sequence=seq, fields=fields)]


def found_by(institution: Institution) -> list[str]:
    """Words of name, village and NPSN; `SMAN` is found as `SMA Negeri` and the other way."""
    found = set(words((institution.name, institution.village, institution.npsn)))
    for short, long in SHORT.items():
        if short in found:
            found.update(long)
        elif found.issuperset(long):
            found.add(short)
    return sorted(found)
