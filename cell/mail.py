"""The cell's mail box: a real SMTP server that keeps each message as one file."""

import argparse
import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

from cell.ports import HOST

MOST_BYTES = 10 * 2**20
STORED = "250 2.0.0 stored"
CANNOT_STORE = "452 4.3.1 cannot store the message now"


class Box:
    """A folder of messages; file names sort by arrival."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.received = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        """Answer for a message once it is on disk; the sender keeps it where it cannot be."""
        try:
            self.store(envelope)
        except OSError:
            return CANNOT_STORE
        return STORED

    def store(self, envelope: Envelope) -> Path:
        """Write the message as a whole or not at all; the envelope goes on top."""
        self.received += 1
        path = self.directory / f"{time.time_ns()}-{os.getpid()}-{self.received}.eml"
        scratch = path.with_suffix(".part")
        try:
            with scratch.open("wb") as file:
                file.write(_head(envelope) + _bytes(envelope.original_content))
                file.flush()
                os.fsync(file.fileno())
            scratch.rename(path)
        finally:
            scratch.unlink(missing_ok=True)
        return path


def _head(envelope: Envelope) -> bytes:
    """Who sent it and who gets it, as headers of the stored message."""
    lines = [f"X-Envelope-From: {envelope.mail_from}"]
    lines += [f"X-Envelope-To: {to}" for to in envelope.rcpt_tos]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _bytes(content: bytes | str | None) -> bytes:
    return content.encode() if isinstance(content, str) else content or b""


async def serve(port: int, directory: Path) -> None:
    """Take mail until the process is asked to end."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    box = Box(directory)
    server = await loop.create_server(lambda: _session(box), HOST, port)
    async with server:
        await ended.wait()


def _session(box: Box) -> SMTP:
    return SMTP(box, hostname="localhost", data_size_limit=MOST_BYTES, enable_SMTPUTF8=True)


def main() -> None:
    """Serve one folder on one port of 127.0.0.1."""
    parser = argparse.ArgumentParser(prog="cell.mail", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--directory", type=Path, required=True)
    chosen = parser.parse_args()
    chosen.directory.mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(chosen.port, chosen.directory))


if __name__ == "__main__":
    main()
