"""The nameko service: which handler answers which command, what is heard, what comes round."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from chassis.answer import Answer
from chassis.asking import answers
from chassis.call import Actor, Call
from chassis.declared import Handler, by_kind, commands_of
from chassis.desk import Desk
from chassis.hearing import hears
from chassis.keeping import KeepsParked
from chassis.offload import offload
from chassis.patience import patiently
from chassis.periodic import every
from chassis.restating import restated
from chassis.rounds import each
from chassis.turns import turn
from contracts.envelope import Envelope
from contracts.fact import Fact
from contracts.members.facts import InstitutionFact
from contracts.mentoring import commands, facts
from services.mentoring import replicas
from services.mentoring.errors import LAGGING, KindUnknown
from services.mentoring.handlers import (
    assignments,
    follow_ups,
    leaving,
    mentors,
    register,
    restating,
    templates,
)
from services.mentoring.model import assignment
from services.mentoring.repository import DATABASE, INDEXES, UNIQUE, MentoringWork, policy_of
from services.mentoring.service import course, fieldwork

HANDLERS: dict[str, Handler] = {**course.HANDLERS, **fieldwork.HANDLERS}
NOTES_AT_ONCE = 100
COMMANDS = commands_of(commands, HANDLERS)
RESTATED = by_kind(
    facts.MentorshipRestated,
    facts.OfferRestated,
    facts.MentorRestated,
    facts.VisitRestated,
    facts.IssueRestated,
    facts.FollowUpRestated,
    facts.TemplateRestated,
    facts.AssignmentRestated,
)


class Books(replicas.Remembering, MentoringWork):
    """One transaction: what the service owns, and what it remembers of members."""


class MentoringDesk(Desk):
    """The desk, whose works know the region's policy."""

    def setup(self) -> None:
        """Connect, then read the policy."""
        super().setup()
        self._work = Books.under(policy_of(self.settings))


class Mentoring(KeepsParked):
    """Decides about cases, offers, mentors, visits, faults, follow-ups and assignments."""

    name = "mentoring"
    desk = MentoringDesk(
        database=DATABASE,
        work=Books,
        unique=UNIQUE,
        indexes={**INDEXES, **replicas.INDEXES},
        keeps=replicas.KEPT,
    )

    @answers(*COMMANDS)
    def answer(self, call: Call) -> Answer:
        """Decide one command; what its caller was just told elsewhere may be on its way here."""
        return patiently(partial(self._decided, call), LAGGING, call, self.desk.lacks)

    @answers(commands.Restate)
    def restate(self, call: Call) -> Answer:
        """Say all aggregates of a kind again."""
        return restated(self.desk, call, RESTATED, may=restating.may_restate, unknown=KindUnknown)

    @hears(*replicas.HEARD, batch=NOTES_AT_ONCE)
    def note(self, said: Sequence[tuple[Envelope, Fact]]) -> None:
        """Remember what the members service says; who left is forgotten, cases follow the register.

        Who left is forgotten first, while his contacts are known. Who became a mentor can be asked.
        """
        for envelope, fact in said:
            if leaving.has_left(fact):
                self.desk.hear(leaving.forget, envelope, fact)
        self.desk.remember(fact for _, fact in said)
        for member_id in filter(None, {mentors.appointed(fact) for _, fact in said}):
            self.desk.sweep(partial(mentors.welcome, member_id=member_id))
        houses = {fact.institution.id for _, fact in said if isinstance(fact, InstitutionFact)}
        if houses:
            self._follow(houses)

    @every(60)
    def watch(self) -> None:
        """What has come: follow-ups, lapsed offers, overdue visits, faults that wait too long."""
        each(self.desk, follow_ups.to_ask, follow_ups.ask)
        fieldwork.watch(self.desk)

    @every(600)
    def keep_templates(self) -> None:
        """Publish templates that ship with this version."""
        self.desk.sweep(templates.publish_templates)

    def forget_again(self, id: str) -> None:
        """What was written of who left while that was heard."""
        self.desk.sweep(partial(leaving.forget_member, member_id=id))

    def _follow(self, houses: set[str]) -> None:
        """What raises here has the fact heard again: no round comes back to it."""
        for case_id in self.desk.sweep(partial(register.outdated, institution_ids=houses)):
            self.desk.sweep(partial(register.follow, id=case_id))

    def _decided(self, call: Call) -> Answer:
        with _turn_of(call):
            if isinstance(call.command, commands.ProposeAssignment):
                return self.desk.decide(self._planned(call.command, call.actor), call)
            return self.desk.decide(HANDLERS[call.verb], call)

    def _planned(self, command: commands.ProposeAssignment, actor: Actor) -> Handler:
        """Worked out between two transactions, in a native thread.

        It may take longer than a transaction may live, and must not hold up the hub.
        """
        asked = partial(assignments.to_assign, command=command)
        plan = offload(assignment.best, *self.desk.sweep(asked, actor=actor))
        return partial(assignments.propose_assignment, plan=plan)


def _turn_of(call: Call) -> AbstractContextManager[None]:
    """Commands about the same case wait for one another in this process."""
    about = getattr(call.command, "mentorship_id", None)
    return nullcontext() if about is None else turn(about, call.deadline)
