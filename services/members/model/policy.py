"""What a region's settings mean to the rules."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The few settings that rules need; durations in seconds or days."""

    issuer: str
    timezone: str
    access_token_seconds: int = 600
    refresh_token_seconds: int = 30 * 24 * 3600
    signing_key_days: int = 30
    sign_ups_per_hour: int = 200  # from one address
