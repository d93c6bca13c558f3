"""The mentoring service in memory: a Work without a database, and a region to fill it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chassis import clock
from chassis.call import Actor, Call
from contracts.codec import encode
from contracts.fact import Fact
from contracts.mentoring import commands, states
from services.mentoring.errors import MentorshipTaken, OfferOpen
from services.mentoring.handlers import cases, progressing
from services.mentoring.model import known
from services.mentoring.model.policy import Policy
from services.mentoring.model.states import OPEN
from services.mentoring.model.template import shipped
from services.mentoring.schemas import read_assessment
from tests.support.events import MemoryAggregates, a_call
from tests.support.work import Recording

REGION = "kediri-raya"
NOW = "2026-11-21T02:00:00.000Z"
DAY = 24 * 3600
POLICY = Policy(timezone="Asia/Jakarta")


def says(value: Any, member_id: str) -> bool:
    """Whether a member's id stands anywhere in it."""
    if isinstance(value, dict):
        return any(says(part, member_id) for part in value.values())
    if isinstance(value, list):
        return any(says(part, member_id) for part in value)
    return bool(value == member_id)


class MemoryCases(MemoryAggregates):
    """Cases."""

    def naming(self, member_id: str, *contacts: str) -> list[Any]:
        def reached(case: Any) -> bool:
            return case.contact and {case.contact.email, case.contact.phone} & {*contacts}

        return self.some(lambda case: says(encode(case), member_id) or reached(case))

    def with_overdue_visits(self, before: str) -> list[Any]:
        def late(case: Any) -> bool:
            visits = case.agreement.visits if case.agreement else ()
            waiting = [v for v in visits if not (v.visit_id or v.overdue_told_at)]
            under_way = case.state in ("agreed", "in_progress", "ready_for_signoff")
            return under_way and any(v.planned_at < before for v in waiting)

        return self.some(late)

    def to_match(self, area: str | None) -> list[Any]:
        def waits(case: Any) -> bool:
            ready = case.readiness and case.readiness.verdict != "not_ready"
            return case.state == "assessed" and ready and area in (None, case.area)

        return self.some(waits)

    def open_at(self, institution_ids: Sequence[str]) -> list[Any]:
        return self.some(lambda c: c.state in OPEN and c.institution_id in institution_ids)


class MemoryInstitutions(MemoryAggregates):
    """Remembered houses; nobody else writes here."""

    def held(self, id: str) -> Any:
        return self.get(id)


class MemoryOffers(MemoryAggregates):
    """Offers."""

    def of_case(self, mentorship_id: str) -> list[Any]:
        return self.some(lambda o: o.mentorship_id == mentorship_id)

    def of_cases(self, mentorship_ids: Sequence[str]) -> list[Any]:
        return self.some(lambda o: o.mentorship_id in mentorship_ids)

    def open(self) -> list[Any]:
        return self.some(lambda o: o.state == "offered")

    def lapsed(self, now: str, limit: int) -> list[Any]:
        found = self.some(lambda o: o.state == "offered" and o.expires_at <= now)
        return sorted(found, key=lambda o: o.expires_at)[:limit]


class MemoryMentors(MemoryAggregates):
    """Profiles."""

    def all(self) -> list[Any]:
        return self.some(lambda _: True)

    def to_return(self, today: str) -> list[Any]:
        return self.some(
            lambda m: not m.available and m.available_from and m.available_from <= today
        )


class MemoryVisits(MemoryAggregates):
    """Visits."""

    def by_client(self, mentorship_id: str, client_id: str) -> Any:
        of_case = self.some(lambda v: v.mentorship_id == mentorship_id)
        return next((v for v in of_case if v.client_id == client_id), None)

    def shows(self, mentorship_id: str, photo_id: str) -> bool:
        of_case = self.some(lambda v: v.mentorship_id == mentorship_id)
        return any(photo.id == photo_id for v in of_case for photo in v.photos)

    def naming(self, member_id: str) -> list[Any]:
        return self.some(lambda v: says(encode(v), member_id))


class MemoryIssues(MemoryAggregates):
    """Faults."""

    def to_climb(self, now: str, limit: int) -> list[Any]:
        return self.some(lambda i: i.state == "open" and i.climbs_at and i.climbs_at <= now)[:limit]

    def solved(self, code: str, limit: int) -> list[Any]:
        found = self.some(lambda i: i.state == "solved" and i.code == code)
        return sorted(found, key=lambda i: i.solved_at, reverse=True)[:limit]

    def naming(self, member_id: str) -> list[Any]:
        return self.some(lambda i: says(encode(i), member_id))


class MemoryFollowUps(MemoryAggregates):
    """Follow-ups."""

    def of_case(self, mentorship_id: str) -> list[Any]:
        of_case = self.some(lambda f: f.mentorship_id == mentorship_id)
        return sorted(of_case, key=lambda f: (f.created_at, f.day))

    def to_ask(self, today: str) -> list[Any]:
        return self.some(lambda f: f.state == "planned" and f.due_on <= today)

    def answered_by(self, member_id: str) -> list[Any]:
        return self.some(lambda f: f.answered_by == member_id)


class MemoryTemplates(MemoryAggregates):
    """Templates."""

    def versions(self) -> set[int]:
        return {int(id) for id in self.by_id}


class MemoryAssignments(MemoryAggregates):
    """Assignments."""


class MemoryAppointments(MemoryAggregates):
    """Remembered roles."""

    def accepted_of(self, member_id: str) -> list[Any]:
        return self.some(lambda a: a.member_id == member_id and a.state == "accepted")

    def accepted(self, role: str) -> list[Any]:
        return self.some(lambda a: a.role == role and a.state == "accepted")


KEPT = {"mentorship": "mentorships", "offer": "offers", "mentor": "mentors", "visit": "visits"}
KEPT |= {"issue": "issues", "follow_up": "follow_ups", "template": "templates"}
KEPT |= {"assignment": "assignments"}
REMEMBERED = {
    "member": ("members", known.KnownMember),
    "appointment": ("appointments", known.KnownAppointment),
    "area": ("areas", known.KnownArea),
    "institution": ("institutions", known.KnownInstitution),
    "competencies": ("competencies", known.KnownCompetencies),
}
STATES: dict[str, type] = {
    "mentorship": states.Mentorship,
    "offer": states.Offer,
    "mentor": states.Mentor,
    "visit": states.Visit,
    "issue": states.Issue,
    "follow_up": states.FollowUp,
    "template": states.Template,
    "assignment": states.Assignment,
}


@dataclass
class MemoryWork(Recording):
    """A Work whose collections are dictionaries; facts land in `facts`."""

    kept = KEPT
    remembered = REMEMBERED

    call: Call
    now: str = NOW
    region: str = REGION
    policy: Policy = POLICY
    forgotten: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    roles: tuple[str, ...] = ()
    mentorships: MemoryCases = field(default_factory=MemoryCases)
    offers: MemoryOffers = field(default_factory=MemoryOffers)
    mentors: MemoryMentors = field(default_factory=MemoryMentors)
    visits: MemoryVisits = field(default_factory=MemoryVisits)
    issues: MemoryIssues = field(default_factory=MemoryIssues)
    follow_ups: MemoryFollowUps = field(default_factory=MemoryFollowUps)
    templates: MemoryTemplates = field(default_factory=MemoryTemplates)
    assignments: MemoryAssignments = field(default_factory=MemoryAssignments)
    members: MemoryAggregates = field(default_factory=MemoryAggregates)
    appointments: MemoryAppointments = field(default_factory=MemoryAppointments)
    areas: MemoryAggregates = field(default_factory=MemoryAggregates)
    institutions: MemoryInstitutions = field(default_factory=MemoryInstitutions)
    competencies: MemoryAggregates = field(default_factory=MemoryAggregates)

    @property
    def today(self) -> str:
        return clock.date_in(self.policy.timezone, self.now)

    def must_be_unique(self, fact: Fact) -> None:
        """What the unique indexes refuse."""
        state: Any = fact.state
        if fact.kind == "mentorship" and state.state in OPEN:
            mine = (state.institution_id, _worded(state.goal))
            for other in self.mentorships.some(lambda m: m.state in OPEN and m.id != state.id):
                if (other.institution_id, _worded(other.goal)) == mine:
                    raise MentorshipTaken
        if fact.kind == "offer" and state.state == "offered":
            of_case = self.offers.of_case(state.mentorship_id)
            if any(o.state == "offered" and o.id != state.id for o in of_case):
                raise OfferOpen

    # -- for tests ----------------------------------------------------------------------------

    def by(
        self, member: Any = None, *, if_match: int | None = None, now: str | None = None
    ) -> "MemoryWork":
        """The same books, asked by somebody (a member or his id), perhaps later."""
        actor = Actor(member_id=getattr(member, "id", member), address="10.0.0.1")
        call = replace(a_call(), actor=actor, if_match=if_match)
        return replace(self, call=call, facts=[], now=now or self.now)

    def at(self, now: str) -> "MemoryWork":
        """The same books at another instant, looked at by nobody: for sweeps."""
        return self.by(None, now=now)

    def said(self) -> list[str]:
        """Names of the facts, in order."""
        return [type(fact).__name__ for fact in self.facts]

    def holds(self, *things: Any) -> "MemoryWork":
        """Put aggregates and remembered things into the books without a word."""
        for thing in things:
            self._shelf(type(thing)).by_id[thing.id] = thing
        return self

    def _shelf(self, cls: type) -> Any:
        names = {known_cls: name for name, known_cls in REMEMBERED.values()}
        kinds = {fact_cls: KEPT[kind] for kind, fact_cls in STATES.items()}
        return getattr(self, {**names, **kinds}[cls])


def _worded(goal: str) -> str:
    return "".join(letter for letter in goal.lower() if letter.isalnum())


def begun(id: str) -> dict[str, Any]:
    """What every aggregate begins with."""
    return {"id": id, "version": 1, "region": REGION, "created_at": NOW, "updated_at": NOW}


def a_member(id: str = "ayu", **fields: Any) -> known.KnownMember:
    """An active librarian of Kota Kediri."""
    plain: dict[str, Any] = {"name": id.capitalize(), "state": "active", "area": "35.71"}
    plain["email"] = f"{id}@sekolah.id"
    return known.KnownMember(id=id, version=1, **{**plain, **fields})


def an_appointment(member_id: str, role: str, **fields: Any) -> known.KnownAppointment:
    """In force since last year."""
    id = fields.pop("id", f"{member_id}-{role}")
    plain = {"state": "accepted", "starts_on": "2025-01-01"}
    return known.KnownAppointment(
        id=id, version=1, member_id=member_id, role=role, **{**plain, **fields}
    )


def a_mentor(id: str, **fields: Any) -> states.Mentor:
    """A free librarian with a profile."""
    plain: dict[str, Any] = {"area": "35.71", "background": "librarian", "skills": ("slims",)}
    plain |= {"latitude": -7.82, "longitude": 112.01}
    return states.Mentor(**begun(id), **{**plain, **fields})


def a_case(id: str = "case", **fields: Any) -> states.Mentorship:
    """SMAN 4's, as asked for by budi; with the shipped checklist."""
    plain: dict[str, Any] = {
        "institution_id": "sman4",
        "institution_name": "SMAN 4 Kediri",
        "area": "35.71",
        "goal": "Otomasi sirkulasi",
        "state": "requested",
        "stage": "request",
        "requested_by": "budi",
        "latitude": -7.8352,
        "longitude": 112.0178,
        "items": shipped(1).items,
    }
    return states.Mentorship(**{**begun(id), **plain, **fields})


def a_region(*things: Any) -> MemoryWork:
    """Two areas; coordinator kartini and secretary sari; rudi for 35.71, dewi for 35.06.

    Budi and rina work at SMAN 4 in 35.71. Mentors of 35.71: ayu (librarian), eko (IT); ayu, eko
    have profiles. Tono is a stranger in 35.06.
    """
    work = MemoryWork(call=a_call())
    place = {"latitude": -7.8352, "longitude": 112.0178}
    return work.holds(
        known.KnownArea(id="35.71", version=1, name="Kota Kediri", **place),
        known.KnownArea(id="35.06", version=1, name="Kabupaten Kediri"),
        known.KnownInstitution(id="sman4", version=1, name="SMAN 4 Kediri", area="35.71", **place),
        known.KnownInstitution(id="smpn1", version=1, name="SMPN 1 Pare", area="35.06"),
        a_member("kartini", area=None),
        a_member("sari", area=None),
        a_member("rudi"),
        a_member("dewi", area="35.06"),
        a_member("ayu"),
        a_member("eko"),
        a_member("budi", institution_id="sman4"),
        a_member("rina", institution_id="sman4"),
        a_member("tono", area="35.06"),
        an_appointment("kartini", "coordinator"),
        an_appointment("sari", "secretary"),
        an_appointment("rudi", "area_coordinator", area="35.71"),
        an_appointment("dewi", "area_coordinator", area="35.06"),
        an_appointment("ayu", "mentor", area="35.71"),
        an_appointment("eko", "mentor", area="35.71"),
        a_mentor("ayu"),
        a_mentor("eko", background="it", skills=("network", "server", "hardware")),
        *things,
    )


# -- a case on its way ------------------------------------------------------------------------


def answers(**besides: float | bool) -> dict[str, float | bool]:
    """A form on which all is well, besides what is named."""
    well = {q.id: True if q.kind == "boolean" else 100 for q in shipped(1).questions}
    return {**well, **besides}


def requested(work: MemoryWork, **fields: Any) -> states.Mentorship:
    """A case asked for by budi, with the head's approval."""
    plain = {"institution_id": "sman4", "goal": "Otomasi sirkulasi", "head_approval": True}
    ask = commands.RequestMentorship(**{**plain, **fields})
    return cases.request_mentorship(work.by("budi"), ask)


def assessed(work: MemoryWork, case_id: str, **besides: float | bool) -> states.Mentorship:
    """The form filled in by rudi."""
    command = commands.Assess(mentorship_id=case_id, template_version=1, answers=answers(**besides))
    return progressing.assess(work.by("rudi"), read_assessment(command))


def later(seconds: float, start: str = NOW) -> str:
    """An instant after the beginning of the story."""
    return clock.later(start, seconds)
