"""Who is told about speakers and what they leave behind."""

from collections.abc import Iterator
from typing import Any

from contracts.events import facts, states
from services.notifications.model.known import Books
from services.notifications.model.rules.gatherings import managers
from services.notifications.model.telling import To

UNANSWERED = "speaker_unanswered"


def asked(fact: facts.SpeakerInvited, _: Books) -> Iterator[To]:
    """Each speaker who has not answered, once per date of the event."""
    yield from _each(fact.event, "invited", "asked")


def reminded(fact: facts.SpeakerReminded, books: Books) -> Iterator[To]:
    """The speaker whose answer is due, once per reminder; of one by name only the managers."""
    for speaker in fact.event.speakers:
        if speaker.reminded_at == fact.event.updated_at:
            left = min(speaker.reminded)
            once = f"reminded:{speaker.id}:{fact.event.date_changed}:{left}"
            if speaker.member_id:
                yield _to(speaker, once, days=left)
            else:
                said = _said(speaker, days=left, name=speaker.name)
                yield To(managers(books, fact.event), kind=UNANSWERED, once=once, params=said)


def answered(fact: facts.SpeakerAnswered, books: Books) -> Iterator[To]:
    """The event's managers, once per speaker, answer and date."""
    told = managers(books, fact.event)
    for speaker in fact.event.speakers:
        if speaker.state != "invited":
            once = f"{speaker.state}:{speaker.id}:{fact.event.date_changed}"
            answer = {"state": speaker.state, "name": speaker.name, "subject": speaker.subject}
            yield To(told, once=once, params={"answer": answer})


def owing(fact: facts.MaterialMissing, _: Books) -> Iterator[To]:
    """Each speaker who spoke and left nothing."""
    given = {material.speaker_id for material in fact.event.materials}
    for speaker in _speakers(fact.event, "confirmed"):
        if speaker.id not in given:
            yield _to(speaker, f"material:{speaker.id}")


def _each(event: states.Event, state: str, what: str) -> Iterator[To]:
    for speaker in _speakers(event, state):
        yield _to(speaker, f"{what}:{speaker.id}:{event.date_changed}")


def _speakers(event: states.Event, state: str) -> Iterator[states.Speaker]:
    return (s for s in event.speakers if s.member_id and s.state == state)


def _to(speaker: states.Speaker, once: str, **more: int) -> To:
    return To((str(speaker.member_id),), once=once, params=_said(speaker, **more))


def _said(speaker: states.Speaker, **more: Any) -> dict[str, Any]:
    return {"speaker": {"subject": speaker.subject, "answer_by": speaker.answer_by, **more}}
