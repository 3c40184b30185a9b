"""The plain path in machine code, where it can be made: the same rows, bit for bit, some fifty times as fast.

With the extra `compiled` (`pip install 'beanbowl[compiled]'`); without it, or where its steps are not those of the
plain path to the last bit, the plain path itself is taken.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from engine import extra
from engine.arrays import Array
from engine.gradients import RowGradients
from engine.kept import Kept
from engine.losses import Loss
from engine.maps import flat, shaped
from engine.models import Model
from engine.objective import DIVERGED
from engine.optimizers import Optimizer
from engine.stepping import Point, Stretch

if TYPE_CHECKING:
    from engine.kernels import Kernel

# So many steps are made at once, fewer if they see more than so many rows; if these are to be laid out, no more than
# a processor holds close by.
_STEPS_AT_ONCE = 2**12
_ROWS_AT_ONCE = 2**20
_ROWS_LAID_OUT = 2**16
# So many first steps are made by both paths, and compared.
_COMPARED = 8


class CompiledStepper:
    """Rows from a kernel; keeps where it was now and then, as the plain path does."""

    def __init__(self, stretch: Stretch, gradients: RowGradients, kernel: "Kernel") -> None:
        self._stretch = stretch
        self._gradients = gradients
        self._kernel = kernel
        self._hyper = np.array(list(stretch.hyper.values()), dtype=np.float64)
        self._size = len(stretch.start)
        # Steps are counted from the start of the run, as by whoever draws its way.
        state = np.array(flat(stretch.start), dtype=np.float64)
        self._kept: Kept[Array] = Kept(stretch.first, state)
        self._latest = (stretch.first, state)
        # How far from zero the parameters were, up to the row that was looked at last.
        self._reach = stretch.first, np.abs(state[: self._size])

    def fill(self, first: int, last: int, rows: Array, every: int = 1) -> None:
        """Write every so-many-th row from offset `first` up to `last` into `rows`."""
        asked = range(self._stretch.first + first, self._stretch.first + last + 1, every)
        if every == 1:
            rows[:-1, 0] = self._state(asked[0])[: self._size]
            for step, states in self._walk(asked[-1]):
                rows[:-1, step - asked[0] : step - asked[0] + states.shape[1]] = states[: self._size]
        else:
            rows[:-1] = np.array([self._state(step)[: self._size] for step in asked]).T
        with np.errstate(all="ignore"):
            rows[-1] = self._stretch.objective.value(rows[:-1].T)

    def point(self, offset: int) -> Point:
        """Where the run stands at an offset."""
        point = shaped(tuple(self._state(self._stretch.first + offset).tolist()), self._stretch.start)
        # Counts are floats in the kernel.
        return [
            (theta, type(memory)(*(type(like)(number) for like, number in zip(start, memory, strict=True))))
            for (theta, memory), (_, start) in zip(point, self._stretch.start, strict=True)
        ]

    def tame(self, first: int, last: int) -> bool:
        """Whether all parameters up to offset `last` are so small that no loss can have left all bounds."""
        if last < first:
            return True
        until = self._stretch.first + last
        with np.errstate(all="ignore"):
            while self._stretch.objective.most(self._reach[1]) <= DIVERGED:
                seen, reach = self._reach
                if seen >= until:
                    return True
                self._state(seen)
                _, states = next(self._walk(until))
                self._reach = self._latest[0], np.maximum(reach, np.abs(states[: self._size]).max(axis=1))
        return False

    def agrees(self) -> bool:
        """Whether the first steps have the bits of the plain path."""
        stretch, point = self._stretch, self._stretch.start
        expected = []
        with np.errstate(all="ignore"):
            for batch in stretch.gradients.batches(stretch.first, stretch.first + _COMPARED):
                point = stretch.moved(point, batch)
                expected.append(flat(point))
        ours = self._made(stretch.first, self._latest[1], _COMPARED)
        return np.array_equal(np.array(expected).T, ours, equal_nan=True)

    def _state(self, step: int) -> Array:
        """Where the run stands at a step, (S,); it is there that the next walk begins."""
        nearest = self._kept.before(step)
        if not nearest[0] <= self._latest[0] <= step:
            self._latest = nearest
        for _ in self._walk(step):
            pass
        return self._latest[1]

    def _walk(self, last: int) -> Iterator[tuple[int, Array]]:
        """Go on to step `last` in pieces: the first step of each, and the states at its steps, (S, steps)."""
        rows = _ROWS_AT_ONCE if self._gradients.repeat else _ROWS_LAID_OUT
        at_once = max(1, min(_STEPS_AT_ONCE, rows // self._gradients.most_rows))
        while self._latest[0] < last:
            step, state = self._latest
            states = self._made(step, state, min(at_once, last - step))
            self._keep(step + 1, states)
            self._latest = step + states.shape[1], states[:, -1].copy()
            yield step + 1, states

    def _made(self, step: int, state: Array, count: int) -> Array:
        """The states after each of `count` updates from `state` at `step` on, (S, count)."""
        begins, x, y, batch = self._gradients.laid_out(step, step + count)
        return self._kernel(count, batch, begins, x, y, self._hyper, state)

    def _keep(self, first: int, states: Array) -> None:
        """Keep what is due of the states at step `first` and after."""
        kept, last = self._kept, first + states.shape[1] - 1
        step = kept.next_due(first)
        while step <= last:
            if kept.due(step):
                kept.keep(step, states[:, step - first].copy())
            step = kept.next_due(step + 1)


@cache
def _kernel(model: Model, loss: Loss, method: Optimizer, hyper: tuple[str, ...]) -> "Kernel | None":
    def make() -> "Kernel":
        from engine.kernels import Kernel

        return Kernel(model, loss, method, hyper)

    return extra.attempted(make)


def compiled_stepper(stretch: Stretch) -> CompiledStepper | None:
    """What makes the rows of a stretch in machine code; None where it cannot be had, or gives other bits."""
    gradients, objective = stretch.gradients, stretch.objective
    if not isinstance(gradients, RowGradients):
        return None
    kernel = _kernel(objective.model, objective.loss, stretch.method, tuple(stretch.hyper))
    if kernel is None:
        return None
    stepper = CompiledStepper(stretch, gradients, kernel)
    return stepper if stepper.agrees() else None
