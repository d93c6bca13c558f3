"""Announcements: a coordinator tells an area, the holders of a role, or an event's people."""

from chassis import clock
from chassis.aggregate import begun
from contracts.notifications import commands, facts, states
from services.notifications.errors import AudienceInvalid
from services.notifications.handlers.pace import must_be_slow
from services.notifications.handlers.telling import tell
from services.notifications.handlers.who import authority
from services.notifications.model.authority import Authority
from services.notifications.model.ports import Work
from services.notifications.model.rules import tellings
from services.notifications.model.rules.announcements import recipients

MOST_PER_HOUR = 5


def announce(work: Work, command: commands.Announce) -> states.Announcement:
    """Tell them, each alone and in his channel; raises AudienceInvalid, Forbidden, Throttled."""
    who = authority(work)
    audience = _audience(command)
    area = _permitted(work, who, audience, command)
    _must_be_slow(work, who.member.id)
    told = recipients(work, audience, command.area, command.role, command.event_id)
    fact = facts.AnnouncementMade(
        announcement=states.Announcement(
            **begun(clock.new_id(), work.region, work.now),
            audience=audience,
            title=command.title,
            body=command.body,
            sent_by=who.member.id,
            recipients=len(set(told) - {who.member.id}),
            area=area,
            role=command.role,
            event_id=command.event_id,
            urgent=command.urgent,
            sender_name=who.member.name,
        )
    )
    state: states.Announcement = work.record(fact)
    for telling in tellings(fact, state.id, work):
        tell(work, telling)
    return state


def _audience(command: commands.Announce) -> str:
    """Exactly one: an event, a role (perhaps in an area), or an area."""
    if command.event_id and (command.area or command.role):
        raise AudienceInvalid("an event's people, or an area or role", pointer="/event_id")
    if command.event_id:
        return "event"
    if command.role:
        return "role"
    if command.area:
        return "area"
    raise AudienceInvalid("name an area, a role or an event", pointer="/area")


def _permitted(work: Work, who: Authority, audience: str, command: commands.Announce) -> str | None:
    """The area it concerns; raises when that is not his to address, or does not exist."""
    if audience == "event":
        event = work.events.get(str(command.event_id))
        if event is None:
            raise AudienceInvalid(f"there is no event {command.event_id}", pointer="/event_id")
        who.must_manage(event)
        return event.area
    area = work.areas.get(command.area) if command.area else None
    if command.area and (area is None or not area.active):
        raise AudienceInvalid(f"there is no area {command.area}", pointer="/area")
    who.must_coordinate(command.area)
    return command.area


def _must_be_slow(work: Work, sender_id: str) -> None:
    """Five in an hour are enough for anybody; one that reached nobody disturbed nobody."""

    def reached_since(since: str) -> list[states.Announcement]:
        made = work.announcements.made_since(sender_id, since)
        return [one for one in made if one.recipients]

    must_be_slow(work, f"announcing:{sender_id}", reached_since, MOST_PER_HOUR)
