"""Every kind of notice: its category, whether it passes quiet hours and digests, what it is about.

Urgent is what loses its worth by waiting, and what answers a tap that the member has just made.
"""

from dataclasses import dataclass

from contracts.notifications.states import ESSENTIAL


@dataclass(frozen=True)
class Kind:
    """A kind's category (source: features H2) and what its link leads to."""

    category: str
    urgent: bool = False
    about: str | None = "event"

    @property
    def essential(self) -> bool:
        """Whether nobody can switch it off."""
        return self.category in ESSENTIAL


KINDS: dict[str, Kind] = {
    "registration_confirmed": Kind("registrations", urgent=True),
    "registration_waiting": Kind("registrations", urgent=True),
    "registration_cancelled": Kind("registrations", urgent=True),
    "seat_offered": Kind("registrations", urgent=True),
    "seat_offer_reminder": Kind("registrations", urgent=True),
    "seat_offer_lapsed": Kind("registrations"),
    "event_rescheduled": Kind("registrations", urgent=True),
    "event_cancelled": Kind("registrations", urgent=True),
    "event_reminder_7d": Kind("registrations"),
    "event_reminder_1d": Kind("registrations"),
    "event_reminder_2h": Kind("registrations", urgent=True),
    "certificate_issued": Kind("registrations", about="certificate"),
    "certificate_revoked": Kind("registrations", about="certificate"),
    "event_published": Kind("events"),
    "event_closed": Kind("events"),
    "request_accepted": Kind("topics", about="event_request"),
    "request_declined": Kind("topics", about="event_request"),
    "request_answered": Kind("topics", about="event_request"),
    "request_waits": Kind("coordination", about="event_request"),
    "request_escalated": Kind("coordination", about="event_request"),
    "speaker_invited": Kind("coordination"),
    "speaker_reminded": Kind("coordination"),
    "speaker_answered": Kind("coordination"),
    "host_asked": Kind("coordination"),
    "host_answered": Kind("coordination"),
    "cohost_invited": Kind("coordination"),
    "cohost_answered": Kind("coordination"),
    "material_missing": Kind("coordination"),
    "equipment_overdue": Kind("coordination", about="equipment"),
    "member_waits": Kind("coordination", about="member"),
    "member_approved": Kind("account", about="member"),
    "member_suspended": Kind("account", urgent=True, about="member"),
    "member_reinstated": Kind("account", about="member"),
    "appointment_offered": Kind("coordination", about="appointment"),
    "area_vacant": Kind("coordination", about="area"),
    "announcement_area": Kind("news", about=None),
    "announcement_role": Kind("coordination", about=None),
    "announcement_event": Kind("registrations"),
}
