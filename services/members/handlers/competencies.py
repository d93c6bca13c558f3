"""Competencies: rated by oneself, evidenced and endorsed by who may (source: features B1, B2)."""

from chassis import clock
from chassis.aggregate import given
from contracts.events.facts import CertificateFact
from contracts.events.states import Certificate
from contracts.fact import Fact
from contracts.members import commands, states
from contracts.mentoring.competence import AREA_OF_NEED
from contracts.mentoring.facts import MentorshipSignedOff
from contracts.mentoring.states import Mentorship
from services.members.errors import MemberStateForbids, NotYours, OwnEndorsement
from services.members.handlers.who import actor, area_of, authority, member
from services.members.model import framework
from services.members.model.competency import Competencies, expiry_horizon, none_yet
from services.members.model.ports import Work

EVENTS = "events"  # who gives what a certificate shows: nobody in person
MENTORING = "mentoring"  # likewise for a case that was signed off
MENTOR_LEVEL, STAFF_LEVEL = 3, 2
LINE_LENGTH = 300


def rate_competencies(work: Work, command: commands.RateCompetencies) -> states.Competencies:
    """One's own levels; unanswered areas keep theirs."""
    me = actor(work)
    if command.member_id != me.id:
        raise NotYours("everybody rates himself")
    before = _of(work, me.id)
    if not command.ratings:
        return before.state
    state: states.Competencies = work.record(before.rate(work.now, work.today, command.ratings))
    return state


def add_evidence(work: Work, command: commands.AddEvidence) -> states.Competencies:
    """By the member himself, by a coordinator of his area or by a mentor."""
    me = actor(work)
    source = "self" if command.member_id == me.id else _source(work, command.member_id)
    said = (clock.new_id(), work.now, work.today, me.id, source)
    fact = _of(work, command.member_id).evidence(*said, **given(command, "member_id"))
    state: states.Competencies = work.record(fact)
    return state


def endorse(work: Work, command: commands.Endorse) -> states.Competencies:
    """By a coordinator of his area or a mentor, never by himself."""
    me = actor(work)
    if command.member_id == me.id:
        raise OwnEndorsement("ask a mentor or a coordinator of your area")
    source = _source(work, command.member_id)
    said = (clock.new_id(), work.now, work.today, me.id, source)
    fact = _of(work, command.member_id).endorse(*said, **given(command, "member_id"))
    state: states.Competencies = work.record(fact)
    return state


def expiring(work: Work) -> list[str]:
    """Ids of the members whose evidence expires soon and who were not told."""
    return work.competencies.expiring(work.today, expiry_horizon(work.today))


def tell_expiring(work: Work, id: str) -> None:
    """Say once of each that it expires soon."""
    fact = _of(work, id).tell_expiring(work.now, work.today)
    if fact:
        work.record(fact)


def note_certificate(work: Work, fact: CertificateFact) -> None:
    """A certificate that counts is evidence, once per award; one that does not is none (B3).

    Only the newest word about a certificate counts, in whatever order it is heard.
    """
    certificate = fact.certificate
    if not work.certificates.is_news(certificate.id, certificate.version):
        return
    member = work.members.get(certificate.member_id) if certificate.member_id else None
    if member is None or member.state == "left":
        return
    shown = _shown_by(certificate, work.policy.issuer)
    before = _of(work, member.id)
    if certificate.state == "valid":
        said: Fact | None = before.attest(work.now, shown)
    else:
        said = before.withdraw(work.now, {evidence.id for evidence in shown})
    if said:
        work.record(said)


def note_mentorship(work: Work, fact: MentorshipSignedOff) -> None:
    """A library that runs is evidence, once per case: for mentors, and for who asked (B3, F9)."""
    case = fact.mentorship
    for member_id in dict.fromkeys((case.mentor_id, case.partner_id, case.requested_by)):
        member = work.members.get(member_id) if member_id else None
        if member is None or member.state == "left":
            continue
        accompanied = member.id in (case.mentor_id, case.partner_id)
        if not accompanied and member.institution_id != case.institution_id:
            continue  # a coordinator asked for them
        level = MENTOR_LEVEL if accompanied else STAFF_LEVEL
        shown = _proven_by(case, level, work.policy.issuer)
        said = _of(work, member.id).attest(work.now, shown)
        if said:
            work.record(said)


def _proven_by(case: Mentorship, level: int, url: str) -> list[states.Evidence]:
    """Evidence in the areas of what the institution needed; in the library's own in any case."""
    areas = {AREA_OF_NEED[need] for need in case.needs} | {"LIB"}
    return [
        states.Evidence(
            id=f"{case.id}.{area}",
            area=area,
            level=level,
            source="mentor",
            given_on=(case.signed_off_at or case.updated_at)[:10],
            given_by=MENTORING,
            title=f"Pendampingan {case.institution_name}: {case.goal}"[:LINE_LENGTH],
            link=f"{url}/v1/mentorships/{case.id}",
        )
        for area in states.COMPETENCY_AREAS
        if area in areas
    ]


def _shown_by(certificate: Certificate, public_url: str) -> list[states.Evidence]:
    """The evidence of a certificate; its ids follow from the serial."""
    return [
        states.Evidence(
            id=f"{certificate.id}.{award.area}",
            area=award.area,
            level=award.level,
            source="event",
            given_on=certificate.held_on,
            given_by=EVENTS,
            title=certificate.title,
            link=f"{public_url}/v1/certificates/{certificate.id}",
        )
        for award in certificate.awards
    ]


def publish_frameworks(work: Work) -> None:
    """Put into use the shipped versions that are not yet; older ones stay readable."""
    known = work.frameworks.versions()
    for version in framework.SHIPPED:
        if version not in known:
            work.record(framework.publish(version, work.region, work.now))


def _source(work: Work, member_id: str) -> str:
    """As what the actor confirms somebody else's level; raises NotYours."""
    who, subject = authority(work), member(work, member_id)
    area = area_of(work, subject)
    if subject.state == "left":
        raise MemberStateForbids("the member is left")
    if who.may_coordinate(area):
        return "coordinator"
    if who.may_mentor(area):
        return "mentor"
    raise NotYours("a mentor or a coordinator of the member's area confirms levels")


def _of(work: Work, member_id: str) -> Competencies:
    kept = work.competencies.get(member_id)
    state = kept or none_yet(member_id, work.region, work.now)
    return Competencies(work.to_change(state), max(work.frameworks.versions(), default=1))
