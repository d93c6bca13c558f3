"""Notices: what lies in a member's inbox; posted once, read once, erased when he leaves."""

from chassis.aggregate import begun, moved
from contracts.notifications import facts, states
from services.notifications.model.kinds import KINDS
from services.notifications.model.rendering import Words
from services.notifications.model.telling import Telling, notice_id

ERASED = "—"
PATHS = {
    "event": "/v1/events/{}",
    "event_request": "/v1/event-requests/{}",
    "certificate": "/v1/certificates/{}",
    "equipment": "/v1/equipment/{}",
    "member": "/v1/members/{}",
    "appointment": "/v1/appointments/{}",
    "area": "/v1/areas/{}",
    "mentorship": "/v1/mentorships/{}",
}


def post(
    telling: Telling, member_id: str, words: Words, *, region: str, now: str, public_url: str
) -> facts.NoticePosted:
    """What a telling says to one member, in his words."""
    kind = KINDS[telling.kind]
    about = kind.about if telling.about_id else None
    link = public_url + PATHS[about].format(telling.about_id) if about else None
    return facts.NoticePosted(
        notice=states.Notice(
            **begun(notice_id(telling.once, member_id, telling.kind), region, now),
            member_id=member_id,
            kind=telling.kind,
            category=kind.category,
            title=words.title,
            body=words.body,
            language=words.language,
            fact_id=telling.fact_id,
            urgent=telling.urgent,
            link=link,
            about_kind=about,
            about_id=telling.about_id if about else None,
        )
    )


def read(state: states.Notice, now: str) -> facts.NoticeRead | None:
    """The member has read it; None when he had."""
    if state.read_at is not None:
        return None
    return facts.NoticeRead(notice=moved(state, now, read_at=now))


def erase(state: states.Notice, now: str) -> facts.NoticeErased:
    """What he was told is gone; that he was told something stays in the ledger."""
    gone = {"link": None, "about_kind": None, "about_id": None}
    return facts.NoticeErased(notice=moved(state, now, title=ERASED, body=ERASED, **gone))
