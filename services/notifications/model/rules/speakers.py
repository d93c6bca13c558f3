"""Who is told about speakers and what they leave behind."""

from collections.abc import Iterator

from contracts.events import facts, states
from services.notifications.model.known import Books
from services.notifications.model.rules.gatherings import managers
from services.notifications.model.telling import To


def asked(fact: facts.SpeakerInvited, _: Books) -> Iterator[To]:
    """Each speaker who has not answered, once per date of the event."""
    yield from _each(fact.event, "invited", "asked")


def reminded(fact: facts.SpeakerReminded, _: Books) -> Iterator[To]:
    """Each speaker who has not answered, once per reminder."""
    for speaker in _speakers(fact.event, "invited"):
        if speaker.reminded:
            left = min(speaker.reminded)
            once = f"reminded:{speaker.id}:{fact.event.date_changed}:{left}"
            yield _to(speaker, once, days=left)


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
    said = {"subject": speaker.subject, "answer_by": speaker.answer_by, **more}
    return To((str(speaker.member_id),), once=once, params={"speaker": said})
