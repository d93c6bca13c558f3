"""Who asks, and what he may do at this moment: from what was heard of him, never from a token."""

from contracts.mentoring import states
from services.mentoring.errors import (
    Forbidden,
    InstitutionInvalid,
    MentorshipUnknown,
    SignInFirst,
)
from services.mentoring.model.authority import Authority
from services.mentoring.model.known import KnownInstitution, KnownMember
from services.mentoring.model.ports import Work


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


def case(work: Work, id: str) -> states.Mentorship:
    """A case; raises MentorshipUnknown."""
    found = work.mentorships.get(id)
    if found is None:
        raise MentorshipUnknown(f"there is no case {id}")
    return found


def taking_part(work: Work, id: str) -> tuple[Authority, states.Mentorship]:
    """The actor and a case that is his too, and that he has seen as it is; raises Forbidden."""
    who, found = authority(work), case(work, id)
    who.must_take_part(found)
    return who, work.to_change(found)


def coordinated(work: Work, id: str) -> tuple[Authority, states.Mentorship]:
    """The actor and a case of an area that he coordinates, seen as it is; raises Forbidden."""
    who, found = authority(work), case(work, id)
    who.must_coordinate(found.area)
    return who, work.to_change(found)


def institution(work: Work, id: str, pointer: str = "/institution_id") -> KnownInstitution:
    """A house named in a body; raises InstitutionInvalid."""
    found = work.institutions.held(id)
    if found is None:
        raise InstitutionInvalid(f"{id} is not in the register", pointer=pointer)
    return found
