"""The projector: hears every fact, folds it into the views, and appends to the change log.

One is active at a time; another takes over when it dies. Duplicates and late facts change nothing.
"""

import secrets
import time
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from chassis import clock
from chassis.answer import Answer
from chassis.asking import answers
from chassis.asking import call as ask
from chassis.broker import Publisher
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.hearing import Pulse, hears
from chassis.mongo import connect
from chassis.parking import drop, replay
from chassis.settings import Settings
from chassis.work import Actor, Call
from contracts.catalogue import FACTS
from contracts.envelope import Envelope
from contracts.fact import Fact
from contracts.members.commands import Restate
from contracts.operations import (
    PARKED_UNKNOWN,
    VIEW_UNKNOWN,
    DropParked,
    RebuildView,
    ReplayParked,
)
from gateway.views import DATABASE, INDEXES, REBUILT, VIEWS, fold, log
from gateway.views.change import Change
from gateway.views.store import lost_races

BATCH = 200
LOG_SECONDS = 10.0
RESTATE_SECONDS = 60.0

Said = tuple[Envelope, Fact] | Pulse


class ParkedUnknown(Refusal):
    """Nothing is parked under this id."""

    refusal = PARKED_UNKNOWN


class ViewUnknown(Refusal):
    """No view has this name, or it is not one that is rebuilt."""

    refusal = VIEW_UNKNOWN


class ViewsDesk(Desk):
    """The projector's database is that of the views."""

    def declare(self, connection: Any) -> None:
        """Indexes, and the head of the change log with its epoch."""
        super().declare(connection)
        begin_log(self.database)


def begin_log(database: Any) -> None:
    """The log's head, unless it is there; a new epoch makes every client start over."""
    head = {"epoch": clock.new_id(), "secret": secrets.token_hex(16), "position": 0}
    database["meta"].update_one({"_id": "log"}, {"$setOnInsert": head}, upsert=True)


def declare(settings: Settings) -> None:
    """What the views need in the database, for who does not run the declaring step."""
    database = connect(settings.mongo_uri)[DATABASE]
    for name, wanted in INDEXES.items():
        database[name].create_indexes(wanted)
    begin_log(database)
    database.client.close()


class Projector:
    """The nameko service."""

    name = "projector"

    desk = ViewsDesk(database=DATABASE, indexes=INDEXES, speaks=False)

    @hears(*FACTS.values(), batch=BATCH, single_active=True, pulses=True)
    def project(self, said: Sequence[Said]) -> None:
        """Fold a batch: views first, then the log, then how far the speakers have said all."""
        facts = [entry[1] for entry in said if not isinstance(entry, Pulse)]
        write_views(self.desk.database, [change for fact in facts for change in fold(fact)])
        self.append(log.touched((fact.kind, fact.state.id) for fact in facts))
        note_pulses(self.desk.database, [entry for entry in said if isinstance(entry, Pulse)])

    def append(self, subjects: set[log.Subject]) -> None:
        """Append what is news about the subjects, in one transaction."""
        found = log.standings(self.desk.database, subjects)
        if found:
            body = partial(_append, self.desk.database, found)
            self.desk.transactions.run(body, deadline=time.time() + LOG_SECONDS)

    @answers(ReplayParked, DropParked, RebuildView)
    def operate(self, call: Call) -> Answer:
        """What an operator asks; that he is one, the gateway has made sure."""
        command = call.command
        if isinstance(command, RebuildView):
            self.rebuild(command.view, call.actor)
        elif isinstance(command, ReplayParked):
            self.replay(command.id)
        elif isinstance(command, DropParked) and not drop(self.desk.database, command.id):
            raise ParkedUnknown(f"nothing is parked as {command.id}")
        return Answer(result={"accepted": True})

    def replay(self, id: str) -> None:
        """Put a parked fact back into the queue; raises ParkedUnknown."""
        publisher = Publisher(self.desk.settings.amqp_uri)
        try:
            if not replay(self.desk.database, publisher, id):
                raise ParkedUnknown(f"nothing is parked as {id}")
        finally:
            publisher.close()

    def rebuild(self, view: str, actor: Actor) -> None:
        """Empty a view and have its owners say everything again; raises ViewUnknown."""
        if view not in REBUILT:
            raise ViewUnknown(f"{view} is not one of {', '.join(REBUILT)}")
        self.desk.database[view].delete_many({})
        settings = self.desk.settings
        for kind in VIEWS[view].kinds:
            again = Restate(kind=kind)
            ask(
                settings.amqp_uri,
                settings.region,
                again,
                actor=actor,
                deadline_seconds=RESTATE_SECONDS,
            )


def _append(database: Any, found: Sequence[log.Standing], session: Any) -> int:
    return log.append(database, session, found)


def write_views(database: Any, changes: Iterable[Change]) -> None:
    """Set what is newer than what the views hold."""
    by_view: dict[str, list[UpdateOne]] = {}
    for change in changes:
        by_view.setdefault(change.view, []).append(change.as_update())
    for view, updates in by_view.items():
        try:
            database[view].bulk_write(updates, ordered=False)
        except BulkWriteError as error:
            database[view].bulk_write(lost_races(error, updates), ordered=False)


def note_pulses(database: Any, pulses: Sequence[Pulse]) -> None:
    """Remember until when each speaker has said everything; it never goes back."""
    for pulse in pulses:
        told = {"$max": {"upto": pulse.upto}, "$set": {"at": clock.now()}}
        database["meta"].update_one({"_id": f"pulse:{pulse.speaker}"}, told, upsert=True)
