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
        # Steps are counted from the start of the run, as by whoever draws its way.
        self._kept: Kept[Point] = Kept(stretch.first, stretch.start)
        self._latest = (stretch.first, stretch.start)

    def fill(self, first: int, last: int, rows: Array, every: int = 1) -> None:
        """Write every so-many-th row from offset `first` up to `last` into `rows`."""
        asked = range(first, last + 1, every)
        thetas = [[theta for theta, _ in self.point(offset)] for offset in (asked[:1] if every == 1 else asked)]
        if every == 1:
            self._walk(self._stretch.first + last, thetas)
        rows[:-1] = np.array(thetas).T
        with np.errstate(all="ignore"):
            rows[-1] = self._stretch.objective.value(rows[:-1].T)

    def point(self, offset: int) -> Point:
        """Where the run stands at an offset."""
        step = self._stretch.first + offset
        nearest = self._kept.before(step)
        if not nearest[0] <= self._latest[0] <= step:
            self._latest = nearest
        self._walk(step, [])
        return self._latest[1]

    def tame(self, first: int, last: int) -> bool:
        """Without looking, nothing is certain of any row."""
        return last < first

    def _walk(self, last: int, thetas: list[Any]) -> None:
        """Step on to step `last`, noting θ after each step."""
        stretch, kept = self._stretch, self._kept
        gradient, update, hyper = stretch.gradients.gradient, stretch.method.update, stretch.hyper
        step, point = self._latest
        due = kept.next_due(step)
        for batch in stretch.gradients.batches(step, last):
            if step == due:
                kept.keep(step, point)
                due = kept.next_due(step + 1)
            slopes = gradient(batch, [theta for theta, _ in point])
            # As `Stretch.moved`, written out where most of the time is spent.
            point = [update(theta, slope, state, hyper) for (theta, state), slope in zip(point, slopes, strict=True)]
            step += 1
            thetas.append([theta for theta, _ in point])
        self._latest = (step, point)
