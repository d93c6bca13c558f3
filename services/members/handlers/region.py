"""The region's beginning: areas, first people in office, framework and key; once."""

import json
from hashlib import sha256
from typing import Any

from chassis import clock
from contracts.codec import encode
from contracts.members import commands, states
from services.members.errors import Forbidden, RegionFounded
from services.members.handlers.competencies import publish_frameworks
from services.members.handlers.coordination import standing
from services.members.handlers.keys import signing_key
from services.members.handlers.who import authority
from services.members.model import appointment, area, contact, member
from services.members.model.account import Account
from services.members.model.coordination import coordination
from services.members.model.ports import Work

CELL = "cell"


def found_region(work: Work, command: commands.FoundRegion) -> dict[str, Any]:
    """`{"founded": true}`, or false when it was done before with the same data.

    Only the cell itself may ask. Raises RegionFounded when the data differ (passwords aside).
    """
    if work.call.actor.address != CELL or work.call.actor.member_id is not None:
        raise Forbidden("only the cell founds its region")
    known, digest = work.founding.get(), digest_of(command)
    if known is not None:
        if known != digest:
            raise RegionFounded("the region keeps what it was founded with")
        return {"founded": False}
    _found(work, command)
    work.founding.put(digest)
    return {"founded": True}


def may_restate(work: Work, _: commands.Restate) -> None:
    """Raise NotYours for a member who is neither operator nor officer; the cell itself may."""
    if work.call.actor.member_id is None:
        return
    who = authority(work)
    if not who.is_operator:
        who.must_be_officer()


def digest_of(command: commands.FoundRegion) -> str:
    """What makes two foundings the same: everything but the passwords."""
    plain = encode(command)
    for account in plain["accounts"]:
        del account["password"]
    return sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _found(work: Work, command: commands.FoundRegion) -> None:
    for account in command.accounts:
        _appoint(work, account)
    for new in command.areas:
        coordinators, acting = coordination(new.id, standing(work), work.today)
        work.record(
            area.create_area(
                region=work.region,
                now=work.now,
                others=work.areas.active(),
                coordinators=coordinators,
                acting_coordinator=acting,
                **vars(new),
            )
        )
    publish_frameworks(work)
    signing_key(work)


def _appoint(work: Work, account: commands.FoundAccount) -> None:
    """A member in office, who signs in by password."""
    person: states.Member = work.record(
        member.found(
            clock.new_id(),
            work.region,
            work.now,
            name=member.called(account.name),
            email=contact.email(account.email),
            area=account.area,
        )
    )
    hashed = work.passwords.hashed(account.password)
    work.accounts.put(Account(member_id=person.id, password_hash=hashed))
    office = {"member_id": person.id, "role": account.role, "area": account.area}
    work.record(
        appointment.found(clock.new_id(), work.region, work.now, starts_on=work.today, **office)
    )
