"""Cases: asked for by an institution, changed, rested, ended (source: F1, F11)."""

from chassis import clock
from chassis.aggregate import given
from contracts.mentoring import commands, states
from services.mentoring.errors import Forbidden, MentorshipStateForbids, PilotInvalid
from services.mentoring.handlers import mentors, offers
from services.mentoring.handlers.follow_ups import withdraw_waiting
from services.mentoring.handlers.who import authority, institution, taking_part
from services.mentoring.model import mentorship
from services.mentoring.model.mentorship import Mentorship
from services.mentoring.model.ports import Work
from services.mentoring.model.states import ALLOWED

SUCCEEDED = ("signed_off", "follow_up", "closed")


def request_mentorship(work: Work, command: commands.RequestMentorship) -> states.Mentorship:
    """By somebody of the institution, or a coordinator for it; one open case for each goal."""
    who, house = authority(work), institution(work, command.institution_id)
    if who.member.institution_id != house.id and not who.may_coordinate(house.area):
        raise Forbidden("somebody of the institution or a coordinator of its area asks")
    if command.follows_id is not None:
        _must_have_succeeded(work.mentorships.get(command.follows_id))
    fact = mentorship.ask(
        clock.new_id(),
        work.region,
        work.now,
        who.member.id,
        institution_name=house.name,
        area=house.area,
        latitude=house.latitude,
        longitude=house.longitude,
        **given(command),
    )
    state: states.Mentorship = work.record(fact)
    return state


def change_mentorship(work: Work, command: commands.ChangeMentorship) -> states.Mentorship:
    """By who takes part; the head's approval is told by who is not the mentor."""
    who, before = taking_part(work, command.mentorship_id)
    wanted = given(command, "mentorship_id")
    if "head_approval" in wanted and who.is_mentor(before):
        raise Forbidden("the mentor does not speak for the head")
    fact = Mentorship(before).change(work.now, who.member.id, wanted)
    return work.record(fact) if fact else before


def unmatch(work: Work, command: commands.Unmatch) -> states.Mentorship:
    """The mentor gives it back, or a coordinator takes it."""
    who, before = taking_part(work, command.mentorship_id)
    if not who.is_mentor(before):
        who.must_coordinate(before.area)
    state: states.Mentorship = work.record(Mentorship(before).unmatch(work.now, command.reason))
    mentors.unload(work, before, completed=False)
    return state


def hold(work: Work, command: commands.Hold) -> states.Mentorship:
    """By who takes part."""
    _, before = taking_part(work, command.mentorship_id)
    state: states.Mentorship = work.record(Mentorship(before).hold(work.now, command.reason))
    return state


def resume(work: Work, command: commands.Resume) -> states.Mentorship:
    """By who takes part."""
    _, before = taking_part(work, command.mentorship_id)
    state: states.Mentorship = work.record(Mentorship(before).resume(work.now))
    return state


def stop(work: Work, command: commands.Stop) -> states.Mentorship:
    """By the institution or a coordinator; the mentor gives it back instead."""
    who, before = taking_part(work, command.mentorship_id)
    if who.is_mentor(before) and not who.may_coordinate(before.area):
        raise Forbidden("give the case back instead")
    state: states.Mentorship = work.record(Mentorship(before).stop(work.now, command.reason))
    offers.withdraw_open(work, before.id)
    withdraw_waiting(work, before.id)
    if not before.signed_off_at:
        mentors.unload(work, before, completed=False)
    return state


def _must_have_succeeded(pilot: states.Mentorship | None) -> None:
    if pilot is None:
        raise PilotInvalid("the case to follow is not one of this region", pointer="/follows_id")
    if pilot.state not in SUCCEEDED:
        detail = "what is followed was signed off"
        raise MentorshipStateForbids(detail, pointer="/follows_id", allowed=ALLOWED[pilot.state])
