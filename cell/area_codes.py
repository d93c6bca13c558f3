"""Areas by their official codes: from a list of the ministry's, or as the caller names them."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cell.errors import CellError
from cell.region import Area

CODE = re.compile(r"\d\d\.\d\d")
LEVELS = ("kabupaten", "kota")
AREA_NAME = re.compile(r"[\w .'()-]{1,60}")
LIST = Path("..", "shared", "data", "areas.csv")  # beside a checkout; it is not ours to carry


def named_areas(wanted: Sequence[str], root: Path) -> tuple[Area, ...]:
    """An area for each `code` or `code=name`, in the order of the codes.

    Raises CellError for what is no code, for one that is there twice, and for one that has no
    name: neither the caller nor the list beside the checkout gives it.
    """
    if not wanted:
        raise CellError("say which areas: AREAS=35.71,35.06")
    known = _listed(root / LIST)
    areas = sorted((_area(one, known) for one in wanted), key=lambda area: area.id)
    codes = [area.id for area in areas]
    if len(codes) != len(set(codes)):
        raise CellError("an area is named twice")
    return tuple(areas)


def _area(wanted: str, known: Mapping[str, Area]) -> Area:
    code, _, name = wanted.partition("=")
    if not CODE.fullmatch(code):
        raise CellError(f"{code} is not the code of a kabupaten or kota, like 35.71")
    if not name and code in known:
        return known[code]
    if not AREA_NAME.fullmatch(name):
        raise CellError(f"{code} is in no list beside the checkout; name it: AREAS='{code}=Kota …'")
    return Area(id=code, name=name, codes=(code,))


def _listed(path: Path) -> dict[str, Area]:
    """The kabupaten and kota of a list with code, name, level, lat and lon; none without a list."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return {area.id: area for area in _read(csv.DictReader(lines))}


def _read(rows: Iterable[Mapping[str, str]]) -> Iterable[Area]:
    for row in rows:
        if row["level"] in LEVELS:
            place = {"latitude": row["lat"], "longitude": row["lon"]}
            yield Area(
                id=row["code"],
                name=row["name"],
                codes=(row["code"],),
                **{name: round(float(value), 2) for name, value in place.items() if value},
            )
