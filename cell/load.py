"""Imports institutions from a CSV file through the gateway, as the region's coordinator."""

import argparse
import csv
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from tqdm import tqdm

from cell.choice import existing_cell
from cell.errors import CellError

ROWS_AT_ONCE = 500
TRIES = 8
LATER = (429, 502, 503, 504)
OUTCOMES = ("created", "updated", "unchanged", "refused")
IMPORTS = "/v1/institutions/imports"


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """A part of the file with the header on top; `line` is where its first row stands."""

    line: int
    rows: int
    text: str


@dataclass
class Report:
    """What became of the rows so far."""

    counts: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)

    def add(self, chunk: Chunk, answer: dict[str, Any]) -> None:
        """Take a chunk's answer, its line numbers turned into those of the file."""
        self.rows += chunk.rows
        self.counts.update(answer["counts"])
        for line in answer["lines"]:
            if line["outcome"] == "refused":
                self.refused.append({**line, "line": line["line"] - 2 + chunk.line})

    @property
    def is_complete(self) -> bool:
        """Whether every row ended as something."""
        return sum(self.counts[outcome] for outcome in OUTCOMES) == self.rows


class Tape:
    """Lines as they are read, kept until taken: what a CSV reader has consumed for one row."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._read: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._read.append(line)
            yield line

    def take(self) -> list[str]:
        """The lines since the last time."""
        taken, self._read = self._read, []
        return taken


def chunks(lines: Iterable[str], rows_at_once: int = ROWS_AT_ONCE) -> Iterator[Chunk]:
    """The file in parts; a row whose quoted fields span lines stays whole."""
    tape = Tape(lines)
    reader = csv.reader(tape)
    if not next(reader, None):
        raise CellError("the file is empty; its first line must name the columns")
    header = _ended(tape.take())
    line, rows = 1 + header.count("\n"), 0
    body: list[str] = []
    for row in reader:
        rows, body = rows + bool(row), body + tape.take()
        if rows == rows_at_once:
            yield Chunk(line=line, rows=rows, text=header + _ended(body))
            line, rows, body = line + len(body), 0, []
    if rows:
        yield Chunk(line=line, rows=rows, text=header + _ended(body))


def _ended(lines: list[str]) -> str:
    text = "".join(lines)
    return text if text.endswith("\n") else text + "\n"


class Coordinator:
    """A signed-in coordinator who repeats what an outage left unanswered."""

    def __init__(self, client: httpx.Client, login: dict[str, str]) -> None:
        self.client, self.login = client, login
        self.run = secrets.token_hex(8)  # a repeated request is replayed, a repeated run is not

    def sign_in(self) -> None:
        """Get an access token."""
        asked = {"grant_type": "password", **self.login}
        answer = self._patiently("/v1/auth/token", json=asked)
        if answer.status_code != httpx.codes.OK:
            raise CellError(f"cannot sign in: {_problem(answer)}")
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def load(self, chunk: Chunk, dry_run: bool) -> dict[str, Any]:
        """Import one part; returns the report of the gateway."""
        answer = self._post(chunk, dry_run)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self.sign_in()
            answer = self._post(chunk, dry_run)
        if not answer.is_success:
            raise CellError(f"rows from line {chunk.line} on were not taken: {_problem(answer)}")
        report: dict[str, Any] = answer.json()
        return report

    def _post(self, chunk: Chunk, dry_run: bool) -> httpx.Response:
        return self._patiently(
            IMPORTS,
            content=chunk.text.encode("utf-8", "surrogateescape"),
            params={"dry_run": "true"} if dry_run else {},
            headers={
                "Content-Type": "text/csv",
                "Idempotency-Key": f"load-{self.run}-{chunk.line}",
            },
        )

    def _patiently(self, path: str, **request: Any) -> httpx.Response:
        """Repeat what is safe to repeat: an outage, a limit, a broken connection."""
        for tried in range(1, TRIES + 1):
            try:
                answer = self.client.post(path, **request)
            except httpx.TransportError as error:
                if tried == TRIES:
                    raise CellError(f"the gateway does not answer: {error}; make status") from None
                time.sleep(min(tried, 5))
                continue
            if answer.status_code not in LATER or tried == TRIES:
                break
            time.sleep(_retry_after(answer))
        return answer


def _retry_after(answer: httpx.Response) -> float:
    """Seconds, at most ten."""
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked), 10.0) if asked.isdigit() else 1.0


def _problem(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return f"{answer.status_code} {problem.get('code')}: {problem.get('detail')}"
    except ValueError:
        return f"{answer.status_code} {answer.text[:200]}"


def load(file: Path, coordinator: Coordinator, dry_run: bool) -> Report:
    """Import a file part by part, with a progress bar."""
    report = Report()
    coordinator.sign_in()
    with _opened(file) as lines, tqdm(total=_rows(file), unit=" rows") as bar:
        for chunk in chunks(lines):
            report.add(chunk, coordinator.load(chunk, dry_run))
            bar.update(chunk.rows)
    return report


def _opened(file: Path) -> Any:
    return file.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _rows(file: Path) -> int:
    with _opened(file) as lines:
        return max(0, sum(1 for row in csv.reader(lines) if row) - 1)


def show(report: Report, dry_run: bool) -> None:
    """Each refused line with its reason, then the counts."""
    for line in sorted(report.refused, key=lambda refused: int(refused["line"])):
        where = f"line {line['line']}" + (f", {line['column']}" if line.get("column") else "")
        print(f"  {where}: {line.get('message') or line.get('code')} ({line.get('code')})")
    counts = ", ".join(f"{report.counts[outcome]} {outcome}" for outcome in OUTCOMES)
    tried = "dry run, nothing written: " if dry_run else ""
    print(f"{tried}{report.rows} rows: {counts}")


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 when every row is accounted for."""
    parser = argparse.ArgumentParser(prog="cell.load", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    chosen = parser.parse_args(arguments)
    try:
        return _load(chosen.file, chosen.dry_run)
    except CellError as failure:
        print(f"cell: {failure}", file=sys.stderr)
    except OSError as failure:
        print(f"cell: {failure.strerror} ({failure.filename})", file=sys.stderr)
    except KeyboardInterrupt:
        print("cell: broken off; loading the file again takes up the rest", file=sys.stderr)
    return 1


def _load(file: Path, dry_run: bool) -> int:
    with _opened(file):
        pass  # what cannot be read is named before anything else
    cell = existing_cell(os.environ)
    with httpx.Client(base_url=cell.base_url, timeout=120) as client:
        report = load(file, Coordinator(client, cell.credentials["coordinator"]), dry_run)
    show(report, dry_run)
    if not report.is_complete:
        print("cell: the counts do not add up", file=sys.stderr)
    return 0 if report.is_complete else 1


if __name__ == "__main__":
    sys.exit(main())
