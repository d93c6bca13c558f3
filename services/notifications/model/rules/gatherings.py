"""Who is told about an event itself, and what is said."""

from collections.abc import Iterable, Iterator
from typing import Any

from contracts.events import facts, states
from services.notifications.model.known import Books, KnownEvent, KnownRegistration
from services.notifications.model.rules.people import in_charge, officers_now
from services.notifications.model.telling import To

Event = states.Event | KnownEvent
GUEST = {"registration": {"guest": True}}


def brief(event: Event) -> dict[str, Any]:
    """What texts name of an event."""
    return {
        "title": event.title,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "timezone": event.timezone,
        "place": place_of(event),
        "reason": event.change_reason,
        "feedback": event.feedback,
    }


def place_of(event: Event) -> str | None:
    """Name and address of where it is."""
    if event.venue is None:
        return None
    return ", ".join(part for part in (event.venue.name, event.venue.address) if part)


def reached(state: states.Registration | KnownRegistration) -> str | None:
    """Whose inbox it is: the member's, or for a guest, who has none, that of who registered him."""
    return state.member_id or state.registered_by


def announced(event: Event) -> dict[str, Any]:
    """Time and place as they were told."""
    told = brief(event)
    return {name: told[name] for name in ("starts_at", "ends_at", "timezone", "place")}


def moving(event: Event) -> str:
    """What nobody hears of twice when the date moves."""
    return f"moved:{event.id}:{event.date_changed}"


def closing(event_id: str) -> str:
    """What nobody hears of twice when an event was held."""
    return f"closed:{event_id}"


def event(fact: facts.EventFact, _: Books) -> dict[str, Any]:
    """`event` after the change."""
    return {"event": brief(fact.event)}


def moved(fact: facts.EventRescheduled, books: Books) -> dict[str, Any]:
    """`event`, and `before` as it was announced (None when nobody knows)."""
    return {"event": brief(fact.event), "before": books.announced(fact.event.id)}


def invited(fact: facts.EventPublished, books: Books) -> Iterator[To]:
    """Active members of its area and of confirmed co-hosts', and who backed its topic.

    An event for officers is told to officers and those in charge of its area only.
    """
    event = fact.event
    if event.audience == "officers":
        yield To((*officers_now(books), *in_charge(books, event.area)), audience=True)
        return
    cohosts = [cohost.area for cohost in event.cohosts if cohost.state == "confirmed"]
    request = books.requests.get(event.request_id) if event.request_id else None
    backers = request.backers if request else ()
    yield To((*books.members.active_in([event.area, *cohosts]), *backers), audience=True)


def concerned(fact: facts.EventRescheduled, books: Books) -> Iterator[To]:
    """Registered and waiting people and speakers; who had a seat is asked whether he comes.

    Of guests, who registered them (decision 68). Each hears it once, a question before mere news.
    """
    event, before = fact.event, books.announced(fact.event.id)
    dated = before is None or before["starts_at"] != event.starts_at
    once = moving(event) if dated else f"placed:{event.id}:{event.version}"
    seated = books.registrations.of_event(event.id, "confirmed")
    waiting = books.registrations.of_event(event.id, "waiting", "offered")
    told: set[str] = set()
    for members, said in (
        (_own(seated), {"reconfirm": dated}),
        (_registrars(seated), {"reconfirm": dated, **GUEST}),
        ((*_own(waiting), *_speakers(event)), {"reconfirm": False}),
        (_registrars(waiting), {"reconfirm": False, **GUEST}),
    ):
        yield To(tuple(one for one in members if one not in told), once=once, params=said)
        told.update(members)


def speaking(fact: facts.EventCancelled, _: Books) -> Iterator[To]:
    """Speakers; participants hear it from their registrations' own facts."""
    yield To(_speakers(fact.event), once=f"cancelled:{fact.event.id}")


def attended(fact: facts.EventClosed, books: Books) -> Iterator[To]:
    """Who was there."""
    present = books.registrations.of_event(fact.event.id, "attended")
    yield To(_own(present), once=closing(fact.event.id))


def managers(books: Books, event: Event) -> tuple[str, ...]:
    """Who planned it and who was granted its management."""
    granted = books.appointments.accepted_for(event.id)
    held = [a.member_id for a in granted if a.role == "event_manager" and a.in_force(books.today)]
    planned = [event.created_by] if event.created_by else []
    return (*planned, *held)


def house(fact: facts.HostAsked, books: Books) -> Iterator[To]:
    """Members of the house; without any, those in charge of the area."""
    host = fact.event.host
    people = books.members.active_at(host.institution_id) if host else []
    yield To(tuple(people) or in_charge(books, fact.event.area), audience=True)


def after_house(fact: facts.HostAnswered, books: Books) -> Iterator[To]:
    """Its managers."""
    host = fact.event.host
    answer = {"state": host.state, "note": host.note} if host else {}
    yield To(managers(books, fact.event), params={"answer": answer})


def neighbours(fact: facts.CohostInvited, books: Books) -> Iterator[To]:
    """Those in charge of each area that was asked and has not answered."""
    for cohost in fact.event.cohosts:
        if cohost.state == "invited":
            once = f"cohost:{fact.event.id}:{cohost.area}"
            yield To(in_charge(books, cohost.area), once=once)


def after_neighbours(fact: facts.CohostAnswered, books: Books) -> Iterator[To]:
    """Its managers, once per area and answer."""
    for cohost in fact.event.cohosts:
        if cohost.state != "invited":
            area = books.areas.get(cohost.area)
            answer = {"state": cohost.state, "area": area.name if area else cohost.area}
            once = f"cohost:{fact.event.id}:{cohost.area}:{cohost.state}"
            yield To(managers(books, fact.event), once=once, params={"answer": answer})


def _own(places: Iterable[KnownRegistration]) -> tuple[str, ...]:
    return tuple(place.member_id for place in places if place.member_id)


def _registrars(places: Iterable[KnownRegistration]) -> tuple[str, ...]:
    guests = (place for place in places if place.member_id is None)
    return tuple(told for place in guests if (told := reached(place)))


def _speakers(event: Event) -> tuple[str, ...]:
    return tuple(s.member_id for s in event.speakers if s.member_id and s.state != "declined")
