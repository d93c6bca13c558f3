"""What a crashed writer left in its outbox: how long until the sweep of another replica says it."""

import random
import time
from collections.abc import Iterator
from uuid import uuid4

from bench.figures import percentile
from bench.ground import Ground
from bench.own.speaker import DATABASE
from bench.own.words import Note, Said
from bench.table import Row, at_most
from chassis import clock
from chassis.work import HEAD_START_SECONDS, outbox_rows
from contracts.envelope import seal

CRASHES = 8


def measure(ground: Ground) -> Iterator[Row]:
    """Rows as a commit writes them, whose writer died before its relay was kicked."""
    heard = ground.folder / "heard-after-crash"
    with ground.service("speaker"), ground.service("hearer", HEARD_FILE=str(heard)):
        for _ in range(CRASHES):
            leave_behind(ground)
        time.sleep(HEAD_START_SECONDS + 2)
    lines = [[float(part) for part in line.split()] for line in heard.read_text().splitlines()]
    waits = [began - said for said, began, _ in lines]
    if len(waits) != CRASHES:
        raise RuntimeError(f"{len(waits)} of {CRASHES} were heard")
    yield at_most(
        "after a writer crash the sweep relays within",
        2.5,
        max(waits),
        unit="s",
        ours=f"median {percentile(waits, 0.5):.2f} s of {CRASHES}",
    )


def leave_behind(ground: Ground) -> None:
    """One committed row that nobody was kicked for."""
    time.sleep(random.uniform(0.1, 0.7))
    fact = Said(note=Note(id=uuid4().hex, version=1, said_at=time.time()))
    sealed = seal(fact, id=uuid4().hex, region="bench", time=clock.now())
    ground.mongo[DATABASE]["outbox"].insert_many(list(outbox_rows([sealed], HEAD_START_SECONDS)))
