"""The plain path: one update after another, exactly as the formulas say. It is the truth that every fast path must equal."""

from typing import Protocol

import numpy as np

from engine.arrays import Array
from engine.batches import Batches
from engine.objective import Objective
from engine.optimizers import Hyper, Optimizer, State


class Stepper(Protocol):
    """The rows of one stretch of a run, between two changes: any of them, in any order, always with the same bits.

    Offset 0 is the row that the stretch starts from.
    """

    def theta(self, first: int, last: int) -> Array:
        """θ at offsets first … last inclusive, (last − first + 1, P)."""

    def state(self, offset: int) -> tuple[Array, State]:
        """θ and the optimizer's state at an offset: what the next stretch starts from."""


class PlainStepper:
    """Steps with the method's own `update`, keeping the state now and then so that going back costs little."""

    _most_kept = 4096

    def __init__(
        self,
        objective: Objective,
        batches: Batches,
        method: Optimizer,
        hyper: Hyper,
        first_step: int,
        theta: Array,
        state: State,
    ) -> None:
        self._objective = objective
        self._batches = batches
        self._method = method
        self._hyper = hyper
        self._first_step = first_step
        self._spacing = 256
        self._kept = {0: (theta, state)}
        self._latest = (0, theta, state)

    def theta(self, first: int, last: int) -> Array:
        offset, theta, state = self._nearest(first)
        rows = np.empty((last - first + 1, theta.shape[-1]))
        with np.errstate(all="ignore"):
            while offset < first:
                offset, theta, state = self._step(offset, theta, state)
            rows[0] = theta
            while offset < last:
                offset, theta, state = self._step(offset, theta, state)
                rows[offset - first] = theta
        self._latest = (offset, theta, state)
        return rows

    def state(self, offset: int) -> tuple[Array, State]:
        self.theta(offset, offset)
        return self._latest[1], self._latest[2]

    def _nearest(self, offset: int) -> tuple[int, Array, State]:
        """The latest known state that is not past `offset`."""
        kept = offset - offset % self._spacing
        while kept not in self._kept:
            kept -= self._spacing
        if kept <= self._latest[0] <= offset:
            return self._latest
        return (kept, *self._kept[kept])

    def _step(self, offset: int, theta: Array, state: State) -> tuple[int, Array, State]:
        rows = self._batches.rows(self._first_step + offset)
        gradient = self._objective.gradient(theta, rows)
        theta, state = self._method.update(theta, gradient, state, self._hyper)
        offset += 1
        if offset % self._spacing == 0 and offset not in self._kept:
            self._kept[offset] = (theta, state)
            if len(self._kept) > self._most_kept:
                self._spacing *= 2
                self._kept = {at: kept for at, kept in self._kept.items() if at % self._spacing == 0}
        return offset, theta, state
