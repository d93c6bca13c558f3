"""Who may hear a fact: what is said about people and about mentoring stays in the cell."""

import pytest

from contracts.catalogue import FACTS

# Such facts that leave the cell, each with the reason why it may. None does.
LEAVES_THE_CELL: dict[str, str] = {}
ABOUT_PEOPLE = sorted(name for name in FACTS if name.startswith(("members.", "mentoring.")))


@pytest.mark.parametrize("name", ABOUT_PEOPLE)
def test_a_fact_about_people_or_mentoring_stays_in_the_cell_unless_it_is_listed(name):
    assert (FACTS[name].scope != "cell") == (name in LEAVES_THE_CELL)


@pytest.mark.parametrize("name", ABOUT_PEOPLE)
def test_the_scope_is_the_second_word_of_the_routing_key(name):
    region, scope, rest = FACTS[name].route("kediri-raya").split(".", 2)

    assert (region, rest) == ("kediri-raya", name)
    assert scope == FACTS[name].scope


def test_every_exception_is_a_fact_that_is_said_and_has_a_reason():
    assert LEAVES_THE_CELL.keys() <= set(ABOUT_PEOPLE)
    assert all(LEAVES_THE_CELL.values())
