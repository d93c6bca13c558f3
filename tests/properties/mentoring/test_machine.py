"""Whatever is asked of a case, by whomever, whenever: it stays a case (model-based).

The machine of the test is drawn from domain.md §9 by itself and knows nothing of the model's table.
"""

from dataclasses import replace
from functools import partial
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chassis.errors import Refusal
from contracts.codec import encode
from contracts.mentoring import commands, states
from services.mentoring.errors import MentorshipStateForbids
from services.mentoring.handlers import follow_ups, offers, register
from services.mentoring.model.states import ALLOWED
from services.mentoring.service import HANDLERS
from tests.support.mentoring import DAY, NOW, a_mentor, a_region, answers, later, requested

ENDS = {"stopped", "closed"}
WORKING = {"agreed", "in_progress", "ready_for_signoff"}
EDGES = {
    "requested": {"assessed"},
    "assessed": {"matched"},
    "matched": {"agreed", "assessed"},
    "agreed": {"in_progress", "matched", "on_hold", "assessed"},
    "in_progress": {"ready_for_signoff", "on_hold", "assessed"},
    "on_hold": {*WORKING, "assessed"},
    "ready_for_signoff": {"signed_off", "on_hold", "assessed"},
    "signed_off": {"follow_up", "in_progress", "closed"},
    "follow_up": {"in_progress", "closed"},
}
ACCOMPANIED = {"matched", *WORKING, "on_hold", "signed_off", "follow_up"}
PEOPLE = st.sampled_from(["budi", "rina", "ayu", "eko", "rudi", "kartini", "tono"])
BUSY_STAGES = [stage for stage in states.STAGES if stage not in ("request", "follow_up")]


def refusal_of(act, work):
    """Why it was refused, if it was."""
    try:
        act(work)
    except Refusal as refused:
        return refused
    return None


class Case(RuleBasedStateMachine):
    """One case, a few people, and time."""

    @initialize(steps=st.integers(0, 6), surely=st.booleans())
    def begin(self, steps, surely):
        self.now, self.surely, self.seen = NOW, surely, set[str]()
        self.work = a_region().holds(a_mentor("ayu", capacity=5), a_mentor("eko", capacity=5))
        self.work.visits.shows = lambda *_: True
        self.id = requested(self.work).id
        for _ in range(steps):
            self.go_on()

    @rule()
    def go_on(self):
        """The next step of a case that goes well."""
        self.change(approval=True)
        steps = {
            "requested": lambda: self.assess("rudi", lan=True, time=True),
            "assessed": self.find_a_mentor,
            "matched": self.agree,
            "in_progress": lambda: self.prove_all(last=self.surely),
            "on_hold": lambda: self.move("budi", commands.Resume),
            "ready_for_signoff": self.all_vote_yes,
            "signed_off": lambda: self.time_passes(30),
            "follow_up": self.still_runs,
        }
        steps.get(self.case.state, lambda: None)()

    # -- what is asked ------------------------------------------------------------------------

    @rule(who=PEOPLE, lan=st.booleans(), time=st.booleans())
    def assess(self, who, lan, time):
        said = answers(lan=lan, time=time)
        form = {"mentorship_id": self.id, "template_version": 1, "answers": said}
        self.ask(who, commands.Assess(**form))

    @rule(who=st.sampled_from(["rudi", "kartini", "tono"]), pair=st.booleans())
    def offer(self, who, pair):
        partner = "eko" if pair else None
        self.ask(
            who, commands.MakeOffer(mentorship_id=self.id, mentor_id="ayu", partner_id=partner)
        )

    @rule(who=PEOPLE, accepts=st.sampled_from([True, True, False]))
    def answer_offer(self, who, accepts):
        cls = commands.AcceptOffer if accepts else commands.DeclineOffer
        for offer in self.work.offers.of_case(self.id)[-1:]:
            self.ask(who, cls(mentorship_id=self.id, offer_id=offer.id))

    @rule(who=PEOPLE, days=st.integers(1, 20))
    def draft(self, who, days):
        visit = commands.VisitDate(planned_at=later(days * DAY, self.now))
        said = {"goals": ("a",), "duties": ("b",), "visits": (visit,), "consent": True}
        self.ask(who, commands.DraftAgreement(mentorship_id=self.id, **said))

    def find_a_mentor(self):
        self.assess("rudi", lan=True, time=False)
        self.offer("rudi", pair=True)
        self.answer_offer("ayu", accepts=True)

    def still_runs(self):
        self.time_passes(180)
        self.answer_follow_up("rina", day=180, running=True)

    @rule()
    def agree(self):
        self.draft("ayu", days=3)
        for who, party in (("budi", "head"), ("ayu", "mentor")):
            self.ask(who, commands.AcceptAgreement(mentorship_id=self.id, party=party))

    @rule(who=PEOPLE, party=st.sampled_from(["head", "mentor"]))
    def accept(self, who, party):
        self.ask(who, commands.AcceptAgreement(mentorship_id=self.id, party=party))

    @rule(who=PEOPLE, stage=st.sampled_from(BUSY_STAGES))
    def prove_a_stage(self, who, stage):
        for item in self.case.items:
            if item.stage == stage:
                self.prove(who, item)

    @rule(last=st.booleans())
    def prove_all(self, last):
        for item in self.case.items:
            if last or item.stage != "sign_off":
                self.prove("ayu", item)
        self.agree()
        for _ in states.STAGES:
            self.ask("ayu", commands.CompleteStage(mentorship_id=self.id))

    @rule(who=PEOPLE)
    def complete_stage(self, who):
        self.ask(who, commands.CompleteStage(mentorship_id=self.id))

    @rule(who=PEOPLE, party=st.sampled_from(states.PARTIES), agrees=st.booleans())
    def vote(self, who, party, agrees):
        said = {"mentorship_id": self.id, "party": party, "agrees": agrees}
        self.ask(who, commands.SignOff(**said))

    @rule()
    def all_vote_yes(self):
        for who, party in (("rina", "head"), ("ayu", "mentor"), ("rudi", "coordinator")):
            said = {"mentorship_id": self.id, "party": party, "agrees": True}
            self.ask(who, commands.SignOff(**said))

    @rule(who=PEOPLE, day=st.sampled_from(states.FOLLOW_UP_DAYS), running=st.booleans())
    def answer_follow_up(self, who, day, running):
        said = {"mentorship_id": self.id, "day": day, "running": running}
        self.ask(who, commands.AnswerFollowUp(**said))

    @rule(
        who=PEOPLE,
        move=st.sampled_from([commands.Hold, commands.Unmatch, commands.Resume, commands.Resume]),
    )
    def move(self, who, move):
        reason = {} if move is commands.Resume else {"reason": "Ada alasan"}
        self.ask(who, move(mentorship_id=self.id, **reason))

    @rule(who=PEOPLE, sure=st.sampled_from([False, False, False, True]))
    def stop(self, who, sure):
        if sure:
            self.ask(who, commands.Stop(mentorship_id=self.id, reason="Ada alasan"))

    @rule(approval=st.booleans())
    def change(self, approval):
        said = {"mentorship_id": self.id, "head_approval": approval}
        self.ask("budi", commands.ChangeMentorship(**said))

    @rule(days=st.sampled_from([1, 4, 8, 30, 90, 180]))
    def time_passes(self, days):
        self.now = later(days * DAY, self.now)
        for due, act in ((offers.lapsed, offers.lapse), (follow_ups.to_ask, follow_ups.ask)):
            for found in due(self.work.at(self.now)):
                self.watched(partial(act, id=found))

    @rule(name=st.sampled_from(["SMAN 4 Kediri", "SMAN 4 Kota Kediri"]))
    def rename_the_house(self, name):
        house = self.work.institutions.get("sman4")
        self.work.holds(replace(house, version=house.version + 1, name=name))
        for found in register.outdated(self.work.at(self.now), {"sman4"}):
            self.watched(partial(register.follow, id=found))

    # -- how it is asked ----------------------------------------------------------------------

    @property
    def case(self):
        return self.work.mentorships.get(self.id)

    def prove(self, who, item):
        values = {"number": "7", "date": later(0, self.now)[:10], "text": "x", "photo": "none"}
        kind = item.evidence_kind
        evidence = None if kind == "none" else states.Proof(kind=kind, value=values[kind])
        said = {"mentorship_id": self.id, "item_id": item.id, "evidence": evidence}
        self.ask(who, commands.CompleteItem(**said))

    def ask(self, who, command):
        handler = HANDLERS[command.verb]
        self.watched(lambda work: handler(work, command), who)

    def watched(self, act, who=None):
        """What is refused changes nothing and says what is allowed; the rest follows the edges."""
        before, kept = self.case, self.everything()
        work = self.work.by(who, now=self.now)
        refused = refusal_of(act, work)
        if refused:
            assert self.everything() == kept
        if isinstance(refused, MentorshipStateForbids):
            assert refused.allowed == tuple(ALLOWED[before.state])
        path = [before.state, *(f.state.state for f in work.facts if f.kind == "mentorship")]
        self.seen |= set(path)
        if ("ready_for_signoff", "signed_off") in pairwise(path):
            self.must_be_proven()
        for one, then in pairwise(path):
            assert one not in ENDS
            assert then in {one, "stopped"} | EDGES[one], path

    def must_be_proven(self):
        """Nobody signs off without a loan and a return of this week, a backup and an operator."""
        proofs = {item.id: item.evidence for item in self.case.items if item.acceptance}
        assert len(proofs) == 4 and all(proofs.values())
        week = later(-7 * DAY, self.now)[:10]
        assert min(proofs[f"live_lending.{what}"].value for what in ("loan", "return")) >= week

    def everything(self):
        kinds = (self.work.mentorships, self.work.offers, self.work.mentors, self.work.follow_ups)
        return [dict(kind.by_id) for kind in kinds]

    # -- what always holds --------------------------------------------------------------------

    @invariant()
    def who_accompanies_it_is_known_as_long_as_it_is_accompanied(self):
        case = self.case
        if case.state in ACCOMPANIED:
            assert case.mentor_id in ("ayu", "eko") and case.partner_id != case.mentor_id
        if case.state in ("requested", "assessed"):
            assert (case.mentor_id, case.partner_id, case.agreement) == (None, None, None)

    @invariant()
    def load_is_what_is_accompanied(self):
        case = self.case
        held = case.state in {"matched", *WORKING, "on_hold"}
        for name in ("ayu", "eko"):
            mine = held and name in (case.mentor_id, case.partner_id)
            assert self.work.mentors.get(name).load == int(mine)

    @invariant()
    def progress_is_counted_and_readiness_is_proven(self):
        case = self.case
        needed = [item for item in case.items if item.mandatory]
        assert case.progress == 100 * sum(1 for i in needed if i.done_at) // len(needed)
        early = [i for i in needed if i.stage not in ("sign_off", "follow_up")]
        if case.state in ("signed_off", "follow_up", "closed"):
            assert all(i.done_at for i in needed if i.stage != "follow_up")
        if case.state == "ready_for_signoff":
            assert all(i.done_at for i in early) and case.stage == "sign_off"
        assert (case.state == "closed") <= (case.progress == 100)

    @invariant()
    def three_yes_are_a_sign_off_and_a_no_is_a_dispute(self):
        case = self.case
        said = {vote.party: vote for vote in case.votes}
        assert len(said) == len({vote.by for vote in case.votes}) == len(case.votes)
        assert case.disputed == any(not vote.agrees for vote in case.votes)
        signed = case.state in ("signed_off", "follow_up", "closed")
        assert signed == (case.signed_off_at is not None) or case.state == "stopped"
        if signed:
            assert len(said) == 3 and not case.disputed

    @invariant()
    def looks_are_planned_exactly_while_it_is_followed(self):
        looks = self.work.follow_ups.of_case(self.id)
        waiting = [look.day for look in looks if look.state in ("planned", "due")]
        assert len(waiting) == len(set(waiting))
        assert bool(waiting) == (self.case.state in ("signed_off", "follow_up"))
        assert self.case.reopened == sum(1 for look in looks if look.running is False)

    @invariant()
    def a_rest_knows_where_it_came_from(self):
        case = self.case
        assert (case.state == "on_hold") == (case.state_before_hold is not None)
        assert case.state_before_hold in {None, *WORKING}

    @invariant()
    def one_offer_at_most_is_open_and_only_while_it_is_looked_for(self):
        waiting = [o for o in self.work.offers.of_case(self.id) if o.state == "offered"]
        assert len(waiting) <= (self.case.state == "assessed")

    @invariant()
    def an_open_case_is_named_as_the_register_names_its_house(self):
        house = self.work.institutions.get("sman4")
        assert self.case.state in ENDS or self.case.institution_name == house.name

    @invariant()
    def it_fits_into_a_fact(self):
        assert len(str(encode(self.case))) < 64 * 1024


TestCase = Case.TestCase
TestCase.settings = settings(
    stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow],
)


def begun():
    case = Case()
    case.begin(0, surely=True)
    return case


def test_a_house_that_is_renamed_long_after_the_sign_off_proves_nothing_anew():
    signed = begun()
    while signed.case.state != "signed_off":
        signed.go_on()
    signed.time_passes(8)

    signed.rename_the_house("SMAN 4 Kota Kediri")

    assert signed.case.institution_name == "SMAN 4 Kota Kediri"


def test_the_machine_comes_through_every_state_and_back():
    """What chance may miss: to the end, rests, a dispute, a library that stopped, and a stop."""
    done = begun()
    for _ in range(9):
        done.go_on()
    assert done.case.state == "closed"

    reopened = begun()
    for _ in range(6):
        reopened.go_on()
    assert reopened.case.state == "follow_up"
    reopened.answer_follow_up("rina", day=30, running=False)
    assert (reopened.case.state, reopened.case.reopened) == ("in_progress", 1)
    reopened.move("rudi", commands.Hold)
    assert reopened.case.state == "on_hold"
    reopened.move("rudi", commands.Resume)
    reopened.stop("budi", sure=True)
    assert reopened.case.state == "stopped"

    disputed = begun()
    for _ in range(4):
        disputed.go_on()
    assert disputed.case.state == "ready_for_signoff"
    disputed.vote("rina", "head", agrees=False)
    assert disputed.case.disputed
    disputed.go_on()
    assert (disputed.case.state, disputed.case.disputed) == ("signed_off", False)

    assert done.seen | reopened.seen | disputed.seen == set(states.STATES)
