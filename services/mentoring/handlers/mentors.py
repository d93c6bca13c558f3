"""Mentors: their profiles, whether they take cases, and who may be asked (source: F3, F4)."""

from dataclasses import dataclass
from typing import Any

from chassis.aggregate import given
from contracts.fact import Fact
from contracts.members.facts import AppointmentFact
from contracts.mentoring import commands, states
from contracts.mentoring.candidates import Candidate, candidate_of
from services.mentoring.errors import MentorInvalid
from services.mentoring.handlers.who import authority
from services.mentoring.model.authority import Authority
from services.mentoring.model.known import KnownMember
from services.mentoring.model.mentor import Mentor, profile
from services.mentoring.model.ports import Work


@dataclass(frozen=True)
class Pool:
    """Everybody who may be asked now, and where they work."""

    by_id: dict[str, Candidate]
    houses: dict[str, str | None]

    def staff(self, institution_id: str) -> set[str]:
        """Those of the institution itself: nobody accompanies his own."""
        return {one for one, house in self.houses.items() if house == institution_id}


def profile_mentor(work: Work, command: commands.ProfileMentor) -> states.Mentor:
    """By a mentor in force, of himself; without a place it is that of his institution."""
    who = in_pool(authority(work))
    area, place = _place(work, who.member)
    wanted = given(command)
    if command.latitude is None and command.longitude is None:
        wanted |= place
    before = work.mentors.get(who.member.id)
    if before is None:
        fact = profile(who.member.id, work.region, work.now, area, **wanted)
        return work.record(fact)  # type: ignore[no-any-return]
    changed = Mentor(work.to_change(before)).change(work.now, area=area, **wanted)
    return work.record(changed) if changed else before


def appointed(fact: Fact) -> str | None:
    """The id of whom it says that he is a mentor, from whichever day on."""
    if not isinstance(fact, AppointmentFact):
        return None
    held = fact.appointment
    return held.member_id if held.role == "mentor" and held.state == "accepted" else None


def welcome(work: Work, member_id: str) -> None:
    """The appointment brings a plain profile, so that he can be asked; he says more when he likes.

    Plain is a librarian without a skill of note, as most are (source: S0, S1).
    """
    who = work.members.get(member_id)
    if who is None or who.state == "left" or work.mentors.get(member_id):
        return
    area, place = _place(work, who)
    plain: dict[str, Any] = {"background": "librarian", "skills": (), **place}
    work.record(profile(member_id, work.region, work.now, area, **plain))


def set_availability(work: Work, command: commands.SetAvailability) -> states.Mentor:
    """By a mentor, of himself; raises MentorInvalid before the first profile."""
    who = in_pool(authority(work))
    before = work.to_change(mentor(work, who.member.id))
    until = command.available_from
    fact = Mentor(before).set_availability(work.now, command.available, until)
    return work.record(fact) if fact else before


def pool(work: Work) -> Pool:
    """Active mentors in force with a profile; open offers count as cases. Five queries."""
    held = work.appointments.accepted("mentor")
    ids = {a.member_id for a in held if a.in_force(work.today)}
    members = {m.id: m for m in work.members.many(ids) if m.state == "active"}
    said = {one.id: one for one in work.competencies.many(sorted(members))}
    offered = _offered(work.offers.open())
    by_id = {
        state.id: candidate_of(state, offered.get(state.id, 0), said.get(state.id), work.today)
        for state in work.mentors.all()
        if state.id in members
    }
    return Pool(by_id, {one: members[one].institution_id for one in by_id})


def free(work: Work, case: states.Mentorship, member_id: str, pointer: str) -> states.Mentor:
    """A mentor who can take the case; raises MentorInvalid and MentorUnavailable."""
    member, state = work.members.get(member_id), work.mentors.get(member_id)
    if member is None or state is None or not _is_mentor(work, member):
        raise MentorInvalid(f"{member_id} is no mentor with a profile", pointer=pointer)
    if member.institution_id == case.institution_id:
        raise MentorInvalid(f"{member_id} works at the institution", pointer=pointer)
    Mentor(state).must_be_free(_offered(work.offers.open()).get(member_id, 0))
    return state


def is_in_pool(who: Authority) -> bool:
    """Whether he is a mentor in force, of whichever area."""
    return any(held.role == "mentor" for held in who.appointments)


def in_pool(who: Authority) -> Authority:
    """Him, if he is; raises MentorInvalid."""
    if not is_in_pool(who):
        raise MentorInvalid("a mentor's appointment is needed")
    return who


def mentor(work: Work, id: str) -> states.Mentor:
    """A profile; raises MentorInvalid."""
    found = work.mentors.get(id)
    if found is None:
        raise MentorInvalid("say first what you can")
    return found


def load(work: Work, case: states.Mentorship) -> None:
    """The case is one more for who accompanies it."""
    for found in _accompanying(work, case):
        work.record(Mentor(found).take(work.now))


def unload(work: Work, case: states.Mentorship, completed: bool) -> None:
    """The case is one less for who accompanied it; `completed` counts in their history."""
    for found in _accompanying(work, case):
        work.record(Mentor(found).give_back(work.now, completed))


def to_return(work: Work) -> list[str]:
    """Ids of those whose time away is over."""
    return [found.id for found in work.mentors.to_return(work.today)]


def come_back(work: Work, id: str) -> None:
    """He takes cases again, as he said; not if he said something else meanwhile, or left."""
    fact = Mentor(mentor(work, id)).come_back(work.now, work.today)
    if fact:
        work.record(fact)


def forget_member(work: Work, member_id: str) -> None:
    """He left: nobody asks him."""
    found = work.mentors.get(member_id)
    fact = Mentor(found).forget(work.now) if found else None
    if fact:
        work.record(fact)


def _place(work: Work, who: KnownMember) -> tuple[str | None, dict[str, float | None]]:
    """His area, and where his institution is."""
    house = work.institutions.get(who.institution_id) if who.institution_id else None
    if house is None:
        return who.area, {}
    return who.area or house.area, {"latitude": house.latitude, "longitude": house.longitude}


def _is_mentor(work: Work, member: KnownMember) -> bool:
    held = work.appointments.accepted_of(member.id)
    in_force = any(a.role == "mentor" and a.in_force(work.today) for a in held)
    return member.state == "active" and in_force


def _accompanying(work: Work, case: states.Mentorship) -> list[states.Mentor]:
    team = [one for one in (case.mentor_id, case.partner_id) if one]
    return [found for one in team if (found := work.mentors.get(one)) is not None]


def _offered(offers: list[states.Offer]) -> dict[str, int]:
    """By member, how many open offers wait for him."""
    count: dict[str, int] = {}
    for offer in offers:
        for one in filter(None, (offer.mentor_id, offer.partner_id)):
            count[one] = count.get(one, 0) + 1
    return count
