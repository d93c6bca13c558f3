"""Phones of everybody who sees differently, and whether they agree with what reads show."""

from functools import partial
from typing import Any

from tests.e2e.cases import field_team, mentor_of
from tests.support.client import (
    KABUPATEN,
    KOTA,
    Community,
    Person,
    Phone,
    differing_from,
    told,
)
from tests.support.infrastructure import until

Subject = tuple[str, ...]  # kind, id, and the id of what it is under, if its path needs one

PATHS = {
    "area": "/v1/areas/{}",
    "institution": "/v1/institutions/{}",
    "member": "/v1/members/{}",
    "competencies": "/v1/members/{}/competencies",
    "appointment": "/v1/appointments/{}",
    "innovation": "/v1/innovations/{}",
    "event_request": "/v1/event-requests/{}",
    "event": "/v1/events/{}",
    "registration": "/v1/events/{1}/registrations/{0}",
    "venue": "/v1/venues/{}",
    "equipment": "/v1/equipment/{}",
    "series": "/v1/event-series/{}",
    "notice": "/v1/notifications/{}",
    "announcement": "/v1/announcements/{}",
    "mentorship": "/v1/mentorships/{}",
    "assignment": "/v1/mentoring-assignments/{}",
}
LISTS = {
    "offer": ("/v1/mentorships/{}/offers", "/v1/me/offers"),
    "visit": ("/v1/mentorships/{}/visits",),
    "issue": ("/v1/mentorships/{}/issues",),
    "follow_up": ("/v1/mentorships/{}/follow-ups",),
    "mentor": ("/v1/mentors",),
    "template": ("/v1/mentoring-templates/readiness",),
}
MENTORS = ("who accompanies schools", "who accompanies none")


class Watchers:
    """One phone for each kind of person; they sync for as long as the tests run."""

    def __init__(self, community: Community) -> None:
        mentor, head, _ = field_team(community)
        self.people: dict[str, Person] = {
            "nobody": community.visitor(),
            "a pending member": community.newcomer(KOTA),
            "a member": community.member(KOTA),
            "the coordinator of the city": community.officer(KOTA),
            "the coordinator of another area": community.officer(KABUPATEN),
            "the region's coordinator": community.officer("coordinator"),
            "the operator": community.officer("operator"),
            "who accompanies schools": mentor,
            "who accompanies none": mentor_of(community),
            "the head of a school": head,
        }
        self.phones = {who: Phone(person) for who, person in self.people.items()}
        for phone in self.phones.values():
            phone.sync()

    def must_agree(self, subjects: list[Subject]) -> None:
        """What phones hold of the subjects is what reads show; soon."""
        for who in self.phones:
            until(partial(self._agrees, who, subjects))

    def must_be_whole(self) -> None:
        """Old state and changes are the fresh state, of everything; soon."""
        for who in self.phones:
            until(partial(self._is_whole, who))

    def _agrees(self, who: str, subjects: list[Subject]) -> bool:
        phone = self.phones[who]
        phone.sync()
        for subject in subjects:
            read = shown(self.people[who], subject)
            same = phone.held.get(subject[:2]) == read
            assert same or is_looked_up(who, subject), (who, subject, read)
        return True

    def _is_whole(self, who: str) -> bool:
        held, fresh = self.phones[who], Phone(self.people[who])
        for phone in (held, fresh):
            phone.sync()
        assert held.held == fresh.held, (who, differing_from(held.held, fresh.held))
        return True


def is_looked_up(who: str, subject: Subject) -> bool:
    """Mentors may look up competencies of all members of their area; phones do not carry them."""
    return who in MENTORS and subject[0] == "competencies"


def shown(person: Person, subject: Subject) -> Any:
    """What a read shows of a subject; None when it is not there for this person."""
    kind, *ids = subject
    if kind in LISTS:
        return listed(person, kind, *ids)
    answer = person.get(PATHS[kind].format(*ids))
    return None if answer.status_code in (401, 403, 404) else told(answer, 200)


def listed(person: Person, kind: str, id: str, of: str = "") -> Any:
    """What a list shows of a subject that has no page of its own."""
    for path in LISTS[kind]:
        where = path.format(of)
        if person.get(where).status_code == 200:
            found = [one for one in person.all(where) if one["id"] == id]
            if found:
                return found[0]
    return None
