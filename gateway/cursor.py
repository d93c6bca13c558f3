"""How far a client of the change log is, and the opaque cursor that says so.

A cursor holds a position, the audiences it was made for and the log's epoch, under a mac; and what
was passed over without being told, as long as there is any.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import orjson

from chassis.errors import Outage
from contracts import common
from gateway.problems import Problem
from gateway.query import decode_opaque, encode_opaque
from gateway.shown import KINDS
from gateway.viewer import Viewer

Document = Mapping[str, Any]
MAC_HEX = 20
MOST_UNSHOWN = 5  # more is no accident of a single document
OF_KIND = "kind:"


@dataclass(frozen=True, kw_only=True)
class Head:
    """The change log's epoch, its secret for macs, and its newest position."""

    epoch: str
    secret: str
    position: int


@dataclass(frozen=True, kw_only=True)
class Place:
    """How far a client is: all rows up to `position` for `audiences`.

    Up to `fresh` it holds nothing yet, so nothing must be taken away. While `again` is not None,
    the rows of `scope` are gone through once more, and that is how far this has come; a scope is
    audiences, and kinds as `kind:<name>`. Not told though passed are `missed`, kinds that nobody
    here knew, and `unshown`, the ids of rows that a bug kept from being shown.
    """

    position: int
    audiences: tuple[str, ...]
    fresh: int = 0
    scope: tuple[str, ...] = ()
    again: int | None = None
    missed: tuple[str, ...] = ()
    unshown: tuple[str, ...] = ()

    def without(self, row: Document) -> "Place":
        """The place when a row is passed over; raises Outage when there are too many such."""
        if row["kind"] not in KINDS:
            return replace(self, missed=tuple(sorted({*self.missed, row["kind"]})))
        unshown = tuple(sorted({*self.unshown, row["_id"]}))
        if len(unshown) > MOST_UNSHOWN:
            raise Outage("too much of what changed cannot be shown", retry_after_seconds=60)
        return replace(self, unshown=unshown)

    def after(self, row: Document) -> "Place":
        """The place when a row was told."""
        unshown = tuple(one for one in self.unshown if one != row["_id"])
        return replace(self, position=max(row["position"], self.position), unshown=unshown)


def start(viewer: Viewer, head: Head) -> Place:
    """The place of a client that holds nothing."""
    return Place(position=0, audiences=viewer.audiences, fresh=head.position)


def write(place: Place, head: Head) -> str:
    """The place as an opaque cursor."""
    told = [
        head.epoch,
        place.position,
        place.audiences,
        place.fresh,
        place.scope,
        -1 if place.again is None else place.again,
    ]
    if place.missed or place.unshown:  # gateways of an older release do not read these
        told += [place.missed, place.unshown]
    return encode_opaque([*told, _mac(told, head)])


def read(cursor: str, viewer: Viewer, head: Head) -> Place | None:
    """The place in a cursor, widened when the viewer's audiences changed.

    None when it is of another epoch (start over); raises Problem (400) when it is not ours.
    """
    told = decode_opaque(cursor)
    if not isinstance(told, list) or len(told) not in (7, 9) or not isinstance(told[0], str):
        raise Problem(common.CURSOR)
    if told[0] != head.epoch:
        return None
    *told, mac = told
    if not hmac.compare_digest(str(mac).encode(), _mac(told, head).encode()):
        raise Problem(common.CURSOR)
    _, position, audiences, fresh, scope, again, *passed = told
    missed, unshown = passed or ((), ())
    place = Place(
        position=position,
        audiences=tuple(audiences),
        fresh=fresh,
        scope=tuple(scope),
        again=None if again < 0 else again,
        missed=tuple(missed),
        unshown=tuple(unshown),
    )
    return widened(place, viewer)


def widened(place: Place, viewer: Viewer) -> Place:
    """The place for the audiences and kinds of today; those that differ are gone through again."""
    differing = set(place.audiences).symmetric_difference(viewer.audiences)
    learnt = KINDS.keys() & set(place.missed)
    if not differing and not learnt:
        return place
    scope = tuple(sorted({*differing, *place.scope, *(OF_KIND + kind for kind in learnt)}))
    missed = tuple(kind for kind in place.missed if kind not in learnt)
    return replace(place, audiences=viewer.audiences, scope=scope, again=0, missed=missed)


def _mac(told: Sequence[Any], head: Head) -> str:
    return hmac.new(head.secret.encode(), orjson.dumps(told), sha256).hexdigest()[:MAC_HEX]
