"""The consent ledger: every answer as it was given, with its proof (source: L4)."""

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.members import states
from contracts.members.commands import ConsentAnswer


@dataclass(frozen=True, kw_only=True)
class Proof:
    """How the answer reached us."""

    session_id: str | None
    address: str
    request_id: str


@dataclass(frozen=True, kw_only=True)
class ConsentEntry:
    """One answer to one purpose; never changed, never removed."""

    member_id: str
    purpose: str
    granted: bool
    text_version: str
    at: str
    proof: Proof


def entries(
    member_id: str, answers: Iterable[ConsentAnswer], at: str, proof: Proof
) -> list[ConsentEntry]:
    """Ledger rows for the answers of one form."""
    return [
        ConsentEntry(
            member_id=member_id,
            purpose=answer.purpose,
            granted=answer.granted,
            text_version=answer.text_version,
            at=at,
            proof=proof,
        )
        for answer in answers
    ]


def withdrawals(member: states.Member) -> list[ConsentAnswer]:
    """The answers that take back all that the member had granted."""
    return [
        ConsentAnswer(purpose=given.purpose, granted=False, text_version=given.text_version)
        for given in member.consents
        if given.granted
    ]
