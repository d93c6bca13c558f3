"""Writes a new cell's manifests and its region profile: `make new-cell NAME=… AREAS=…`.

Everything is checked before anything is written: the name, the codes, that no other region has
them, the time zone, and that peers exist. A profile that is there already is taken as it is.
"""

import os
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cell.area_codes import named_areas
from cell.errors import CellError
from cell.home import PROJECT
from cell.region import Area, read_profile

NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
TITLE = re.compile(r"[\w .,'()-]{1,60}")
LAST = "  - ../../components/region\n"  # it is taken last, so peers come before it


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the caller asks for; areas as `code` or `code=name`."""

    name: str
    areas: Sequence[str] = ()
    title: str = ""
    timezone: str = "Asia/Jakarta"
    peers: Sequence[str] = ()

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Wish":
        """From NAME, AREAS, TITLE, TIMEZONE and PEERS; lists have commas."""
        name = environ.get("NAME", "")
        return cls(
            name=name,
            areas=_listed(environ.get("AREAS", "")),
            title=environ.get("TITLE") or name.replace("-", " ").title(),
            timezone=environ.get("TIMEZONE") or "Asia/Jakarta",
            peers=_listed(environ.get("PEERS", "")),
        )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@dataclass(frozen=True)
class Tree:
    """Where cells and profiles lie under a checkout."""

    root: Path = field(default=PROJECT)

    @property
    def cells(self) -> Path:
        """One folder per cell, and the template."""
        return self.root / "deploy" / "k8s" / "cells"

    def profile(self, name: str) -> Path:
        """A region's profile."""
        return self.root / "cell" / "regions" / f"{name}.toml"

    def names(self) -> list[str]:
        """The cells there are."""
        return sorted(path.name for path in self.cells.iterdir() if not path.name.startswith("_"))

    def release(self) -> str:
        """The release of this checkout: what a new cell begins with."""
        found = tomllib.loads((self.root / "pyproject.toml").read_text())
        return str(found["project"]["version"])

    def filled(self, template: str, **words: str) -> str:
        """A file of the template with its words filled in."""
        text = (self.cells / "_template" / template).read_text()
        for word, value in words.items():
            text = text.replace(f"@{word.upper()}@", value)
        return text


def new_cell(wish: Wish, tree: Tree) -> list[Path]:
    """Check the wish and write the cell; the files that were written or changed."""
    _check(wish, tree)
    profile = tree.profile(wish.name)
    known = read_profile(profile) if profile.exists() else None
    areas = known.areas if known else named_areas(wish.areas, tree.root)
    _check_codes(wish, areas, tree)
    title, timezone = (known.name, known.timezone) if known else (wish.title, wish.timezone)
    text = profile.read_text() if known else _profile(wish, areas)
    home = tree.cells / wish.name
    cell = tree.filled(
        "kustomization.yaml",
        name=wish.name,
        title=title,
        timezone=timezone,
        release=tree.release(),
    )
    written = [
        profile if known else _written(profile, text),
        _written(home / f"{wish.name}.toml", text),
        _written(home / "kustomization.yaml", cell),
    ]
    for peer in wish.peers:
        written += [*pair(tree, wish.name, peer), *pair(tree, peer, wish.name)]
    return list(dict.fromkeys(written))


def pair(tree: Tree, name: str, peer: str) -> list[Path]:
    """Let one cell know a peer; the files that were written."""
    home = tree.cells / name
    file = _written(
        home / "peers" / f"{peer}.yaml", tree.filled("peers/peer.yaml", name=name, peer=peer)
    )
    known = sorted(p.name for p in file.parent.glob("*.yaml") if p.name != "kustomization.yaml")
    listed = "\n".join(f"  - {one}" for one in known)
    page = tree.filled("peers/kustomization.yaml", name=name, peers=listed)
    cell = home / "kustomization.yaml"
    text = cell.read_text()
    if "  - peers\n" not in text:
        text = text.replace(LAST, "  - peers\n" + LAST, 1)
    return [file, _written(file.parent / "kustomization.yaml", page), _written(cell, text)]


def _check(wish: Wish, tree: Tree) -> None:
    if not NAME.fullmatch(wish.name):
        raise CellError(f"NAME={wish.name} is not a name of small letters, digits and hyphens")
    if wish.name in tree.names():
        raise CellError(f"there is a cell {wish.name} already (deploy/k8s/cells/{wish.name})")
    if not TITLE.fullmatch(wish.title):
        raise CellError(f"TITLE={wish.title!r} is not letters, digits, spaces and .,'()-")
    try:
        ZoneInfo(wish.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise CellError(f"TIMEZONE={wish.timezone} is not a time zone") from None
    strangers = sorted(set(wish.peers) - set(tree.names()))
    if strangers:
        raise CellError(f"no cell {', '.join(strangers)}; known are {', '.join(tree.names())}")


def _check_codes(wish: Wish, areas: Sequence[Area], tree: Tree) -> None:
    """The codes are those of the profile, and nobody else's."""
    codes = [code for area in areas for code in area.codes]
    asked = {area.partition("=")[0] for area in wish.areas}
    if asked and asked != set(codes):
        raise CellError(f"the profile of {wish.name} has other areas: {', '.join(codes)}")
    for path in sorted(tree.profile("any").parent.glob("*.toml")):
        if path.stem != wish.name:
            taken = {code for area in read_profile(path).areas for code in area.codes}
            if common := taken & set(codes):
                raise CellError(f"{', '.join(sorted(common))} belongs to {path.stem}")


def _profile(wish: Wish, areas: Sequence[Area]) -> str:
    lines = [
        "# The areas carry the official codes of Kemendagri; the place is where a map opens.",
        f'id = "{wish.name}"',
        f'name = "{wish.title}"',
        f'timezone = "{wish.timezone}"',
    ]
    for area in areas:
        codes = ", ".join(f'"{code}"' for code in area.codes)
        lines += ["", "[[areas]]", f'id = "{area.id}"', f'name = "{area.name}"']
        lines.append(f"codes = [{codes}]")
        if area.latitude is not None:
            lines += [f"latitude = {area.latitude}", f"longitude = {area.longitude}"]
    return "\n".join(lines) + "\n"


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def main(environ: Mapping[str, str] = os.environ, tree: Tree | None = None) -> int:
    """Write it, and say what is to be done next."""
    tree = tree or Tree()
    try:
        written = new_cell(Wish.of(environ), tree)
    except CellError as refused:
        print(f"cell: {refused}", file=sys.stderr)
        return 2
    for path in written:
        print(f"  {path.relative_to(tree.root)}")
    print("cell: look through PUBLIC_URL, images and sizes; then deploy/k8s/README.md, step 2")
    return 0


if __name__ == "__main__":
    sys.exit(main())
