"""Preferences: languages, channels in order, categories, quiet hours and digests (H1 – H4)."""

import re
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chassis.aggregate import begun, differing, moved
from contracts.notifications import facts, states
from services.notifications.errors import CategoryEssential, PreferencesInvalid
from services.notifications.model.known import KnownMember
from services.notifications.model.policy import Policy

INBOX = "inbox"
NEEDS_CONSENT = {"telegram": "telegram", "whatsapp": "whatsapp"}
TIME_OF_DAY = re.compile(states.TIME_OF_DAY)


def default(member: KnownMember, policy: Policy, now: str, region: str) -> states.Preferences:
    """How a member is told who has not said how; not recorded, so version 1 is his own."""
    return states.Preferences(
        **begun(member.id, region, now),
        **states.unsaid(
            language=member.language, timezone=policy.timezone, quiet_hours=policy.quiet_hours
        ),
    )


def accepts(preferences: states.Preferences, category: str, channel: str) -> bool:
    """Whether a category may come over a channel; what nobody named is on."""
    if category in states.ESSENTIAL:
        return True
    return preferences.categories.get(category, {}).get(channel, True)


def wants(preferences: states.Preferences, category: str) -> bool:
    """Whether one is told at all: a category that is off for the inbox is off altogether."""
    return accepts(preferences, category, INBOX)


def ways(
    member: KnownMember, preferences: states.Preferences, category: str, policy: Policy
) -> list[str]:
    """The channels over which a notice of the category may reach him, in his order."""
    return [
        channel
        for channel in preferences.channels
        if channel in policy.channels
        and accepts(preferences, category, channel)
        and _reaches(member, preferences, channel)
        and _allowed(member, category, channel)
    ]


def _reaches(member: KnownMember, preferences: states.Preferences, channel: str) -> bool:
    if channel == "email":
        return bool(member.email or member.phone)
    return channel in preferences.connected


def _allowed(member: KnownMember, category: str, channel: str) -> bool:
    """Consent where the purpose asks for one (source: features L4)."""
    if channel == "email":
        return category != "news" or member.consents_to("email_news")
    purpose = NEEDS_CONSENT.get(channel)
    return purpose is None or member.consents_to(purpose)


class Preferences:
    """One member's wishes, and how they change; `new` when he has never said any."""

    def __init__(self, state: states.Preferences, new: bool) -> None:
        self.state, self.new = state, new

    def change(self, now: str, **wanted: Any) -> facts.PreferencesChanged | None:
        """Take the wanted values; None when they are there already."""
        changes = differing(self.state, wanted)
        if self.new:
            return facts.PreferencesChanged(preferences=replace(self.state, **changes))
        if not changes:
            return None
        return facts.PreferencesChanged(preferences=moved(self.state, now, **changes))

    def silence(self, now: str, category: str, channel: str) -> facts.PreferencesChanged | None:
        """One tap: the category goes silent on the channel; of an essential one, all others do."""
        silenced = [category] if category not in states.ESSENTIAL else _optional()
        categories = {name: dict(rows) for name, rows in self.state.categories.items()}
        for name in silenced:
            categories.setdefault(name, {})[channel] = False
        return self.change(now, categories=categories)

    def connect(self, now: str, channel: str) -> facts.PreferencesChanged | None:
        """The channel reaches him from now on; it is tried first unless he has placed it."""
        rest = tuple(name for name in self.state.connected if name != channel)
        placed = self.state.channels
        channels = placed if channel in placed else (channel, *placed)
        return self.change(now, connected=(*rest, channel), channels=channels)

    def disconnect(self, now: str, *channels: str) -> facts.PreferencesChanged | None:
        """They reach him no more."""
        connected = tuple(name for name in self.state.connected if name not in channels)
        return None if self.new else self.change(now, connected=connected)


def _optional() -> list[str]:
    return [name for name in states.CATEGORIES if name not in states.ESSENTIAL]


def checked(wanted: dict[str, Any]) -> dict[str, Any]:
    """The values said; raises PreferencesInvalid and CategoryEssential (source: H2, H4)."""
    channels = wanted.get("channels", ())
    if len(set(channels)) != len(channels):
        raise PreferencesInvalid("a channel is named twice", pointer="/channels")
    for category, rows in wanted.get("categories", {}).items():
        _check_category(category, rows)
    if (hours := wanted.get("quiet_hours")) is not None:
        _check_hours(hours)
    if "timezone" in wanted:
        _check_zone(wanted["timezone"])
    return wanted


def _check_category(category: str, rows: Any) -> None:
    pointer = f"/categories/{category}"
    if category not in states.CATEGORIES:
        raise PreferencesInvalid(f"known are {', '.join(states.CATEGORIES)}", pointer=pointer)
    if not isinstance(rows, dict):
        raise PreferencesInvalid("a channel and whether it is on are needed", pointer=pointer)
    for channel, on in rows.items():
        if channel not in states.CHANNELS or type(on) is not bool:
            raise PreferencesInvalid("a channel and true or false", pointer=f"{pointer}/{channel}")
        if category in states.ESSENTIAL and not on:
            raise CategoryEssential("it concerns what you take part in", pointer=pointer)


def _check_hours(hours: dict[str, str]) -> None:
    times = [hours.get("from"), hours.get("to")]
    fine = all(isinstance(at, str) and TIME_OF_DAY.fullmatch(at) for at in times)
    if set(hours) != {"from", "to"} or not fine or times[0] == times[1]:
        raise PreferencesInvalid(
            'two different times like {"from": "21:00", "to": "05:00"}', pointer="/quiet_hours"
        )


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PreferencesInvalid(f"{name} is not a time zone", pointer="/timezone") from None
