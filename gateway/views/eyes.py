"""Who sees what of gatherings, cases and innovations: audiences of the change log and lists."""

from collections.abc import Iterable

from contracts.events.states import AwayRegistration, Equipment, Event, Registration
from contracts.members.states import Innovation
from contracts.mentoring.states import Mentorship, Offer

FAR = ("*", "signed_in")
INNOVATION_FOR = {
    "cell": ("active",),
    "partners": ("active",),
    "network": ("active", "signed_in"),
    "public": ("active", "*"),
}
OPENED = {"public": "*", "members": "active", "officers": "coordinators"}


def of_area(area: str) -> list[str]:
    """Officers and the coordinators of an area."""
    return ["officers", f"area:{area}"]


def staff(event_id: str, area: str | None) -> str:
    """Who was granted a role at an event: for an area, or for the region by its officers."""
    return f"event:{event_id}@{area}" if area else f"event:{event_id}"


def of_gathering(event_id: str, area: str) -> list[str]:
    """Officers, the coordinators of the event's area, and whom they granted a role at it.

    Grants of another area do not count: the members service, which keeps them, knows no events.
    """
    return [*of_area(area), staff(event_id, None), staff(event_id, area)]


def of_event(event: Event) -> list[str]:
    """Who plans, speaks, hosts or helps; once announced also whom it is for.

    Of another region's event only whom it is for: everybody if it is public, else active members.
    """
    if isinstance(event.home, str):
        return [OPENED[event.audience if event.scope == "public" else "members"]]
    eyes = {*of_gathering(event.id, event.area)}
    eyes.update(f"area:{cohost.area}" for cohost in event.cohosts if cohost.state != "declined")
    eyes.update(_members(s.member_id for s in event.speakers if s.state != "declined"))
    eyes.update(_members([event.created_by]))
    if event.host:
        eyes.add(f"institution:{event.host.institution_id}")
    if event.published_at:
        eyes.add(OPENED[event.audience])
    return sorted(eyes)


def of_registration(registration: Registration) -> list[str]:
    """The person, who registered him, and who manages the event."""
    eyes = {*of_gathering(registration.event_id, registration.area)}
    eyes.update(_members([registration.member_id, registration.registered_by]))
    return sorted(eyes)


def of_away_registration(away: AwayRegistration) -> list[str]:
    """The person, and the region's officers."""
    return sorted({"officers", *_members([away.member_id])})


def of_equipment(equipment: Equipment) -> list[str]:
    """Active members, and its owner in any case."""
    return sorted({"active", "officers", *_members([equipment.owner_member_id])})


def _members(ids: Iterable[str | None]) -> list[str]:
    return [f"member:{one}" for one in ids if one]


def of_case(case: Mentorship) -> list[str]:
    """Who asked, the institution, who mentors, and the coordinators of its area."""
    eyes = {*of_area(case.area), f"institution:{case.institution_id}"}
    eyes.update(_members([case.requested_by, case.mentor_id, case.partner_id]))
    return sorted(eyes)


def of_offer(offer: Offer) -> list[str]:
    """Who is asked, and the coordinators of the area."""
    return sorted({*of_area(offer.area), *_members([offer.mentor_id, offer.partner_id])})


def of_innovation(innovation: Innovation) -> list[str]:
    """Active members, and as its scope says; once withdrawn only who keeps it, here."""
    told = () if innovation.withdrawn else INNOVATION_FOR[innovation.scope]
    if isinstance(innovation.home, str):
        return sorted(told)
    return sorted({*of_area(innovation.area), *_members([innovation.created_by]), *told})
