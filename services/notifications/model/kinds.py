"""Every kind of notice: its category, whether it passes quiet hours and digests, what it is about.

Urgent is what loses its worth by waiting, and what answers a tap that the member has just made.
"""

from dataclasses import dataclass

MESSAGE = "message_received"


@dataclass(frozen=True)
class Kind:
    """A kind's category (source: features H2) and what its link leads to."""

    category: str
    urgent: bool = False
    about: str | None = "event"


KINDS: dict[str, Kind] = {
    "registration_confirmed": Kind("registrations", urgent=True),
    "registration_waiting": Kind("registrations", urgent=True),
    "registration_cancelled": Kind("registrations", urgent=True),
    "registration_refused": Kind("registrations", urgent=True),
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
    "request_answered": Kind("topics"),
    "request_waits": Kind("coordination", about="event_request"),
    "request_escalated": Kind("coordination", about="event_request"),
    "speaker_invited": Kind("coordination"),
    "speaker_reminded": Kind("coordination"),
    "speaker_unanswered": Kind("coordination"),
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
    "evidence_expiring": Kind("account", about="member"),
    "appointment_offered": Kind("coordination", about="appointment"),
    "area_vacant": Kind("coordination", about="area"),
    "mentorship_requested": Kind("coordination", about="mentorship"),
    "mentorship_assessed": Kind("mentoring", about="mentorship"),
    "mentorship_matched": Kind("mentoring", about="mentorship"),
    "mentorship_unmatched": Kind("mentoring", about="mentorship"),
    "mentor_needed": Kind("coordination", about="mentorship"),
    "agreement_drafted": Kind("mentoring", about="mentorship"),
    "agreement_accepted": Kind("mentoring", about="mentorship"),
    "mentorship_began": Kind("mentoring", about="mentorship"),
    "stage_completed": Kind("mentoring", about="mentorship"),
    "mentorship_ready": Kind("mentoring", about="mentorship"),
    "visit_overdue": Kind("mentoring", about="mentorship"),
    "visit_logged": Kind("mentoring", about="mentorship"),
    "mentorship_held": Kind("mentoring", about="mentorship"),
    "mentorship_resumed": Kind("mentoring", about="mentorship"),
    "mentorship_stopped": Kind("mentoring", about="mentorship"),
    "sign_off_voted": Kind("mentoring", about="mentorship"),
    "mentorship_signed_off": Kind("mentoring", about="mentorship"),
    "host_welcome": Kind("mentoring", about="mentorship"),
    "mentorship_reopened": Kind("mentoring", about="mentorship"),
    "mentorship_closed": Kind("mentoring", about="mentorship"),
    "follow_up_due": Kind("mentoring", about="mentorship"),
    "follow_up_answered": Kind("mentoring", about="mentorship"),
    "offer_made": Kind("mentoring", about="mentorship"),
    "offer_declined": Kind("coordination", about="mentorship"),
    "offer_lapsed": Kind("mentoring", about="mentorship"),
    "offer_unanswered": Kind("coordination", about="mentorship"),
    "offer_questioned": Kind("coordination", about="mentorship"),
    "offer_withdrawn": Kind("mentoring", about="mentorship"),
    "issue_reported": Kind("mentoring", about="mentorship"),
    "issue_climbed": Kind("coordination", about="mentorship"),
    "issue_helped": Kind("mentoring", about="mentorship"),
    "issue_solved": Kind("mentoring", about="mentorship"),
    MESSAGE: Kind("messages", about="member"),
    "announcement_area": Kind("news", about=None),
    "announcement_role": Kind("coordination", about=None),
    "announcement_event": Kind("registrations"),
}
