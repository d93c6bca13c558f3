"""What every resource of every service has."""

from dataclasses import dataclass

from contracts.types import Id, Instant, Version


@dataclass(frozen=True, kw_only=True)
class Aggregate:
    """What every resource has; times are RFC 3339 in UTC."""

    id: Id
    version: Version
    region: Id
    created_at: Instant
    updated_at: Instant
