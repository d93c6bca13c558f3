"""Sessions: begun at sign-in, continued by refresh tokens, ended by the owner or by reuse."""

from typing import Any

from chassis import clock
from contracts.members import commands
from services.members.errors import TokenSpent
from services.members.handlers.keys import signing_key
from services.members.model import session, signing
from services.members.model.member import MAY_SIGN_IN
from services.members.model.ports import Work

REUSED = "a refresh token was used twice"


def begin_session(work: Work, member_id: str) -> dict[str, Any]:
    """The tokens of a new session."""
    lives = work.policy.refresh_token_seconds
    family, token = session.begin(clock.new_id(), member_id, work.now, lives)
    work.families.put(family)
    return _tokens(work, family, token)


def refresh(work: Work, token: str) -> Any:
    """The next tokens; a spent token ends the session (and stays ended though it is refused)."""
    family = work.families.get(session.session_of(token))
    use = family.use_of(token, work.now) if family else "foreign"
    if family is None or use == "foreign" or family.expires_at <= work.now:
        raise TokenSpent("the session is over or was never ours")
    if use == "spent":
        end_session(work, family, REUSED)
        return work.refused(TokenSpent(REUSED))
    if use == "previous":
        return _tokens(work, family, family.successor(token))
    return _continued(work, family, token)


def revoke(work: Work, command: commands.Revoke) -> dict[str, bool]:
    """`{"ended": true}`, also for tokens that are no longer or never were ours (RFC 7009)."""
    family = work.families.get(session.session_of(command.refresh_token))
    if family and family.use_of(command.refresh_token, work.now) != "foreign":
        end_session(work, family, "signed out")
    return {"ended": True}


def end_session(work: Work, family: session.Family, reason: str) -> None:
    """Forget the session and say that it is over."""
    work.families.remove(family.id)
    work.record(family.end(work.region, work.now, reason))


def end_sessions(work: Work, member_id: str, reason: str, besides: str | None = None) -> None:
    """End all sessions of a member, besides one."""
    for family in work.families.of_member(member_id):
        if family.id != besides:
            end_session(work, family, reason)


def _continued(work: Work, family: session.Family, token: str) -> dict[str, Any]:
    member = work.members.get(family.member_id)
    if member is None or member.state not in MAY_SIGN_IN:
        raise TokenSpent("the member may not sign in")
    lives = work.policy.refresh_token_seconds
    after, successor = family.rotate(token, session.new_salt(), work.now, lives)
    work.families.put(after)
    return _tokens(work, after, successor)


def _tokens(work: Work, family: session.Family, refresh_token: str) -> dict[str, Any]:
    said = signing.claims(family.member_id, family.id, clock.new_id(), work.now, work.policy)
    return {
        "access_token": signing.access_token(signing_key(work), said),
        "refresh_token": refresh_token,
        "token_type": "Bearer",
        "expires_in": work.policy.access_token_seconds,
        "member_id": family.member_id,
    }
