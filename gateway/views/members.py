"""View `members`: everything a member's facts say; for himself and his coordinators only."""

from dataclasses import replace
from typing import Any

from pymongo import IndexModel

from contracts.codec import encode
from contracts.members.states import Competencies, Endorsement, Member, Rating
from gateway.views.change import Change, Document, plain, words

NAME = "members"
KINDS = ("member", "competencies")
UNTOLD = "untold"
FILTERS = ("area", "state", "job_area", "institution_id", "background", "skills", "words")
INDEXES = [
    IndexModel([("order", 1), ("_id", 1)]),
    IndexModel([("updated_at", 1), ("_id", 1)]),
    IndexModel([("area", 1), ("updated_at", 1), ("_id", 1)]),
    IndexModel([("area", 1), ("state", 1), ("background", 1)]),
    IndexModel("member.email", sparse=True),
    *(IndexModel([(name, 1), ("order", 1), ("_id", 1)]) for name in FILTERS),
]
SHOWN = (
    "id",
    "version",
    "region",
    "created_at",
    "updated_at",
    "name",
    "state",
    "area",
    "institution_id",
    "job_area",
)


def fold(state: Member | Competencies) -> list[Change]:
    """The member's part or the levels' part of his document."""
    if isinstance(state, Competencies):
        change = rated(NAME, state)
        return [replace(change, fields={**change.fields, "rated_at": state.updated_at})]
    fields = {
        **listed_by(state),
        "background": state.education or UNTOLD,
        "listed": is_listed(state),
        "entry": entry(state),
        "member": encode(state),
    }
    return [Change(view=NAME, id=state.id, part="member", sequence=state.version, fields=fields)]


def is_listed(member: Member) -> bool:
    """Whether the directory may show him: active, and he consented to it (source: A6)."""
    return member.state == "active" and member.consents_to("directory")


def entry(member: Member) -> Document:
    """What a list may show: never a phone number or an e-mail address."""
    return {name: getattr(member, name) for name in SHOWN}


def listed_by(member: Member) -> Document:
    """What lists filter and order by."""
    return {
        "order": plain(member.name),
        "words": words((member.name,)),
        "area": member.area,
        "state": member.state,
        "job_area": member.job_area,
        "institution_id": member.institution_id,
        "updated_at": member.updated_at,
    }


def rated(view: str, competencies: Competencies) -> Change:
    """The highest rated or endorsed level per area, and words to find `at least` a level by.

    Evidence is left out: it expires with the calendar, and a fold knows no clock.
    """
    levels: dict[str, Any] = {}
    told: tuple[Rating | Endorsement, ...] = (*competencies.ratings, *competencies.endorsements)
    for said in told:
        levels[said.area] = max(said.level, levels.get(said.area, 0))
    skills = sorted(f"{area}{least}" for area, top in levels.items() for least in range(top + 1))
    return Change(
        view=view,
        id=competencies.member_id,
        part="competencies",
        sequence=competencies.version,
        fields={"levels": dict(sorted(levels.items())), "skills": skills},
    )
