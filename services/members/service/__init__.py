"""The nameko service: which handler answers which command, and what comes round by itself."""

from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

from nameko.extensions import DependencyProvider

from chassis.answer import Answer
from chassis.asking import answers
from chassis.call import Call
from chassis.declared import Handler, by_kind, commands_of, reading
from chassis.desk import Desk
from chassis.errors import Outage
from chassis.hearing import hears
from chassis.keeping import KeepsParked
from chassis.log import get_logger
from chassis.periodic import every
from chassis.restating import restated
from chassis.rounds import each
from chassis.turns import turn
from contracts.envelope import Envelope
from contracts.events.facts import (
    CertificateErased,
    CertificateIssued,
    CertificateRestated,
    CertificateRevoked,
)
from contracts.fact import Fact
from contracts.members import commands, facts
from contracts.mentoring.facts import MentorshipSignedOff
from services.members import replicas, schemas
from services.members.errors import KindUnknown, Refusal
from services.members.handlers import (
    appointments,
    areas,
    codes,
    competencies,
    coordination,
    imports,
    innovations,
    institutions,
    keys,
    members,
    profiles,
    region,
    sessions,
    signing_in,
)
from services.members.repository import DATABASE, INDEXES, UNIQUE, MembersWork, policy_of
from services.members.service.courier import Courier

log = get_logger()

HANDLERS: dict[str, Handler] = {
    commands.FoundRegion.verb: region.found_region,
    commands.CreateArea.verb: areas.create_area,
    commands.ChangeArea.verb: areas.change_area,
    commands.RegisterInstitution.verb: institutions.register_institution,
    commands.ChangeInstitution.verb: institutions.change_institution,
    commands.ImportInstitutions.verb: reading(
        schemas.read_institutions, imports.import_institutions
    ),
    commands.ImportMembers.verb: reading(schemas.read_members, imports.import_members),
    commands.SignUp.verb: members.sign_up,
    commands.ChangeMember.verb: profiles.change_member,
    commands.ChangeMe.verb: profiles.change_me,
    commands.ApproveMember.verb: members.approve_member,
    commands.SuspendMember.verb: members.suspend_member,
    commands.ReinstateMember.verb: members.reinstate_member,
    commands.Leave.verb: members.leave,
    commands.SetConsents.verb: members.set_consents,
    commands.OfferAppointment.verb: appointments.offer_appointment,
    commands.AcceptAppointment.verb: appointments.accept_appointment,
    commands.DeclineAppointment.verb: appointments.decline_appointment,
    commands.EndAppointment.verb: appointments.end_appointment,
    commands.RateCompetencies.verb: competencies.rate_competencies,
    commands.AddEvidence.verb: competencies.add_evidence,
    commands.Endorse.verb: competencies.endorse,
    commands.RegisterInnovation.verb: innovations.register_innovation,
    commands.ChangeInnovation.verb: innovations.change_innovation,
    commands.WithdrawInnovation.verb: innovations.withdraw_innovation,
    commands.RequestCode.verb: codes.request_code,
    commands.SignIn.verb: signing_in.sign_in,
    commands.Revoke.verb: sessions.revoke,
}
COMMANDS = commands_of(commands, HANDLERS)
RESTATED = by_kind(
    facts.AreaRestated,
    facts.InstitutionRestated,
    facts.MemberRestated,
    facts.AppointmentRestated,
    facts.CompetenciesRestated,
    facts.InnovationRestated,
    facts.FrameworkRestated,
    facts.SigningKeyRestated,
)
WRITES_LETTERS = {
    cls.verb
    for cls in (commands.SignUp, commands.RequestCode, commands.ChangeMe, commands.ChangeMember)
}


# Each of these counts its address in one row, and a class of forty comes at the same moment.
COUNTED = {cls.verb for cls in (commands.SignUp, commands.RequestCode)}


class Books(replicas.Remembering, MembersWork):
    """One transaction: what the service owns, and what it remembers of events."""


class MembersDesk(Desk):
    """The desk, whose works know the region's policy."""

    def setup(self) -> None:
        """Connect, then read the policy."""
        super().setup()
        self._work = Books.under(policy_of(self.settings))


class Post(DependencyProvider):
    """The courier of this process: runs at a kick, one round at a time."""

    def setup(self) -> None:
        """Make the courier from the settings."""
        self.courier = Courier(self.container.config["settings"])

    def get_dependency(self, _: Any) -> "Post":
        """The post itself."""
        return self

    def kick(self, desk: Desk) -> None:
        """Send soon; the caller does not wait."""
        self.container.spawn_managed_thread(partial(self.carry, desk))

    def carry(self, desk: Desk) -> None:
        """Send what is due; without a database it waits for the next round."""
        try:
            self.courier.run(desk)
        except (Outage, Refusal) as error:
            log.warning("letters wait", error=repr(error))


class Members(KeepsParked):
    """Decides about areas, institutions, people, their roles, levels and sessions."""

    name = "members"
    desk = MembersDesk(database=DATABASE, work=Books, unique=UNIQUE, indexes=INDEXES)
    post = Post()

    @answers(*COMMANDS)
    def answer(self, call: Call) -> Answer:
        """Decide one command."""
        with _turn_of(call):
            answer = self.desk.decide(HANDLERS[call.verb], call)
        if call.verb in WRITES_LETTERS:
            self.post.kick(self.desk)
        return answer

    @answers(commands.Restate)
    def restate(self, call: Call) -> Answer:
        """Say all aggregates of a kind again."""
        return restated(self.desk, call, RESTATED, may=region.may_restate, unknown=KindUnknown)

    @hears(*replicas.HEARD, workers=2)
    def note_event(self, envelope: Envelope, fact: Fact) -> None:
        """Grants are for an event's area, and end with it."""
        self.desk.hear(appointments.note_event, envelope, fact)

    @hears(CertificateIssued, CertificateRevoked, CertificateErased, CertificateRestated, workers=2)
    def note_certificate(self, envelope: Envelope, fact: Fact) -> None:
        """Certificates are evidence."""
        self.desk.hear(competencies.note_certificate, envelope, fact)

    @hears(MentorshipSignedOff)
    def note_mentorship(self, envelope: Envelope, fact: Fact) -> None:
        """A case that was signed off is evidence."""
        self.desk.hear(competencies.note_mentorship, envelope, fact)

    @every(60)
    def keep_terms(self) -> None:
        """End what is over, each in its own transaction, and see who begins today."""
        each(self.desk, appointments.overdue_terms, appointments.expire_term)
        self.desk.sweep(coordination.settle)

    @every(60)
    def tell_expiring(self) -> None:
        """Say of evidence that it expires soon."""
        each(self.desk, competencies.expiring, competencies.tell_expiring)

    @every(600)
    def keep_keys(self) -> None:
        """Rotate signing keys and publish frameworks that ship with this version."""
        self.desk.sweep(keys.rotate_keys)
        self.desk.sweep(competencies.publish_frameworks)

    @every(5)
    def deliver(self) -> None:
        """Letters that a kick left behind."""
        self.post.carry(self.desk)


def _turn_of(call: Call) -> AbstractContextManager[None]:
    """Who would write the counter of an address that another one writes waits for him."""
    if call.verb not in COUNTED:
        return nullcontext()
    return turn(f"{call.verb}/{call.actor.address}", call.deadline)
