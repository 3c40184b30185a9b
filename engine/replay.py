"""Draws of a random generator, by number, in any order."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from engine.arrays import Rows
from engine.kept import Kept


class Replay:
    """Draw number i of a generator that can only draw in turn, for any i: no draw is skipped, memory stays bounded."""

    def __init__(self, draw: Callable[[np.random.Generator], Rows], seed: int) -> None:
        self._draw = draw
        self._seed = seed
        self._next = 0
        self._last: dict[int, Rows] = {}

    @cached_property
    def _rng(self) -> np.random.Generator:
        return np.random.default_rng(self._seed)

    @cached_property
    def _states(self) -> Kept[dict[str, Any]]:
        return Kept(0, dict(np.random.default_rng(self._seed).bit_generator.state), near=256)

    def __call__(self, index: int) -> Rows:
        """Draw number `index`, counted from 0."""
        if index not in self._last:
            self._go_to(index)
            # Two are held: a stretch of steps often begins in one draw and ends in the next.
            self._last = dict([*list(self._last.items())[-1:], (index, self._take())])
        return self._last[index]

    def _go_to(self, index: int) -> None:
        place, state = self._states.before(index)
        if not place <= self._next <= index:
            self._rng.bit_generator.state = state
            self._next = place
        while self._next < index:
            self._take()

    def _take(self) -> Rows:
        if self._states.due(self._next):
            self._states.keep(self._next, dict(self._rng.bit_generator.state))
        self._next += 1
        return self._draw(self._rng)
