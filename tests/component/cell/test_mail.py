"""The mail box: every message a file, or the sender keeps it."""

import asyncio
import smtplib
import socket
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope

from cell import mail
from cell.mail import CANNOT_STORE, STORED, Box
from cell.ports import HOST


def letter(text: bytes = b"Subject: kode\r\n\r\n123456\r\n") -> Envelope:
    envelope = Envelope()
    envelope.mail_from, envelope.rcpt_tos = "from@cell", ["ayu@cell", "budi@cell"]
    envelope.original_content = text
    return envelope


async def handled(box: Box) -> str:
    return await box.handle_DATA(None, None, letter())


def test_a_message_is_one_file_with_its_envelope(tmp_path: Path):
    assert asyncio.run(handled(Box(tmp_path))) == STORED

    (file,) = tmp_path.iterdir()
    assert file.suffix == ".eml"
    text = file.read_bytes()
    assert b"X-Envelope-To: ayu@cell\r\nX-Envelope-To: budi@cell\r\nSubject: kode" in text
    assert text.endswith(b"123456\r\n")


def test_names_sort_by_arrival(tmp_path: Path):
    box = Box(tmp_path)

    names = [box.store(letter(b"%d" % n)) for n in range(5)]

    assert names == sorted(names)


def test_a_disk_that_takes_nothing_leaves_the_mail_with_the_sender(tmp_path: Path):
    assert asyncio.run(handled(Box(tmp_path / "gone"))) == CANNOT_STORE


def test_a_half_written_message_is_not_left_behind(tmp_path: Path, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mail.os, "fsync", full)

    assert asyncio.run(handled(Box(tmp_path))) == CANNOT_STORE
    assert list(tmp_path.iterdir()) == []


def test_it_speaks_smtp(tmp_path: Path):
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]

    def send() -> None:
        with smtplib.SMTP(HOST, port, timeout=5) as server:
            server.sendmail("from@cell", ["+628123@phone.cell"], "Subject: kode\r\n\r\n123456")

    async def exchange() -> None:
        serving = asyncio.create_task(mail.serve(port, tmp_path))
        for _ in range(200):
            await asyncio.sleep(0.01)
            with socket.socket() as probe:
                if not probe.connect_ex((HOST, port)):
                    break
        await asyncio.to_thread(send)
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving

    asyncio.run(exchange())

    (file,) = tmp_path.glob("*.eml")
    assert b"123456" in file.read_bytes()
