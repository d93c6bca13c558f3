"""What a viewer is shown of cases and what belongs to them."""

from collections.abc import Mapping
from typing import Any

from contracts.mentoring import states
from gateway.shown.base import Document, Kind, Shown, seen_whole
from gateway.viewer import Viewer


def part(name: str) -> Kind:
    """A part of a case, shown whole; who asks was let in by the case's eyes."""
    state, view = PARTS[name]

    def show(document: Document, _: Viewer) -> Shown:
        return Shown(body=document[name], etag=str(document["version"]))

    fields = ("version", "mentorship_id", name)
    return Kind(name=name, view=view, state=state, fields=fields, show=show)


def visit(document: Document, viewer: Viewer) -> Shown:
    """A visit with the notes that are the viewer's to read (source: features F6)."""
    told = document["visit"]
    kept = [note for note in told["notes"] if may_read(note, document, viewer)]
    etag = str(document["version"])
    if len(kept) == len(told["notes"]):
        return Shown(body=told, etag=etag)
    return Shown(body={**told, "notes": kept}, etag=f"{etag}-{len(kept)}")


def may_read(note: Mapping[str, Any], document: Document, viewer: Viewer) -> bool:
    """Notes are for all of the case, for mentors and coordinators, or for coordinators."""
    if viewer.coordinates(document["area"]) or note["visibility"] == "case":
        return True
    own = viewer.member_id == document["logged_by"]
    return own or (note["visibility"] == "mentors" and viewer.mentors(document["area"]))


PARTS: dict[str, tuple[type, str]] = {
    "issue": (states.Issue, "issues"),
    "follow_up": (states.FollowUp, "follow_ups"),
}
CASE = seen_whole("mentorship", "cases", states.Mentorship, "mentorship")
OFFER = seen_whole("offer", "offers", states.Offer, "offer")
MENTOR = seen_whole("mentor", "mentors", states.Mentor, "mentor")
TEMPLATE = seen_whole("template", "templates", states.Template, "template")
ASSIGNMENT = seen_whole("assignment", "assignments", states.Assignment, "assignment")
ISSUE = part("issue")
FOLLOW_UP = part("follow_up")
VISIT = Kind(
    name="visit",
    view="visits",
    state=states.Visit,
    fields=("version", "mentorship_id", "area", "logged_by", "visit"),
    show=visit,
)
