"""Writes a copy of the databases, and of what is on the wire, and reads it again."""

from dataclasses import replace
from pathlib import Path

from pymongo import MongoClient

from cell.backup.archive import Document, Manifest, read_manifest, write_manifest
from cell.backup.copying import copy, copy_said, snapshot
from cell.backup.filling import must_be_whole
from cell.backup.overhearing import listening
from cell.steps import Say


def write(
    client: "MongoClient[Document]", amqp_uri: str, told: Manifest, directory: Path, say: Say
) -> Manifest:
    """Fill a directory that exists and is empty; `told` lacks the entries. Raises CellError."""
    wire = listening(amqp_uri, told.region, say)
    with client, wire as heard, snapshot(client) as moment:
        entries = copy(moment, directory, say)
        entries |= copy_said(moment, heard.overheard() if heard else (), directory)
    write_manifest(directory, replace(told, entries=entries))
    manifest = read_manifest(directory)
    must_be_whole(directory, manifest)
    return manifest
