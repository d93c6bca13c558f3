"""Pairs: a librarian and somebody of IT who close the gaps of one another (source: B4)."""

from collections.abc import Sequence

from contracts.mentoring.candidates import OPEN_NEED_POINTS, Fit

PARTNER_POINTS = 1.0


def complements(one: str, other: str) -> bool:
    """Whether two backgrounds make a librarian and IT pair."""
    return one != other or one == "both"


def gain(one: Fit, gaps: int) -> float:
    """Points saved by taking him along to close gaps; may be negative."""
    return OPEN_NEED_POINTS * (gaps & one.covers).bit_count() - PARTNER_POINTS - one.points


class Partners:
    """For each background and set of covered needs the cheapest one; asked once per gap."""

    def __init__(self, needs: int, fits: Sequence[Fit]) -> None:
        self.needs = needs
        self.widest = max((one.covers.bit_count() for one in fits), default=0)
        self.kinds: dict[str, list[Fit]] = {}
        self.found: dict[tuple[str, int], Fit | None] = {}
        cheapest: dict[tuple[str, int], Fit] = {}
        for one in sorted(fits, key=lambda each: (each.points, each.candidate.id)):
            cheapest.setdefault((one.candidate.background, one.covers), one)
        for (background, _), one in cheapest.items():
            self.kinds.setdefault(background, []).append(one)

    def of(self, lead: Fit) -> Fit | None:
        """Who closes the lead's gaps for less than they cost; None if nobody does."""
        key = (lead.candidate.background, self.needs & ~lead.covers)
        if key not in self.found:
            self.found[key] = self._best(*key)
        return self.found[key]

    def _best(self, background: str, gaps: int) -> Fit | None:
        kinds = (fits for kind, fits in self.kinds.items() if complements(background, kind))
        worth = [one for fits in kinds if (one := self._cheapest(fits, gaps)) is not None]
        return max(worth, key=lambda one: (gain(one, gaps), one.candidate.id), default=None)

    def _cheapest(self, fits: Sequence[Fit], gaps: int) -> Fit | None:
        """Who saves the most; the search ends where the way outweighs the most anybody covers."""
        best, best_gain = None, 0.0
        most = OPEN_NEED_POINTS * min(gaps.bit_count(), self.widest) - PARTNER_POINTS
        for one in fits:
            if most - one.points <= best_gain:
                break
            if gaps & one.covers and (saved := gain(one, gaps)) > best_gain:
                best, best_gain = one, saved
        return best
