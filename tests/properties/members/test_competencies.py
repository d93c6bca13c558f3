"""Of any answers about an area the last one stands."""

from hypothesis import given
from hypothesis import strategies as st

from contracts.members import states
from services.members.model.competency import Competencies, none_yet
from tests.support.members import NOW, TODAY
from tests.unit.members.test_competencies import ratings


@given(st.lists(st.dictionaries(st.sampled_from(states.COMPETENCY_AREAS), st.integers(0, 4))))
def test_the_last_answer_to_an_area_stands(forms):
    state, told = none_yet("ayu", "kediri-raya", NOW), {}
    for form in forms:
        state = Competencies(state, 1).rate(NOW, TODAY, ratings(**form)).competencies
        told |= form

    assert {r.area: r.level for r in state.ratings} == told
    assert state.version == len(forms)
