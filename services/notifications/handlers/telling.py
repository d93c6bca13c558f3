"""Telling people: a fact is heard, the rules say who is told what, notices are posted."""

from dataclasses import replace
from typing import Any

from chassis import clock
from contracts.events import facts as events
from contracts.fact import Fact
from contracts.members import facts as members
from contracts.notifications import facts
from services.notifications.errors import NotYetKnown
from services.notifications.handlers.leaving import forget
from services.notifications.handlers.queueing import Queued, Recipient, queued, recipients
from services.notifications.model import preferences, reminders
from services.notifications.model.kinds import KINDS
from services.notifications.model.notice import post
from services.notifications.model.ports import Work
from services.notifications.model.rendering import Words, words
from services.notifications.model.rules import gatherings, settled, tellings
from services.notifications.model.telling import Telling, notice_id

TOLD = ("active", "pending")
AGAIN_SECONDS = 30.0
ANNOUNCING = (events.EventPublished, events.EventRescheduled)


def hear(work: Work, fact: Fact, fact_id: str) -> None:
    """Remember what the fact says and tell whom it concerns; once per fact, person and kind."""
    work.remember(fact)
    for telling in list(tellings(fact, fact_id, work)):
        tell(work, telling)
    if isinstance(fact, ANNOUNCING):
        work.told_of.put(fact.event.id, gatherings.announced(fact.event))
    remind(work, fact)
    if isinstance(fact, members.MemberFact):
        _follow(work, fact)


def remember(work: Work, fact: Fact) -> None:
    """Only remember: nobody is told of what was said before."""
    work.remember(fact)
    remind(work, fact)


def remind(work: Work, fact: Fact) -> None:
    """The reminders that follow from the fact stand in place of earlier ones."""
    if isinstance(fact, events.EventFact):
        event = work.events.get(fact.event.id)
        if event is None or event.version == fact.event.version:
            rows = list(reminders.of_event(fact.event, work.now))
            work.reminders.replace(f"event:{fact.event.id}", rows)
    elif isinstance(fact, events.RegistrationFact):
        _remind_of_offer(work, fact)


def _remind_of_offer(work: Work, fact: events.RegistrationFact) -> None:
    state = fact.registration
    known = work.registrations.get(state.id)
    if known is None or known.version == state.version:
        rows = list(reminders.of_offer(state, work.now))
        work.reminders.replace(f"offer:{state.id}", rows)


def _follow(work: Work, fact: members.MemberFact) -> None:
    """A member who left is forgotten; a language chosen in the profile counts here too."""
    if fact.member.state == "left":
        forget(work, fact.member.id)
        return
    said = work.preferences.get(fact.member.id)
    known = work.members.get(fact.member.id)
    newest = known is not None and known.version == fact.member.version
    if said and newest and isinstance(fact, members.MemberChanged):
        wishes = preferences.Preferences(said, new=False)
        changed = wishes.change(work.now, language=fact.member.language)
        if changed and fact.member.updated_at > said.updated_at:
            work.record(changed)


def tell(work: Work, telling: Telling) -> None:
    """Tell the first at once and the others soon, in transactions of their own.

    Raises NotYetKnown when somebody named was not heard of.
    """
    if not telling.audience:
        known = {member.id for member in work.members.many(telling.members)}
        if missing := set(telling.members) - known:
            raise NotYetKnown(f"{len(missing)} members were not heard of")
    if telling.due_at > work.now:
        work.tellings.add(telling)
        return
    first, rest = telling.split()
    tell_now(work, first)
    if rest is not None:
        work.tellings.add(rest)


def take_telling(work: Work) -> str | None:
    """The telling that waits longest; it goes to the end of the line, should it fail."""
    for telling in work.tellings.due(work.now, 1):
        later = clock.later(work.now, AGAIN_SECONDS)
        work.tellings.put(replace(telling, due_at=later))
        return telling.id
    return None


def tell_on(work: Work, id: str) -> None:
    """The next ones of a telling that was taken."""
    telling = work.tellings.get(id)
    if telling is None:
        return
    first, rest = telling.split()
    tell_now(work, first)
    if rest is None:
        work.tellings.remove(telling.id)
    else:
        work.tellings.put(replace(rest, due_at=work.now))


def fall_due(work: Work) -> int:
    """Reminders whose time has come become tellings; how many."""
    due = work.reminders.due(work.now, 20)
    for reminder in due:
        telling = reminders.telling(reminder, work)
        if telling is not None and telling.members:
            work.tellings.add(telling)
    work.reminders.remove([reminder.id for reminder in due])
    return len(due)


def tell_now(work: Work, telling: Telling) -> None:
    """Post the notices that were not posted yet, and put them in line for their channels."""
    telling = settled(telling, work)
    ids = {member: notice_id(telling.once, member, telling.kind) for member in telling.members}
    posted = work.notices.posted(ids.values())
    fresh = [member for member in ids if ids[member] not in posted]
    told = _Told(work, telling)
    for to in recipients(work, fresh).values():
        told.add(to)
    work.record_many(told.facts)
    work.outgoing.add([row for _, row in told.queued])


class _Told:
    """What one telling makes of its recipients, rendered once per language."""

    def __init__(self, work: Work, telling: Telling) -> None:
        self.work, self.telling = work, telling
        self.category = KINDS[telling.kind].category
        self.posted: list[facts.NoticePosted] = []
        self.queued: list[Queued] = []
        self._words: dict[str, Words] = {}

    @property
    def facts(self) -> list[Fact]:
        """All facts to record."""
        return [*self.posted, *(fact for fact, _ in self.queued)]

    def add(self, to: Recipient) -> None:
        """One more recipient, unless he is not to be told or does not want to be."""
        if not self._may_be_told(to) or not preferences.wants(to.preferences, self.category):
            return
        notice = post(
            self.telling,
            to.member.id,
            self._words_in(to.preferences.language),
            region=self.work.region,
            now=self.work.now,
            public_url=self.work.policy.public_url,
        )
        self.posted.append(notice)
        more: dict[str, Any] = {"sender_id": self.telling.sender_id, "area": self.telling.area}
        row = queued(self.work, notice.notice, to, **more)
        if row is not None:
            self.queued.append(row)

    def _may_be_told(self, to: Recipient) -> bool:
        state = to.member.state
        if self.telling.audience:
            return state == "active"
        return state in TOLD or (state == "suspended" and self.category == "account")

    def _words_in(self, language: str) -> Words:
        if language not in self._words:
            params = {"timezone": self.work.policy.timezone, **self.telling.params}
            self._words[language] = words(self.telling.kind, language, params)
        return self._words[language]
