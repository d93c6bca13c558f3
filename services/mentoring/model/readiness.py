"""Readiness: a scored form with a verdict; what is missing becomes an item (source: F2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from contracts.mentoring import facts, states
from services.mentoring.errors import NotReady
from services.mentoring.model import checklist
from services.mentoring.model.states import must_allow
from services.mentoring.model.steps import moved

CONDITION = "condition."
EVIDENCE_OF = {"boolean": "text", "number": "number"}


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """A filled-in form: one number per question of the template, yes is 1, no is 0."""

    mentorship_id: str
    template: states.Template
    answers: Mapping[str, float]

    @property
    def unmet(self) -> list[states.FormQuestion]:
        """The questions whose answer is below what is needed."""
        return [q for q in self.template.questions if self.answers[q.id] < q.least]

    @property
    def score(self) -> int:
        """Percent of the points, rounded down; less than needed has its share of the points."""
        reached = sum(_points(q, self.answers[q.id]) for q in self.template.questions)
        return int(100 * reached / sum(q.points for q in self.template.questions))

    @property
    def verdict(self) -> str:
        """Not ready when something decisive is missing or the score is low."""
        if any(q.decisive for q in self.unmet) or self.score < self.template.conditions_from:
            return "not_ready"
        ready = not self.unmet and self.score >= self.template.ready_from
        return "ready" if ready else "ready_with_conditions"


def assess(
    case: states.Mentorship, now: str, by: str, said: Assessment
) -> facts.MentorshipAssessed:
    """The outcome; conditions become items, needs follow from them, what is met now is done."""
    must_allow(case, "assess")
    before, unmet = case.readiness, said.unmet
    readiness = states.Readiness(
        template_version=int(said.template.id),
        score=said.score,
        verdict=said.verdict,
        conditions=tuple(q.id for q in unmet),
        assessed_by=by,
        assessed_at=now,
        before=before.score if before else None,
    )
    items = checklist.marked(case.items, checklist.ASSESSED, now, by)
    after = moved(
        case,
        now,
        state="assessed" if case.state == "requested" else case.state,
        readiness=readiness,
        needs=_needs(case, said),
        items=_with_conditions(items, unmet, now, by),
    )
    return facts.MentorshipAssessed(mentorship=checklist.settled(_turned_back(after)))


def must_be_offerable(case: states.Mentorship) -> None:
    """Raise MentorshipStateForbids unless assessed, and NotReady after that verdict."""
    must_allow(case, "offer")
    if case.readiness is None or case.readiness.verdict == "not_ready":
        raise NotReady("assess it again when the conditions are met")


def _points(question: states.FormQuestion, answer: float) -> float:
    return question.points * min(1.0, answer / max(1, question.least))


def _needs(case: states.Mentorship, said: Assessment) -> tuple[str, ...]:
    """What was asked for and what is missing now, without what was missing the last time."""
    before = case.readiness.conditions if case.readiness else ()
    past = {need for q in said.template.questions if q.id in before for need in q.needs}
    now = {need for q in said.unmet for need in q.needs}
    wanted = (set(case.needs) - past) | now
    return tuple(need for need in states.NEEDS if need in wanted)


def _with_conditions(
    items: checklist.Items, unmet: Sequence[states.FormQuestion], now: str, by: str
) -> checklist.Items:
    """Conditions that are met are done, others open; new ones come last."""
    wanted = {CONDITION + question.id: question for question in unmet}
    kept = tuple(_after(item, item.id in wanted, now, by) for item in items)
    known = {item.id for item in items}
    return (*kept, *(_item(key, q) for key, q in wanted.items() if key not in known))


def _after(item: states.Item, is_open: bool, now: str, by: str) -> states.Item:
    if not item.id.startswith(CONDITION) or is_open == (item.done_at is None):
        return item
    if is_open:
        return replace(item, done_at=None, done_by=None, evidence=None)
    return replace(item, done_at=now, done_by=by)


def _item(id: str, question: states.FormQuestion) -> states.Item:
    return states.Item(
        id=id,
        stage=question.stage,
        title_id=question.title_id,
        title_en=question.title_en,
        evidence_kind=EVIDENCE_OF[question.kind],
    )


def _turned_back(case: states.Mentorship) -> states.Mentorship:
    """At the earliest stage where something mandatory is open, if that was passed."""
    ranks = [checklist.rank(i.stage) for i in checklist.open_before(case.items, 99)]
    earliest = min([checklist.rank(case.stage), *ranks])
    return replace(case, stage=states.STAGES[earliest])
