"""Which rows step k sees: all, m or one; in order, shuffled each epoch, or drawn at random.

The rows of a step are a function of (order, size, n, seed, k) alone. All draws come from one
`numpy.random.default_rng(seed)`: `rng.permutation(n)` at the start of each epoch (`shuffled`), or
`rng.integers(n, size=m)` at each step (`random`). Any step can be asked for first.
"""

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

# Random rows are drawn this many at a time: one draw of many is the same stream of numbers as many draws of few.
_DRAWN_AT_ONCE = 2**16


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
        self._permutations = Replay(lambda rng: rng.permutation(n), seed)
        self._steps_per_draw = max(1, _DRAWN_AT_ONCE // self.size)
        self._draws = Replay(lambda rng: rng.integers(n, size=(self._steps_per_draw, self.size)), seed)

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
        epochs = range(first // self.n, (last - 1) // self.n + 1)
        rows = [self._permutations(epoch) for epoch in epochs]
        joined = rows[0] if len(rows) == 1 else np.concatenate(rows)
        start = epochs[0] * self.n
        return joined[first - start : last - start]

    def _drawn(self, first: int, last: int) -> Rows:
        per_draw = self._steps_per_draw
        draws = range(first // per_draw, (last - 1) // per_draw + 1)
        rows = [self._draws(draw) for draw in draws]
        joined = rows[0] if len(rows) == 1 else np.concatenate(rows)
        start = draws[0] * per_draw
        return joined[first - start : last - start].ravel()
