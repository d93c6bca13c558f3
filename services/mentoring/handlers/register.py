"""Open cases follow the register: a house that is renamed or moved is so in its cases too."""

from collections.abc import Collection

from services.mentoring.handlers.who import case
from services.mentoring.model.mentorship import Mentorship
from services.mentoring.model.ports import Work


def outdated(work: Work, institution_ids: Collection[str]) -> list[str]:
    """Ids of the open cases of these houses that do not say what the register says by now."""
    houses = {house.id: house for house in work.institutions.many(institution_ids)}
    cases = work.mentorships.open_at(sorted(houses))
    return [one.id for one in cases if Mentorship(one).follow(work.now, houses[one.institution_id])]


def follow(work: Work, id: str) -> None:
    """The case takes over name and place, as they are known in this transaction."""
    before = case(work, id)
    house = work.institutions.get(before.institution_id)
    fact = Mentorship(before).follow(work.now, house) if house else None
    if fact:
        work.record(fact)
