"""Aggregates as they lie in their collections; only `Work.record` writes them."""

from collections.abc import Iterable, Sequence
from typing import Any

from chassis.shelf import MongoAggregates, texts
from chassis.work import Bound
from contracts.members import states

OPEN = {"$in": ["offered", "accepted"]}


def open_of(member_id: str) -> dict[str, Any]:
    """The query for a member's offered and accepted appointments."""
    return {"member_id": member_id, "state": OPEN}


class MongoAreas(MongoAggregates[states.Area]):
    """All areas."""

    cls = states.Area

    def active(self) -> list[states.Area]:
        """Those in use, in the order of their ids."""
        return self.some({"active": True}, sort=[("_id", 1)])


class MongoInstitutions(MongoAggregates[states.Institution]):
    """All institutions."""

    cls = states.Institution

    def by_npsns(self, npsns: Sequence[str]) -> dict[str, states.Institution]:
        """Those with one of the NPSN, by NPSN; one query."""
        return {str(state.npsn): state for state in self.some({"npsn": texts(npsns)})}


class MongoMembers(MongoAggregates[states.Member]):
    """All members."""

    cls = states.Member

    def many(self, ids: Iterable[str]) -> list[states.Member]:
        """Those with one of the ids; one query."""
        return self.some({"_id": {"$in": list(ids)}})

    def with_contacts(self, contacts: Sequence[str]) -> list[states.Member]:
        """Those whose e-mail or phone is one of the contacts; one query."""
        wanted = texts(contacts)
        return self.some({"$or": [{"email": wanted}, {"phone": wanted}]})


class MongoAppointments(MongoAggregates[states.Appointment]):
    """All appointments."""

    cls = states.Appointment

    def __init__(self, collection: Bound, locks: Bound) -> None:
        super().__init__(collection)
        self.locks = locks

    def open_of(self, member_id: str) -> list[states.Appointment]:
        """A member's offered and accepted ones."""
        return self.some(open_of(member_id), sort=[("_id", 1)])

    def accepted(self, role: str) -> list[states.Appointment]:
        """All accepted ones of a role."""
        return self.some({"role": role, "state": "accepted"}, sort=[("_id", 1)])

    def open_at(self, event_id: str) -> list[states.Appointment]:
        """Offered and accepted grants for an event."""
        return self.some({"event_id": event_id, "state": OPEN}, sort=[("_id", 1)])

    def overdue(self, today: str) -> list[states.Appointment]:
        """Offered and accepted ones whose last day is past."""
        return self.some({"state": OPEN, "ends_on": {"$lt": today, "$type": "string"}})

    def one_at_a_time(self) -> None:
        """Write one document, so that two such transactions conflict and the later one repeats."""
        self.locks.update_one({"_id": "officers"}, {"$inc": {"taken": 1}}, upsert=True)


class MongoCompetencies(MongoAggregates[states.Competencies]):
    """The competencies of all members."""

    cls = states.Competencies

    def expiring(self, since: str, until: str) -> list[str]:
        """Ids of those with evidence that expires from day to day and was not told so."""
        untold = {"expires_on": {"$gte": since, "$lte": until}, "expiry_told_at": None}
        wanted = {"evidence": {"$elemMatch": untold}}
        return [document["_id"] for document in self.collection.find(wanted, projection=["_id"])]


class MongoInnovations(MongoAggregates[states.Innovation]):
    """All innovations."""

    cls = states.Innovation

    def __init__(self, collection: Bound, locks: Bound) -> None:
        super().__init__(collection)
        self.locks = locks

    def concerning(self, member_id: str) -> list[states.Innovation]:
        """Those that a member entered, or is an author of, in the order of their ids."""
        his = {"$or": [{"created_by": member_id}, {"authors.member_id": member_id}]}
        return self.some(his, sort=[("_id", 1)])

    def one_at_a_time(self) -> None:
        """Write one document, so that two such transactions conflict and the later one repeats."""
        self.locks.update_one({"_id": "authors"}, {"$inc": {"taken": 1}}, upsert=True)


class MongoFrameworks(MongoAggregates[states.Framework]):
    """Published frameworks."""

    cls = states.Framework

    def versions(self) -> list[int]:
        """Their numbers, ascending."""
        found = self.collection.find({}, projection={"_id": 1})
        return sorted(int(document["_id"]) for document in found)


class MongoSigningKeys(MongoAggregates[states.SigningKey]):
    """Public keys as they were said."""

    cls = states.SigningKey
