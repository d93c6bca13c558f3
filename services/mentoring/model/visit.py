"""Visits: what happened at the institution, written down once, with photos (source: F6)."""

from dataclasses import replace
from typing import Any

from chassis import clock
from chassis.aggregate import begun, moved
from contracts.mentoring import facts, states
from services.mentoring.errors import ChildOnPhoto, PhotoInvalid, VisitInvalid

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
MOST_PHOTOS = 20
LONGEST_SECONDS = 24 * 3600
FAST_CLOCK_SECONDS = 10 * 60
OVERDUE_SECONDS = 24 * 3600


def span(started_at: str, ended_at: str, now: str) -> dict[str, str]:
    """Both instants in one spelling; raises VisitInvalid when a visit cannot be like this."""
    try:
        both = {"started_at": clock.utc(started_at), "ended_at": clock.utc(ended_at)}
    except ValueError:
        raise VisitInvalid("these are no instants", pointer="/started_at") from None
    seconds = clock.seconds_between(both["started_at"], both["ended_at"])
    if not 0 < seconds <= LONGEST_SECONDS:
        raise VisitInvalid("it ends after it starts, within a day", pointer="/ended_at")
    if both["ended_at"] > clock.later(now, FAST_CLOCK_SECONDS):
        raise VisitInvalid("it has not ended yet", pointer="/ended_at")
    return both


def log(
    region: str, now: str, by: str, case: states.Mentorship, **fields: Any
) -> facts.VisitLogged:
    """What happened; raises VisitInvalid."""
    about = {"mentorship_id": case.id, "area": case.area, "logged_by": by}
    times = span(fields["started_at"], fields["ended_at"], now)
    told: dict[str, Any] = {**fields, **about, **times}
    return facts.VisitLogged(visit=states.Visit(**begun(clock.new_id(), region, now), **told))


class Visit:
    """One visit and its photos."""

    def __init__(self, state: states.Visit) -> None:
        self.state = state

    def add_photo(self, now: str, photo: states.Photo) -> facts.VisitChanged | None:
        """One more; None when it is there. Raises ChildOnPhoto and PhotoInvalid."""
        if not photo.no_identifiable_child:
            raise ChildOnPhoto("declare it", pointer="/no_identifiable_child")
        if photo.media_type not in MEDIA_TYPES:
            raise PhotoInvalid(f"allowed are {', '.join(MEDIA_TYPES)}", pointer="/media_type")
        if any(known.id == photo.id for known in self.state.photos):
            return None
        if len(self.state.photos) >= MOST_PHOTOS:
            raise PhotoInvalid(f"a visit has at most {MOST_PHOTOS}")
        after = moved(self.state, now, photos=(*self.state.photos, photo))
        return facts.VisitChanged(visit=after)

    def forget(self, now: str, member_id: str) -> facts.VisitChanged:
        """Who wrote it, or took a photo, left the community."""
        photos = tuple(
            replace(photo, added_by=None) if photo.added_by == member_id else photo
            for photo in self.state.photos
        )
        by = None if self.state.logged_by == member_id else self.state.logged_by
        return facts.VisitChanged(visit=moved(self.state, now, photos=photos, logged_by=by))
