"""Profiles: what a member says about himself, and where he belongs."""

from collections.abc import Callable
from typing import Any

from chassis.aggregate import given
from contracts.members import commands, states
from services.members.errors import ContactTaken, Forbidden, InstitutionInvalid, NotYours
from services.members.handlers.codes import send_code
from services.members.handlers.sessions import end_sessions
from services.members.handlers.who import actor, area_of, authority, member
from services.members.model import contact
from services.members.model.account import Account
from services.members.model.authority import Authority
from services.members.model.institution import usable_area
from services.members.model.member import Member, called
from services.members.model.ports import Work

CONTACTS = ("email", "phone")
ONE_SPELLING: dict[str, Callable[[str], str]] = {
    "email": contact.email,
    "phone": contact.phone,
    "name": called,
}


def change_member(work: Work, command: commands.ChangeMember) -> states.Member:
    """By himself, or by a coordinator of his area."""
    who = authority(work)
    before = member(work, command.member_id)
    if who.member.id != before.id:
        who.must_coordinate(area_of(work, before))
    return _change(work, who, work.to_change(before), given(command, "member_id"))


def change_me(work: Work, command: commands.ChangeMe) -> states.Member:
    """One's own profile; a password needs a session of ours, and ends the others."""
    who = authority(work)
    wanted = given(command)
    password = wanted.pop("password", None)
    after = _change(work, who, work.to_change(who.member), wanted)
    if password is not None:
        _set_password(work, password)
    return after


def must_be_free(work: Work, wanted: dict[str, Any], owner: str | None) -> None:
    """Raise ContactTaken when somebody else has one of the contacts."""
    asked = [wanted[name] for name in CONTACTS if wanted.get(name)]
    for other in work.members.with_contacts(asked) if asked else ():
        if other.id != owner:
            name = "email" if other.email in asked else "phone"
            raise ContactTaken(f"this {name} is registered", pointer=f"/{name}")


def placed(work: Work, wanted: dict[str, Any], area: str | None) -> dict[str, Any]:
    """The wanted values, with the institution's area when there is no other.

    Raises AreaInvalid and InstitutionInvalid with pointers.
    """
    if wanted.get("area"):
        usable_area(work.areas.get(wanted["area"]), wanted["area"])
    if not wanted.get("institution_id"):
        return wanted
    institution = work.institutions.get(wanted["institution_id"])
    if institution is None:
        detail = f"{wanted['institution_id']} is not in the register"
        raise InstitutionInvalid(detail, pointer="/institution_id")
    return {**wanted, "area": wanted.get("area") or area or institution.area}


def _change(
    work: Work, who: Authority, before: states.Member, wanted: dict[str, Any]
) -> states.Member:
    wanted = _normalised(wanted)
    _may_move(work, who, before, wanted.get("area", before.area))
    contacts = [n for n in CONTACTS if wanted.get(n, getattr(before, n)) != getattr(before, n)]
    if contacts:
        _may_change_contact(work, who, before)
        must_be_free(work, wanted, before.id)
    fact = Member(before).change(work.now, work.today, placed(work, wanted, before.area))
    if fact is None:
        return before
    after: states.Member = work.record(fact)
    if contacts:
        _prove_again(work, after, contacts)
    return after


def _normalised(wanted: dict[str, Any]) -> dict[str, Any]:
    return {
        name: ONE_SPELLING[name](value) if value is not None and name in ONE_SPELLING else value
        for name, value in wanted.items()
    }


def _may_move(work: Work, who: Authority, before: states.Member, area: str | None) -> None:
    """Oneself only while pending; else who coordinates both areas."""
    if area == before.area or (who.member.id == before.id and before.state == "pending"):
        return
    who.must_coordinate(area_of(work, before))
    who.must_coordinate(area)


def _may_change_contact(work: Work, who: Authority, before: states.Member) -> None:
    """A contact is the key to the account: his own alone when he has or is offered a role.

    Of anybody else, officers change a proven one, coordinators one that is not.
    """
    if who.member.id == before.id:
        return
    if work.appointments.open_of(before.id):
        raise NotYours("who has a role changes his contacts himself")
    if before.contact_proven and not who.is_officer:
        raise NotYours("a proven contact is changed by its owner")


def _prove_again(work: Work, after: states.Member, contacts: list[str]) -> None:
    """Codes to old contacts are void; the new contact gets one."""
    work.codes.remove(code.id for code in work.codes.of_member(after.id))
    for name in contacts:
        if getattr(after, name):
            send_code(work, after, getattr(after, name))


def _set_password(work: Work, password: str) -> None:
    me, session_id = actor(work), work.call.actor.session_id
    if session_id is None:
        raise Forbidden("sign in here before you set a password")
    account = work.accounts.get(me.id) or Account(member_id=me.id)
    work.accounts.put(account.with_password(work.passwords.hashed(password)))
    end_sessions(work, me.id, "the password changed", besides=session_id)
