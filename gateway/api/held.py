"""What the views hold about one member, section by section: the copy that he may take along.

The names of the sections are a promise to who reads the file. What others said or did beside him is
in it only as far as he may read it anyway; feedback is anonymous, so nobody knows which is his.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chassis.schema import schema_of
from contracts.events import states as events
from contracts.members import states as members
from contracts.mentoring import states as mentoring
from contracts.notifications import states as notifications
from gateway import shown
from gateway.api.audit import ACT, item
from gateway.api.event_shapes import CalendarFeed, RegistrationPage, Topic
from gateway.api.own_part import (
    OWN_WORDS,
    PART_IN_EVENT,
    delivered,
    own_equipment,
    own_words,
    part_in_event,
)
from gateway.api.shapes import MemberEntry, RoleHeld, answer
from gateway.front import Front
from gateway.viewer import Viewer
from gateway.views.change import Document
from gateway.views.store import Slice, Store

ACTS_AT_ONCE = 500

Tell = Callable[[Mapping[str, Any], Viewer], Any]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A list in the file: where it is found, and how each document is told."""

    view: str
    query: Callable[[str], Document]
    told: Tell
    schema: Any


def is_his(field: str) -> Callable[[str], Document]:
    """Documents in which a field is the member."""
    return lambda member_id: {field: {"$eq": member_id}}


def for_his_eyes(member_id: str) -> Document:
    """Documents that are addressed to himself, not to an office or a place of his."""
    return {"eyes": {"$eq": f"member:{member_id}"}}


def brought(member_id: str) -> Document:
    """Registrations of guests, who have no account of their own."""
    return {"member_id": {"$eq": None}, "registration.registered_by": {"$eq": member_id}}


def offered(member_id: str) -> Document:
    """Offers to him, alone or beside another."""
    return {"$or": [{name: {"$eq": member_id}} for name in ("mentor_id", "partner_id")]}


def equipped(member_id: str) -> Document:
    """What he lends or reserved."""
    fields = ("equipment.owner_member_id", "equipment.reservations.reserved_by")
    return {"$or": [{name: {"$eq": member_id}} for name in fields]}


def as_shown(kind: shown.Kind) -> Tell:
    """As he would be shown it alone."""

    def told(document: Mapping[str, Any], viewer: Viewer) -> Any:
        found = kind.show(document, viewer)
        return found.body if found else None

    return told


def whole(field: str) -> Tell:
    """All of it."""
    return lambda document, _: document[field]


def section(view: str, query: Callable[[str], Document], told: Tell, schema: Any) -> Section:
    """A section; a state's class stands for its schema."""
    return Section(
        view=view,
        query=query,
        told=told,
        schema=schema_of(schema) if isinstance(schema, type) else schema,
    )


SECTIONS = {
    "appointments": section(
        "appointments", is_his("member_id"), whole("appointment"), members.Appointment
    ),
    "innovations": section(
        "innovations", is_his("made_by"), whole("innovation"), members.Innovation
    ),
    "registrations": section(
        "agenda", is_his("member_id"), as_shown(shown.REGISTRATION), RegistrationPage
    ),
    "guests": section("agenda", brought, as_shown(shown.REGISTRATION), RegistrationPage),
    "events": section("calendar", for_his_eyes, part_in_event, PART_IN_EVENT),
    "event_requests": section("topics", is_his("backed_by"), as_shown(shown.TOPIC), Topic),
    "certificates": section(
        "certificates", is_his("member_id"), whole("certificate"), events.Certificate
    ),
    "equipment": section("equipment", equipped, own_equipment, events.Equipment),
    "calendar_feeds": section("feeds", is_his("member_id"), whole("feed"), CalendarFeed),
    "mentorships": section("cases", for_his_eyes, as_shown(shown.CASE), mentoring.Mentorship),
    "offers": section("offers", offered, whole("offer"), mentoring.Offer),
    "visits": section("visits", is_his("logged_by"), as_shown(shown.VISIT), mentoring.Visit),
    "issues": section("issues", is_his("issue.hops.by"), own_words, OWN_WORDS),
    "follow_ups": section(
        "follow_ups", is_his("follow_up.answered_by"), whole("follow_up"), mentoring.FollowUp
    ),
    "notifications": section("inbox", is_his("member_id"), whole("notice"), notifications.Notice),
    "deliveries": section("deliveries", is_his("member_id"), delivered, notifications.Delivery),
    "announcements": section(
        "announcements", for_his_eyes, whole("announcement"), notifications.Announcement
    ),
}
SINGLE = {
    "directory": ("directory", "entry", answer(MemberEntry)),
    "competencies": ("competencies", "competencies", schema_of(members.Competencies)),
    "mentor": ("mentors", "mentor", schema_of(mentoring.Mentor)),
    "notification_preferences": (
        "preferences",
        "preferences",
        schema_of(notifications.Preferences),
    ),
}
ACT_ABOUT: dict[str, Any] = {
    **ACT,
    "description": "What somebody who holds an office did to one's profile; not who it was.",
    "required": [name for name in ACT["required"] if name != "actor"],
    "properties": {name: told for name, told in ACT["properties"].items() if name != "actor"},
}
ACTS = {"acts": ACT, "acts_about": ACT_ABOUT}
SCHEMA = {
    "type": "object",
    "required": ["member", "roles", *SINGLE, *SECTIONS, *ACTS],
    "properties": {
        "member": schema_of(members.Member),
        "roles": {"type": "array", "items": answer(RoleHeld)},
        **{name: {"anyOf": [schema, {"type": "null"}]} for name, (_, _, schema) in SINGLE.items()},
        **{name: {"type": "array", "items": one.schema} for name, one in SECTIONS.items()},
        **{name: {"type": "array", "items": one} for name, one in ACTS.items()},
    },
}


async def everything(front: Front, viewer: Viewer) -> Document:
    """All sections by name; raises Outage."""
    store, me = front.store, str(viewer.member_id)
    wanted = {
        **{name: one_of(store, me, *place[:2]) for name, place in SINGLE.items()},
        **{name: listed(store, viewer, one) for name, one in SECTIONS.items()},
        "acts": acts(store, {"actor": {"$eq": me}}),
        "acts_about": acts_about(store, me),
    }
    return dict(zip(wanted, await asyncio.gather(*wanted.values()), strict=True))


async def one_of(store: Store, member_id: str, view: str, field: str) -> Any:
    """What a view has under the member's own id, or None; of the directory its whole line."""
    found = (await store.get(view, member_id)) or {}
    told = found.get(field)
    return shown.entry(found) if told and view == "directory" else told


async def listed(store: Store, viewer: Viewer, one: Section) -> list[Any]:
    """A section, in the order in which its documents were made."""
    found = await store.find(one.view, one.query(str(viewer.member_id)))
    told = [one.told(each, viewer) for each in sorted(found, key=lambda each: str(each["_id"]))]
    return [each for each in told if each is not None]


async def acts(store: Store, query: Document) -> list[Document]:
    """Acts, the oldest first, without what became of others by them."""
    found: list[Document] = []
    after: tuple[str, str] | None = None
    while True:
        rows = await store.acts(query, Slice(field="at", after=after, limit=ACTS_AT_ONCE))
        found += rows[:ACTS_AT_ONCE]
        if len(rows) <= ACTS_AT_ONCE:
            return [item(row, {}) for row in found]
        after = (found[-1]["at"], found[-1]["_id"])


async def acts_about(store: Store, member_id: str) -> list[Document]:
    """What was done to his profile by virtue of an office, and what it was before and after."""
    told = await acts(store, {"subject": {"$eq": f"member/{member_id}"}})
    values = await store.values_of([one["id"] for one in told])
    return [of_him(one, values.get(one["id"], {})) for one in told]


def of_him(act: Document, values: Mapping[str, Any]) -> Document:
    """An act about him; the office is his to know, not who held it."""
    kept = {name: told for name, told in act.items() if name != "actor"}
    return {**kept, **{name: values.get(name) for name in ("before", "after")}}
