"""The nameko service: which handler answers which command, what is heard, what comes round."""

from collections.abc import Sequence
from functools import partial

from chassis.answer import Answer
from chassis.asking import answers
from chassis.call import Call
from chassis.declared import Handler, by_kind, commands_of
from chassis.desk import Desk
from chassis.hearing import hears
from chassis.keeping import KeepsParked
from chassis.patience import patiently
from chassis.periodic import every
from chassis.restating import restated
from chassis.rounds import each
from contracts.envelope import Envelope
from contracts.events import commands, facts
from contracts.events.facts import AwayRegistrationFact
from contracts.fact import Fact
from contracts.federation.crossing import ANSWERS, WISHES
from services.events import replicas
from services.events.errors import LAGGING, KindUnknown
from services.events.handlers import (
    abroad,
    keys,
    leaving,
    lending,
    restating,
    series,
    speakers,
    visitors,
    wishes,
)
from services.events.repository import DATABASE, INDEXES, UNIQUE, EventsWork, policy_of
from services.events.service import attending, planning

HANDLERS: dict[str, Handler] = {**planning.HANDLERS, **attending.HANDLERS}
NOTES_AT_ONCE = 100
COMMANDS = commands_of(commands, HANDLERS)
RESTATED = by_kind(
    facts.EventRequestRestated,
    facts.EventRestated,
    facts.SeatsRestated,
    facts.RegistrationRestated,
    facts.AwayRegistrationRestated,
    facts.VisitorRegistrationRestated,
    facts.VenueRestated,
    facts.EquipmentRestated,
    facts.SeriesRestated,
    facts.FeedbackRestated,
    facts.CertificateRestated,
    facts.CalendarFeedRestated,
    facts.EventKeyRestated,
)


class Books(replicas.Remembering, EventsWork):
    """One transaction: what the service owns, and what it remembers of members."""


class EventsDesk(Desk):
    """The desk, whose works know the region's policy."""

    def setup(self) -> None:
        """Connect, then read the policy."""
        super().setup()
        self._work = Books.under(policy_of(self.settings))


class Events(KeepsParked):
    """Decides about wishes, events, seats, attendance, certificates, places and things."""

    name = "events"
    desk = EventsDesk(
        database=DATABASE,
        work=Books,
        unique=UNIQUE,
        indexes={**INDEXES, **replicas.INDEXES},
        keeps=replicas.KEPT,
    )

    @answers(*COMMANDS)
    def answer(self, call: Call) -> Answer:
        """Decide one command; what its caller was just told elsewhere may be on its way here."""
        call = attending.unkept(call)
        return patiently(partial(self._decided, call), LAGGING, call, self.desk.lacks)

    @answers(commands.Restate)
    def restate(self, call: Call) -> Answer:
        """Say all aggregates of a kind again."""
        return restated(self.desk, call, RESTATED, may=restating.may_restate, unknown=KindUnknown)

    @hears(*replicas.HEARD, abroad=replicas.ABROAD, batch=NOTES_AT_ONCE)
    def note(self, said: Sequence[tuple[Envelope, Fact]]) -> None:
        """Remember what members and other regions say; who left is forgotten."""
        self.desk.remember(fact for _, fact in said)
        for envelope, fact in said:
            if leaving.has_left(fact):
                self.desk.hear(leaving.forget, envelope, fact)
            elif abroad.has_withdrawn(fact):
                self.desk.hear(abroad.withdraw, envelope, fact)

    @hears(abroad=WISHES, workers=4)
    def welcome(self, envelope: Envelope, fact: AwayRegistrationFact) -> None:
        """Do what members of other regions wish, one after the other for each event."""
        with attending.turn_at(fact.away_registration.event_id):
            self.desk.hear(visitors.welcome, envelope, fact)

    @hears(abroad=ANSWERS, workers=4)
    def hear_answer(self, envelope: Envelope, fact: Fact) -> None:
        """Note what other regions decided about places of members of this one."""
        self.desk.hear(abroad.hear_answer, envelope, fact)

    @every(60)
    def remind(self) -> None:
        """Say once what waits too long: wishes, speakers, materials, borrowed things."""
        each(self.desk, wishes.to_remind, wishes.remind)
        each(self.desk, wishes.to_escalate, wishes.escalate)
        each(self.desk, speakers.unanswered, speakers.remind)
        each(self.desk, speakers.without_material, speakers.ask_for_material)
        each(self.desk, lending.overdue, lending.tell_overdue)

    @every(3600)
    def prolong(self) -> None:
        """Make the dates of series that come within two months."""
        each(self.desk, series.to_prolong, series.prolong)

    @every(15)
    def pass_offers_on(self) -> None:
        """Offers that nobody answered in time."""
        attending.pass_offers_on(self.desk)

    @every(5)
    def certify(self) -> None:
        """Certificates of events that were closed."""
        attending.issue_certificates(self.desk)

    @every(600)
    def keep_keys(self) -> None:
        """Rotate the keys that sign tickets, codes and certificates."""
        self.desk.sweep(keys.rotate_keys)

    def forget_again(self, id: str) -> None:
        """What was written of who left while that was heard."""
        self.desk.sweep(partial(leaving.forget_member, member_id=id))

    def _decided(self, call: Call) -> Answer:
        with attending.turn_of(call):
            return self.desk.decide(HANDLERS[call.verb], call)
