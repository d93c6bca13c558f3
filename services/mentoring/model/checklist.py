"""The checklist: items with their evidence, stages that close when all is proven (source: F7)."""

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from contracts.mentoring import facts, states
from services.mentoring.errors import EvidenceInvalid, ItemDone, ItemUnknown, StageOpen
from services.mentoring.model.states import must_allow
from services.mentoring.model.steps import moved

APPROVED, ASSESSED, AGREED, RUNS = (
    "request.head_approval",
    "readiness.assessed",
    "agreement.accepted",
    "follow_up.running",
)
LAST_WORK = states.STAGES.index("sign_off")
Items = tuple[states.Item, ...]


def rank(stage: str) -> int:
    """The place of a stage on the way, from 0."""
    return states.STAGES.index(stage)


def open_before(items: Iterable[states.Item], end: int) -> list[states.Item]:
    """The mandatory items of stages before the one at `end` that are not proven."""
    return [i for i in items if i.mandatory and not i.done_at and rank(i.stage) < end]


def marked(items: Items, id: str, now: str | None, by: str | None = None) -> Items:
    """The items, of which one is done (or open again without `now`) by what happened elsewhere."""
    return tuple(
        replace(item, done_at=now, done_by=by if now else None, evidence=None)
        if item.id == id
        else item
        for item in items
    )


def reset(items: Items, *stages: str) -> Items:
    """The items, of which those of the stages are to be proven anew."""
    return tuple(
        replace(item, done_at=None, done_by=None, evidence=None) if item.stage in stages else item
        for item in items
    )


def settled(case: states.Mentorship) -> states.Mentorship:
    """The case with the progress, stage and state that follow from its items.

    A stage is left by itself when all of its items are done, also the optional ones.
    """
    stage = case.stage
    while rank(stage) < LAST_WORK and all(i.done_at for i in case.items if i.stage == stage):
        stage = states.STAGES[rank(stage) + 1]
    case = replace(case, stage=stage, progress=progress(case.items))
    ready = stage == "sign_off" and not open_before(case.items, LAST_WORK)
    if case.state == "in_progress" and ready:
        return replace(case, state="ready_for_signoff")
    return case


def progress(items: Items) -> int:
    """Percent of the mandatory items that are done, rounded down."""
    needed = [item for item in items if item.mandatory]
    return 100 * sum(1 for item in needed if item.done_at) // max(1, len(needed))


def complete_item(
    case: states.Mentorship, now: str, today: str, by: str, id: str, evidence: Any
) -> facts.ItemCompleted | facts.StageCompleted:
    """Prove an item; raises ItemUnknown, ItemDone and EvidenceInvalid.

    A date that was proven may be proven again by a later one: it must be fresh at sign-off.
    """
    must_allow(case, "item")
    item = next((item for item in case.items if item.id == id), None)
    if item is None:
        raise ItemUnknown(f"there is no item {id}")
    if item.id in (APPROVED, ASSESSED, AGREED, RUNS):
        raise EvidenceInvalid("this is proven by what happens, not by hand", pointer="/item_id")
    _must_prove(item, evidence, today)
    if item.done_at and not _is_later(item, evidence):
        raise ItemDone(f"{id} was proven already")
    done = replace(item, done_at=now, done_by=by, evidence=evidence)
    items = tuple(done if one.id == id else one for one in case.items)
    return _told(case, settled(moved(case, now, items=items)))


def complete_stage(case: states.Mentorship, now: str) -> facts.StageCompleted:
    """Leave the present stage, whatever is optional in it; raises StageOpen with what is open."""
    must_allow(case, "stage")
    open_items = [i.id for i in open_before(case.items, rank(case.stage) + 1)]
    if open_items or case.stage == "sign_off":
        raise StageOpen(f"open are {', '.join(open_items) or 'the votes'}", allowed=open_items)
    onward = states.STAGES[rank(case.stage) + 1]
    return facts.StageCompleted(mentorship=settled(moved(case, now, stage=onward)))


def finish(case: states.Mentorship, now: str) -> facts.StageCompleted | None:
    """Leave every stage in which only optional items are open; None unless that leads to sign-off.

    Who signs off says with it that the work is done.
    """
    if case.state != "in_progress" or open_before(case.items, LAST_WORK):
        return None
    return facts.StageCompleted(mentorship=settled(moved(case, now, stage="sign_off")))


def catch_up(case: states.Mentorship, now: str) -> facts.StageCompleted | None:
    """What was proven before the work began counts; None when nothing follows from it."""
    if settled(case) == case:
        return None
    return facts.StageCompleted(mentorship=settled(moved(case, now)))


def _told(
    before: states.Mentorship, after: states.Mentorship
) -> facts.ItemCompleted | facts.StageCompleted:
    if rank(after.stage) > rank(before.stage):
        return facts.StageCompleted(mentorship=after)
    return facts.ItemCompleted(mentorship=after)


def _is_later(item: states.Item, evidence: states.Proof | None) -> bool:
    before = item.evidence
    return bool(
        item.evidence_kind == "date" and before and evidence and evidence.value > before.value
    )


def _must_prove(item: states.Item, evidence: states.Proof | None, today: str) -> None:
    kind = evidence.kind if evidence else "none"
    if kind != item.evidence_kind:
        raise EvidenceInvalid(f"{item.id} asks for {item.evidence_kind}", pointer="/evidence/kind")
    if evidence and not _fits(kind, evidence.value.strip(), today):
        raise EvidenceInvalid(f"this is no {kind}", pointer="/evidence/value")


def _fits(kind: str, value: str, today: str) -> bool:
    """Whether a value is of its kind; a date is one that has come."""
    if kind == "date":
        return _is_date(value) and value <= today
    return _is_number(value) if kind == "number" else bool(value)


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_number(value: str) -> bool:
    try:
        return math.isfinite(number := float(value)) and number >= 0
    except ValueError:
        return False
