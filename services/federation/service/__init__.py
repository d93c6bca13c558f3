"""The nameko service: which handler answers which command, what crosses, what comes round."""

from collections.abc import Sequence
from functools import partial

from chassis.answer import Answer
from chassis.asking import answers
from chassis.border import Border
from chassis.call import Call
from chassis.declared import Handler, by_kind, commands_of, reading
from chassis.desk import Desk
from chassis.hearing import Crossing, NotToBeHeard, hears
from chassis.keeping import KeepsParked
from chassis.patience import patiently
from chassis.periodic import every
from chassis.restating import restated
from contracts.catalogue import FACTS
from contracts.envelope import Envelope
from contracts.events.facts import EventFact, SeatsFact
from contracts.fact import Fact
from contracts.federation import commands, facts
from contracts.federation.crossing import ANSWERS, WISHES
from contracts.members.facts import InnovationFact
from services.federation import replicas, schemas
from services.federation.errors import LAGGING, KindUnknown
from services.federation.handlers import hiding, identity, incoming, outgoing, peers, rounds, who
from services.federation.repository import DATABASE, INDEXES, FederationWork, policy_of
from services.federation.service.ways import Ways

HANDLERS: dict[str, Handler] = {
    commands.ProposePeer.verb: reading(schemas.read_proposal, peers.propose_peer),
    commands.ApprovePeer.verb: peers.approve_peer,
    commands.BlockPeer.verb: peers.block_peer,
    commands.UnblockPeer.verb: peers.unblock_peer,
    commands.HideItem.verb: hiding.hide_item,
    commands.ShowItem.verb: hiding.show_item,
}
AT_ONCE = 100
COMMANDS = commands_of(commands, HANDLERS)
RESTATED = by_kind(
    facts.IdentityRestated,
    facts.PeerRestated,
    facts.HiddenItemRestated,
    facts.ErasureRestated,
)
ABROAD = ("event", "seats", "withdrawal", "innovation")
SHARED_KINDS = (EventFact, SeatsFact, InnovationFact)
LOCAL = tuple(fact for fact in FACTS.values() if issubclass(fact, SHARED_KINDS))
GOES_OUT = (*LOCAL, *WISHES, *ANSWERS)


class Books(replicas.Remembering, FederationWork):
    """One transaction: what the service owns, and what it remembers of members."""


class FederationDesk(Desk):
    """The desk, whose works know the region's policy."""

    def setup(self) -> None:
        """Connect, then read the policy."""
        super().setup()
        self._work = Books.under(policy_of(self.settings))


class Federation(KeepsParked):
    """Decides who is a peer, says what is shared, and lets in what may be heard."""

    name = "federation"
    desk = FederationDesk(
        database=DATABASE,
        work=Books,
        indexes={**INDEXES, **replicas.INDEXES},
        keeps=replicas.KEPT,
    )
    border = Border(*GOES_OUT)

    @answers(*COMMANDS)
    def answer(self, call: Call) -> Answer:
        """Decide one command; what its caller was just told elsewhere may be on its way here."""
        decide = partial(self.desk.decide, HANDLERS[call.verb], call)
        return patiently(decide, LAGGING, call, self.desk.lacks)

    @answers(commands.Restate)
    def restate(self, call: Call) -> Answer:
        """Say all aggregates of a kind again, or what peers said of theirs."""
        assert isinstance(call.command, commands.Restate)
        if call.command.kind not in ABROAD:
            return restated(self.desk, call, RESTATED, may=who.may_restate, unknown=KindUnknown)
        self.desk.decide(who.may_restate, call)
        return Answer(result={"restated": self.ways.say_again(call.command.kind)})

    @hears(*replicas.HEARD, batch=AT_ONCE)
    def note(self, said: Sequence[tuple[Envelope, Fact]]) -> None:
        """Remember who may decide."""
        self.desk.remember(fact for _, fact in said)

    @hears(*GOES_OUT, batch=AT_ONCE, bound=False)
    def say(self, said: Sequence[tuple[Envelope, Fact]]) -> None:
        """Say to peers what is theirs to hear, before it counts as heard here."""
        self.ways.say(self.desk.sweep(partial(outgoing.note, said=said)))

    @hears(border=True, batch=AT_ONCE, expected_exceptions=NotToBeHeard)
    def let_in(self, said: Sequence[Crossing]) -> None:
        """Say here what peers said, if it is believed."""
        arrived = self.desk.sweep(partial(incoming.note, crossings=said))
        self.border.let_in(arrived.let_in)
        for peer in arrived.to_greet:
            self.ways.greet(peer, heard=True)

    @every(600)
    def keep_identity(self) -> None:
        """The region has a key from the first start on."""
        self.desk.sweep(identity.keep_identity)

    @every(3)
    def meet(self) -> None:
        """Greet who is to be greeted, tell everything to who missed some, hide what is blocked."""
        for peer, reach in self.desk.sweep(rounds.peers):
            self.ways.meet(peer, reach)

    @every(30)
    def note_heard(self) -> None:
        """Say when peers were heard."""
        self.desk.sweep(rounds.note_heard)

    @property
    def ways(self) -> Ways:
        """To and from peers."""
        return Ways(self.desk, self.border)
