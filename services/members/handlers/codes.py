"""One-time codes: asked for by anybody, sent only to contacts that may sign in."""

from chassis import clock
from contracts.members import commands, states
from services.members.model import attempts, contact
from services.members.model.code import MOST_LIVE, CodeRequest, make_code, new_digits
from services.members.model.letter import code_letter
from services.members.model.member import MAY_SIGN_IN
from services.members.model.ports import Work

BATCH = 20
NOBODY = "nobody"


def request_code(work: Work, command: commands.RequestCode) -> dict[str, bool]:
    """`{"sent": true}` and the same work, whoever asks for whomever; raises TooManyAttempts.

    Whether the contact is known is found out later, by `answer_code_requests`.
    """
    username = contact.username(command.username)
    gate = attempts.Gate(attempts.CODES, username, work.call.actor.address)
    count_attempt(work, gate, is_known(work, by_username(work, username)))
    work.code_requests.add(CodeRequest(id=clock.new_id(), username=username, asked_at=work.now))
    return {"sent": True}


def count_attempt(work: Work, gate: attempts.Gate, known: bool) -> None:
    """One more under each of the gate's keys; raises TooManyAttempts with the wait."""
    tallies = work.tallies.get(gate.keys)
    gate.check(tallies, known, work.now)
    for tally in gate.counted(tallies, work.now):
        work.tallies.put(tally)


def answer_code_requests(work: Work) -> int:
    """Queue a letter for each of the oldest requests whose contact may sign in; how many asked."""
    requests = work.code_requests.oldest(BATCH)
    for request in requests:
        member = by_username(work, request.username)
        if member and member.state in MAY_SIGN_IN:
            send_code(work, member, request.username)
    work.code_requests.remove(request.id for request in requests)
    return len(requests)


def send_code(work: Work, member: states.Member, to: str) -> None:
    """A fresh code in a letter; the newest three work, so a stranger's request voids nothing."""
    digits = new_digits()
    older = work.codes.of_member(member.id)[MOST_LIVE - 1 :]
    work.codes.remove(code.id for code in older)
    work.codes.put(make_code(clock.new_id(), member.id, to, digits, work.now))
    work.letters.add(
        code_letter(clock.new_id(), to, member.name, digits, member.language, work.now)
    )


def by_username(work: Work, username: str) -> states.Member | None:
    """Whose contact it is."""
    return next(iter(work.members.with_contacts([username])), None)


def is_known(work: Work, member: states.Member | None) -> bool:
    """Whether the caller's address is one that the member signed in from lately."""
    account = work.accounts.get(member.id if member else NOBODY)
    return account is not None and account.knows(work.call.actor.address, work.now)
