"""Who asks, and what he may do at this moment: from what was heard of him, never from a token."""

from contracts.federation import commands, states
from services.federation.errors import Forbidden, PeerUnknown, SignInFirst
from services.federation.model.authority import Authority
from services.federation.model.ports import Work


def authority(work: Work) -> Authority:
    """The active member with his appointments in force; raises SignInFirst and Forbidden."""
    member_id = work.call.actor.member_id
    if member_id is None:
        raise SignInFirst("this needs an access token")
    member = work.members.get(member_id)
    if member is None or member.state != "active":
        raise Forbidden(f"the account is {member.state if member else 'not known here'}")
    accepted = work.appointments.accepted_of(member.id)
    in_force = tuple(one for one in accepted if one.in_force(work.today))
    work.acts_as(one.role for one in in_force)
    return Authority(member=member, appointments=in_force)


def officer(work: Work) -> str:
    """The id of the officer who asks; raises Forbidden for anybody else."""
    who = authority(work)
    who.must_be_officer()
    return who.member.id


def peer(work: Work, id: str) -> states.Peer:
    """A peer that the caller saw as it is; raises PeerUnknown and Stale."""
    found = work.peers.get(id)
    if found is None:
        raise PeerUnknown(f"there is no peer {id}")
    return work.to_change(found)


def may_restate(work: Work, _: commands.Restate) -> None:
    """Raise Forbidden for a member who is neither operator nor officer; the cell itself may."""
    if work.call.actor.member_id is None:
        return
    who = authority(work)
    if not who.is_operator:
        who.must_be_officer()
