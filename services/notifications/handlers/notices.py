"""The in-app inbox."""

from contracts.notifications import commands, states
from services.notifications.errors import NoticeUnknown
from services.notifications.handlers.who import actor
from services.notifications.model.notice import read
from services.notifications.model.ports import Work


def read_notice(work: Work, command: commands.ReadNotice) -> states.Notice:
    """Mark one's own as read; a second time changes nothing. Raises NoticeUnknown."""
    me = actor(work)
    notice = work.notices.get(command.notice_id)
    if notice is None or notice.member_id != me.id:
        raise NoticeUnknown(f"there is no notification {command.notice_id}")
    fact = read(notice, work.now)
    state: states.Notice = work.record(fact) if fact else notice
    return state
