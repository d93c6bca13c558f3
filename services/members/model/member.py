"""Members: `invited → pending → active → suspended / left`, profile, contacts and consents."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from chassis.aggregate import begun, differing, moved
from contracts.members import facts, states
from contracts.members.commands import ConsentAnswer
from services.members.errors import ContactMissing, Invalid, MemberStateForbids

NOBODY = "—"
ALLOWED = {
    "invited": ("prove", "change"),
    "pending": ("approve", "change", "prove", "leave"),
    "active": ("suspend", "change", "prove", "leave"),
    "suspended": ("reinstate", "change", "leave"),
    "left": (),
}
MAY_SIGN_IN = ("invited", "pending", "active")
ERASED: dict[str, Any] = {
    "name": NOBODY,
    "email": None,
    "phone": None,
    "contact_proven": False,
    "institution_id": None,
    "affiliations": (),
    "job_area": None,
    "education": None,
    "motives": (),
    "expectation": None,
    "state_reason": None,
}


def join(id: str, region: str, now: str, today: str, **fields: Any) -> facts.MemberJoined:
    """A person who signed up and waits for approval."""
    return facts.MemberJoined(member=_new(id, region, now, today, "pending", fields))


def invite(id: str, region: str, now: str, today: str, **fields: Any) -> facts.MemberInvited:
    """A person whom an import entered; he has not consented to anything."""
    return facts.MemberInvited(member=_new(id, region, now, today, "invited", fields))


def found(id: str, region: str, now: str, **fields: Any) -> facts.MemberJoined:
    """An active member whom the region starts with."""
    state = states.Member(**begun(id, region, now), state="active", contact_proven=True, **fields)
    return facts.MemberJoined(member=state)


def _new(
    id: str, region: str, now: str, today: str, state: str, fields: dict[str, Any]
) -> states.Member:
    work = affiliated((), fields.get("institution_id"), today)
    return states.Member(**begun(id, region, now), state=state, affiliations=work, **fields)


def affiliated(
    history: tuple[states.Affiliation, ...], institution_id: str | None, today: str
) -> tuple[states.Affiliation, ...]:
    """The history with the running affiliation ended today and a new one begun (source: A2).

    One that began today is a slip of the pen and not kept.
    """
    ended = tuple(
        item if item.ends_on else replace(item, ends_on=today)
        for item in history
        if item.ends_on or item.starts_on != today
    )
    if institution_id is None:
        return ended
    return (*ended, states.Affiliation(institution_id=institution_id, starts_on=today))


def called(name: str) -> str:
    """A name with single spaces."""
    return " ".join(name.split())


class Member:
    """One member and what may happen to him."""

    def __init__(self, state: states.Member) -> None:
        self.state = state

    def prove(self, now: str) -> facts.MemberContactProven | None:
        """The contact is his: an invited person becomes pending; None when it was proven."""
        self._must_allow("prove")
        if self.state.contact_proven and self.state.state != "invited":
            return None
        state = "pending" if self.state.state == "invited" else self.state.state
        return facts.MemberContactProven(
            member=moved(self.state, now, contact_proven=True, state=state)
        )

    def approve(self, now: str) -> facts.MemberApproved:
        """Pending becomes active."""
        self._must_allow("approve")
        return facts.MemberApproved(member=moved(self.state, now, state="active"))

    def suspend(self, now: str, reason: str | None) -> facts.MemberSuspended:
        """Active becomes suspended, perhaps with a reason."""
        self._must_allow("suspend")
        after = moved(self.state, now, state="suspended", state_reason=reason)
        return facts.MemberSuspended(member=after)

    def reinstate(self, now: str) -> facts.MemberReinstated:
        """Suspended becomes active again."""
        self._must_allow("reinstate")
        after = moved(self.state, now, state="active", state_reason=None)
        return facts.MemberReinstated(member=after)

    def leave(self, now: str) -> facts.MemberLeft:
        """He leaves: what is personal is gone, what he consented to is withdrawn (UU PDP)."""
        self._must_allow("leave")
        withdrawn = tuple(
            states.Consent(
                purpose=given.purpose,
                granted=False,
                text_version=given.text_version,
                decided_at=now if given.granted else given.decided_at,
            )
            for given in self.state.consents
        )
        after = moved(self.state, now, state="left", consents=withdrawn, **ERASED)
        return facts.MemberLeft(member=after)

    def change(self, now: str, today: str, wanted: dict[str, Any]) -> facts.MemberChanged | None:
        """Take the wanted values; None when they are there already.

        A changed institution ends the running affiliation today; a new contact is unproven.
        Raises ContactMissing when neither contact would remain.
        """
        self._must_allow("change")
        changes = differing(self.state, wanted)
        if not changes:
            return None
        if "institution_id" in changes:
            running = changes["institution_id"]
            changes["affiliations"] = affiliated(self.state.affiliations, running, today)
        if any(changes.get(name) for name in ("email", "phone")):
            changes["contact_proven"] = False
        after = moved(self.state, now, **changes)
        if not after.email and not after.phone:
            raise ContactMissing("one phone number or e-mail must remain", pointer="/phone")
        return facts.MemberChanged(member=after)

    def consent(self, now: str, answers: Iterable[ConsentAnswer]) -> facts.MemberConsentsChanged:
        """Take the answers, one per purpose, or raise Invalid; the newest answer stands."""
        answers = tuple(answers)
        purposes = [answer.purpose for answer in answers]
        for number, purpose in enumerate(purposes):
            if purpose in purposes[:number]:
                pointer = f"/consents/{number}/purpose"
                raise Invalid(f"one answer per purpose, {purpose} has more", pointer=pointer)
        standing = {given.purpose: given for given in self.state.consents}
        for answer in answers:
            standing[answer.purpose] = states.Consent(
                purpose=answer.purpose,
                granted=answer.granted,
                text_version=answer.text_version,
                decided_at=now,
            )
        consents = tuple(standing[name] for name in states.PURPOSES if name in standing)
        return facts.MemberConsentsChanged(member=moved(self.state, now, consents=consents))

    def _must_allow(self, move: str) -> None:
        allowed = ALLOWED[self.state.state]
        if move not in allowed:
            raise MemberStateForbids(f"the member is {self.state.state}", allowed=allowed)
