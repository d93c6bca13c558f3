"""A case, its offer, fault and follow-up as the mentoring service says them, for who hears."""

from typing import Any

from contracts.mentoring import states
from tests.support.gatherings import begun
from tests.support.members import NOW

LATER = "2026-12-01T02:00:00.000Z"


def a_case(version: int = 1, **fields: Any) -> states.Mentorship:
    """SMAN 4's, asked for by budi, accompanied by ayu and eko."""
    plain: dict[str, Any] = {
        "institution_id": "sman4",
        "institution_name": "SMAN 4 Kediri",
        "area": "35.71",
        "goal": "Otomasi sirkulasi",
        "state": "in_progress",
        "stage": "installation",
        "requested_by": "budi",
        "mentor_id": "ayu",
        "partner_id": "eko",
    }
    wanted = {**plain, **fields}
    return states.Mentorship(**begun(wanted.pop("id", "case"), version), **wanted)


def an_offer(**fields: Any) -> states.Offer:
    """Made by sari to ayu and eko."""
    plain: dict[str, Any] = {"mentorship_id": "case", "area": "35.71", "mentor_id": "ayu"}
    plain |= {"state": "offered", "expires_at": LATER, "partner_id": "eko", "offered_by": "sari"}
    return states.Offer(**begun("offer"), **{**plain, **fields})


def an_issue(level: str = "mentor", **fields: Any) -> states.Issue:
    """Reported by budi."""
    plain: dict[str, Any] = {"mentorship_id": "case", "area": "35.71", "code": "SESSION_DIR"}
    plain |= {"state": "open", "description": "Login berulang", "reported_by": "budi"}
    hops = (states.Hop(level=level, at=NOW, note="Lewat telepon"),)
    return states.Issue(**begun("issue"), level=level, hops=hops, **{**plain, **fields})


def a_follow_up(**fields: Any) -> states.FollowUp:
    """The first one, due."""
    plain: dict[str, Any] = {"mentorship_id": "case", "area": "35.71", "day": 30}
    plain |= {"due_on": "2026-12-21", "state": "due"}
    return states.FollowUp(**begun("look"), **{**plain, **fields})
