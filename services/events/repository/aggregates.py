"""Aggregates as they lie in their collections; only `Work.record` writes them."""

from collections.abc import Iterable

from chassis.shelf import MongoAggregates, text
from contracts.events import states

UNDER_WAY = {"$in": ["draft", "published"]}
NOT_CANCELLED = {"$in": ["confirmed", "waiting", "offered", "attended", "no_show"]}
TAKES_PART_AWAY = {"$in": ["asked", "confirmed", "waiting", "offered", "attended", "no_show"]}
OLDEST_FIRST = [("created_at", 1), ("_id", 1)]


def open_of(event_id: str, member_id: str) -> dict[str, object]:
    """The query for a member's registration that was not cancelled."""
    return {"event_id": event_id, "member_id": text(member_id), "state": NOT_CANCELLED}


class MongoRequests(MongoAggregates[states.EventRequest]):
    """All wishes and topics."""

    cls = states.EventRequest

    def to_remind(self, before: str) -> list[states.EventRequest]:
        """The undecided ones from before the instant that nobody was reminded of."""
        old = {"state": "new", "created_at": {"$lte": before}}
        return self.some({**old, "reminded_at": None}, sort=OLDEST_FIRST)

    def to_escalate(self, before: str) -> list[states.EventRequest]:
        """The undecided ones from before the instant that were not escalated."""
        old = {"state": "new", "created_at": {"$lte": before}}
        return self.some({**old, "escalated_at": None}, sort=OLDEST_FIRST)

    def backed_by(self, member_id: str) -> list[states.EventRequest]:
        """Those that a member asked for or backs."""
        return self.some({"$or": [{"backers": member_id}, {"requested_by": member_id}]})


class MongoEvents(MongoAggregates[states.Event]):
    """All events."""

    cls = states.Event

    def at_venue(self, venue_id: str, starts_at: str, ends_at: str) -> list[states.Event]:
        """Drafts and announced ones that use the place at some time between the instants."""
        overlap = {"starts_at": {"$lt": ends_at}, "ends_at": {"$gt": starts_at}}
        return self.some({"venue.venue_id": text(venue_id), "state": UNDER_WAY, **overlap})

    def of_series(self, series_id: str, since: str) -> list[states.Event]:
        """The dates of a series that start then or later, earliest first."""
        wanted = {"series_id": text(series_id), "starts_at": {"$gte": since}}
        return self.some(wanted, sort=[("starts_at", 1), ("_id", 1)])

    def with_speakers_to_remind(self, until: str) -> list[states.Event]:
        """Open ones with an unanswered invitation that runs out on that day or before."""
        unanswered = {"state": "invited", "answer_by": {"$lte": until}}
        return self.some({"state": UNDER_WAY, "speakers": {"$elemMatch": unanswered}})

    def without_material(self, after: str, before: str) -> list[states.Event]:
        """Announced and held ones with a confirmed speaker that ended between the instants."""
        wanted = {"state": {"$in": ["published", "closed"]}, "speakers.state": "confirmed"}
        return self.some({**wanted, "ends_at": {"$gt": after, "$lt": before}})

    def speaking(self, member_id: str) -> list[states.Event]:
        """Those where a member speaks or was asked to."""
        return self.some({"speakers.member_id": member_id})


class MongoSeats(MongoAggregates[states.Seats]):
    """How full each event is."""

    cls = states.Seats


class MongoRegistrations(MongoAggregates[states.Registration]):
    """All registrations."""

    cls = states.Registration

    def many(self, ids: Iterable[str]) -> list[states.Registration]:
        """Those with one of the ids; one query."""
        return self.some({"_id": {"$in": list(ids)}})

    def of_event(self, event_id: str, *in_states: str) -> list[states.Registration]:
        """An event's, in one of the states (all without), oldest first."""
        narrowed = {"state": {"$in": list(in_states)}} if in_states else {}
        return self.some({"event_id": event_id, **narrowed}, sort=OLDEST_FIRST)

    def line(self, event_id: str) -> list[states.Registration]:
        """An event's waiting ones, first in line first."""
        return self.some({"event_id": event_id, "state": "waiting"}, sort=[("position", 1)])

    def open_of(self, event_id: str, member_id: str) -> states.Registration | None:
        """A member's that was not cancelled."""
        return next(iter(self.some(open_of(event_id, member_id), sort=[("_id", 1)])), None)

    def answered(self, event_id: str) -> bool:
        """Whether somebody has answered the event's questions."""
        wanted = {"event_id": event_id, "answers": {"$nin": [None, {}]}}
        return self.collection.find_one(wanted, projection=["_id"]) is not None

    def of_member(self, member_id: str) -> list[states.Registration]:
        """A member's, for all events."""
        return self.some({"member_id": text(member_id)}, sort=OLDEST_FIRST)

    def lapsed(self, now: str, limit: int) -> list[states.Registration]:
        """Offered seats whose offer has expired, the longest ago first."""
        wanted = {"state": "offered", "offer_expires_at": {"$lte": now}}
        return self.some(wanted, sort=[("offer_expires_at", 1)], limit=limit)


class MongoAwayRegistrations(MongoAggregates[states.AwayRegistration]):
    """All registrations at events of other regions."""

    cls = states.AwayRegistration

    def open_of(self, event_id: str, member_id: str) -> states.AwayRegistration | None:
        """A member's that was neither refused nor cancelled."""
        wanted = {"event_id": event_id, "member_id": text(member_id), "state": TAKES_PART_AWAY}
        return next(iter(self.some(wanted, sort=[("_id", 1)])), None)

    def of_member(self, member_id: str) -> list[states.AwayRegistration]:
        """A member's, for all events."""
        return self.some({"member_id": text(member_id)}, sort=OLDEST_FIRST)


class MongoVisitors(MongoAggregates[states.VisitorRegistration]):
    """What visitors' regions were told."""

    cls = states.VisitorRegistration

    def many(self, ids: Iterable[str]) -> list[states.VisitorRegistration]:
        """Those with one of the ids; one query."""
        return self.some({"_id": {"$in": list(ids)}})


class MongoVenues(MongoAggregates[states.Venue]):
    """The register of places."""

    cls = states.Venue


class MongoEquipment(MongoAggregates[states.Equipment]):
    """Things that are lent."""

    cls = states.Equipment

    def overdue(self, now: str) -> list[states.Equipment]:
        """Those that were handed over and should have been back."""
        late = {"state": "handed_over", "ends_at": {"$lt": now}, "overdue_told_at": None}
        return self.some({"reservations": {"$elemMatch": late}})

    def held_for(self, event_id: str) -> list[states.Equipment]:
        """Those with a reservation for the event."""
        return self.some({"reservations.event_id": event_id})

    def owned_by(self, member_id: str) -> list[states.Equipment]:
        """A member's own."""
        return self.some({"owner_member_id": text(member_id)})


class MongoSeries(MongoAggregates[states.Series]):
    """Events that come again."""

    cls = states.Series

    def to_extend(self, until: str) -> list[states.Series]:
        """Those that go on and whose dates are made only until an instant before."""
        return self.some({"ended": False, "made_until": {"$lt": until}})


class MongoFeedback(MongoAggregates[states.Feedback]):
    """Anonymous answers."""

    cls = states.Feedback


class MongoCertificates(MongoAggregates[states.Certificate]):
    """Certificates, by serial."""

    cls = states.Certificate

    def of_event(self, event_id: str) -> list[states.Certificate]:
        """An event's."""
        return self.some({"event_id": event_id}, sort=[("_id", 1)])

    def of_member(self, member_id: str) -> list[states.Certificate]:
        """A member's."""
        return self.some({"member_id": text(member_id)}, sort=[("_id", 1)])


class MongoCalendarFeeds(MongoAggregates[states.CalendarFeed]):
    """Calendars behind a token."""

    cls = states.CalendarFeed

    def of_member(self, member_id: str) -> list[states.CalendarFeed]:
        """A member's that were not revoked."""
        return self.some({"member_id": member_id, "revoked": False}, sort=[("_id", 1)])


class MongoEventKeys(MongoAggregates[states.EventKey]):
    """Public keys as they were said."""

    cls = states.EventKey
