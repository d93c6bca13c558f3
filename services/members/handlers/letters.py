"""Letters: taken by the courier, and forgotten once the mail server has them."""

from services.members.model.letter import Letter
from services.members.model.ports import Work

BATCH = 20


def take_letters(work: Work) -> list[Letter]:
    """Letters to send now: each is due again later, should this courier fail; stale ones go."""
    letters = work.letters.due(work.now, BATCH)
    stale = [letter.id for letter in letters if letter.valid_until <= work.now]
    work.letters.remove(stale)
    taken = [letter.taken(work.now) for letter in letters if letter.id not in stale]
    for letter in taken:
        work.letters.put(letter)
    return taken


def letter_sent(work: Work, id: str) -> None:
    """The mail server has it."""
    work.letters.remove([id])
