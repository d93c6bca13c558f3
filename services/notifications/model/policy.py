"""What a region's settings mean to the rules."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The few settings that rules need; `channels` are those that are set up here."""

    region_name: str
    public_url: str
    timezone: str
    channels: tuple[str, ...]
    quiet_hours: dict[str, str] | None
    phone_mail_domain: str
    telegram_bot: str = ""
    telegram_secret: str = ""
