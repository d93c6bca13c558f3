"""A transaction of the federation service: its collections and its settings."""

from typing import ClassVar

from chassis import clock
from chassis.keyring import MongoSigningSecrets
from chassis.settings import Settings
from chassis.work import Work
from services.federation.model.policy import Policy
from services.federation.repository import aggregates, private


def policy_of(settings: Settings) -> Policy:
    """What the settings mean to the rules."""
    return Policy(name=settings.region_name or settings.region, timezone=settings.timezone)


class FederationWork(Work):
    """The model's Work on MongoDB; what members are is remembered by `replicas`."""

    policy: ClassVar[Policy]

    @classmethod
    def under(cls, policy: Policy) -> "type[FederationWork]":
        """Works of one region's policy."""
        return type(cls.__name__, (cls,), {"policy": policy})

    @property
    def today(self) -> str:
        """The region's date."""
        return clock.today(self.policy.timezone)

    @property
    def peers(self) -> aggregates.MongoPeers:
        """All peers."""
        return aggregates.MongoPeers(self.collection("peer"))

    @property
    def hidden_items(self) -> aggregates.MongoHiddenItems:
        """What of peers is or was hidden."""
        return aggregates.MongoHiddenItems(self.collection("hidden_item"))

    @property
    def erasures(self) -> aggregates.MongoErasures:
        """What peers were asked to erase."""
        return aggregates.MongoErasures(self.collection("erasure"))

    @property
    def said(self) -> private.MongoSaid:
        """What was said of our subjects."""
        return private.MongoSaid(self.collection("said"))

    @property
    def abroad(self) -> private.MongoAbroad:
        """What peers said of theirs."""
        return private.MongoAbroad(self.collection("abroad"))

    @property
    def reaches(self) -> private.MongoReaches:
        """How peers are reached."""
        return private.MongoReaches(self.collection("reach"))

    @property
    def signing_secrets(self) -> MongoSigningSecrets:
        """Private keys."""
        return MongoSigningSecrets(self.collection("signing_secret"))
