"""The course of a run: all rows that its formulas give, whether or not the run gets that far."""

from bisect import bisect_left

import numpy as np

from engine.arrays import Array, Rows
from engine.gradients import Gradients
from engine.objective import Objective
from engine.paths import gradients_of, stepper_of
from engine.spec import RunSpec
from engine.stepping import Point, Stepper, Stretch


class Course:
    """Rows by their step, from one stretch between changes to the next.

    A change at step k is first used by the update k → k + 1, so row k itself belongs to the stretch before.
    """

    def __init__(
        self,
        spec: RunSpec,
        objective: Objective,
        gradients: Gradients,
        stretches: list[tuple[int, int, dict[str, float]]],
        made: list[Stepper],
    ) -> None:
        """`stretches` are those of the spec; `made` are the steppers of the first ones, as far as they are known."""
        self.objective = objective
        self._spec = spec
        self._gradients = gradients
        self._stretches = stretches
        self._starts = [first for first, _, _ in stretches]
        self._made = made

    @classmethod
    def of(cls, spec: RunSpec) -> "Course":
        """The course of a run from its start."""
        return cls(spec, spec.objective(), gradients_of(spec), list(spec.stretches()), [])

    def turned(self, spec: RunSpec, step: int) -> "Course":
        """The course of `spec`, whose last change is at `step`, and which is the same as this one up to there.

        The work done so far is shared.
        """
        before = bisect_left(self._starts, step)
        stretches = self._stretches[:before]
        if step < spec.steps or not stretches:
            hyper = stretches[-1][2] if stretches else spec.optimizer.params
            if stretches:
                stretches[-1] = (stretches[-1][0], step, stretches[-1][2])
            stretches.append((step, spec.steps, hyper | spec.changes[-1].optimizer))
        return Course(spec, self.objective, self._gradients, stretches, self._made[:before])

    def columns(self, first: int, last: int, every: int = 1) -> Array:
        """Every so-many-th row from `first` up to `last`: the parameters, then the loss, (P + 1, rows)."""
        rows = np.empty((len(self._spec.parameters) + 1, len(range(first, last + 1, every))))
        self.fill(first, rows, every)
        return rows

    def fill(self, first: int, rows: Array, every: int = 1) -> None:
        """Write every so-many-th row from `first` on into `rows`, (P + 1, rows)."""
        done, last = 0, first + (rows.shape[1] - 1) * every
        while done < rows.shape[1]:
            at = first + done * every
            start, until, stepper = self._at(at)
            until = min(last, until)
            count = len(range(at, until + 1, every))
            stepper.fill(at - start, until - start, rows[:, done : done + count], every)
            done += count

    def tame_until(self, first: int, last: int) -> int:
        """The row up to which it is certain that none from `first` on has diverged, `last` at most; or first − 1."""
        while first <= last:
            start, until, stepper = self._at(first)
            until = min(last, until)
            if not stepper.tame(first - start, until - start):
                break
            first = until + 1
        return first - 1

    def point(self, step: int) -> Point:
        """Where the run stands at a step: each parameter with the optimizer's state of it."""
        start, _, stepper = self._at(step)
        return stepper.point(step - start)

    def batch(self, step: int) -> Rows | None:
        """The rows that the update step → step + 1 sees, None for all in order."""
        return self._gradients.rows(step)

    def _at(self, step: int) -> tuple[int, int, Stepper]:
        """The stretch that row `step` belongs to: its first step, its last row, and what makes its rows."""
        index = max(bisect_left(self._starts, step) - 1, 0)
        for number in range(len(self._made), index + 1):
            first, _, hyper = self._stretches[number]
            method = self._spec.method
            stretch = Stretch(self.objective, self._gradients, method, hyper, first, self._start_of(number))
            self._made.append(stepper_of(stretch))
        first, last, _ = self._stretches[index]
        return first, last, self._made[index]

    def _start_of(self, number: int) -> Point:
        """Where a stretch starts: where the one before ends, the first one at the spec's start."""
        if number == 0:
            init = self._spec.method.init
            return [(theta, init(theta)) for theta in self._spec.theta().tolist()]
        return self._made[number - 1].point(self._starts[number] - self._starts[number - 1])
