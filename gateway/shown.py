"""What a viewer is shown of a thing; the same for a read, a command's answer, sync and stream."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from contracts.events import states as events
from contracts.members import states
from contracts.notifications import states as notifications
from gateway.viewer import Viewer
from gateway.views.calendar import page

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A body (plain values or ready JSON) and the ETag's text.

    Viewers who are shown different things get different ETags; what stands before `-` is the
    version that If-Match names.
    """

    body: Any
    etag: str


Show = Callable[[Document, Viewer], Shown | None]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of resource: where reads find it, what its state is, and how it is shown."""

    name: str
    view: str
    state: type
    fields: tuple[str, ...]
    show: Show


def ready(document: Document, _: Viewer) -> Shown:
    """A public resource, rendered when it was folded."""
    return Shown(body=orjson.Fragment(document["body"]), etag=str(document["version"]))


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


def for_eyes(field: str) -> Show:
    """A resource whose document says who sees it, whole."""

    def show(document: Document, viewer: Viewer) -> Shown | None:
        if not seen(document, viewer):
            return None
        return Shown(body=document[field], etag=str(document["version"]))

    return show


def seen(document: Document, viewer: Viewer) -> bool:
    """Whether a document's eyes are the viewer's."""
    return bool(set(document.get("eyes") or ()).intersection(viewer.audiences))


def event(document: Document, viewer: Viewer) -> Shown | None:
    """An event with its seats for whom it concerns; a draft is its planners' own."""
    if not seen(document, viewer):
        return None
    seq = document["seq"]
    return Shown(body=orjson.Fragment(page(document)), etag=f"{seq['event']}-{seq.get('seats', 0)}")


def topic(document: Document, viewer: Viewer) -> Shown | None:
    """A wish, how many back it, and whether the viewer does."""
    if not seen(document, viewer):
        return None
    backs = viewer.member_id in document["backed_by"]
    etag = f"{document['version']}-{int(backs)}"
    return Shown(body={**document["request"], "backed": backs}, etag=etag)


def registration(document: Document, viewer: Viewer) -> Shown | None:
    """The ticket is its holder's alone; a guest's is his who brought him."""
    if not seen(document, viewer):
        return None
    told, version = document["registration"], document["version"]
    if viewer.member_id == (told["member_id"] or told["registered_by"]):
        return Shown(body=told, etag=str(version))
    return Shown(body={**told, "ticket": None}, etag=f"{version}-0")


def venue(document: Document, viewer: Viewer) -> Shown | None:
    """A place; whom to call there is for its area's coordinators."""
    told, version = document["venue"], document["version"]
    if viewer.coordinates(document["area"]):
        return Shown(body=told, etag=str(version))
    told = {**told, "contact_name": None, "contact_phone": None}
    return Shown(body=told, etag=f"{version}-0")


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
EVENT = Kind(
    name="event",
    view="calendar",
    state=events.Event,
    fields=("seq", "eyes", "body", "seats"),
    show=event,
)
TOPIC = Kind(
    name="event_request",
    view="topics",
    state=events.EventRequest,
    fields=("version", "eyes", "backed_by", "request"),
    show=topic,
)
REGISTRATION = Kind(
    name="registration",
    view="agenda",
    state=events.Registration,
    fields=("version", "eyes", "event_id", "registration"),
    show=registration,
)
VENUE = Kind(
    name="venue",
    view="venues",
    state=events.Venue,
    fields=("version", "eyes", "area", "venue"),
    show=venue,
)


def seen_whole(name: str, view: str, state: type, field: str) -> Kind:
    """A kind that is shown whole to the eyes in its document."""
    fields = ("version", "eyes", field)
    return Kind(name=name, view=view, state=state, fields=fields, show=for_eyes(field))


EQUIPMENT = seen_whole("equipment", "equipment", events.Equipment, "equipment")
SERIES = seen_whole("series", "series", events.Series, "series")
FEEDBACK = seen_whole("feedback", "feedback", events.Feedback, "feedback")
CERTIFICATE = seen_whole("certificate", "certificates", events.Certificate, "certificate")
FEED = seen_whole("calendar_feed", "feeds", events.CalendarFeed, "feed")
NOTICE = seen_whole("notice", "inbox", notifications.Notice, "notice")
PREFERENCES = seen_whole("preferences", "preferences", notifications.Preferences, "preferences")
ANNOUNCEMENT = seen_whole(
    "announcement", "announcements", notifications.Announcement, "announcement"
)
KINDS = {
    kind.name: kind
    for kind in (
        AREA,
        INSTITUTION,
        FRAMEWORK,
        MEMBER,
        APPOINTMENT,
        COMPETENCIES,
        TOPIC,
        EVENT,
        REGISTRATION,
        VENUE,
        EQUIPMENT,
        SERIES,
        FEEDBACK,
        CERTIFICATE,
        FEED,
        NOTICE,
        PREFERENCES,
        ANNOUNCEMENT,
    )
}
