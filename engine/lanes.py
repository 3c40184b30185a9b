"""Many runs side by side that differ in numbers only: the same update on arrays, one entry for each run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.arrays import Array, Rows
from engine.gradients import Gradients
from engine.objective import DIVERGED
from engine.optimizers import Numbers
from engine.outcome import Status
from engine.paths import gradients_of
from engine.spec import RunSpec
from engine.stepping import Point, Stretch

Flags = npt.NDArray[np.bool_]

_STEPS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Lanes:
    """Runs of one spec. hyper and start hold an array (R,) for what differs and a float for what does not.

    count: R; goal: the excess loss that counts as reached, None if nobody asks.
    """

    spec: RunSpec
    hyper: Mapping[str, Numbers]
    start: Sequence[Numbers]
    count: int
    goal: float | None

    def cut(self, first: int, last: int) -> "Lanes":
        """The runs first … last − 1."""
        part = slice(first, last)
        hyper = {name: chosen(value, part) for name, value in self.hyper.items()}
        return replace(self, hyper=hyper, start=[chosen(value, part) for value in self.start], count=last - first)

    def point(self) -> Point:
        """Where the runs start."""
        thetas = [np.full(self.count, value, dtype=np.float64) for value in self.start]
        return [(theta, self.spec.method.init(theta)) for theta in thetas]


class Ends:
    """How runs ended, an entry for each: the last row's θ (P, R) and loss (R,); the status, and its step.

    reached: the first step whose excess loss is at most the goal, −1 if none is.
    """

    def __init__(self, size: int, count: int) -> None:
        self.theta = np.empty((size, count))
        self.loss = np.empty(count)
        self.status = np.full(count, str(Status.FINISHED), dtype="U9")
        self.step = np.zeros(count, dtype=np.int64)
        self.reached = np.full(count, -1, dtype=np.int64)

    def take(self, first: int, part: "Ends") -> None:
        """Put the ends of some runs, from number `first` on, in their place."""
        for name, values in vars(part).items():
            getattr(self, name)[..., first : first + values.shape[-1]] = values


def chosen(value: Numbers, lanes: Any) -> Numbers:
    """The numbers of some lanes; what is the same for all stays as it is."""
    return value[..., lanes] if isinstance(value, np.ndarray) else value


def chosen_point(point: Point, lanes: Any) -> Point:
    """Where some of the runs stand."""
    return [(chosen(theta, lanes), type(state)(*(chosen(each, lanes) for each in state))) for theta, state in point]


def step_through(lanes: Lanes) -> Ends:
    """Every run stepped from start to end, all together: for any model, loss, method and order."""
    walk, gradients = Walk(lanes), gradients_of(lanes.spec)
    point = walk.begin()
    for first, last, hyper in lanes.spec.stretches(lanes.hyper):
        point = step_on(walk, gradients, (first, last), hyper, point)
    return walk.close()


class Walk:
    """Runs on their way, and how those ended that did. running: the numbers of the others, (A,)."""

    def __init__(self, lanes: Lanes) -> None:
        self.objective = lanes.spec.objective()
        self.running = np.arange(lanes.count)
        self.lanes = lanes
        self._ends = Ends(len(lanes.start), lanes.count)
        self._last = np.empty((len(lanes.start), lanes.count))

    def begin(self) -> Point:
        """Judge the start; where the runs stand that go on."""
        point = self.lanes.point()
        return self.see(0, np.array([[theta] for theta, _ in point]), point)

    def see(self, first: int, rows: Array, point: Point) -> Point:
        """Judge θ of the steps from `first` on, (P, K, A), which lead to `point`; where the runs stand that go on."""
        count = rows.shape[1]
        loss = self._losses(rows)
        bad, met = first_of(~(loss <= DIVERGED)), first_of(self._met(rows))
        end = np.minimum(bad, met)
        history = np.concatenate([self._last[:, np.newaxis], rows], axis=1)
        at = np.minimum(end, count - 1)
        leapt = (end == bad) & ~(np.isfinite(at_of(loss, at)) & np.isfinite(at_of(rows, at)).all(axis=0))
        # Where a run leaps from below the bound to what is not finite, the row before is its last, if there is one.
        last = at - (leapt & (end < count) & (first + end > 0))
        if self.lanes.goal is not None and self.objective.quadratic is not None:
            hit = first_of(self.objective.quadratic.excess(np.moveaxis(rows, 0, -1)) <= self.lanes.goal)
            self.reach(hit <= last, first + hit)
        status = np.where(met < bad, str(Status.CONVERGED), str(Status.DIVERGED))
        going = self.end(end < count, first + end, at_of(history, last + 1), status)
        self._last = rows[:, -1, going]
        return point if going.all() else chosen_point(point, going)

    def reach(self, which: Flags, step: Rows) -> None:
        """Note that some of the running runs came to the goal, each at its step, if they had not before."""
        numbers = self.running[which]
        before = self._ends.reached[numbers]
        self._ends.reached[numbers] = np.where(before < 0, step[which], before)

    def unreached(self) -> Flags:
        """Which of the running runs have not come to the goal."""
        flags: Flags = self._ends.reached[self.running] < 0
        return flags

    def end(self, which: Flags, step: Rows, theta: Array, status: npt.NDArray[np.str_]) -> Flags:
        """Note how some of the running runs ended, with their last rows (P, A); which of them go on."""
        numbers = self.running[which]
        self._ends.theta[:, numbers] = theta[:, which]
        self._ends.step[numbers] = step[which]
        self._ends.status[numbers] = status[which]
        self.running = self.running[~which]
        return ~which

    def close(self) -> Ends:
        """How all ended: those that are still on their way have done all their steps."""
        self._ends.theta[:, self.running] = self._last
        self._ends.step[self.running] = self.lanes.spec.steps
        with np.errstate(all="ignore"):
            self._ends.loss[:] = self.objective.value(self._ends.theta.T)
        return self._ends

    def stand(self, theta: Array) -> None:
        """Go on from these θ, (P, A), which need no judging."""
        self._last = theta

    def _losses(self, rows: Array) -> Array:
        """The loss of each row, (K, A); 0 where it need not be known because it is certain to be within bounds."""
        if self.objective.quadratic is not None:
            return self.objective.value(np.moveaxis(rows, 0, -1))
        loss = np.zeros(rows.shape[1:])
        doubtful = ~(self.objective.most(np.abs(rows).max(axis=1).T) <= DIVERGED)
        if doubtful.any():
            loss[:, doubtful] = self.objective.value(np.moveaxis(rows[:, :, doubtful], 0, -1))
        return loss

    def _met(self, rows: Array) -> Flags:
        """Where the stop rule is met, (K, A)."""
        stop = self.lanes.spec.stop
        if stop is None:
            return np.zeros(rows.shape[1:], dtype=np.bool_)
        return self.objective.steepness(np.moveaxis(rows, 0, -1)) <= stop.gradient_norm


def step_on(
    walk: Walk, gradients: Gradients, steps: tuple[int, int], hyper: Mapping[str, Numbers], point: Point
) -> Point:
    """Step the running runs from step `steps[0]` to `steps[1]`, with the same parameters all the way."""
    with np.errstate(all="ignore"):
        for first in range(*steps, _STEPS_AT_ONCE):
            if not len(walk.running):
                break
            own = {name: chosen(value, walk.running) for name, value in hyper.items()}
            stretch = Stretch(walk.objective, gradients, walk.lanes.spec.method, own, first, point)
            rows = []
            for batch in gradients.batches(first, min(first + _STEPS_AT_ONCE, steps[1])):
                point = stretch.moved(point, batch)
                rows.append([theta for theta, _ in point])
            point = walk.see(first + 1, np.array(rows).transpose(1, 0, 2), point)
    return point


def first_of(flags: Flags) -> Rows:
    """The first row that has the flag, for each run, or the number of rows: (K, A) → (A,)."""
    return np.where(flags.any(axis=0), flags.argmax(axis=0), len(flags))


def at_of(rows: Array, at: Rows) -> Array:
    """One row for each run: (…, K, A) → (…, A)."""
    picked: Array = rows[..., at, np.arange(len(at))]
    return picked
