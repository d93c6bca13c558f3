"""Members who leave: addresses go at once, what they were told soon after (UU PDP)."""

from services.notifications.model.delivery import LEFT, Delivery
from services.notifications.model.notice import erase
from services.notifications.model.ports import Work
from services.notifications.model.preferences import Preferences

BATCH = 100


def forget(work: Work, member_id: str) -> None:
    """Nothing goes to him any more, and where he was reached is gone; notices are erased next."""
    forget_member(work, member_id)
    work.forget_answers(member_id)


def forget_member(work: Work, member_id: str) -> None:
    """The same for a member whose leaving was heard; a second time changes nothing."""
    rows = work.outgoing.of_member(member_id)
    work.outgoing.remove([row.id for row in rows])
    waiting = work.deliveries.many([item.delivery_id for row in rows for item in row.items])
    work.record_many([Delivery(state).given_up(work.now, LEFT) for state in waiting])
    work.contacts.remove_all(member_id)
    said = work.preferences.get(member_id)
    disconnected = said and Preferences(said, new=False).disconnect(work.now, *said.connected)
    if disconnected:
        work.record(disconnected)
    work.leaving.add(member_id)


def erase_some(work: Work) -> bool:
    """The next notices of somebody who left; False when there are none."""
    for member_id in work.leaving.some(1):
        notices = work.notices.of_member(member_id, BATCH)
        work.record_many([erase(notice, work.now) for notice in notices])
        if len(notices) < BATCH:
            work.leaving.remove(member_id)
        return True
    return False
