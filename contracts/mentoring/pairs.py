"""Pairs: a librarian and somebody of IT who close the gaps of one another (source: B4)."""

from collections.abc import Sequence

from contracts.mentoring.candidates import CONFIRMED_POINTS, OPEN_NEED_POINTS, Fit

PARTNER_POINTS = 1.0


def complements(one: str, other: str) -> bool:
    """Whether two backgrounds make a librarian and IT pair."""
    return one != other or one == "both"


def gain(one: Fit, gaps: int, doubts: int) -> float:
    """Points saved by taking him along; may be negative.

    `gaps` are needs that the other does not cover, `doubts` those that nobody confirms of him.
    """
    closed = OPEN_NEED_POINTS * (gaps & one.covers).bit_count()
    vouched = CONFIRMED_POINTS * (doubts & one.confirmed).bit_count()
    return closed + vouched - PARTNER_POINTS - one.points


class Partners:
    """For each background and what it covers the cheapest one; asked once per gaps and doubts."""

    def __init__(self, needs: int, fits: Sequence[Fit]) -> None:
        self.needs = needs
        self.widest = max((one.covers.bit_count() for one in fits), default=0)
        self.surest = max((one.confirmed.bit_count() for one in fits), default=0)
        self.kinds: dict[str, list[Fit]] = {}
        self.found: dict[tuple[str, int, int], Fit | None] = {}
        cheapest: dict[tuple[str, int, int], Fit] = {}
        for one in sorted(fits, key=lambda each: (each.points, each.candidate.id)):
            cheapest.setdefault((one.candidate.background, one.covers, one.confirmed), one)
        for (background, _, _), one in cheapest.items():
            self.kinds.setdefault(background, []).append(one)

    def of(self, lead: Fit) -> Fit | None:
        """Who closes the lead's gaps for less than they cost; None if nobody does."""
        gaps, doubts = self.needs & ~lead.covers, self.needs & ~lead.confirmed
        key = (lead.candidate.background, gaps, doubts)
        if key not in self.found:
            self.found[key] = self._best(*key)
        return self.found[key]

    def _best(self, background: str, gaps: int, doubts: int) -> Fit | None:
        kinds = (fits for kind, fits in self.kinds.items() if complements(background, kind))
        worth = [one for fits in kinds if (one := self._cheapest(fits, gaps, doubts))]
        return max(worth, key=lambda one: (gain(one, gaps, doubts), one.candidate.id), default=None)

    def _cheapest(self, fits: Sequence[Fit], gaps: int, doubts: int) -> Fit | None:
        """Who saves the most; the search ends where the way outweighs the most anybody brings."""
        best, best_gain = None, 0.0
        most = OPEN_NEED_POINTS * min(gaps.bit_count(), self.widest) - PARTNER_POINTS
        most += CONFIRMED_POINTS * min(doubts.bit_count(), self.surest)
        for one in fits:
            if most - one.points <= best_gain:
                break
            if gaps & one.covers and (saved := gain(one, gaps, doubts)) > best_gain:
                best, best_gain = one, saved
        return best
