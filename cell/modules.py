"""RabbitMQ's node: a thousand Erlang modules, in one folder, loaded many at a time.

By itself the node looks for each of them in some eighty folders and loads one after the other,
which is two thirds of its start (decision 134).
"""

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

NEEDS = re.compile(r"{\s*applications\s*,\s*\[([^]]*)]")
ATOM = re.compile(r"\w+")
AT_ONCE = 20  # all of them would leave the node twice as large


def linked(folder: Path, libraries: Iterable[Path], first: Iterable[str]) -> list[str]:
    """Links in `folder`, made anew, to the modules of the `first` applications and all they need.

    Gives the modules' names. What is not found is left out: the node looks for it as ever.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    found = {file.stem: file for library in libraries for file in library.glob("*/ebin/*.app")}
    modules = sorted(
        {
            beam.name: beam for app in needed(found, first) for beam in app.parent.glob("*.beam")
        }.values()
    )
    for module in modules:
        (folder / module.name).symlink_to(module)
    return [module.stem for module in modules]


def needed(found: Mapping[str, Path], first: Iterable[str]) -> Iterator[Path]:
    """The `.app` files of these applications, of those that they need, and so on."""
    wanted, seen = list(first), set[str]()
    while wanted:
        name = wanted.pop()
        if name in found and name not in seen:
            seen.add(name)
            wanted += applications_of(found[name])
            yield found[name]


def applications_of(app: Path) -> list[str]:
    """What an application says that it needs."""
    return [name for said in NEEDS.findall(app.read_text()) for name in ATOM.findall(said)]


def loading(modules: Sequence[str]) -> list[str]:
    """The node's arguments that have it load these, before what follows."""
    groups = (modules[n : n + AT_ONCE] for n in range(0, len(modules), AT_ONCE))
    return [part for group in groups for part in ("-s", "code", "ensure_modules_loaded", *group)]


def erlang() -> Path:
    """Where Erlang's own libraries are."""
    return Path(shutil.which("erl") or "/usr/lib/erlang/bin/erl").resolve().parents[1] / "lib"
