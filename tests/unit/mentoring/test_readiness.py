"""Readiness: a form gives a score and a verdict, and what is missing becomes an item."""

import pytest

from contracts.mentoring import commands, states
from services.mentoring.errors import (
    AnswersInvalid,
    Forbidden,
    MentorshipStateForbids,
    NotReady,
    TemplateUnknown,
)
from services.mentoring.handlers.progressing import assess
from services.mentoring.handlers.templates import publish_templates
from services.mentoring.model.mentorship import Mentorship
from services.mentoring.model.readiness import Assessment, must_be_offerable
from services.mentoring.model.template import SHIPPED, shipped
from services.mentoring.schemas import read_assessment
from tests.support.mentoring import (
    NOW,
    a_case,
    a_region,
    answers,
    assessed,
    later,
    requested,
)

FORM = shipped(1)
NO_LAN = {"lan": False}
NO_TIME = {"time": False}


def filled(**besides):
    return commands.Assess(mentorship_id="case", template_version=1, answers=answers(**besides))


# -- the form -----------------------------------------------------------------------------------


@pytest.mark.parametrize("version", SHIPPED)
def test_every_shipped_template_asks_about_five_parts_and_covers_all_stages(version):
    form = shipped(version)
    parts = {question.part for question in form.questions}

    assert parts == {"infrastructure", "people", "collection_data", "leadership", "budget"}
    assert [s for s in states.STAGES if any(i.stage == s for i in form.items)] == [*states.STAGES]
    assert all(any(i.mandatory for i in form.items if i.stage == s) for s in states.STAGES)
    assert all(question.id.isidentifier() for question in form.questions)  # keys of `answers`
    for texts in (form.questions, form.items):
        ids = [one.id for one in texts]
        assert len(ids) == len(set(ids))
        assert all(one.title_id and one.title_en != one.title_id for one in texts)
    assert {i.id for i in form.items if i.acceptance} == {
        "live_lending.loan",
        "live_lending.return",
        "sign_off.backup_restored",
        "sign_off.operator",
    }


def test_shipped_templates_are_said_once():
    work = a_region()

    for said in (["TemplatePublished"], []):
        sweep = work.at(NOW)
        publish_templates(sweep)
        assert sweep.said() == said
    assert work.templates.get("1").questions == FORM.questions


def test_answers_are_read_as_numbers():
    said = read_assessment(filled(computer=3, lan=False))

    assert said.answers["computer"] == 3.0
    assert said.answers["lan"] == 0.0
    assert said.answers["power"] == 1.0


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("computer", -1),
        ("computer", True),
        ("computer", "dua"),
        ("computer", float("nan")),
        ("lan", "ya"),
        ("lan", 2),
        ("lan", None),
        ("tidak_ada", 1),
    ],
)
def test_answers_that_do_not_fit_are_named_one_by_one(question, wrong):
    command = commands.Assess(
        mentorship_id="case", template_version=1, answers={**answers(), question: wrong}
    )
    with pytest.raises(AnswersInvalid) as refused:
        read_assessment(command)

    assert [error.pointer for error in refused.value.errors] == [f"/answers/{question}"]


def test_every_question_wants_an_answer_and_a_form_must_be_known():
    with pytest.raises(AnswersInvalid) as refused:
        read_assessment(commands.Assess(mentorship_id="x", template_version=1, answers={}))
    assert len(refused.value.errors) == len(FORM.questions)
    with pytest.raises(TemplateUnknown):
        read_assessment(commands.Assess(mentorship_id="x", template_version=9, answers={}))


# -- the verdict --------------------------------------------------------------------------------


def test_all_well_is_ready():
    said = read_assessment(filled())
    assert (said.score, said.verdict, said.unmet) == (100, "ready", [])


def test_something_decisive_missing_is_not_ready_whatever_the_score():
    said = read_assessment(filled(**NO_LAN))
    assert said.score > FORM.ready_from and said.verdict == "not_ready"


def test_something_else_missing_is_a_condition():
    said = read_assessment(filled(**NO_TIME))
    assert (said.verdict, [q.id for q in said.unmet]) == (
        "ready_with_conditions",
        ["time"],
    )


def test_a_low_score_without_anything_decisive_is_not_ready():
    decisive = {q.id: answers()[q.id] for q in FORM.questions if q.decisive}
    said = Assessment(
        mentorship_id="x",
        template=FORM,
        answers={**{q.id: 0 for q in FORM.questions}, **decisive},
    )
    assert said.score < FORM.conditions_from and said.verdict == "not_ready"


# -- the case ------------------------------------------------------------------------------------


def test_each_condition_becomes_an_item_and_a_need_and_is_done_when_it_is_met():
    work = a_region()
    case = requested(work, needs=("slims",))

    first = assessed(work, case.id, **NO_LAN)
    item = next(i for i in first.items if i.id == "condition.lan")
    assert (first.state, first.readiness.verdict) == ("assessed", "not_ready")
    assert (item.stage, item.mandatory, item.done_at) == ("infrastructure", True, None)
    assert (first.needs, first.readiness.conditions) == (
        ("network", "slims"),
        ("lan",),
    )

    second = assessed(work, case.id)
    item = next(i for i in second.items if i.id == "condition.lan")
    assert (item.done_at, item.done_by) == (NOW, "rudi")
    assert (second.readiness.verdict, second.readiness.before) == ("ready", first.readiness.score)
    assert (second.needs, len(second.items)) == (("slims",), len(first.items))

    third = assessed(work, case.id, **NO_LAN)
    item = next(i for i in third.items if i.id == "condition.lan")
    assert (item.done_at, item.done_by, len(third.items)) == (None, None, len(first.items))


def test_an_open_condition_takes_a_case_under_way_back_to_its_stage():
    work = a_region()
    case = assessed(work, requested(work).id)
    under_way = a_case(
        "under-way",
        state="in_progress",
        stage="staff_training",
        goal="Lain",
        items=tuple(
            i if i.stage in ("staff_training", "live_lending") else _done(i) for i in case.items
        ),
    )
    work.holds(under_way)

    after = assessed(work, "under-way", **NO_LAN)

    assert (after.state, after.stage) == ("in_progress", "infrastructure")


def _done(item):
    return states.Item(**{**vars(item), "done_at": NOW, "done_by": "budi"})


@pytest.mark.parametrize("name", ["rudi", "kartini", "ayu", "eko"])
def test_coordinators_and_mentors_of_the_area_assess(name):
    work = a_region(a_case()).by(name)
    assert assess(work, read_assessment(filled())).readiness.assessed_by == name


@pytest.mark.parametrize("name", ["budi", "dewi", "tono"])
def test_the_institution_does_not_assess_itself_nor_does_a_stranger(name):
    with pytest.raises(Forbidden):
        assess(a_region(a_case()).by(name), read_assessment(filled()))


def test_a_case_that_is_not_ready_is_offered_to_nobody_until_it_is_assessed_again():
    work = a_region()
    case = requested(work)
    with pytest.raises(MentorshipStateForbids):
        must_be_offerable(case)
    case = assessed(work, case.id, **NO_LAN)
    with pytest.raises(NotReady):
        Mentorship(case).match(NOW, "ayu", None)
    with pytest.raises(NotReady):
        must_be_offerable(a_case(state="assessed"))
    case = assessed(work, case.id, **NO_TIME)
    assert Mentorship(case).match(later(1), "ayu", "eko").mentorship.state == "matched"
