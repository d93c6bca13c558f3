"""More of anything never makes a school less ready."""

from hypothesis import given
from hypothesis import strategies as st

from contracts.mentoring import states
from services.mentoring.model.readiness import Assessment
from tests.unit.mentoring.test_readiness import FORM


@given(st.fixed_dictionaries({q.id: st.integers(0, 5).map(float) for q in FORM.questions}))
def test_more_of_anything_never_lowers_score_or_verdict(said):
    rank = states.VERDICTS.index
    before = Assessment(mentorship_id="x", template=FORM, answers=said)
    assert 0 <= before.score <= 100
    for question in FORM.questions:
        more = {**said, question.id: said[question.id] + 1}
        after = Assessment(mentorship_id="x", template=FORM, answers=more)
        assert after.score >= before.score
        assert rank(after.verdict) >= rank(before.verdict)
        assert len(after.unmet) <= len(before.unmet)
