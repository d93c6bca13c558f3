"""Aggregates as they lie in their collections; only `Work.record` writes them."""

from collections.abc import Sequence

from chassis.shelf import MongoAggregates
from contracts.mentoring import states
from services.mentoring.model.states import OPEN

OLDEST_FIRST = [("created_at", 1), ("_id", 1)]
UNDER_WAY = {"$in": ["agreed", "in_progress", "ready_for_signoff"]}


class MongoMentorships(MongoAggregates[states.Mentorship]):
    """All cases."""

    cls = states.Mentorship

    def naming(self, member_id: str, *contacts: str) -> list[states.Mentorship]:
        """Those that name a member, or one of the contacts, anywhere; rare, so most is scanned."""
        fields = ("requested_by", "mentor_id", "partner_id", "readiness.assessed_by")
        named = [{field: member_id} for field in (*fields, "items.done_by", "votes.by")]
        reached = {"$in": list(contacts)}
        ways = [{"contact.email": reached}, {"contact.phone": reached}] if contacts else []
        return self.some({"$or": [*named, *ways]}, sort=[("_id", 1)])

    def with_overdue_visits(self, before: str) -> list[states.Mentorship]:
        """Those under way with a visit planned before the instant that nobody was told of."""
        late = {"planned_at": {"$lt": before}, "visit_id": None, "overdue_told_at": None}
        return self.some({"state": UNDER_WAY, "agreement.visits": {"$elemMatch": late}})

    def open_at(self, institution_ids: Sequence[str]) -> list[states.Mentorship]:
        """The open ones of these institutions."""
        wanted = {"institution_id": {"$in": list(institution_ids)}, "state": {"$in": [*OPEN]}}
        return self.some(wanted, sort=[("_id", 1)])

    def to_match(self, area: str | None) -> list[states.Mentorship]:
        """The assessed ones that may be offered, of an area or all, oldest first."""
        wanted = {"state": "assessed", "readiness.verdict": {"$ne": "not_ready"}}
        return self.some({**wanted, **({"area": area} if area else {})}, sort=OLDEST_FIRST)


class MongoOffers(MongoAggregates[states.Offer]):
    """All offers."""

    cls = states.Offer

    def of_case(self, mentorship_id: str) -> list[states.Offer]:
        """A case's, oldest first."""
        return self.some({"mentorship_id": mentorship_id}, sort=OLDEST_FIRST)

    def lapsed(self, now: str, limit: int) -> list[states.Offer]:
        """The open ones whose time is over, the longest ago first."""
        wanted = {"state": "offered", "expires_at": {"$lte": now}}
        return self.some(wanted, sort=[("expires_at", 1)], limit=limit)

    def of_cases(self, mentorship_ids: Sequence[str]) -> list[states.Offer]:
        """Those of the cases, oldest first."""
        return self.some({"mentorship_id": {"$in": list(mentorship_ids)}}, sort=OLDEST_FIRST)

    def open(self) -> list[states.Offer]:
        """Those that wait for an answer."""
        return self.some({"state": "offered"}, sort=OLDEST_FIRST)


class MongoMentors(MongoAggregates[states.Mentor]):
    """All profiles."""

    cls = states.Mentor

    def all(self) -> list[states.Mentor]:
        """Everybody's."""
        return self.some({}, sort=[("_id", 1)])

    def to_return(self, today: str) -> list[states.Mentor]:
        """Those of who is away until that day or before."""
        back = {"available": False, "available_from": {"$lte": today}}
        return self.some(back, sort=[("_id", 1)])


class MongoVisits(MongoAggregates[states.Visit]):
    """All visits."""

    cls = states.Visit

    def by_client(self, mentorship_id: str, client_id: str) -> states.Visit | None:
        """The one that a phone gave this id."""
        wanted = {"mentorship_id": mentorship_id, "client_id": client_id}
        return next(iter(self.some(wanted)), None)

    def shows(self, mentorship_id: str, photo_id: str) -> bool:
        """Whether a visit of the case has the photo."""
        wanted = {"mentorship_id": mentorship_id, "photos.id": photo_id}
        return self.collection.find_one(wanted, projection=["_id"]) is not None

    def naming(self, member_id: str) -> list[states.Visit]:
        """Those that name a member anywhere."""
        named = [{"logged_by": member_id}, {"photos.added_by": member_id}]
        return self.some({"$or": named}, sort=[("_id", 1)])


class MongoIssues(MongoAggregates[states.Issue]):
    """All faults."""

    cls = states.Issue

    def to_climb(self, now: str, limit: int) -> list[states.Issue]:
        """The open ones that waited long enough at their level."""
        wanted = {"state": "open", "climbs_at": {"$lte": now}}
        return self.some(wanted, sort=[("climbs_at", 1)], limit=limit)

    def solved(self, code: str, limit: int) -> list[states.Issue]:
        """The latest solved ones with the code."""
        wanted = {"code": code, "state": "solved"}
        return self.some(wanted, sort=[("solved_at", -1)], limit=limit)

    def naming(self, member_id: str) -> list[states.Issue]:
        """Those that name a member anywhere."""
        fields = ("reported_by", "solved_by", "hops.by")
        return self.some({"$or": [{field: member_id} for field in fields]}, sort=[("_id", 1)])


class MongoFollowUps(MongoAggregates[states.FollowUp]):
    """All follow-ups."""

    cls = states.FollowUp

    def of_case(self, mentorship_id: str) -> list[states.FollowUp]:
        """A case's, in the order of their making, earliest day first."""
        order = [("created_at", 1), ("day", 1)]
        return self.some({"mentorship_id": mentorship_id}, sort=order)

    def to_ask(self, today: str) -> list[states.FollowUp]:
        """The planned ones whose day has come."""
        wanted = {"state": "planned", "due_on": {"$lte": today}}
        return self.some(wanted, sort=[("due_on", 1), ("_id", 1)])

    def answered_by(self, member_id: str) -> list[states.FollowUp]:
        """Those that a member answered."""
        return self.some({"answered_by": member_id}, sort=[("_id", 1)])


class MongoTemplates(MongoAggregates[states.Template]):
    """Published templates."""

    cls = states.Template

    def versions(self) -> set[int]:
        """Their numbers."""
        return {int(found["_id"]) for found in self.collection.find({}, projection=["_id"])}


class MongoAssignments(MongoAggregates[states.Assignment]):
    """All assignments."""

    cls = states.Assignment
