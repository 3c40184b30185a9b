"""Which rows step k sees: all, m or one; in order, shuffled each epoch, or drawn at random.

The rows of a step are a function of (order, size, n, seed, k) alone. All draws come from one
`numpy.random.default_rng(seed)`: `rng.permutation(n)` at the start of each epoch (`shuffled`), `rng.integers(n, size=m)`
at each step (`random`). Any step can be asked for first: the generator's state is kept now and then, and replayed.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from engine.arrays import Rows
from engine.registry import Entry, Registry

ORDERS = Registry[None](
    "order",
    Entry("sequential", "In order", "Rows 0, 1, …, n − 1, and again from the first.", None),
    Entry("shuffled", "Shuffled", "Every row once per epoch, in a new order each time.", None),
    Entry("random", "Random", "Every step draws its rows anew, with replacement.", None),
)


class Batches:
    """The batches of n rows, size of them at a time ("all": every row, whatever the order).

    A last batch of an epoch that is left with fewer rows is used with its own size.
    """

    def __init__(self, n: int, size: int | str, order: str, seed: int) -> None:
        self.n = n
        self.size = n if size == "all" else int(size)
        self.order = order
        self.seed = seed
        self.whole = size == "all" or (self.size == n and order == "sequential")
        self.per_epoch = -(-n // self.size)
        self._permutations = _Replay(lambda rng: rng.permutation(n), seed)
        # One draw of many steps is the same stream of numbers as many draws of one step.
        self._steps_per_draw = max(1, 2**16 // self.size)
        self._draws = _Replay(lambda rng: rng.integers(n, size=(self._steps_per_draw, self.size)), seed)

    def rows(self, step: int) -> Rows | None:
        """The rows that the update step → step + 1 sees, (m,); None stands for all rows in order."""
        if self.whole:
            return None
        if self.order == "random":
            draw, at = divmod(step, self._steps_per_draw)
            drawn: Rows = self._draws(draw)[at]
            return drawn
        epoch, at = divmod(step, self.per_epoch)
        first = at * self.size
        last = min(first + self.size, self.n)
        if self.order == "shuffled":
            return self._permutations(epoch)[first:last]
        return np.arange(first, last)


class _Replay:
    """Draw number i of a generator that can only draw in turn, for any i: bounded memory, no draw skipped."""

    _most = 1024

    def __init__(self, draw: Callable[[np.random.Generator], Rows], seed: int) -> None:
        self._draw = draw
        self._spacing = 16
        self._rng = np.random.default_rng(seed)
        self._next = 0
        self._states = {0: self._rng.bit_generator.state}
        self._recent = lru_cache(maxsize=4)(self._replay)

    def __call__(self, index: int) -> Rows:
        return self._recent(index)

    def _replay(self, index: int) -> Rows:
        if not self._next <= index < self._next + self._spacing:
            kept = index - index % self._spacing
            while kept not in self._states:
                kept -= self._spacing
            if not kept <= self._next <= index:
                self._rng.bit_generator.state = self._states[kept]
                self._next = kept
        while self._next < index:
            self._keep()
            self._draw(self._rng)
            self._next += 1
        self._keep()
        self._next += 1
        return self._draw(self._rng)

    def _keep(self) -> None:
        if self._next % self._spacing == 0 and self._next not in self._states:
            self._states[self._next] = self._rng.bit_generator.state
            if len(self._states) > self._most:
                self._spacing *= 2
                self._states = {at: s for at, s in self._states.items() if at % self._spacing == 0}
