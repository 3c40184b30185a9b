"""The plain path: one update after another, exactly as the formulas say. The truth that every fast path must equal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np

from engine.arrays import Array
from engine.gradients import Gradients
from engine.kept import Kept
from engine.objective import Objective
from engine.optimizers import Numbers, Optimizer, State

# Where a run stands: each parameter with the optimizer's state of it.
Point: TypeAlias = list[tuple[Numbers, State]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What makes the rows between two changes of a run: rows are counted by their offset from the first.

    first: the step of offset 0; hyper: the parameters of the method in force; start: where offset 0 stands.
    """

    objective: Objective
    gradients: Gradients
    method: Optimizer
    hyper: Mapping[str, Numbers]
    first: int
    start: Point

    def moved(self, point: Point, batch: Any) -> Point:
        """Where one update over `batch` leads."""
        gradient = self.gradients.gradient(batch, [theta for theta, _ in point])
        update, hyper = self.method.update, self.hyper
        return [update(theta, slope, state, hyper) for (theta, state), slope in zip(point, gradient, strict=True)]


class Stepper(Protocol):
    """The rows of a stretch: any of them, in any order, always with the same bits."""

    def fill(self, first: int, last: int, rows: Array, every: int = 1) -> None:
        """Write every so-many-th row from offset `first` up to `last` into `rows`, (P + 1, count): θ, then the loss."""

    def point(self, offset: int) -> Point:
        """Where the run stands at an offset: what the next stretch starts from."""

    def tame(self, first: int, last: int) -> bool:
        """Whether it is certain, without looking, that no row from offset `first` to `last` has diverged."""


class PlainStepper:
    """Steps with the method's own `update` in plain floats; keeps where it was now and then, so going back is cheap."""

    def __init__(self, stretch: Stretch) -> None:
        self._stretch = stretch
        self._kept: Kept[Point] = Kept(0, stretch.start, spacing=16)
        self._latest = (0, stretch.start)

    def fill(self, first: int, last: int, rows: Array, every: int = 1) -> None:
        """Write every so-many-th row from offset `first` up to `last` into `rows`."""
        asked = range(first, last + 1, every)
        thetas = [[theta for theta, _ in self.point(offset)] for offset in (asked[:1] if every == 1 else asked)]
        if every == 1:
            self._walk(last, thetas)
        rows[:-1] = np.array(thetas).T
        with np.errstate(all="ignore"):
            rows[-1] = self._stretch.objective.value(rows[:-1].T)

    def point(self, offset: int) -> Point:
        """Where the run stands at an offset."""
        if not self._latest[0] <= offset or self._kept.before(offset)[0] > self._latest[0]:
            self._latest = self._kept.before(offset)
        self._walk(offset, [])
        return self._latest[1]

    def tame(self, first: int, last: int) -> bool:
        """Without looking, nothing is certain of any row."""
        return last < first

    def _walk(self, last: int, thetas: list[Any]) -> None:
        """Step on to offset `last`, noting θ after each step."""
        stretch, kept = self._stretch, self._kept
        gradient, update, hyper = stretch.gradients.gradient, stretch.method.update, stretch.hyper
        offset, point = self._latest
        due = kept.next_due(offset)
        for batch in stretch.gradients.batches(stretch.first + offset, stretch.first + last):
            if offset == due:
                kept.keep(offset, point)
                due = kept.next_due(offset + 1)
            slopes = gradient(batch, [theta for theta, _ in point])
            # As `Stretch.moved`, written out where most of the time is spent.
            point = [update(theta, slope, state, hyper) for (theta, state), slope in zip(point, slopes, strict=True)]
            offset += 1
            thetas.append([theta for theta, _ in point])
        self._latest = (offset, point)
