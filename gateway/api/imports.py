"""Imports: a file goes to the service in pieces, the reports come back as one, in file order."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from tempfile import SpooledTemporaryFile
from typing import Any

import orjson
from falcon.asgi import Request, Response

from contracts import common
from contracts.codec import Malformed, encode
from contracts.members import commands
from contracts.types import AREA_PATTERN
from gateway.api.shapes import ImportReport, answer
from gateway.asked import ID, Asked, Outcome, answer_with, asked_by
from gateway.body import chunks, malformed
from gateway.describe import Access, Operation, Responder, Success, described
from gateway.front import Front
from gateway.problems import Problem, report_in_language
from gateway.query import Parameter, flag, read_query
from gateway.question import Question
from gateway.resource import Resource
from gateway.uploads import Lines, Upload, institution_lines, member_lines

LINES_PER_COMMAND = 300
BYTES_PER_COMMAND = 256 * 1024  # reached by the last line, which is no longer by itself
MOST_LINES = 100_000  # what the bytes hold of a real list; each may be a line of the report
IN_MEMORY_BYTES = 1024 * 1024
COMMAND_SECONDS = 30.0
CSV_TYPES = ("text/csv", "application/csv")
FORM = "multipart/form-data"
TOO_LONG = {
    "outcome": "refused",
    "column": None,
    "code": common.TOO_LARGE.code,
    "message": f"at most {BYTES_PER_COMMAND} bytes",
}
OUTCOMES = ("created", "updated", "unchanged", "refused")
BODY_TYPES: Mapping[str, Mapping[str, Any]] = {
    "text/csv": {"description": f"CSV with a header, UTF-8, at most {MOST_LINES} lines."},
    FORM: {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}},
        "additionalProperties": False,
    },
}

DRY_RUN = flag("dry_run", "Report what would happen and write nothing.")


@dataclass(frozen=True, kw_only=True)
class Import:
    """One kind of import; `path` maps the command's fields to parameters of the path."""

    summary: str
    tag: str
    reader: Callable[[Upload], Lines]
    command: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    path: Mapping[str, str] = field(default_factory=dict)


INSTITUTIONS = Import(
    summary="Load institutions from CSV; idempotent by NPSN",
    tag="Institutions",
    reader=institution_lines,
    command=commands.ImportInstitutions,
    parameters=(DRY_RUN,),
)
MEMBERS = Import(
    summary="Enter the members of one library from a SLiMS export",
    tag="Members",
    reader=member_lines,
    command=commands.ImportMembers,
    parameters=(
        Parameter(
            name="area",
            about="The area they belong to; without it that of their institution, or one's own.",
            pattern=AREA_PATTERN,
            longest=40,
        ),
        Parameter(name="institution_id", about="Where they work.", pattern=ID.pattern),
        Parameter(name="member_type", about="Only who is of this type, like Staf.", longest=50),
        DRY_RUN,
    ),
)


def imports(kind: Import) -> Responder:
    """A responder that takes a file, asks piece by piece and merges the reports."""
    known = {parameter.name: parameter for parameter in kind.parameters}
    operation = Operation(
        summary=kind.summary,
        tag=kind.tag,
        access=Access.SIGNED_IN,
        success=Success(
            about="Line by line, those refused or updated.",
            schema=answer(ImportReport),
            headers=("Idempotent-Replayed",),
        ),
        query=known,
        body_types=BODY_TYPES,
        body_needed=True,
        problems=((404,) if kind.path else ()) + (409, 413, 415, 422, 503),
        keyed=True,
    )

    async def respond(self: Any, req: Request, resp: Response, **params: str) -> None:
        viewer = await self.front.admit(req, operation)
        if not all(ID.fullmatch(value) for value in params.values()):
            raise Problem(common.NOT_FOUND)
        given = read_query(req, known) | {name: params[at] for name, at in kind.path.items()}
        asked = asked_by(req, viewer, {}, {}, operation)
        with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as upload:
            await receive(req, upload, self.front.settings.import_body_bytes)
            done = await load(self.front, kind, asked, given, upload)
        report = await asyncio.to_thread(report_in_language, req, done.body)
        answer_with(resp, replace(done, body=report))

    return described(respond, operation)


async def receive(req: Request, upload: Upload, most: int) -> None:
    """Take the file in; raises Problem: 413, 415, 400 for a form without `file`."""
    media = (req.content_type or "").partition(";")[0].strip().lower()
    if media not in (*CSV_TYPES, FORM):
        raise Problem(common.MEDIA_TYPE, f"send text/csv or {FORM}")
    pieces, lines = part_chunks(req, most) if media == FORM else chunks(req, most), 0
    async for piece in pieces:
        lines += max(piece.count(b"\n"), piece.count(b"\r"))
        if lines > MOST_LINES:
            raise Problem(common.TOO_LARGE, f"at most {MOST_LINES} lines")
        upload.write(piece)
    upload.seek(0)


async def part_chunks(req: Request, most: int) -> AsyncIterator[bytes]:
    """The one part `file` of a form."""
    if (req.content_length or 0) > most + IN_MEMORY_BYTES:
        raise Problem(common.TOO_LARGE, f"at most {most} bytes")
    total, found = 0, False
    async for part in await req.get_media():
        if part.name != "file" or found:
            raise malformed("the form has one field, file")
        found = True
        async for piece in part.stream:
            total += len(piece)
            if total > most:
                raise Problem(common.TOO_LARGE, f"at most {most} bytes")
            yield piece
    if not found:
        raise malformed("the form has one field, file")


async def load(
    front: Front, kind: Import, asked: Asked, given: Mapping[str, Any], upload: Upload
) -> Outcome:
    """Ask for one piece after the other; a piece that is repeated with its key changes nothing."""
    counts, dry_run = dict.fromkeys(OUTCOMES, 0), given.get("dry_run", False)
    report: dict[str, Any] = {"dry_run": dry_run, "counts": counts, "lines": []}
    lines, number, replayed = fitting(kind.reader(upload), report), 0, True
    while piece := await asyncio.to_thread(next_piece, lines):
        reply = await front.backend.ask(
            question(kind, replace_key(asked, number), given, piece), COMMAND_SECONDS
        )
        await front.fold_in(reply.facts, asked.viewer)
        merge(report, reply.result)
        replayed = replayed and reply.replayed
        number += 1
    report["lines"].sort(key=lambda line: line["line"])
    headers = {"Idempotent-Replayed": "true"} if replayed and number else {}
    return Outcome(status=200, body=report, headers=headers)


def next_piece(lines: Lines) -> tuple[commands.CsvLine, ...]:
    """The next lines, until they are many or long; raises Problem (422) with the line at fault."""
    piece, size = list[commands.CsvLine](), 0
    try:
        for line in lines:
            piece.append(line)
            size += size_of(line)
            if len(piece) == LINES_PER_COMMAND or size >= BYTES_PER_COMMAND:
                break
    except Malformed as error:
        raise Problem(common.INVALID, str(error)) from None
    return tuple(piece)


def size_of(line: commands.CsvLine) -> int:
    """The bytes of its cells in a command."""
    return len(orjson.dumps(line.cells))


def fitting(lines: Lines, report: dict[str, Any]) -> Lines:
    """The lines that a command can take; longer ones are refused in the report."""
    for line in lines:
        if size_of(line) <= BYTES_PER_COMMAND:
            yield line
        else:
            report["counts"]["refused"] += 1
            report["lines"].append({"line": line.line, **TOO_LONG})


def replace_key(asked: Asked, number: int) -> Asked:
    """The request's key, made into one for a piece."""
    if asked.key is None:
        return asked
    digest = hashlib.sha256(asked.key.encode()).hexdigest()
    return replace(asked, key=f"import-{digest}-{number}")


def question(
    kind: Import, asked: Asked, given: Mapping[str, Any], piece: tuple[commands.CsvLine, ...]
) -> Question:
    """The command for a piece."""
    fields = {name: value for name, value in given.items() if name != "dry_run"}
    command = kind.command(lines=piece, dry_run=given.get("dry_run", False), **fields)
    said = orjson.dumps([asked.path, encode(command)])
    return Question(
        command=command,
        actor=asked.actor,
        request_id=asked.request_id,
        traceparent=asked.traceparent,
        key=None if command.dry_run else asked.key,
        fingerprint=hashlib.sha256(said).hexdigest(),
    )


def merge(report: dict[str, Any], told: Mapping[str, Any]) -> None:
    """Add a piece's report; pieces come in the order of the file."""
    for outcome, number in told["counts"].items():
        report["counts"][outcome] = report["counts"].get(outcome, 0) + number
    report["lines"].extend(told["lines"])


class Institutions(Resource):
    """`/v1/institutions/imports`"""

    on_post = imports(INSTITUTIONS)


class Members(Resource):
    """`/v1/members/imports`"""

    on_post = imports(MEMBERS)
