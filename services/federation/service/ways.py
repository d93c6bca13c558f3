"""The ways to and from peers: opened when one is approved, closed when it is blocked."""

from functools import partial

from chassis import clock
from chassis.asking import call as ask
from chassis.border import Border
from chassis.call import Actor
from chassis.crossing import sealed
from chassis.desk import Desk
from contracts.events import commands as events
from contracts.federation import states
from contracts.members import commands as members
from services.federation.handlers import hiding, rounds
from services.federation.handlers.outgoing import Outgoing
from services.federation.model.peer import OPEN
from services.federation.model.rows import Reach

COUNTED = (
    events.Restate(kind="event"),
    events.Restate(kind="seats"),
    members.Restate(kind="innovation"),
)
COUNT_SECONDS = 60.0
MOST_PARTS = 50  # a round; the rest follows in the next one


class Ways:
    """What is done at the border outside of transactions."""

    def __init__(self, desk: Desk, border: Border) -> None:
        self._desk, self._border = desk, border

    def say(self, out: Outgoing, expires_seconds: float | None = None) -> bool:
        """Say to each peer what is for it; who could not be told (False) is told all later."""
        told = True
        for peer, envelopes in out.bodies.items():
            bodies = {one.id: sealed(one, out.key, peer) for one in envelopes}
            if not self._border.say(peer, bodies, expires_seconds):
                self._desk.sweep(partial(rounds.fallen_behind, id=peer))
                told = False
        return told

    def greet(self, peer: str, *, heard: bool) -> None:
        """Greet a peer; a greeting is of use for a moment only."""
        greeting = partial(rounds.greeting, id=peer, heard=heard)
        self.say(self._desk.sweep(greeting), rounds.GREET_SECONDS)

    def meet(self, peer: states.Peer, reach: Reach) -> None:
        """Do what is due with a peer."""
        if peer.state in OPEN:
            if rounds.is_due(peer, reach, clock.now()):
                self._open(peer, reach)
                self.greet(peer.id, heard=rounds.has_heard(peer, reach))
            self._until_done(partial(hiding.show_unblocked, peer=peer.id))
        else:
            if reach.way == "open":
                self._border.close(peer.id)
                self._note(peer.id, way="closed")
            self._until_done(partial(hiding.hide_blocked, peer=peer.id))
        if peer.state == "active" and reach.behind:
            self._tell_all(peer.id, reach.fell)

    def say_again(self, kind: str) -> int:
        """Say to the cell's hearers what peers said of a kind; gives how much that was."""
        count, after = 0, ""
        while True:
            found = self._desk.sweep(partial(rounds.of_kind, kind=kind, after=after))
            if not found:
                return count
            self._border.let_in((scope, envelope) for _, scope, envelope in found)
            count, after = count + len(found), found[-1][0]

    def _open(self, peer: states.Peer, reach: Reach) -> None:
        """Make the ways; before the first greeting all events of ours are counted.

        Also when they were open before: a broker may have been lost meanwhile.
        """
        self._border.open(peer.id)
        if reach.way != "open":
            self._note(peer.id, way="open")
        if not reach.counted:
            self._count()
            self._note(peer.id, counted=True)

    def _count(self) -> None:
        """Have its owners say what may be shared once, now that somebody listens here."""
        settings = self._desk.settings
        for again in COUNTED:
            ask(
                settings.amqp_uri,
                settings.region,
                again,
                actor=Actor(address=self._desk.container.service_name),
                deadline_seconds=COUNT_SECONDS,
            )

    def _tell_all(self, peer: str, fell: int) -> None:
        """Everything that the peer is to know, in parts; what is said meanwhile is said anyway.

        `fell` was read before: who missed something meanwhile stays behind, and is told all again.
        """
        after: str | None = ""
        while after is not None:
            out, after = self._desk.sweep(partial(rounds.part, id=peer, after=after))
            if not self.say(out):
                return
        self._desk.sweep(partial(rounds.caught_up, id=peer, fell=fell))

    def _note(self, peer: str, **changes: object) -> None:
        self._desk.sweep(partial(rounds.noted, id=peer, changes=changes))

    def _until_done(self, step: "partial[int]") -> None:
        for _ in range(MOST_PARTS):
            if self._desk.sweep(step) < hiding.BATCH:
                return
