"""The projector: hears every fact, folds it into the views, and appends to the change log.

One is active at a time; another takes over when it dies. Duplicates and late facts change nothing.
"""

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from pymongo import UpdateOne

from chassis import clock
from chassis.answer import Answer
from chassis.asking import answers
from chassis.asking import call as ask
from chassis.call import Actor, Call
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.hearing import Pulse, hears
from chassis.mongo import connect, upsert_all
from chassis.parking import unpark
from chassis.settings import Settings
from contracts.catalogue import FACTS
from contracts.envelope import Envelope
from contracts.fact import Fact
from contracts.federation.crossing import SHARED
from contracts.operations import VIEW_UNKNOWN, DropParked, RebuildView, ReplayParked, Unparking
from gateway.projector import rebuilding
from gateway.views import DATABASE, INDEXES, REBUILT, acts, fold, log
from gateway.views.change import Change

BATCH = 200
GATHER_SECONDS = 0.01  # so that facts in quick succession share a batch
LOG_SECONDS = 10.0
RESTATE_SECONDS = 60.0

Said = tuple[Envelope, Fact] | Pulse


class ViewUnknown(Refusal):
    """No view has this name, or it is not one that is rebuilt."""

    refusal = VIEW_UNKNOWN


class ViewsDesk(Desk):
    """The projector's database is that of the views."""

    def index(self) -> None:
        """Indexes, and the head of the change log with its epoch."""
        super().index()
        begin_log(self.database)
        declare_acts(self.database.client)


def begin_log(database: Any) -> None:
    """The log's head, unless it is there; a new epoch makes every client start over."""
    head = {"epoch": clock.new_id(), "secret": secrets.token_hex(16), "position": 0}
    database["meta"].update_one({"_id": "log"}, {"$setOnInsert": head}, upsert=True)


def declare_acts(client: Any) -> None:
    """Indexes of the audit log."""
    for name, wanted in acts.INDEXES.items():
        client[acts.DATABASE][name].create_indexes(wanted)


def declare(settings: Settings) -> None:
    """What the views need in the database, for who does not run the declaring step."""
    database = connect(settings.mongo_uri)[DATABASE]
    for name, wanted in INDEXES.items():
        database[name].create_indexes(wanted)
    begin_log(database)
    declare_acts(database.client)
    database.client.close()


class Projector:
    """The nameko service."""

    name = "projector"

    desk = ViewsDesk(database=DATABASE, indexes=INDEXES, speaks=False)

    @hears(*FACTS.values(), abroad=SHARED, batch=BATCH, single_active=True, pulses=True)
    def project(self, said: Sequence[Said]) -> None:
        """Fold a batch: views first, then the log, then how far the speakers have said all."""
        facts = [entry[1] for entry in said if not isinstance(entry, Pulse)]
        logged = [fact for fact in facts if log.is_logged(fact.kind)]
        unlogged = [fact for fact in facts if not log.is_logged(fact.kind)]
        rebuilds = rebuilding.running(self.desk.database)
        again = rebuilding.beside_too(folded(facts), rebuilds) if rebuilds else ()
        news = not_held(self.desk.database, folded(logged))
        write_views(self.desk.database, [*news, *folded(unlogged), *again])
        others = (fact for fact in logged if fact.kind not in log.PUBLIC)
        subjects = log.touched((fact.kind, fact.state.id) for fact in others)
        self.append(subjects, log.public(facts))
        acts.keep(self.desk.database.client[acts.DATABASE], facts)
        note_pulses(self.desk.database, [entry for entry in said if isinstance(entry, Pulse)])
        for rebuild in rebuilds:
            if rebuilding.is_due(self.desk.database, rebuild):
                self.replace(rebuild)
        if len(said) < BATCH:
            time.sleep(GATHER_SECONDS)

    def append(self, subjects: set[log.Subject], public: Sequence[log.Standing] = ()) -> None:
        """Append what is news about the subjects, in one transaction."""
        if subjects or public:
            body = partial(log.append, self.desk.database, subjects, public)
            self.desk.transactions.run(body, deadline=time.time() + LOG_SECONDS)

    @answers(ReplayParked, DropParked, RebuildView)
    def operate(self, call: Call) -> Answer:
        """What an operator asks; that he is one, the gateway has made sure."""
        command = call.command
        if isinstance(command, Unparking):
            return unpark(self.desk, command)
        assert isinstance(command, RebuildView)
        self.rebuild(command.view, call.actor)
        return Answer(result={"accepted": True})

    def rebuild(self, view: str, actor: Actor) -> None:
        """Have a view's owners say everything again; raises ViewUnknown, Outage or LookupError."""
        if view not in REBUILT:
            raise ViewUnknown(f"{view} is not one of {', '.join(REBUILT)}")
        mark = rebuilding.begin(self.desk.database, view)
        if mark is None:
            return
        try:
            self._ask_owners(view, actor)
        except BaseException:
            rebuilding.give_up(self.desk.database, view)
            raise
        rebuilding.all_asked(self.desk.database, view, mark)

    def _ask_owners(self, view: str, actor: Actor) -> None:
        for again in rebuilding.questions(self.desk.database, view):
            ask(
                self.desk.settings.amqp_uri,
                self.desk.settings.region,
                again,
                actor=actor,
                deadline_seconds=RESTATE_SECONDS,
            )

    def replace(self, rebuild: Mapping[str, Any]) -> None:
        """Show what was built, and give the log what the new fold makes of it."""
        rebuilding.swap(self.desk.database, rebuild)
        subjects = rebuilding.subjects(self.desk.database, rebuild["view"])
        while some := set(islice(subjects, BATCH)):
            self.append(log.touched(some))
        rebuilding.end(self.desk.database, rebuild["view"])


def folded(facts: Iterable[Fact]) -> list[Change]:
    """What the facts change."""
    return [change for fact in facts for change in fold(fact)]


def not_held(database: Any, changes: Sequence[Change]) -> list[Change]:
    """Without what a gateway has written through; a read costs a tenth of a write without effect.

    Only for facts that are logged: the commit of the log, which waits for the majority, makes the
    earlier write safe too.
    """
    held: dict[tuple[str, str], Mapping[str, int]] = {}
    for view in {change.view for change in changes}:
        ids = sorted({change.id for change in changes if change.view == view})
        for document in database[view].find({"_id": {"$in": ids}}, ["seq"]):
            held[view, document["_id"]] = document["seq"]
    return [c for c in changes if held.get((c.view, c.id), {}).get(c.part, 0) < c.sequence]


def write_views(database: Any, changes: Iterable[Change]) -> None:
    """Set what is newer than what the views hold."""
    by_view: dict[str, list[UpdateOne]] = {}
    for change in changes:
        by_view.setdefault(change.view, []).append(change.as_update())
    for view, updates in by_view.items():
        upsert_all(database[view], updates)


def note_pulses(database: Any, pulses: Sequence[Pulse]) -> None:
    """Remember until when each speaker has said everything; it never goes back."""
    now = clock.real()
    latest = {pulse.speaker: pulse.upto for pulse in sorted(pulses, key=lambda one: one.upto)}
    if latest:
        told = [
            UpdateOne(
                {"_id": f"pulse:{speaker}"},
                {"$max": {"upto": upto}, "$set": {"at": now}},
                upsert=True,
            )
            for speaker, upto in latest.items()
        ]
        upsert_all(database["meta"], told)
