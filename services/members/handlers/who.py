"""Who asks, and what he may do at this moment: from the service's own books, never from a token."""

from contracts.members import states
from services.members.errors import Forbidden, MemberUnknown, SignInFirst
from services.members.model.authority import Authority
from services.members.model.member import MAY_SIGN_IN
from services.members.model.ports import Work


def actor(work: Work) -> states.Member:
    """The signed-in member; raises SignInFirst, and Forbidden when he is suspended or left."""
    member_id = work.call.actor.member_id
    if member_id is None:
        raise SignInFirst("this needs an access token")
    member = work.members.get(member_id)
    if member is None or member.state not in MAY_SIGN_IN:
        raise Forbidden(f"the account is {member.state if member else 'not of this region'}")
    return member


def authority(work: Work) -> Authority:
    """The actor with his appointments in force today; raises as `actor`."""
    me = actor(work)
    held = in_force(work, me.id)
    work.acts_as(one.role for one in held)
    return Authority(member=me, appointments=held)


def in_force(work: Work, member_id: str) -> tuple[states.Appointment, ...]:
    """A member's appointments that count today."""
    return tuple(a for a in work.appointments.open_of(member_id) if a.in_force(work.today))


def member(work: Work, id: str) -> states.Member:
    """A member; raises MemberUnknown."""
    found = work.members.get(id)
    if found is None:
        raise MemberUnknown(f"there is no member {id}")
    return found


def area_of(work: Work, member: states.Member) -> str | None:
    """Where a member belongs: his area, else that of his institution, else nowhere."""
    if member.area or member.institution_id is None:
        return member.area
    institution = work.institutions.get(member.institution_id)
    return institution.area if institution else None
