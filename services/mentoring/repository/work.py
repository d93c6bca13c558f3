"""A transaction of the mentoring service: its collections and its settings."""

from collections.abc import Iterator
from typing import ClassVar

from chassis import clock
from chassis.ahead import Wanted
from chassis.settings import Settings
from chassis.work import Work
from services.mentoring.model.policy import Policy
from services.mentoring.repository import aggregates


def policy_of(settings: Settings) -> Policy:
    """What the settings mean to the rules."""
    return Policy(timezone=settings.timezone)


NAMED = (
    ("mentorship_id", "mentorship"),
    ("offer_id", "offer"),
    ("visit_id", "visit"),
    ("issue_id", "issue"),
    ("institution_id", "known_institution"),
)


class MentoringWork(Work):
    """The model's Work on MongoDB; what members are is remembered by `replicas`."""

    policy: ClassVar[Policy]

    @classmethod
    def under(cls, policy: Policy) -> "type[MentoringWork]":
        """Works of one region's policy."""
        return type(cls.__name__, (cls,), {"policy": policy})

    def foreseen(self) -> Iterator[Wanted]:
        """What the command names."""
        for field, kind in NAMED:
            named = getattr(self.call.command, field, None)
            if isinstance(named, str):
                yield kind, {"_id": named}

    @property
    def today(self) -> str:
        """The region's date at the work's instant."""
        return clock.date_in(self.policy.timezone, self.now)

    @property
    def mentorships(self) -> aggregates.MongoMentorships:
        """Cases."""
        return aggregates.MongoMentorships(self.collection("mentorship"))

    @property
    def offers(self) -> aggregates.MongoOffers:
        """Offers to mentors."""
        return aggregates.MongoOffers(self.collection("offer"))

    @property
    def mentors(self) -> aggregates.MongoMentors:
        """Profiles."""
        return aggregates.MongoMentors(self.collection("mentor"))

    @property
    def visits(self) -> aggregates.MongoVisits:
        """Visits."""
        return aggregates.MongoVisits(self.collection("visit"))

    @property
    def issues(self) -> aggregates.MongoIssues:
        """Faults."""
        return aggregates.MongoIssues(self.collection("issue"))

    @property
    def follow_ups(self) -> aggregates.MongoFollowUps:
        """Looks after sign-off."""
        return aggregates.MongoFollowUps(self.collection("follow_up"))

    @property
    def templates(self) -> aggregates.MongoTemplates:
        """Templates in use."""
        return aggregates.MongoTemplates(self.collection("template"))

    @property
    def assignments(self) -> aggregates.MongoAssignments:
        """Assignments of many cases."""
        return aggregates.MongoAssignments(self.collection("assignment"))
