"""The service declares: every command has a handler, every kind can be said again, all is heard."""

import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from chassis import patience
from chassis.answer import Answer
from chassis.call import Seen
from chassis.errors import Stale
from contracts.catalogue import COMMANDS, FACTS
from contracts.fact import Fact
from contracts.members import facts as members
from contracts.mentoring import commands, states
from services.mentoring import replicas, service
from services.mentoring.errors import LAGGING, Forbidden, KindUnknown, MentorshipUnknown
from services.mentoring.handlers.who import authority
from services.mentoring.repository import INDEXES, UNIQUE, policy_of
from services.mentoring.service import Books, course, fieldwork
from tests.support.members import an_appointment as a_grant
from tests.support.members import an_institution
from tests.support.mentoring import a_call, a_case, a_member, a_region, an_appointment, answers
from tests.unit.members.test_letters import SETTINGS
from tests.unit.mentoring.test_leaving import full, member

READY = states.Readiness(template_version=1, score=90, verdict="ready")


def test_every_command_is_answered():
    ours = {verb for verb in COMMANDS if verb.startswith("mentoring.")}

    assert set(service.HANDLERS) == ours - {"mentoring.restate"}
    assert {command.verb for command in service.COMMANDS} == set(service.HANDLERS)
    assert not course.HANDLERS.keys() & fieldwork.HANDLERS.keys()


def test_every_kind_with_a_restated_fact_can_be_said_again():
    ours = {name: cls for name, cls in FACTS.items() if name.startswith("mentoring.")}
    kinds = {cls.kind for name, cls in ours.items() if name.endswith("_restated.v1")}

    assert set(service.RESTATED) == kinds == {cls.kind for cls in ours.values()}


def test_every_unique_index_has_its_refusal():
    named = {
        index.document["name"]
        for indexes in INDEXES.values()
        for index in indexes
        if index.document.get("unique")
    }

    assert named == set(UNIQUE)


def test_everything_that_changes_a_replica_is_heard():
    def every(base: type[Fact]) -> set[type[Fact]]:
        return {cls for cls in FACTS.values() if issubclass(cls, base)}

    unheard = {
        members.AppointmentOffered,
        members.AppointmentDeclined,
        members.AreaCoordinated,
        members.AreaCoordinatorVacant,
    }
    said = every(members.MemberFact) | every(members.AppointmentFact) | every(members.AreaFact)
    said |= every(members.CompetenciesFact) | every(members.InstitutionFact)
    assert set(replicas.HEARD) == said - unheard
    assert {cls.kind for cls in replicas.HEARD} == set(replicas.KEPT)


def test_the_settings_make_the_policy():
    policy = policy_of(SETTINGS)

    assert policy.timezone == "Asia/Jakarta"
    assert Books.under(policy).policy is policy


class Desk:
    """A desk over books in memory; a coordinator's word arrives after `late` tries."""

    def __init__(self, work, late=()):
        self.work, self.late, self.said_again, self.heard = work, list(late), [], []
        self.is_open = False

    def decide(self, handler, call):
        self.is_open = True
        try:
            return Answer(result=handler(self.work, call.command))
        finally:
            self.is_open = False
            if self.late:
                self.work.holds(self.late.pop(0))

    def lacks(self, shown):
        return False

    def hear(self, handler, envelope, fact):
        handler(self.work, fact)

    def remember(self, facts):
        for fact in facts:
            self.work.remember(fact)

    def sweep(self, handler, actor=None):
        return handler(self.work)

    def restate(self, kind, _):
        self.said_again.append(kind)
        return 3


def a_service(work, late=()):
    mentoring = service.Mentoring()
    mentoring.desk = Desk(work, late)
    return mentoring


def asked(command, seconds=3600):
    call = {**vars(a_call()), "deadline": time.time() + seconds}
    return SimpleNamespace(**{**call, "command": command, "verb": command.verb})


@pytest.fixture
def _no_time_passes(monkeypatch):
    monkeypatch.setattr(patience.eventlet, "sleep", lambda seconds: None)


@pytest.mark.usefixtures("_no_time_passes")
def test_what_was_said_a_moment_ago_elsewhere_counts_here():
    late = [a_member("baru", state="active"), an_appointment("baru", "secretary")]
    work = a_region(a_case(), a_member("baru", state="pending")).by("baru")
    ask = commands.Assess(mentorship_id="case", template_version=1, answers=answers())

    assert a_service(work, late).answer(asked(ask)).result.state == "assessed"


@pytest.mark.usefixtures("_no_time_passes")
def test_a_stranger_is_refused_in_the_end_and_other_refusals_at_once():
    ask = commands.RequestMentorship(institution_id="sman4", goal="Otomasi")
    with pytest.raises(Forbidden):
        a_service(a_region().by("tono")).answer(asked(ask))

    assert MentorshipUnknown not in LAGGING
    with pytest.raises(MentorshipUnknown):
        a_service(a_region().by("rudi")).answer(asked(commands.Resume(mentorship_id="x")))


def test_a_house_that_is_heard_of_under_another_name_is_so_in_its_case():
    work = a_region(a_case())
    house = replace(an_institution(name="SMAN Empat"), version=2)

    a_service(work).note([(None, members.InstitutionChanged(institution=house))])

    assert work.mentorships.get("case").institution_name == "SMAN Empat"


def test_a_kind_is_said_again_for_the_cell_officers_and_operators():
    operator = an_appointment("tono", "operator")
    for work in (a_region(), a_region().by("sari"), a_region(operator).by("tono")):
        mentoring = a_service(work)
        again = asked(commands.Restate(kind="follow_up"))
        assert mentoring.restate(again).result == {"restated": 3}
        assert mentoring.desk.said_again == ["follow_up"]
    with pytest.raises(KindUnknown):
        a_service(a_region()).restate(asked(commands.Restate(kind="ticket")))
    with pytest.raises(Forbidden):
        a_service(a_region().by("rudi")).restate(asked(commands.Restate(kind="visit")))


def test_a_house_whose_case_is_being_changed_is_heard_again(monkeypatch):
    def busy(work, id):
        raise Stale(f"somebody changes {id}")

    monkeypatch.setattr(service.register, "follow", busy)
    house = replace(an_institution(name="SMAN Empat"), version=2)

    with pytest.raises(Stale):
        a_service(a_region(a_case())).note([(None, members.InstitutionChanged(institution=house))])


def test_what_members_say_is_noted_and_who_left_is_forgotten():
    work = a_region(full())
    changed = members.MemberChanged(member=member("eko", 3, name="Eko P."))
    gone = members.MemberLeft(member=member("budi", 9, state="left"))

    a_service(work).note([(None, changed), (None, gone)])

    assert work.members.get("eko").name == "Eko P."
    assert work.members.get("budi").state == "left"
    assert work.mentorships.get("case").requested_by is None


def test_an_appointment_makes_a_mentor_who_can_be_asked():
    work = a_region(a_member("baru", institution_id="sman4", area=None))
    mentoring = a_service(work)
    offered = a_grant("baru", "mentor", state="offered")
    accepted = replace(offered, state="accepted", version=2)

    mentoring.note([(None, members.AppointmentOffered(appointment=offered))])
    assert work.mentors.get("baru") is None
    for _ in range(2):
        mentoring.note([(None, members.AppointmentAccepted(appointment=accepted))])

    state = work.mentors.get("baru")
    assert (state.version, state.background, state.skills) == (1, "librarian", ())
    assert (state.area, state.latitude, state.available) == ("35.71", -7.8352, True)


@pytest.mark.parametrize("who", [("ayu", "mentor"), ("budi", "secretary"), ("weg", "mentor")])
def test_who_has_a_profile_another_role_or_left_is_given_none(who):
    member_id, role = who
    work = a_region(a_member("weg", state="left"))
    held = a_grant(member_id, role)

    a_service(work).note([(None, members.AppointmentRestated(appointment=held))])

    assert work.said() == []


def test_what_comes_round_publishes_templates_and_asks_what_is_due():
    work = a_region()

    a_service(work).keep_templates()
    a_service(work).watch()

    assert set(work.said()) == {"TemplatePublished"}


def test_what_somebody_changed_of_himself_is_waited_for():
    work = a_region().by("rudi")
    newer = work.members.get("rudi").version + 1
    actor = replace(work.call.actor, seen=(Seen(kind="member", id="rudi", version=newer),))

    with pytest.raises(Forbidden, match="has not been heard here"):
        authority(replace(work, call=replace(work.call, actor=actor)))
