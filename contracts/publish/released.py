"""What was released stays: samples by their hash, commands by their fields, refusals by their code.

The list only grows. A changed sample, a vanished name or a new needed field is a broken promise; a
new meaning is a new fact `…v2` beside the old one.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from contracts.catalogue import COMMANDS, FACTS, REFUSALS
from contracts.codec import field_types, required

Released = dict[str, dict[str, Any]]

SAMPLES = Path(__file__).parent.parent / "samples"
LIST = SAMPLES / "RELEASED.json"


def sample(name: str, folder: Path = SAMPLES) -> Any:
    """The golden envelope of one fact, as it crosses the wire."""
    return json.loads((folder / f"{name}.json").read_text())


def today(folder: Path = SAMPLES) -> Released:
    """What the classes and samples say now; facts without a sample are left out."""
    sampled = [name for name in sorted(FACTS) if (folder / f"{name}.json").exists()]
    return {
        "facts": {name: _hash(sample(name, folder)) for name in sampled},
        "commands": {verb: _fields(verb) for verb in sorted(COMMANDS)},
        "refusals": {code: REFUSALS[code].status for code in sorted(REFUSALS)},
    }


def _hash(value: Any) -> str:
    """The same for the same JSON, whatever its layout."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _fields(verb: str) -> dict[str, list[str]]:
    command = COMMANDS[verb]
    return {"fields": sorted(field_types(command)), "needed": sorted(required(command))}


def released(path: Path = LIST) -> Released:
    """The list as it stands."""
    found: Released = json.loads(path.read_text())
    return found


def broken(before: Released, now: Released) -> list[str]:
    """Promises of `before` that `now` does not keep, one line each."""
    return [
        *_missing("fact", before["facts"], now["facts"]),
        *_missing("command", before["commands"], now["commands"]),
        *_missing("refusal", before["refusals"], now["refusals"]),
        *_changed("sample", before["facts"], now["facts"]),
        *_changed("refusal", before["refusals"], now["refusals"]),
        *(line for verb in before["commands"] for line in _narrowed(verb, before, now)),
    ]


def _missing(what: str, before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    return [f"{what} {name} is gone" for name in sorted(before.keys() - now.keys())]


def _changed(what: str, before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    kept = sorted(before.keys() & now.keys())
    return [f"{what} {name} was changed" for name in kept if before[name] != now[name]]


def _narrowed(verb: str, before: Released, now: Released) -> list[str]:
    """Fields of a command that vanished or became needed."""
    if verb not in now["commands"]:
        return []
    old, new = before["commands"][verb], now["commands"][verb]
    gone = sorted(set(old["fields"]) - set(new["fields"]))
    needed = sorted(set(new["needed"]) - set(old["needed"]))
    return [
        *(f"command {verb} lost {name}" for name in gone),
        *(f"command {verb} now needs {name}" for name in needed),
    ]


def grown(before: Released, now: Released) -> Released:
    """The list with what is new; raises ValueError when a promise is broken."""
    lines = broken(before, now)
    if lines:
        raise ValueError("; ".join(lines))
    return now
