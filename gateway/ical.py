"""Calendars as iCalendar (RFC 5545): stable UID, growing SEQUENCE, CANCELLED, VTIMEZONE."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, vGeo
from icalendar import Event as Entry

Event = Mapping[str, Any]
REFRESH = timedelta(hours=1)


def calendar(name: str, region: str, entries: Iterable[tuple[Event, str]]) -> bytes:
    """The calendar of (event, status) pairs; a status is CONFIRMED, TENTATIVE or CANCELLED."""
    told = Calendar()
    told.add("prodid", "-//Jejaring//Jejaring//ID")
    told.add("version", "2.0")
    told.add("method", "PUBLISH")
    told.add("name", name)
    told.add("x-wr-calname", name)
    told.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for event, status in entries:
        told.add_component(entry(event, region, status))
    told.add_missing_timezones()
    return bytes(told.to_ical())


def entry(event: Event, region: str, status: str) -> Entry:
    """One event; its local times carry the zone's name, which is printed too."""
    told = Entry()
    told.add("uid", f"{event['id']}@{region}.jejaring")
    told.add("sequence", event["version"] - 1)
    told.add("dtstamp", moment(event["updated_at"]))
    told.add("last-modified", moment(event["updated_at"]))
    told.add("dtstart", local(event["starts_at"], event["timezone"]))
    if event["ends_at"]:
        told.add("dtend", local(event["ends_at"], event["timezone"]))
    told.add("summary", event["title"])
    told.add("status", "CANCELLED" if event["state"] == "cancelled" else status)
    told.add("description", description(event))
    told.add("categories", [event["kind"], *event["topics"]])
    place(told, event["venue"])
    return told


def place(told: Entry, venue: Mapping[str, Any] | None) -> None:
    """Where it is, if that is known."""
    if venue is None:
        return
    told.add("location", ", ".join(part for part in (venue["name"], venue["address"]) if part))
    if venue["latitude"] is not None and venue["longitude"] is not None:
        told.add("geo", vGeo((venue["latitude"], venue["longitude"])))


def description(event: Event) -> str:
    """When in words with the zone as people call it (WIB, WITA, WIT), then the text."""
    begins = local(event["starts_at"], event["timezone"])
    until = f"–{local(event['ends_at'], event['timezone']):%H.%M}" if event["ends_at"] else ""
    when = f"{begins:%d-%m-%Y %H.%M}{until} {begins.tzname()}"
    return "\n\n".join(part for part in (when, event["description"]) if part)


def moment(instant: str) -> datetime:
    """An instant as an aware datetime in UTC."""
    return datetime.fromisoformat(instant)


def local(instant: str, timezone: str) -> datetime:
    """An instant as the clock on the wall shows it."""
    return moment(instant).astimezone(ZoneInfo(timezone))
