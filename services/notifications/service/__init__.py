"""The nameko service: what it hears and answers, and what comes round by itself."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from prometheus_client import Gauge

from chassis import clock
from chassis.answer import Answer
from chassis.asking import answers
from chassis.call import Call
from chassis.declared import Handler, by_kind, commands_of, reading
from chassis.desk import Desk
from chassis.hearing import hears
from chassis.keeping import KeepsParked
from chassis.patience import patiently
from chassis.periodic import every
from chassis.restating import restated
from chassis.rounds import apart
from contracts.envelope import Envelope
from contracts.fact import Fact
from contracts.members import facts as members
from contracts.notifications import commands, facts
from services.notifications import schemas
from services.notifications.errors import (
    AudienceInvalid,
    ContactUnwanted,
    Forbidden,
    KindUnknown,
    NotYetKnown,
    RecipientUnknown,
)
from services.notifications.handlers import (
    announcements,
    channels,
    deliveries,
    leaving,
    messages,
    notices,
    telling,
    templates,
    who,
    wishes,
)
from services.notifications.model.rules import RULES
from services.notifications.replicas import INDEXES as KNOWN
from services.notifications.replicas import KEPT, ONLY_NOTED, REMINDED_OF, Remembering
from services.notifications.repository import (
    DATABASE,
    INDEXES,
    UNIQUE,
    NotificationsWork,
    policy_of,
)
from services.notifications.senders.chosen import channels_of
from services.notifications.service.posting import Posting

HANDLERS: dict[str, Handler] = {
    commands.ReadNotice.verb: notices.read_notice,
    commands.SetPreferences.verb: wishes.set_preferences,
    commands.Unsubscribe.verb: wishes.silence,
    commands.ConnectChannel.verb: reading(schemas.read_channel, channels.connect_channel),
    commands.DisconnectChannel.verb: channels.disconnect_channel,
    commands.HearTelegram.verb: channels.hear_telegram,
    commands.HearWhatsApp.verb: channels.hear_whatsapp,
    commands.Announce.verb: announcements.announce,
    commands.SendMessage.verb: messages.send_message,
    commands.RequeueDelivery.verb: deliveries.requeue_delivery,
    commands.PreviewTemplate.verb: templates.preview_template,
}
COMMANDS = commands_of(commands, HANDLERS)
RESTATED = by_kind(
    facts.NoticeRestated,
    facts.DeliveryRestated,
    facts.PreferencesRestated,
    facts.AnnouncementRestated,
)
FOLLOWED: tuple[type[Fact], ...] = (
    members.MemberChanged,
    members.MemberLeft,
)
TOLD = tuple(fact for fact in RULES if not fact.name.startswith("notifications.")) + FOLLOWED
DOUBTFUL = (Forbidden, AudienceInvalid, RecipientUnknown, ContactUnwanted)
MOST_ROUNDS = 500
NOTES_AT_ONCE = 100

WAITING = Gauge("jejaring_deliveries_waiting", "Messages that wait, by channel", ["channel"])
OLDEST = Gauge("jejaring_deliveries_oldest_seconds", "Age of the oldest one due", ["channel"])


class Books(Remembering, NotificationsWork):
    """A transaction with what is owned here and what was heard of others."""


class NotificationsDesk(Desk):
    """The desk, whose works know the region's policy."""

    def setup(self) -> None:
        """Connect, then read the policy."""
        super().setup()
        self._work = Books.under(policy_of(self.settings, channels_of(self.settings)))


class Notifications(KeepsParked):
    """Decides who is told what, and sees to it that it arrives once."""

    name = "notifications"
    desk = NotificationsDesk(
        database=DATABASE, work=Books, unique=UNIQUE, indexes={**INDEXES, **KNOWN}, keeps=KEPT
    )
    posting = Posting()

    @hears(*ONLY_NOTED, batch=NOTES_AT_ONCE)
    def note(self, said: Sequence[tuple[Envelope, Fact]]) -> None:
        """Remember what somebody else owns."""
        self.desk.remember(fact for _, fact in said)

    @hears(*REMINDED_OF, workers=4)
    def keep_reminders(self, envelope: Envelope, fact: Fact) -> None:
        """Remember it, and put its reminders right."""
        self.desk.hear(telling.remember, envelope, fact)

    @hears(*TOLD, workers=8, expected_exceptions=NotYetKnown)
    def tell(self, envelope: Envelope, fact: Fact) -> None:
        """Remember it, and tell whom it concerns."""
        hear = _Watched(partial(telling.hear, fact_id=envelope.id))
        self.desk.hear(hear, envelope, fact)
        self.posting.kick(self.desk, hear.channels)

    @answers(*COMMANDS)
    def answer(self, call: Call) -> Answer:
        """Decide one command."""
        decide = partial(self.desk.decide, HANDLERS[call.verb], call)
        answer = patiently(decide, DOUBTFUL, call, self.desk.lacks)
        self.posting.kick(self.desk, channels_in(answer.facts))
        return answer

    @answers(commands.Restate)
    def restate(self, call: Call) -> Answer:
        """Say all aggregates of a kind again."""
        return restated(self.desk, call, RESTATED, may=who.may_restate, unknown=KindUnknown)

    @every(1)
    def tell_on(self) -> None:
        """Who is still to be told, and what is still to be sent."""
        with apart("tell_on"):
            self._until_done(self._tell_some)
        self.posting.kick(self.desk)

    @every(5)
    def remind(self) -> None:
        """What falls due, what was abandoned by a process that died, and who left."""
        for step in (telling.fall_due, deliveries.abandoned, leaving.erase_some):
            with apart(step.__name__):
                self._until_done(partial(self.desk.sweep, step))

    @every(15)
    def watch(self) -> None:
        """Show how long messages wait; the alarm rings when one does for a quarter of an hour."""
        ages, now = self.desk.sweep(deliveries.ages), clock.now()
        late = [0.0]
        for channel in self.posting.lines:
            count, oldest = ages.get(channel, (0, now))
            late.append(max(0.0, clock.seconds_between(oldest, now)))
            WAITING.labels(channel).set(count)
            OLDEST.labels(channel).set(late[-1])
        self.posting.oldest_seconds = max(late)

    def forget_again(self, id: str) -> None:
        """What was written of who left while that was heard."""
        self.desk.sweep(partial(leaving.forget_member, member_id=id))

    def _tell_some(self) -> bool:
        """Some of those who wait longest; False when nobody does."""
        taken = self.desk.sweep(telling.take_telling)
        if taken is not None:
            self.desk.sweep(partial(telling.tell_on, id=taken))
        return taken is not None

    def _until_done(self, step: Callable[[], Any]) -> None:
        """Steps in transactions of their own, until one finds nothing to do."""
        for _ in range(MOST_ROUNDS):
            if not step():
                return


class _Watched:
    """A handler, and the channels in which its last run put something in line."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._work: Any = None

    def __call__(self, work: Any, fact: Fact) -> None:
        self._work = work
        self._handler(work, fact)

    @property
    def channels(self) -> set[str]:
        """Channels of the deliveries it queued."""
        return channels_in(vars(e) for e in self._work.recorded) if self._work else set()


def channels_in(envelopes: Any) -> set[str]:
    """The channels of the deliveries that are queued by these facts."""
    said = (envelope["data"].get("delivery") for envelope in envelopes)
    return {delivery["channel"] for delivery in said if delivery and delivery["state"] == "queued"}
