"""Which rows step k sees: all, m or one; in order, shuffled each epoch, or drawn at random.

The rows of a step are a function of (order, size, n, seed, k) alone. All draws come from one
`numpy.random.default_rng(seed)`: `rng.permutation(n)` at the start of each epoch (`shuffled`), or
`rng.integers(n, size=m)` at each step (`random`). Any step can be asked for first.
"""

from functools import cached_property

import numpy as np

from engine.arrays import Rows
from engine.registry import Entry, Registry
from engine.replay import Replay

ORDERS = Registry[None](
    "order",
    Entry("sequential", "In order", "Rows 0, 1, …, n − 1, and again from the first.", None),
    Entry("shuffled", "Shuffled", "Every row once per epoch, in a new order each time.", None),
    Entry("random", "Random", "Every step draws its rows anew, with replacement.", None),
)

# So many rows are drawn at a time: one draw of many is the same stream of numbers as many draws of few.
_DRAWN_AT_ONCE = 2**12


class Batches:
    """The batches of n rows, size of them at a time ("all": every row, whatever the order).

    A last batch of an epoch that is left with fewer rows is used with its own size.
    per_epoch: steps in one pass over the data; whole: whether every step sees all rows in order.
    """

    def __init__(self, n: int, size: int | str, order: str, seed: int) -> None:
        self.n = n
        self.size = n if size == "all" else int(size)
        self.whole = size == "all" or (self.size == n and order == "sequential")
        self.order = "sequential" if self.whole else order
        self.seed = seed
        self.per_epoch = -(-n // self.size)
        self._epochs_per_draw = max(1, _DRAWN_AT_ONCE // n)
        self._steps_per_draw = max(1, _DRAWN_AT_ONCE // self.size)

    @cached_property
    def _permutations(self) -> Replay:
        return Replay(self._permuted, self.seed)

    @cached_property
    def _draws(self) -> Replay:
        return Replay(lambda rng: rng.integers(self.n, size=self._steps_per_draw * self.size), self.seed)

    def rows(self, step: int) -> Rows | None:
        """The rows that the update step → step + 1 sees, (m,); None stands for all rows in order."""
        return None if self.whole else self.span(step, step + 1)[0]

    def span(self, first: int, last: int) -> tuple[Rows, Rows]:
        """The rows of steps first … last − 1 one after another, and where each step's begin among them, (steps,)."""
        if self.order == "random":
            return self._drawn(first, last), np.arange(last - first) * self.size
        places = np.arange(first, last)
        begins = places // self.per_epoch * self.n + places % self.per_epoch * self.size
        epoch, at = divmod(last, self.per_epoch)
        end = epoch * self.n + at * self.size
        return self._in_epochs(int(begins[0]), end), begins - begins[0]

    def _in_epochs(self, first: int, last: int) -> Rows:
        """The rows at places first … last − 1 of all epochs in a row."""
        if self.order == "sequential":
            return np.arange(first, last) % self.n
        per_draw = self._epochs_per_draw * self.n
        return _joined(self._permutations, first, last, per_draw)

    def _permuted(self, rng: np.random.Generator) -> Rows:
        """The rows of some epochs: `rng.permutation(n)` for each of them."""
        return rng.permuted(np.tile(np.arange(self.n), (self._epochs_per_draw, 1)), axis=1).ravel()

    def _drawn(self, first: int, last: int) -> Rows:
        return _joined(self._draws, first * self.size, last * self.size, self._steps_per_draw * self.size)


def _joined(draws: Replay, first: int, last: int, per_draw: int) -> Rows:
    """Numbers first … last − 1 of draws in a row, each of which has so many."""
    numbers = range(first // per_draw, (last - 1) // per_draw + 1)
    rows = [draws(number) for number in numbers]
    joined = rows[0] if len(rows) == 1 else np.concatenate(rows)
    start = numbers[0] * per_draw
    return joined[first - start : last - start]
