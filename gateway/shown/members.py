"""What a viewer is shown of areas, institutions, people and their roles."""

from typing import Any

from contracts.members import states
from gateway.shown.base import Document, Kind, Shown, ready
from gateway.viewer import Viewer


def member(document: Document, viewer: Viewer) -> Shown | None:
    """All of a member for himself and his coordinators, the entry for others if he consented."""
    if not document.get("member"):
        return None
    sight = viewer.sight_of(document)
    if sight is None:
        return None
    seq = document["seq"]
    if sight == "full":
        return Shown(body=document["member"], etag=str(seq["member"]))
    return Shown(body=entry(document), etag=f"{seq['member']}-{seq.get('competencies', 0)}")


def entry(document: Document) -> dict[str, Any]:
    """A line of a list or of the directory."""
    return {**document["entry"], "competencies": document.get("levels") or {}}


def appointment(document: Document, viewer: Viewer) -> Shown | None:
    """For its holder, the coordinators of its area, and officers."""
    own = document["member_id"] == viewer.member_id
    if not own and not viewer.coordinates(document["area"]):
        return None
    return Shown(body=document["appointment"], etag=str(document["version"]))


def competencies(document: Document, _: Viewer) -> Shown:
    """In full; whoever asks was let in by the member's visibility."""
    return Shown(body=document["competencies"], etag=str(document["version"]))


AREA = Kind(name="area", view="areas", state=states.Area, fields=("version", "body"), show=ready)
INSTITUTION = Kind(
    name="institution",
    view="institutions",
    state=states.Institution,
    fields=("version", "body"),
    show=ready,
)
FRAMEWORK = Kind(
    name="framework",
    view="frameworks",
    state=states.Framework,
    fields=("version", "body"),
    show=ready,
)
MEMBER = Kind(
    name="member",
    view="members",
    state=states.Member,
    fields=("seq", "area", "listed", "entry", "levels", "member"),
    show=member,
)
APPOINTMENT = Kind(
    name="appointment",
    view="appointments",
    state=states.Appointment,
    fields=("version", "member_id", "area", "appointment"),
    show=appointment,
)
COMPETENCIES = Kind(
    name="competencies",
    view="competencies",
    state=states.Competencies,
    fields=("version", "competencies"),
    show=competencies,
)
