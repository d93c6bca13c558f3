"""What a viewer is shown of wishes, events, places in them and what belongs to them."""

from typing import Any

import orjson

from contracts.events import states as events
from gateway.shown.base import Document, Kind, Shown, seen, seen_whole
from gateway.viewer import Viewer
from gateway.views.calendar import page


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


def certificate(document: Document, viewer: Viewer) -> Shown | None:
    """One's own, or an area's for who coordinates it."""
    if not seen(document, viewer):
        return None
    return Shown(body=with_serial(document["certificate"]), etag=str(document["version"]))


def with_serial(certificate: Document) -> dict[str, Any]:
    """A certificate as it is shown: its id is its serial."""
    return {**certificate, "serial": certificate["id"]}


def venue(document: Document, viewer: Viewer) -> Shown | None:
    """A place; whom to call there is for its area's coordinators."""
    if not seen(document, viewer):
        return None
    told, version = document["venue"], document["version"]
    if viewer.coordinates(document["area"]):
        return Shown(body=told, etag=str(version))
    told = {**told, "contact_name": None, "contact_phone": None}
    return Shown(body=told, etag=f"{version}-0")


EVENT = Kind(
    name="event",
    view="calendar",
    state=events.Event,
    fields=("seq", "eyes", "hidden", "body", "seats"),
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
AWAY_REGISTRATION = Kind(
    name="away_registration",
    view="agenda",
    state=events.AwayRegistration,
    fields=REGISTRATION.fields,
    show=registration,
)
VENUE = Kind(
    name="venue",
    view="venues",
    state=events.Venue,
    fields=("version", "eyes", "area", "venue"),
    show=venue,
)
EQUIPMENT = seen_whole("equipment", "equipment", events.Equipment, "equipment")
SERIES = seen_whole("series", "series", events.Series, "series")
FEEDBACK = seen_whole("feedback", "feedback", events.Feedback, "feedback")
CERTIFICATE = Kind(
    name="certificate",
    view="certificates",
    state=events.Certificate,
    fields=("version", "eyes", "certificate"),
    show=certificate,
)
FEED = seen_whole("calendar_feed", "feeds", events.CalendarFeed, "feed")
