"""The assignment problem: Jonker and Volgenant's shortest augmenting paths, rectangular.

D. F. Crouse, On implementing 2D rectangular assignment algorithms, IEEE TAES 52 (2016).
Plain Python: 200 rows and 1,000 columns take 0.1 s. `lapx` would save that, for 15 MB of memory and
90 MB on disk (with numpy).
"""

from collections.abc import Sequence

NOBODY = -1
INFINITE = float("inf")


def cheapest(costs: Sequence[Sequence[float]]) -> list[int]:
    """For each row its column, each column at most once, at the least total cost.

    `costs` has at least as many columns as rows; all are finite.
    """
    columns = len(costs[0]) if costs else 0
    search = _Search(costs, columns)
    for row in range(len(costs)):
        search.place(row)
    return search.column_of


class _Search:
    """Rows placed so far, and the prices of columns that keep them optimal."""

    def __init__(self, costs: Sequence[Sequence[float]], columns: int) -> None:
        self.costs, self.columns = costs, columns
        self.price = [0.0] * columns
        self.row_of = [NOBODY] * columns
        self.column_of = [NOBODY] * len(costs)

    def place(self, start: int) -> None:
        """Place one more row; others move along the cheapest path to a free column."""
        way, came = [INFINITE] * self.columns, [start] * self.columns
        waiting = list(range(self.columns))
        passed: list[int] = []
        column = self._step(start, 0.0, waiting, way, came)
        while self.row_of[column] != NOBODY:
            passed.append(column)
            column = self._step(self.row_of[column], way[column], waiting, way, came)
        for each in passed:
            self.price[each] += way[each] - way[column]
        self._move(start, column, came)

    def _step(
        self, row: int, length: float, waiting: list[int], way: list[float], came: list[int]
    ) -> int:
        """The nearest of the waiting columns, which waits no more, now that a row was reached.

        `way` and `came` learn how long the way to each is, and from which row.
        """
        costs, price, own = self.costs[row], self.price, self.column_of[row]
        base = length if own == NOBODY else length - (costs[own] - price[own])
        nearest, place = INFINITE, 0
        for at, column in enumerate(waiting):
            reached = base + costs[column] - price[column]
            if reached < way[column]:
                way[column], came[column] = reached, row
            else:
                reached = way[column]
            if reached < nearest:
                nearest, place = reached, at
        found = waiting[place]
        waiting[place] = waiting[-1]
        waiting.pop()
        return found

    def _move(self, start: int, column: int, came: list[int]) -> None:
        """Each row on the path takes the column it was left for."""
        row = NOBODY
        while row != start:
            row = came[column]
            self.row_of[column] = row
            self.column_of[row], column = column, self.column_of[row]
