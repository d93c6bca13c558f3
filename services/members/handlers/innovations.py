"""Innovations: entered by active members, kept by who entered them and by coordinators."""

from collections.abc import Iterable

from chassis import clock
from chassis.aggregate import given
from contracts.members import commands, states
from services.members.errors import InnovationUnknown, NotYours
from services.members.handlers.who import area_of, authority
from services.members.model.authority import Authority
from services.members.model.innovation import PURPOSE, Innovation, People, register
from services.members.model.institution import usable_area
from services.members.model.ports import Work


def register_innovation(work: Work, command: commands.RegisterInnovation) -> states.Innovation:
    """A new entry, in the member's own area or one that he coordinates.

    Raises NotYours, AreaInvalid, Invalid, AuthorInvalid and AuthorConsentNeeded.
    """
    who = authority(work)
    if who.member.state != "active":
        raise NotYours("active members share what they made")
    fields = given(command)
    fields["area"] = _placed(work, who, command.area or area_of(work, who.member) or "")
    fact = register(
        clock.new_id(),
        work.region,
        work.now,
        who.member.id,
        _people(work, command.authors),
        **fields,
    )
    state: states.Innovation = work.record(fact)
    return state


def change_innovation(work: Work, command: commands.ChangeInnovation) -> states.Innovation:
    """Other values; raises as `register_innovation`, InnovationUnknown, InnovationStateForbids."""
    who = authority(work)
    before = _ones_own(work, who, command.innovation_id)
    wanted = given(command, "innovation_id")
    if wanted.get("area", before.area) != before.area:
        _placed(work, who, wanted["area"])
    people = _people(work, wanted.get("authors", before.authors))
    fact = Innovation(before).change(work.now, people, wanted)
    if fact is None:
        return before
    state: states.Innovation = work.record(fact)
    return state


def withdraw_innovation(work: Work, command: commands.WithdrawInnovation) -> states.Innovation:
    """It is offered no more; raises InnovationUnknown, NotYours and InnovationStateForbids."""
    before = _ones_own(work, authority(work), command.innovation_id)
    state: states.Innovation = work.record(Innovation(before).withdraw(work.now))
    return state


def follow_consents(work: Work, member: states.Member) -> None:
    """What a member is named in is told here only, unless he consents to more (source: I2)."""
    if member.consents_to(PURPOSE):
        return
    work.innovations.one_at_a_time()
    for state in work.innovations.concerning(member.id):
        fact = Innovation(state).keep_home(work.now, member.id)
        if fact:
            work.record(fact)


def forget_author(work: Work, member_id: str) -> None:
    """The name of who left is gone from what he made."""
    work.innovations.one_at_a_time()
    for state in work.innovations.concerning(member_id):
        work.record(Innovation(state).forget(work.now, member_id))


def _ones_own(work: Work, who: Authority, id: str) -> states.Innovation:
    """An innovation that the actor entered or whose area he coordinates; raises Stale too."""
    state = work.innovations.get(id)
    if state is None:
        raise InnovationUnknown(f"there is no innovation {id}")
    if state.created_by != who.member.id:
        who.must_coordinate(state.area)
    return work.to_change(state)


def _placed(work: Work, who: Authority, area_id: str) -> str:
    """The area, if it is in use and the actor's own or his to coordinate."""
    usable_area(work.areas.get(area_id), area_id)
    if area_id != area_of(work, who.member):
        who.must_coordinate(area_id)
    return area_id


def _people(work: Work, authors: Iterable[states.Author]) -> People:
    """The members among the authors, by id; none of them leaves or takes consent back meanwhile."""
    ids = {author.member_id for author in authors if author.member_id}
    if not ids:
        return {}
    work.innovations.one_at_a_time()
    return {member.id: member for member in work.members.many(ids)}
