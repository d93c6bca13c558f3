"""The checklist: an item closes with its evidence, a stage with its items, the server counts."""

import pytest

from contracts.mentoring import commands, states
from services.mentoring.errors import (
    EvidenceInvalid,
    ItemDone,
    ItemUnknown,
    MentorshipStateForbids,
    StageOpen,
)
from services.mentoring.handlers.progressing import complete_item, complete_stage
from services.mentoring.model import checklist
from services.mentoring.model.template import shipped
from tests.support.mentoring import NOW, a_case, a_region, begun

ITEMS = {item.id: item for item in shipped(1).items}
PHOTO = states.Photo(
    id="p1", media_type="image/jpeg", size_bytes=9, added_by="ayu", no_identifiable_child=True
)
VISIT = states.Visit(
    **begun("v1"),
    mentorship_id="case",
    area="35.71",
    client_id="c1",
    started_at=NOW,
    ended_at=NOW,
    logged_by="ayu",
    photos=(PHOTO,),
)
PROOFS = {"photo": "p1", "number": "12", "date": "2026-11-20", "text": "9.6.1"}


def item(id, **fields):
    return states.Item(**{**vars(ITEMS[id]), **fields})


def under_way(stage="infrastructure", done=(), **fields):
    before = states.STAGES.index(stage)
    items = tuple(
        item(i.id, done_at=NOW) if states.STAGES.index(i.stage) < before or i.id in done else i
        for i in shipped(1).items
    )
    return a_case(state="in_progress", stage=stage, mentor_id="ayu", items=items, **fields)


def prove(id, value=None, kind=None):
    kind = kind or ITEMS[id].evidence_kind
    evidence = states.Proof(kind=kind, value=PROOFS[kind] if value is None else value)
    return commands.CompleteItem(mentorship_id="case", item_id=id, evidence=evidence)


def test_an_item_keeps_who_proved_it_by_what_and_progress_grows():
    work = a_region(under_way(), VISIT).by("budi")

    case = complete_item(work, prove("infrastructure.lan", "http://192.168.1.10/slims"))

    done = next(i for i in case.items if i.id == "infrastructure.lan")
    assert (done.done_at, done.done_by) == (NOW, "budi")
    assert done.evidence.value == "http://192.168.1.10/slims"
    assert work.said() == ["ItemCompleted"]
    assert case.progress == checklist.progress(case.items) > 0


@pytest.mark.parametrize(
    ("id", "value"),
    [
        ("installation.admin", "kemarin"),
        ("installation.admin", "2026-11-22"),
        ("installation.admin", "20261120"),
        ("collection_data.titles", "banyak"),
        ("collection_data.titles", "-3"),
        ("collection_data.titles", "inf"),
        ("installation.version", "   "),
        ("infrastructure.computers", "p9"),
    ],
)
def test_evidence_must_be_of_its_kind(id, value):
    with pytest.raises(EvidenceInvalid):
        complete_item(a_region(under_way(), VISIT).by("ayu"), prove(id, value))


@pytest.mark.parametrize("id", ["infrastructure.lan", "installation.admin"])
def test_evidence_of_another_kind_or_none_proves_nothing(id):
    work = a_region(under_way(), VISIT).by("ayu")
    for command in (
        prove(id, "9", "number"),
        commands.CompleteItem(mentorship_id="case", item_id=id),
    ):
        with pytest.raises(EvidenceInvalid):
            complete_item(work, command)


@pytest.mark.parametrize("id", ["agreement.accepted", "readiness.assessed", "follow_up.running"])
def test_what_happens_elsewhere_is_not_ticked_off_by_hand(id):
    with pytest.raises(EvidenceInvalid):
        complete_item(
            a_region(under_way()).by("ayu"),
            commands.CompleteItem(mentorship_id="case", item_id=id),
        )


def test_an_item_is_proven_once_but_a_date_may_become_fresher():
    work = a_region(under_way(), VISIT)
    for id in ("installation.version", "live_lending.loan"):
        complete_item(work.by("ayu"), prove(id))

    with pytest.raises(ItemDone):
        complete_item(work.by("ayu"), prove("installation.version", "9.7"))
    for old in ("2026-11-20", "2026-11-01"):
        with pytest.raises(ItemDone):
            complete_item(work.by("ayu"), prove("live_lending.loan", old))
    case = complete_item(work.by("ayu"), prove("live_lending.loan", "2026-11-21"))
    done = next(i for i in case.items if i.id == "live_lending.loan")
    assert done.evidence.value == "2026-11-21"
    with pytest.raises(ItemUnknown):
        complete_item(work.by("ayu"), commands.CompleteItem(mentorship_id="case", item_id="x"))


def test_a_stage_with_all_items_done_is_left_by_itself():
    almost = ("infrastructure.computers", "infrastructure.ups")
    work = a_region(under_way(done=almost), VISIT).by("ayu")

    case = complete_item(work, prove("infrastructure.lan"))

    assert (work.said(), case.stage) == (["StageCompleted"], "installation")


def test_a_stage_with_something_optional_open_is_left_by_word():
    done = ("infrastructure.computers", "infrastructure.lan")
    work = a_region(under_way(done=done)).by("ayu")

    case = complete_stage(work, commands.CompleteStage(mentorship_id="case"))

    assert (work.said(), case.stage) == (["StageCompleted"], "installation")


def test_a_stage_with_something_mandatory_open_says_what():
    work = a_region(under_way(done=("infrastructure.lan",))).by("ayu")

    with pytest.raises(StageOpen) as refused:
        complete_stage(work, commands.CompleteStage(mentorship_id="case"))
    assert refused.value.allowed == ("infrastructure.computers",)


def test_work_done_ahead_counts_when_its_stage_comes():
    ahead = tuple(i for i in ITEMS if i.startswith("installation."))
    done = (*ahead, "infrastructure.computers", "infrastructure.ups")
    work = a_region(under_way(done=done)).by("ayu")

    assert complete_item(work, prove("infrastructure.lan")).stage == "collection_data"


def test_with_all_before_sign_off_proven_the_case_is_ready_for_it():
    left = ("live_lending.loan",)
    done = tuple(i.id for i in ITEMS.values() if i.stage == "live_lending" and i.id not in left)
    work = a_region(under_way("live_lending", done)).by("ayu")

    case = complete_item(work, prove("live_lending.loan"))

    assert (case.state, case.stage, work.said()) == (
        "ready_for_signoff",
        "sign_off",
        ["StageCompleted"],
    )


def test_sign_off_is_no_stage_to_be_closed_by_one():
    agreed = under_way("sign_off")
    agreed = states.Mentorship(
        **{**vars(agreed), "items": checklist.marked(agreed.items, checklist.AGREED, None)}
    )
    with pytest.raises(StageOpen):
        complete_stage(a_region(agreed).by("ayu"), commands.CompleteStage(mentorship_id="case"))


@pytest.mark.parametrize("state", ["requested", "on_hold", "signed_off", "closed", "stopped"])
def test_nothing_is_proven_before_it_is_assessed_while_it_rests_or_after_it_ended(state):
    work = a_region(a_case(state=state)).by("budi")
    with pytest.raises(MentorshipStateForbids):
        complete_item(work, prove("installation.version"))
    with pytest.raises(MentorshipStateForbids):
        complete_stage(work, commands.CompleteStage(mentorship_id="case"))
