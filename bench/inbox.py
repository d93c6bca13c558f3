"""Telling people: from a fact to the inbox, and ten thousand messages through the mail server."""

import contextlib
import smtplib
import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage
from uuid import uuid4

from pymongo.errors import PyMongoError

from bench.figures import ms, percentile, rate
from bench.ground import AREAS, Ground
from bench.region import EVENTS, announced, coordinator, people
from bench.table import Row, at_least, at_most
from bench.visible import age
from cell.demo.person import Person

PAUSE_SECONDS = 0.05
TARGET_MS = 100
MANY, FEW = 10_000, 1_000
MOST_SECONDS = 300.0
CROWDED = AREAS[1]  # nobody else's area here


class Inboxes(threading.Thread):
    """When the first notice of each member is in the view."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(daemon=True)
        wanted = [{"$match": {"operationType": {"$in": ["insert", "replace", "update"]}}}]
        self._stream = ground.mongo["jejaring_views"]["inbox"].watch(
            wanted, full_document="updateLookup", max_await_time_ms=200
        )
        self.seen: dict[str, float] = {}
        self.ended = False

    def run(self) -> None:
        """Until told to end."""
        with contextlib.suppress(PyMongoError), self._stream:
            while not self.ended:
                event = self._stream.try_next()
                if event:
                    self.seen.setdefault(event["fullDocument"]["member_id"], time.time())


def measure(ground: Ground) -> Iterator[Row]:
    """The latency of single facts first, then the long line."""
    with coordinator(ground) as who:
        yield latency(ground, who)
        yield from drained(ground, who)


def latency(ground: Ground, who: Person) -> Row:
    """Members get places one after the other; the clock runs from the place's transaction."""
    run = uuid4().hex[:6]
    names = [f"i{run}{n}" for n in range(int(ground.pace.long_seconds / PAUSE_SECONDS / 2))]
    people(ground, names, "nowhere", email=False)
    path = f"{EVENTS}/{announced(who, 0, capacity=len(names))['id']}/registrations"
    time.sleep(1.0)  # the event is known everywhere
    inboxes, began = Inboxes(ground), dict[str, float]()
    inboxes.start()
    for name in names:
        told = who.do("POST", path, {"member_id": name}, 201)
        began[name] = time.time() - age(told["updated_at"])
        time.sleep(PAUSE_SECONDS)
    until = time.monotonic() + 20
    while not inboxes.seen.keys() >= began.keys() and time.monotonic() < until:
        time.sleep(0.05)
    inboxes.ended = True
    inboxes.join(5)
    waits = [inboxes.seen[name] - at for name, at in began.items()]
    return at_most(
        "registration → notice in the inbox at 20/s, p99",
        TARGET_MS,
        percentile(waits, 0.99) * 1000,
        unit="ms",
        ours=f"p50 {ms(percentile(waits, 0.5))} of {len(waits)}",
    )


def drained(ground: Ground, who: Person) -> Iterator[Row]:
    """One event is told to thousands: a notice, a ledger row and a letter each."""
    many = MANY if ground.pace.rounds > 2 else FEW
    run = uuid4().hex[:6]
    people(ground, [f"d{run}{n}" for n in range(many)], CROWDED, email=True)
    news, letters = ground.mongo["jejaring_notifications"], ground.cell.home.mail
    before = sum(1 for _ in letters.glob("*.eml"))
    event = announced(who, 1, CROWDED)
    began = time.monotonic()
    about = {"about_id": event["id"], "kind": "event_published"}
    told = seconds_until(lambda: news["notice"].count_documents(about) >= many, began)
    sent = seconds_until(lambda: news["outgoing"].estimated_document_count() == 0, began)
    arrived, posted = sum(1 for _ in letters.glob("*.eml")) - before, news["notice"]
    if arrived != posted.count_documents(about):
        raise RuntimeError(f"{arrived} letters for {posted.count_documents(about)} notices")
    bare = letters_alone(ground, many // 10)
    yield at_least(
        f"{many:,} messages told, written and sent, vs the same letters by bare SMTP",
        0.1,
        many / sent / bare,
        ours=f"{rate(many / sent)}, {sent:.0f} s; in the inboxes after {told:.0f} s",
        baseline=rate(bare),
    )


def seconds_until(question: object, began: float) -> float:
    """How long after the beginning the answer was yes; raises RuntimeError when it never was."""
    assert callable(question)
    while not question():
        if time.monotonic() - began > MOST_SECONDS:
            raise RuntimeError("not drained in time")
        time.sleep(0.1)
    return time.monotonic() - began


def letters_alone(ground: Ground, count: int) -> float:
    """Letters per second over one connection, without a database or a thought."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@bench.example", "b@bench.example", "Kabar"
    letter.set_content("Lokakarya di Kediri.\n" * 20)
    letter.add_alternative("<p>Lokakarya di Kediri.</p>\n" * 20, subtype="html")
    with smtplib.SMTP("127.0.0.1", ground.cell.plan.ports.smtp) as line:
        began = time.perf_counter()
        for _ in range(count):
            line.send_message(letter)
        return count / (time.perf_counter() - began)
