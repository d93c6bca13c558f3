"""What of a fact may leave the region: only what is built here does (source: features I2)."""

from typing import Any

from contracts.events import facts as events
from contracts.events import states
from contracts.fact import Fact
from contracts.federation.crossing import ANSWERS, OPEN_SCOPES, WISHES
from contracts.members.facts import InnovationFact, InnovationRestated
from contracts.members.states import Author, Innovation

EVENT = (
    "id",
    "version",
    "region",
    "created_at",
    "updated_at",
    "title",
    "kind",
    "area",
    "state",
    "starts_at",
    "ends_at",
    "timezone",
    "description",
    "topics",
    "capacity",
    "fee",
    "audience",
    "scope",
    "questions",
    "questions_version",
    "hours",
    "awards",
    "certificates",
    "change_reason",
    "date_changed",
    "published_at",
    "closed_at",
)
PLACE = ("name", "address", "latitude", "longitude")
SPEAKER = ("id", "name", "kind", "subject", "state", "answer_by")
WISH = (
    "id",
    "version",
    "region",
    "created_at",
    "updated_at",
    "event_id",
    "event_region",
    "occasion",
    "wish",
    "state",
    "name",
    "email",
    "phone",
    "institution",
    "language",
    "answers",
)

GONE = ("id", "version", "region", "created_at", "updated_at", "kind", "origin", "area", "status")
INNOVATION = (*GONE, "title", "summary", "scope", "licence", "slims_versions", "link")


def is_shared(event: states.Event) -> bool:
    """Announced, in a scope that opens it, and not for officers only."""
    opened = event.scope in OPEN_SCOPES and event.audience != "officers"
    return opened and event.published_at is not None


def public_event(event: states.Event, home: str) -> states.Event:
    """The event as other regions see it: no member, no house, no minutes; `home` names its region.

    Speakers are named as on a poster, once they have confirmed.
    """
    venue = states.Place(**_only(event.venue, PLACE)) if event.venue else None
    confirmed = (speaker for speaker in event.speakers if speaker.state == "confirmed")
    speakers = tuple(states.Speaker(**_only(one, SPEAKER)) for one in confirmed)
    return states.Event(**_only(event, EVENT), venue=venue, speakers=speakers, home=home)


def is_told(innovation: Innovation) -> bool:
    """In a scope that opens it, offered, and with the consent of all authors."""
    opened = innovation.scope in OPEN_SCOPES and innovation.author_consent
    return opened and not innovation.withdrawn


def public_innovation(innovation: Innovation, home: str) -> Innovation:
    """The innovation as other regions see it: its authors by their names only.

    Nothing is left of one that is told no more: it is withdrawn there.
    """
    if not is_told(innovation):
        gone = _only(innovation, GONE)
        return Innovation(**gone, title="—", summary="", scope="network", withdrawn=True, home=home)
    names = tuple(Author(name=author.name) for author in innovation.authors)
    told = _only(innovation, INNOVATION)
    return Innovation(**told, authors=names, author_consent=True, home=home)


def public_wish(away: states.AwayRegistration) -> states.AwayRegistration:
    """What the other region needs: what the member consented to, never who he is here."""
    return states.AwayRegistration(**_only(away, WISH))


def to_say(fact: Fact, home: str) -> Fact:
    """A fact of ours as it crosses; who may hear it is another question."""
    if isinstance(fact, events.EventFact):
        return events.EventRestated(event=public_event(fact.event, home))
    if isinstance(fact, InnovationFact):
        return InnovationRestated(innovation=public_innovation(fact.innovation, home))
    if isinstance(fact, events.SeatsFact):
        return events.SeatsRestated(seats=fact.seats)
    if isinstance(fact, events.AwayRegistrationFact):
        return type(fact)(away_registration=public_wish(fact.away_registration))
    return fact


def addressee(fact: Fact) -> str | None:
    """The one region that a fact is for; None for what is told to every peer."""
    state: Any = fact.state
    if isinstance(fact, WISHES):
        return str(state.event_region)
    return str(state.home_region) if isinstance(fact, ANSWERS) else None


def is_public(fact: Fact) -> bool:
    """Whether a peer's fact holds nothing but what may cross."""
    if isinstance(fact, events.EventFact):
        home = fact.event.home
        return isinstance(home, str) and is_shared(fact.event) and to_say(fact, home) == fact
    if isinstance(fact, InnovationFact):
        named = fact.innovation.home
        return isinstance(named, str) and to_say(fact, named) == fact
    return to_say(fact, "") == fact


def _only(state: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(state, name) for name in names}
