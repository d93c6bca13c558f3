"""Who asks, and what he may do at this moment: from what was heard of him, never from a token."""

from contracts.events import states
from services.events.errors import (
    AreaInvalid,
    EventUnknown,
    Forbidden,
    InstitutionInvalid,
    MemberInvalid,
    SignInFirst,
)
from services.events.model.authority import Authority
from services.events.model.known import KnownInstitution, KnownMember
from services.events.model.ports import Work


def actor(work: Work) -> KnownMember:
    """The signed-in active member, as he was shown himself; raises SignInFirst and Forbidden."""
    member_id = work.call.actor.member_id
    if member_id is None:
        raise SignInFirst("this needs an access token")
    member = work.members.get(member_id)
    if member is None or member.state != "active":
        raise Forbidden(f"the account is {member.state if member else 'not known here'}")
    if work.call.actor.saw_newer("member", member.id, member.version):
        raise Forbidden("what he changed of himself has not been heard here")
    return member


def authority(work: Work) -> Authority:
    """The actor with his appointments in force today; raises as `actor`."""
    me = actor(work)
    accepted = work.appointments.accepted_of(me.id)
    held = tuple(a for a in accepted if a.in_force(work.today))
    work.acts_as(one.role for one in held)
    return Authority(member=me, appointments=held)


def event(work: Work, id: str) -> states.Event:
    """An event; raises EventUnknown."""
    found = work.events.get(id)
    if found is None:
        raise EventUnknown(f"there is no event {id}")
    return found


def managed(work: Work, event_id: str) -> states.Event:
    """An event that the actor may manage and has seen as it is; raises Forbidden and Stale."""
    found = event(work, event_id)
    authority(work).must_manage(found)
    return work.to_change(found)


def member(work: Work, id: str, pointer: str = "/member_id") -> KnownMember:
    """An active member named in a body; raises MemberInvalid."""
    found = work.members.get(id)
    if found is None or found.state != "active":
        raise MemberInvalid(f"{id} is not an active member of this region", pointer=pointer)
    return found


def usable_area(work: Work, id: str) -> str:
    """The id of an active area; raises AreaInvalid."""
    found = work.areas.get(id)
    if found is None or not found.active:
        raise AreaInvalid(f"{id} is not an active area of this region", pointer="/area")
    return id


def institution(work: Work, id: str, pointer: str = "/institution_id") -> KnownInstitution:
    """A house named in a body; raises InstitutionInvalid."""
    found = work.institutions.get(id)
    if found is None:
        raise InstitutionInvalid(f"{id} is not in the register", pointer=pointer)
    return found
