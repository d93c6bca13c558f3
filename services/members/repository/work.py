"""A transaction of the members service: its collections, its settings and slow hashing."""

from collections.abc import Iterator
from typing import ClassVar
from weakref import WeakKeyDictionary

from chassis import clock
from chassis.ahead import Wanted
from chassis.call import Call
from chassis.errors import Refusal
from chassis.keyring import MongoSigningSecrets
from chassis.offload import offload
from chassis.settings import Settings
from chassis.work import Refused, Work
from services.members.model import passwords
from services.members.model.policy import Policy
from services.members.repository import aggregates, private


def policy_of(settings: Settings) -> Policy:
    """What the settings mean to the rules; tokens are issued in the name of the public address."""
    return Policy(
        issuer=settings.public_url or f"/regions/{settings.region}",
        timezone=settings.timezone,
        access_token_seconds=settings.access_token_seconds,
        refresh_token_seconds=settings.refresh_token_seconds,
        signing_key_days=settings.signing_key_days,
        sign_ups_per_hour=settings.sign_ups_per_hour,
    )


NAMED = {
    "area": "area",
    "area_id": "area",
    "institution_id": "institution",
    "member_id": "member",
    "appointment_id": "appointment",
    "innovation_id": "innovation",
}
CHECKED: "WeakKeyDictionary[Call, dict[str | None, bool]]" = WeakKeyDictionary()


class OffloadedPasswords:
    """argon2 in native threads, so that the hub keeps turning.

    A transaction that met a conflict is tried again; what its call had checked is not hashed again.
    """

    def __init__(self, call: Call) -> None:
        self.call = call

    def hashed(self, password: str) -> str:
        """The encoded hash."""
        return offload(passwords.hashed, password)

    def matches(self, encoded: str | None, password: str) -> bool:
        """Whether the call's password is right; as slow without a hash."""
        checked = CHECKED.setdefault(self.call, {})
        if encoded not in checked:
            checked[encoded] = offload(passwords.matches, encoded, password)
        return checked[encoded]


class MembersWork(Work):
    """The model's Work on MongoDB."""

    policy: ClassVar[Policy]

    @classmethod
    def under(cls, policy: Policy) -> "type[MembersWork]":
        """Works of one region's policy."""
        return type(cls.__name__, (cls,), {"policy": policy})

    def foreseen(self) -> Iterator[Wanted]:
        """Who asks, his open appointments, and what the command names."""
        me = self.call.actor.member_id
        if me is None:
            return
        yield "member", {"_id": me}
        yield "appointment", aggregates.open_of(me)
        for field, kind in NAMED.items():
            named = getattr(self.call.command, field, None)
            if isinstance(named, str):
                yield kind, {"_id": named}

    @property
    def today(self) -> str:
        """The region's date."""
        return clock.today(self.policy.timezone)

    @property
    def passwords(self) -> OffloadedPasswords:
        """Hashing."""
        return OffloadedPasswords(self.call)

    def refused(self, refusal: Refusal) -> Refused:
        """Refuse, and still keep what was written."""
        return Refused(refusal)

    @property
    def areas(self) -> aggregates.MongoAreas:
        """All areas."""
        return aggregates.MongoAreas(self.collection("area"))

    @property
    def institutions(self) -> aggregates.MongoInstitutions:
        """All institutions."""
        return aggregates.MongoInstitutions(self.collection("institution"))

    @property
    def members(self) -> aggregates.MongoMembers:
        """All members."""
        return aggregates.MongoMembers(self.collection("member"))

    @property
    def appointments(self) -> aggregates.MongoAppointments:
        """All appointments."""
        return aggregates.MongoAppointments(
            self.collection("appointment"), self.collection("locks")
        )

    @property
    def competencies(self) -> aggregates.MongoCompetencies:
        """The competencies of all members."""
        return aggregates.MongoCompetencies(self.collection("competencies"))

    @property
    def innovations(self) -> aggregates.MongoInnovations:
        """All innovations."""
        return aggregates.MongoInnovations(self.collection("innovation"), self.collection("locks"))

    @property
    def frameworks(self) -> aggregates.MongoFrameworks:
        """Published frameworks."""
        return aggregates.MongoFrameworks(self.collection("framework"))

    @property
    def signing_keys(self) -> aggregates.MongoSigningKeys:
        """Public keys."""
        return aggregates.MongoSigningKeys(self.collection("signing_key"))

    @property
    def signing_secrets(self) -> MongoSigningSecrets:
        """Private keys."""
        return MongoSigningSecrets(self.collection("signing_secret"))

    @property
    def accounts(self) -> private.MongoAccounts:
        """Ways in."""
        return private.MongoAccounts(self.collection("account"))

    @property
    def codes(self) -> private.MongoCodes:
        """One-time codes."""
        return private.MongoCodes(self.collection("code"))

    @property
    def code_requests(self) -> private.MongoCodeRequests:
        """Wishes for a code."""
        return private.MongoCodeRequests(self.collection("code_request"))

    @property
    def tallies(self) -> private.MongoTallies:
        """Counted attempts."""
        return private.MongoTallies(self.collection("attempt"))

    @property
    def families(self) -> private.MongoFamilies:
        """Signed-in sessions."""
        return private.MongoFamilies(self.collection("family"))

    @property
    def letters(self) -> private.MongoLetters:
        """Letters that wait."""
        return private.MongoLetters(self.collection("letter"))

    @property
    def ledger(self) -> private.MongoLedger:
        """The consent ledger."""
        return private.MongoLedger(self.collection("consent_ledger"))

    @property
    def imports(self) -> private.MongoImports:
        """Imported people."""
        return private.MongoImports(self.collection("imported"))

    @property
    def certificates(self) -> private.MongoCertificates:
        """Certificates that were heard of."""
        return private.MongoCertificates(self.collection("certificate"))

    @property
    def founding(self) -> private.MongoFounding:
        """The founding data."""
        return private.MongoFounding(self.collection("founding"))
