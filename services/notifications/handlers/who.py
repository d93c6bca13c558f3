"""Who asks, and what he may do at this moment: from what was heard of him, never from a token."""

from services.notifications.errors import Forbidden, SignInFirst
from services.notifications.model import preferences
from services.notifications.model.authority import Authority
from services.notifications.model.known import KnownMember
from services.notifications.model.ports import Work
from services.notifications.model.preferences import Preferences

MAY_ASK = ("pending", "active")


def actor(work: Work) -> KnownMember:
    """The signed-in member as he was shown himself; raises SignInFirst and Forbidden."""
    member_id = work.call.actor.member_id
    if member_id is None:
        raise SignInFirst("this needs an access token")
    member = work.members.get(member_id)
    if member is None or member.state not in MAY_ASK:
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


def may_restate(work: Work, _: object) -> None:
    """Raise Forbidden for a member who is neither operator nor officer; the cell itself may."""
    if work.call.actor.member_id is not None:
        authority(work).must_run_the_cell()


def wishes(work: Work, member: KnownMember) -> Preferences:
    """How a member wants to be told; the region's way when he has not said."""
    said = work.preferences.get(member.id)
    standing = said or preferences.default(member, work.policy, work.now, work.region)
    return Preferences(standing, new=said is None)
