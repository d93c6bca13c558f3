"""Members, whatever is tried: a move is allowed or refused, and who left is forgotten."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from contracts.members import commands, states
from services.members.errors import (
    Refusal,
)
from services.members.handlers.members import (
    leave,
)
from services.members.model.member import ALLOWED, Member, affiliated
from tests.support.members import (
    NOW,
    a_member,
    a_region,
    an_appointment,
    with_password,
)


def test_who_leaves_is_forgotten():
    work = with_password(a_region(), "ayu", "secret")
    given = states.Consent(
        purpose="directory", granted=True, text_version="1", decided_at="2026-01-01T00:00:00.000Z"
    )
    refused = replace(given, purpose="photo", granted=False)
    work.holds(
        a_member("ayu", consents=(given, refused)), an_appointment("ayu", "mentor", state="offered")
    )
    asked = work.by("ayu")

    left = leave(asked, commands.Leave())

    assert (left.state, left.name, left.email, left.phone) == ("left", "—", None, None)
    assert not left.consents_to("directory")
    assert [(e.purpose, e.granted) for e in work.ledger.entries] == [("directory", False)]
    assert work.accounts.get("ayu") is None
    assert work.appointments.get("ayu-mentor").state == "ended"
    assert [c.decided_at for c in left.consents] == [NOW, "2026-01-01T00:00:00.000Z"]


# -- properties -------------------------------------------------------------------------------

MOVES = {
    "approve": lambda m: m.approve(NOW).member,
    "suspend": lambda m: m.suspend(NOW, "why").member,
    "reinstate": lambda m: m.reinstate(NOW).member,
    "leave": lambda m: m.leave(NOW).member,
    "prove": lambda m: (m.prove(NOW) or None) and m.prove(NOW).member,
}


@given(st.sampled_from(states.MEMBER_STATES), st.lists(st.sampled_from(sorted(MOVES)), max_size=12))
def test_whatever_is_tried_a_move_is_allowed_or_refused_and_left_is_final(state, moves):
    member = a_member(state=state, contact_proven=False)
    for move in moves:
        after = refusal = None
        try:
            after = MOVES[move](Member(member)) or member
        except Refusal as told:
            refusal = told
        assert (refusal is None) == (move in ALLOWED[member.state])
        if after is None:
            assert refusal.allowed == ALLOWED[member.state]
            continue
        assert after is member or after.version == member.version + 1
        assert after.state != "left" or after.email is None
        member = after


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(1, 9)), max_size=10))
def test_a_history_has_at_most_one_running_affiliation(changes):
    history = ()
    for institution, day in sorted(changes, key=lambda change: change[1]):
        history = affiliated(history, institution, f"2026-01-0{day}")
    running = [item for item in history if item.ends_on is None]
    assert len(running) <= 1
    assert all(item.ends_on is None or item.starts_on < item.ends_on for item in history)
