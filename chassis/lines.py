"""What became of each line of an imported file."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class LineRefused:
    """Why a line was not taken."""

    line: int
    column: str | None
    code: str
    message: str


@dataclass
class Report:
    """What became of each line; lists those that were refused or updated."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[dict[str, Any]] = field(default_factory=list)

    def count(self, outcome: str) -> None:
        """One more line that needs no words: created or unchanged."""
        self.counts[outcome] += 1

    def updated(self, line: int, columns: list[str]) -> None:
        """A line that changed what was known."""
        self.count("updated")
        self._tell(line, "updated", ", ".join(columns), None, None)

    def refuse(self, reason: LineRefused) -> None:
        """A line that was not taken."""
        self.count("refused")
        self._tell(reason.line, "refused", reason.column, reason.code, reason.message)

    def as_dict(self, dry_run: bool) -> dict[str, Any]:
        """The report in the order of the file."""
        outcomes = ("created", "updated", "unchanged", "refused")
        return {
            "dry_run": dry_run,
            "counts": {name: self.counts[name] for name in outcomes},
            "lines": sorted(self.lines, key=lambda line: line["line"]),
        }

    def _tell(self, line: int, outcome: str, column: str | None, *said: str | None) -> None:
        code, message = said
        self.lines.append(
            {"line": line, "outcome": outcome, "column": column, "code": code, "message": message}
        )
