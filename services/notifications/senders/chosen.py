"""Which channels this region has, by its settings."""

from chassis.settings import Settings
from services.notifications.senders import Sender
from services.notifications.senders.smtp import SmtpSender
from services.notifications.senders.telegram import TelegramSender
from services.notifications.senders.web import Web
from services.notifications.senders.web_push import WebPushSender
from services.notifications.senders.webhook import WebhookSender
from services.notifications.senders.whatsapp import WhatsAppSender


def channels_of(settings: Settings) -> tuple[str, ...]:
    """The channels that are set up."""
    return tuple(sender.channel for sender in senders_of(settings))


def senders_of(settings: Settings) -> list[Sender]:
    """A sender per channel that is set up; e-mail always is."""
    seconds = settings.provider_seconds
    anywhere = settings.webhooks == "any"
    found: list[Sender] = [SmtpSender(settings.smtp_uri, settings.mail_from, seconds=seconds)]
    if settings.telegram_token:
        found.append(TelegramSender(settings.telegram_url, settings.telegram_token, Web(seconds)))
    if settings.whatsapp_token:
        found.append(
            WhatsAppSender(
                f"{settings.whatsapp_url}/{settings.whatsapp_phone_id}",
                settings.whatsapp_token,
                settings.whatsapp_template,
                Web(seconds),
            )
        )
    if settings.vapid_private_key:
        contact = f"mailto:{settings.mail_from}"
        guarded = Web(seconds, strangers=True, anywhere=anywhere)
        found.append(WebPushSender(settings.vapid_private_key, contact, guarded))
    if settings.webhooks != "off":
        found.append(WebhookSender(Web(seconds, strangers=True, anywhere=anywhere)))
    return found
