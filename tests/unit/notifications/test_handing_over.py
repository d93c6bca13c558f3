"""Messages that wait: taken with an address, noted, sent over the next channel, sent again."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from contracts.notifications import commands
from services.notifications.errors import DeliveryStateForbids, DeliveryUnknown, Forbidden
from services.notifications.handlers import deliveries, packing, telling
from services.notifications.handlers.leaving import BATCH, erase_some
from services.notifications.handlers.queueing import queued, recipients
from services.notifications.model.delivery import LEFT, MOST_ATTEMPTS, NO_ADDRESS
from services.notifications.model.notice import erase
from services.notifications.model.outgoing import Outcome
from services.notifications.model.preferences import Preferences
from services.notifications.model.stores import Contact
from services.notifications.service import Notifications
from tests.support.members import NOW, a_member, an_appointment
from tests.support.told import MemoryTold, a_notice


@pytest.fixture
def work():
    """Ayu has one notice, first over her webhook, then by e-mail; kartini coordinates."""
    made = MemoryTold().knows(
        a_member("ayu"), a_member("kartini"), an_appointment("kartini", "coordinator")
    )
    ayu = made.members.get("ayu")
    made.record(Preferences(_said(made, ayu), new=True).connect(NOW, "webhook"))
    made.contacts.put(
        Contact(member_id="ayu", channel="webhook", address="https://x.example/", secret="s" * 16)
    )
    _put_in_line(made, a_notice())
    return made


def _said(work, member):
    return recipients(work, [member.id])[member.id].preferences


def _put_in_line(work, notice):
    work.notices.by_id[notice.id] = notice
    fact, row = queued(work, notice, recipients(work, ["ayu"])["ayu"])
    work.record(fact)
    work.outgoing.add([row])


def _held(work, channel="webhook"):
    ((parcel,), _) = deliveries.take(work, channel, 10)
    return parcel.id


def test_a_message_that_never_goes_fails_after_the_last_attempt_and_the_mail_is_next(work):
    work.outgoing.put(replace(work.row("webhook"), attempts=MOST_ATTEMPTS - 1))
    id = _held(work)

    deliveries.note(work, [Outcome(id=id, what="again", reason="HTTP 500")])

    assert work.ledger() == {"webhook": "failed", "email": "queued"}
    assert work.outgoing.get(id) is None and work.row("email").attempts == 0


def test_a_message_that_may_be_tried_again_stays_in_line(work):
    id = _held(work)

    deliveries.note(work, [Outcome(id=id, what="again", reason="HTTP 500")])

    row = work.outgoing.get(id)
    assert (row.attempts, row.handing_over, row.due_at > NOW) == (1, False, True)
    assert work.ledger() == {"webhook": "queued"}


def test_an_outcome_without_its_ledger_row_only_clears_the_line(work):
    id = _held(work)
    work.deliveries.by_id.clear()

    deliveries.note(work, [Outcome(id=id, what="sent", receipt="m1")])

    assert work.outgoing.by_id == {} and work.deliveries.by_id == {}


def test_a_channel_without_an_address_is_given_up_untried_and_the_next_is_taken(work):
    work.contacts.remove("ayu", "webhook")

    assert deliveries.take(work, "webhook", 10) == ([], 1)

    assert work.ledger() == {"webhook": "failed", "email": "queued"}
    (failed,) = work.deliveries.some(lambda d: d.channel == "webhook")
    assert (failed.reason, failed.attempts) == (NO_ADDRESS, 0)


def test_a_channel_that_was_switched_off_meanwhile_is_not_used(work):
    said = work.preferences.get("ayu")
    work.record(Preferences(said, new=False).silence(NOW, "events", "webhook"))

    assert deliveries.take(work, "webhook", 10) == ([], 1)

    (failed,) = work.deliveries.some(lambda d: d.channel == "webhook")
    assert failed.reason == packing.SWITCHED_OFF
    assert work.row("email").category == "events"


def test_what_can_wait_waits_for_the_morning_when_quiet_hours_were_set_meanwhile(work):
    said = work.preferences.get("ayu")
    hours = {"from": "08:00", "to": "10:00"}  # now it is nine in Kediri
    work.record(Preferences(said, new=False).change(NOW, quiet_hours=hours))

    packed = packing.pack(work, [replace(work.row("webhook"), urgent=False)])

    (row,) = packed.resting
    assert row.due_at == "2026-11-21T03:00:00.000Z"
    assert not packed.parcels and not packed.hopeless


def test_nothing_goes_to_who_left_or_is_not_known(work):
    mail = replace(work.row("webhook"), id="m", channel="email")
    gone = replace(mail, id="g", member_id="siapa")
    work.knows(a_member("ayu", state="left", email=None))

    packed = packing.pack(work, [mail, gone])

    assert [(row.id, reason) for row, reason in packed.hopeless] == [("m", LEFT), ("g", LEFT)]
    assert not packed.parcels and not packed.resting


def test_a_failed_copy_is_not_repeated_when_another_one_arrived_or_nobody_is_left(work):
    (failed,) = work.deliveries.by_id.values()
    failed = replace(failed, state="failed")
    mail = replace(failed, id="mail", channel="email", state="sent")
    work.deliveries.by_id = {failed.id: failed, mail.id: mail}
    work.outgoing.by_id.clear()

    deliveries.fall_back(work, [failed], digest=False)
    work.deliveries.by_id.pop("mail")
    deliveries.fall_back(work, [replace(failed, member_id="siapa")], digest=False)

    assert work.outgoing.by_id == {}
    deliveries.fall_back(work, [failed], digest=False)
    assert work.row("email").member_id == "ayu"


def test_a_message_that_failed_everywhere_goes_nowhere(work):
    (failed,) = work.deliveries.by_id.values()
    failed = replace(failed, state="failed")
    mail = replace(failed, id="mail", channel="email")
    work.deliveries.by_id = {failed.id: failed, mail.id: mail}
    work.outgoing.by_id.clear()

    deliveries.fall_back(work, [failed], digest=False)

    assert work.outgoing.by_id == {}


def test_only_a_delivery_of_who_is_still_here_is_sent_again_by_who_may(work):
    id = _held(work)
    deliveries.note(work, [Outcome(id=id, what="unknown", reason="no answer")])
    again = commands.RequeueDelivery(delivery_id=id, confirm=True)

    with pytest.raises(DeliveryUnknown):
        deliveries.requeue_delivery(
            work.by("kartini"), commands.RequeueDelivery(delivery_id="nothing")
        )
    with pytest.raises(Forbidden):
        deliveries.requeue_delivery(work.by("ayu"), again)
    work.record(erase(work.notices.get("n1"), NOW))
    with pytest.raises(DeliveryStateForbids, match="left"):
        deliveries.requeue_delivery(work.by("kartini"), again)

    assert work.ledger() == {"webhook": "unknown"}


def test_who_has_many_notices_is_erased_a_batch_at_a_time():
    work = MemoryTold()
    work.notices.by_id = {f"n{i:03}": a_notice(f"n{i:03}") for i in range(BATCH + 1)}
    work.leaving.add("ayu")

    assert erase_some(work) is True
    assert (work.leaving.ids, len(work.notices.of_member("ayu", BATCH))) == (["ayu"], 1)
    assert erase_some(work) is True
    assert (work.leaving.ids, work.notices.of_member("ayu", BATCH)) == ([], [])
    assert erase_some(work) is False


def test_what_was_put_in_line_for_him_while_his_leaving_was_heard_goes_a_minute_later(work):
    row = work.row("webhook")
    service = Notifications()
    service.desk = SimpleNamespace(sweep=lambda handler: handler(work))

    service.forget_again(row.member_id)

    assert work.outgoing.get(row.id) is None
    assert work.leaving.some(1) == [row.member_id]
    assert work.forgotten == [], "marked once"


def test_a_telling_that_somebody_finished_is_not_told_again(work):
    telling.tell_on(work, "nothing")

    assert set(work.notices.by_id) == {"n1"}
