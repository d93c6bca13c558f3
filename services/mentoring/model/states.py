"""The machine of a case: which move which state allows (source: domain.md §9)."""

from contracts.mentoring import states
from services.mentoring.errors import MentorshipStateForbids

OPEN = (
    "requested",
    "assessed",
    "matched",
    "agreed",
    "in_progress",
    "on_hold",
    "ready_for_signoff",
    "signed_off",
    "follow_up",
)
ACCOMPANIED = ("change", "visit", "issue", "unmatch", "stop")
# A visit that was written down offline arrives late; what happened is kept whenever it comes.
ALLOWED = {
    "requested": ("change", "assess", "stop"),
    "assessed": ("change", "assess", "offer", "item", "stop"),
    "matched": (*ACCOMPANIED, "assess", "draft", "accept", "item"),
    "agreed": (*ACCOMPANIED, "assess", "draft", "accept", "item", "hold"),
    "in_progress": (*ACCOMPANIED, "assess", "draft", "accept", "item", "stage", "hold"),
    "on_hold": ("change", "visit", "resume", "unmatch", "stop"),
    "ready_for_signoff": (*ACCOMPANIED, "item", "hold", "sign_off"),
    "signed_off": ("visit", "issue", "follow_up", "stop"),
    "follow_up": ("visit", "issue", "follow_up", "stop"),
    "closed": ("visit",),
    "stopped": ("visit",),
}


def must_allow(state: states.Mentorship, move: str) -> None:
    """Raise MentorshipStateForbids, with what is allowed, unless the state allows the move."""
    allowed = ALLOWED[state.state]
    if move not in allowed:
        raise MentorshipStateForbids(f"the case is {state.state}", allowed=allowed)
