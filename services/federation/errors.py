"""Refusals of the federation service, one class per public code."""

from chassis.errors import Forbidden, Invalid, Refusal, SignInFirst
from contracts.federation import refusals

__all__ = ["Forbidden", "Invalid", "Refusal", "SignInFirst"]


class KindUnknown(Refusal):
    """There is no such kind."""

    refusal = refusals.KIND_UNKNOWN


class PeerUnknown(Refusal):
    """There is no such peer."""

    refusal = refusals.PEER_UNKNOWN


class PeerKnown(Refusal):
    """This region is known already."""

    refusal = refusals.PEER_KNOWN


class PeerInvalid(Refusal):
    """This cannot be a peer."""

    refusal = refusals.PEER_INVALID


class PeerStateForbids(Refusal):
    """The peer's state does not allow this."""

    refusal = refusals.PEER_STATE_FORBIDS


class ItemUnknown(Refusal):
    """Nothing of another region is known by this id."""

    refusal = refusals.ITEM_UNKNOWN


# What may be refused only because a fact of the members service has not been heard yet.
LAGGING: tuple[type[Refusal], ...] = (Forbidden,)
