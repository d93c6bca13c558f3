"""What a viewer is shown of what he was told, and how he wants to be."""

from contracts.notifications import states as notifications
from gateway.shown.base import seen_whole

NOTICE = seen_whole("notice", "inbox", notifications.Notice, "notice")
PREFERENCES = seen_whole("preferences", "preferences", notifications.Preferences, "preferences")
ANNOUNCEMENT = seen_whole(
    "announcement", "announcements", notifications.Announcement, "announcement"
)
