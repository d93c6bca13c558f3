"""Seats and the line for them: first come, first served, and nobody is lost (source: D8)."""

from collections.abc import Callable, Sequence

from chassis import clock
from chassis.aggregate import moved
from contracts.events import facts, states
from contracts.fact import Fact
from services.events.errors import CapacityBelow, Full
from services.events.model.registration import DAY, NOBODY_YET, Registration, offer_ends

COUNTED = ("confirmed", "offered", "waiting", "attended")
NUMBERS = ("capacity", *COUNTED)
WAITING_LIMIT = 500


class Room:
    """One event's seats and line while something happens to them; `said` tells what came of it.

    `line` fetches the waiting ones, first in line first, and only when somebody moves in it;
    `ticket` signs one for a registration id. Every transaction that gives, frees or moves a seat
    writes the Seats, so that of two at a time one repeats.
    """

    def __init__(
        self,
        event: states.Event,
        seats: states.Seats,
        now: str,
        *,
        line: Callable[[], Sequence[states.Registration]],
        ticket: Callable[[str], str],
    ) -> None:
        self.event, self.before, self.now = event, seats, now
        self.capacity = seats.capacity
        self.counts: dict[str, int] = {name: getattr(seats, name) for name in COUNTED}
        self._fetch, self._ticket = line, ticket
        self._line: list[states.Registration] | None = None
        self._facts: list[facts.RegistrationFact] = []

    @property
    def taken(self) -> int:
        """Seats with somebody on them, or held for somebody."""
        return self.counts["confirmed"] + self.counts["offered"] + self.counts["attended"]

    @property
    def has_seat(self) -> bool:
        """Whether one more can be given away."""
        return self.capacity is None or self.taken < self.capacity

    @property
    def line(self) -> list[states.Registration]:
        """Who waits, first in line first."""
        if self._line is None:
            self._line = list(self._fetch())
        return self._line

    def admit(self, new: states.Registration) -> states.Registration:
        """A seat if there is one, else a place at the end of the line; raises Full."""
        if self.has_seat and not self.counts["waiting"]:
            return self.note(new, Registration(new).confirm(self.now, self._ticket(new.id)))
        if self.counts["waiting"] >= WAITING_LIMIT:
            raise Full(f"{WAITING_LIMIT} people wait already")
        return self.note(new, Registration(new).wait(self.now, self.counts["waiting"] + 1))

    def accept(self, state: states.Registration) -> states.Registration:
        """The offered seat is his; raises OfferLapsed and RegistrationStateForbids."""
        Registration(state).must_hold_offer(self.now)
        return self.note(state, Registration(state).confirm(self.now, self._ticket(state.id)))

    def note(
        self, before: states.Registration, fact: facts.RegistrationFact
    ) -> states.Registration:
        """Something happened to a registration: it counts where it is now, and no more before."""
        if before.version != NOBODY_YET:
            self._count(before.state, -1)
            if before.state == "waiting":
                self._line = [one for one in self.line if one.id != before.id]
        self._count(fact.registration.state, 1)
        self._facts.append(fact)
        return fact.registration

    def fill(self) -> None:
        """Give free seats to those who wait, oldest first, until the event begins.

        Who is first is confirmed at once. He is asked first when the date moved since he got in
        line, or when it begins within a day: the seat is held for him until the offer expires.
        """
        if self.event.state != "published" or self.now >= self.event.starts_at:
            return
        while self.has_seat and self.line:
            first = self.line[0]
            self.note(first, self._promoted(first))

    def resize(self, capacity: int | None) -> None:
        """More or fewer seats; raises CapacityBelow when more have one, fills what came free."""
        if capacity is not None and capacity < self.taken:
            raise CapacityBelow(f"{self.taken} seats are taken", pointer="/capacity")
        self.capacity = capacity
        self.fill()

    def said(self, *, always: bool = False) -> list[Fact]:
        """Everything that happened, those who moved up, and the seats.

        `always` writes the seats even if no number changed: what else happened to the event or to
        its registrations must be seen by whoever registers at the same time.
        """
        after = moved(self.before, self.now, capacity=self.capacity, **self.counts)
        changed = any(getattr(after, name) != getattr(self.before, name) for name in NUMBERS)
        seats = [facts.SeatsChanged(seats=after)] if changed or always else []
        return [*self._facts, *self._moved_up(), *seats]

    def _count(self, state: str, by: int) -> None:
        if state in self.counts:
            self.counts[state] += by

    def _promoted(self, first: states.Registration) -> facts.RegistrationFact:
        soon = self.event.starts_at <= clock.later(self.now, DAY)
        if first.needs_reconfirm or soon:
            return Registration(first).offer(self.now, offer_ends(self.now, self.event.starts_at))
        return Registration(first).confirm(self.now, self._ticket(first.id))

    def _moved_up(self) -> list[facts.RegistrationFact]:
        return [
            Registration(state).move_up(self.now, position)
            for position, state in enumerate(self._line or (), start=1)
            if state.position != position
        ]
