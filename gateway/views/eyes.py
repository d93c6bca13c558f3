"""Who sees what of the events service, as audiences of the change log and of lists."""

from collections.abc import Iterable

from contracts.events.states import Equipment, Event, Registration
from contracts.mentoring.states import Mentorship, Offer

OPENED = {"public": "*", "members": "active", "officers": "coordinators"}


def of_area(area: str) -> list[str]:
    """Officers and the coordinators of an area."""
    return ["officers", f"area:{area}"]


def of_event(event: Event) -> list[str]:
    """Who plans, speaks, hosts or helps; once announced also whom it is for."""
    eyes = {*of_area(event.area), f"event:{event.id}"}
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
    eyes = {*of_area(registration.area), f"event:{registration.event_id}"}
    eyes.update(_members([registration.member_id, registration.registered_by]))
    return sorted(eyes)


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
