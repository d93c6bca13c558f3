"""Signing in: by password or code, with the same work whether the account exists or not."""

from typing import Any

from contracts.members import commands, states
from services.members.errors import GrantInvalid, WrongCredentials
from services.members.handlers.codes import NOBODY, by_username, is_known
from services.members.handlers.sessions import begin_session, refresh
from services.members.model import attempts, contact
from services.members.model.account import Account
from services.members.model.code import is_one_of
from services.members.model.member import MAY_SIGN_IN, Member
from services.members.model.ports import Work

NEEDED = {
    "password": ("username", "password"),
    "code": ("username", "code"),
    "refresh_token": ("refresh_token",),
}


def sign_in(work: Work, command: commands.SignIn) -> Any:
    """`{"access_token", "refresh_token", "token_type", "expires_in", "member_id"}`.

    Raises GrantInvalid, WrongCredentials (for anything that is not right, and for suspended
    members), TokenSpent and TooManyAttempts.
    """
    for name in NEEDED[command.grant_type]:
        if getattr(command, name) is None:
            raise GrantInvalid(f"{command.grant_type} needs {name}", pointer=f"/{name}")
    if command.grant_type == "refresh_token":
        return refresh(work, str(command.refresh_token))
    return _by_secret(work, command, contact.username(str(command.username)))


def _by_secret(work: Work, command: commands.SignIn, username: str) -> Any:
    """Check the secret behind the counters; a wrong one is counted though it is refused."""
    gate = attempts.Gate(attempts.GUESSES, username, work.call.actor.address)
    tallies, member = work.tallies.get(gate.keys), by_username(work, username)
    gate.check(tallies, is_known(work, member), work.now)
    right = _is_right(work, command, member)
    if member is None or not right or member.state not in MAY_SIGN_IN:
        for tally in gate.counted(tallies, work.now):
            work.tallies.put(tally)
        return work.refused(WrongCredentials("username and secret do not fit"))
    if gate.pair in tallies:
        work.tallies.remove(gate.pair)
    return _welcome(work, member, by_code=command.grant_type == "code")


def _is_right(work: Work, command: commands.SignIn, member: states.Member | None) -> bool:
    member_id = member.id if member else NOBODY
    if command.grant_type == "code":
        return _uses_code(work, member_id, str(command.code))
    account = work.accounts.get(member_id)
    encoded = account.password_hash if account else None
    return work.passwords.matches(encoded, str(command.password))


def _uses_code(work: Work, member_id: str, digits: str) -> bool:
    """Use up the member's codes if one is right; otherwise each had a try, in one write."""
    codes = work.codes.of_member(member_id)
    live = [code for code in codes if code.live(work.now)]
    if is_one_of(live, member_id, digits):
        work.codes.remove(code.id for code in codes)
        return True
    work.codes.count_try(member_id)
    return False


def _welcome(work: Work, member: states.Member, by_code: bool) -> dict[str, Any]:
    """A session; remember the address, and that a code proved the contact."""
    known = work.accounts.get(member.id)
    account = known or Account(member_id=member.id)
    after = account.seen_at(work.call.actor.address, work.now)
    if after != known:
        work.accounts.put(after)
    fact = Member(member).prove(work.now) if by_code else None
    if fact:
        work.record(fact)
    return begin_session(work, member.id)
