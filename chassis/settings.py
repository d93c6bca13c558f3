"""The environment, read once into one frozen object; anything wrong fails loudly at the start."""

import math
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_network
from typing import Any, get_type_hints

REGION_PATTERN = r"[a-z0-9][a-z0-9-]{0,39}"  # it is a word of routing keys and queue names


S3_KEYS = ("s3_access_key", "s3_secret_key")


class SettingsError(ValueError):
    """The environment cannot be used; the message names the variables."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One process's settings; each field is the environment variable of the same name in capitals.

    Durations carry their unit in the name; lists are comma-separated; secrets are part of the URIs.
    """

    region: str
    amqp_uri: str
    mongo_uri: str
    region_name: str = ""
    timezone: str = "Asia/Jakarta"
    public_url: str = "http://127.0.0.1:8080"
    health_host: str = "127.0.0.1"  # in a pod, where its probes ask
    health_port: int = 0
    release: str = ""  # whose gate is waited for (chassis/gate.py)
    log_level: str = "INFO"
    clock_file: str = ""  # for stories and tests alone: by how many seconds the clock is ahead

    smtp_uri: str = "smtp://127.0.0.1:25"
    mail_from: str = "jejaring@localhost"
    phone_mail_domain: str = "phone.jejaring.localhost"

    quiet_hours: str = "21:00-05:00"  # of who has not said; "off" for none
    provider_seconds: float = 10.0
    telegram_url: str = "https://api.telegram.org"
    telegram_token: str = ""  # without it the channel is off; so for the others
    telegram_bot: str = ""
    telegram_secret: str = ""
    whatsapp_url: str = "https://graph.facebook.com/v21.0"
    whatsapp_token: str = ""
    whatsapp_phone_id: str = ""
    whatsapp_template: str = "jejaring_notice"
    whatsapp_app_secret: str = ""  # of the webhook: what signs it, and what Meta asks for first
    whatsapp_verify_token: str = ""
    vapid_private_key: str = ""
    webhooks: str = "off"  # "public" addresses over https, or "any"

    ask_deadline_seconds: float = 5.0
    ask_workers: int = 16
    retry_ladder_seconds: tuple[float, ...] = (1.0, 5.0, 30.0, 120.0, 600.0)
    relay_sweep_seconds: float = 1.0
    drain_seconds: float = 20.0
    hearers: tuple[str, ...] = ()  # somebody must take from their queues; each process looks
    attendance_seconds: float = 30.0

    access_token_seconds: int = 600
    refresh_token_seconds: int = 30 * 24 * 3600
    signing_key_days: int = 30
    idempotency_days: int = 30

    max_body_bytes: int = 1024 * 1024
    import_body_bytes: int = 16 * 1024 * 1024
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    rate_limit_per_minute: int = 1200
    auth_limit_per_minute: int = 30
    sign_ups_per_hour: int = 200  # from one address: five classes of forty

    s3_bucket: str = ""  # for photos; without it they are in the cell's own database
    s3_endpoint: str = ""  # without it Amazon's
    s3_region: str = "us-east-1"
    s3_access_key: str = ""
    s3_secret_key: str = ""

    oidc_issuer: str = ""
    oidc_audience: str = ""
    oidc_jwks_uri: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read every field; raises SettingsError naming each missing or unreadable variable."""
        hints, values, wrong = get_type_hints(cls), {}, []
        for field in fields(cls):
            raw = environ.get(field.name.upper(), "")
            if not raw:
                continue
            try:
                values[field.name] = _parsed(hints[field.name], raw)
            except ValueError:
                wrong.append(f"{field.name.upper()} is not a {_words(hints[field.name])}")
        if values.get("s3_bucket"):
            wrong += [f"S3_BUCKET needs {one.upper()}" for one in S3_KEYS if one not in values]
        wrong += [f"TRUSTED_PROXIES: {one}" for one in _no_networks(values)]
        wrong += [f"{name.upper()} is not set" for name in _needed() if name not in values]
        if not re.fullmatch(REGION_PATTERN, values.get("region", "x")):
            wrong.append("REGION is not a name of small letters, digits and hyphens")
        if wrong:
            raise SettingsError("; ".join(wrong))
        return cls(**values)


def _no_networks(values: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the addresses or networks of proxies."""
    for told in values.get("trusted_proxies", ()):
        try:
            ip_network(told)
        except ValueError as error:
            yield str(error)


def _needed() -> tuple[str, ...]:
    return ("region", "amqp_uri", "mongo_uri")


def _parsed(kind: Any, raw: str) -> Any:
    """The text as the field's type."""
    if kind == tuple[float, ...]:
        return tuple(_number(float, part) for part in raw.split(","))
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    return raw if kind is str else _number(kind, raw)


def _number(kind: Any, raw: str) -> Any:
    """A number as settings need them: finite and not below zero."""
    found = kind(raw)
    if not 0 <= found < math.inf:
        raise ValueError(raw)
    return found


def _words(kind: Any) -> str:
    return {int: "whole number", float: "number"}.get(kind, "list of numbers")
