"""Region profiles: the facts a region starts with, one TOML file per region."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cell.errors import CellError

PROFILES = Path(__file__).parent / "regions"


@dataclass(frozen=True, kw_only=True)
class Area:
    """A kabupaten or kota with its official code, or a named set of them."""

    id: str
    name: str
    codes: tuple[str, ...]
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, kw_only=True)
class Region:
    """What is written in a profile."""

    id: str
    name: str
    timezone: str
    areas: tuple[Area, ...]


def load_region(name: str) -> Region:
    """The profile of that name; refuses a name that has none."""
    known = sorted(path.stem for path in PROFILES.glob("*.toml"))
    if name not in known:
        raise CellError(f"no region {name!r}; known are {', '.join(known)} (cell/regions/)")
    return read_profile(PROFILES / f"{name}.toml")


def read_profile(path: Path) -> Region:
    """The profile in a file; refuses what is none."""
    try:
        found = tomllib.loads(path.read_text())
        areas = tuple(_area(**area) for area in found.pop("areas"))
        return Region(areas=areas, **found)
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as wrong:
        raise CellError(f"{path} is not a region profile: {wrong}") from None


def _area(id: str, name: str, codes: list[str] | None = None, **place: Any) -> Area:
    return Area(id=id, name=name, codes=tuple(codes or [id]), **place)
