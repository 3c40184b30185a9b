"""Runs: from a spec to its rows, whole or any part of them, always with the same bits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import display
from engine import outcome as outcomes
from engine.arrays import Array, Rows
from engine.course import Course
from engine.objective import DIVERGED, Objective
from engine.optimizers import State
from engine.outcome import Outcome, Status
from engine.spec import RunSpec, expect_spec
from engine.theory import Theory, analyse
from engine.trajectory import Trajectory
from engine.whole import whole_rows

__all__ = ["Run", "RunResult", "Trajectory", "run"]

# Rows are looked at for the end of the run this many at a time at first, for most runs that end do it early.
_LOOK_FIRST = 2**10
_LOOK_MOST = 2**16
# Beyond so many rows, memory is only asked for when it is known that the run gets that far.
_UNSEEN_MOST = 2**24
# Whoever asks for few rows will ask for the next ones soon: so many are made at once and held.
_AHEAD = 32
# A picture of a way of so many steps can have them all.
_SHORT = 2048


@dataclass(frozen=True, slots=True, eq=False)
class RunResult:
    """A whole run: its spec, how it ended, its rows from the start on, and the theory of it where there is one."""

    spec: RunSpec
    outcome: Outcome
    trajectory: Trajectory
    theory: Theory | None

    @property
    def final(self) -> dict[str, float]:
        """The last row: every parameter, and the loss."""
        rows = self.trajectory
        return dict(zip((*rows.names, "loss"), (*rows.theta[-1].tolist(), float(rows.loss[-1])), strict=True))

    def _repr_html_(self) -> str:
        rows = self.trajectory
        columns = {"step": rows.step} | {name: rows.column(name) for name in (*rows.names, "loss")}
        return display.table(columns, self.outcome.sentence)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: its last row, and the step that ended it with the figure that did."""

    status: Status
    last: int
    step: int
    figure: float


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a run: that it gets at least to row `last`, and how it ended if it has."""

    last: int = -1
    ending: Ending | None = None

    def until(self, step: int) -> "Known":
        """What is still known when all behind `step` may be otherwise."""
        # A run that diverges at the very next step may still be saved by a change before it.
        ending = self.ending if self.ending is not None and self.ending.step <= step else None
        return Known(min(self.last, step), ending)


class Run:
    """A run that can be asked for any of its rows; row k has the same bits however it is asked for.

    `course` and `known` are for a run that is the continuation of another.
    """

    def __init__(self, spec: RunSpec, course: Course | None = None, known: Known | None = None) -> None:
        expect_spec(spec)
        self.spec = spec
        self.parameters = spec.parameters
        self._course = course or Course.of(spec)
        self._known = known or Known()
        self._held: Trajectory | None = None

    @property
    def end(self) -> int | None:
        """The last row's step, once it is known: all steps done, converged, or diverged."""
        return None if self._known.ending is None else self._known.ending.last

    @property
    def objective(self) -> Objective:
        """What the run descends."""
        return self._course.objective

    def batch(self, step: int) -> Rows | None:
        """The rows of the data that the update step → step + 1 sees, (m,); None for all of them in order."""
        return self._course.batch(step)

    def state_at(self, step: int) -> list[State]:
        """What the method remembers of each parameter at a step that the run has."""
        return [state for _, state in self._course.point(step)]

    def rows(self, first: int, last: int) -> Trajectory:
        """Rows first … last, both included, as far as the run goes; the last one if `first` lies beyond its end."""
        first, last = max(first, 0), max(first, last, 0)
        if last - first >= _AHEAD:
            return self._make(first, last)
        held = self._held
        if held is None or not (held.first <= first and (last <= held.last or held.last == self.end)):
            self._held = held = self._make(first, first + _AHEAD - 1)
        start = min(first, held.last) - held.first
        return held[start : max(last - held.first, start) + 1]

    def path(self, step: int, near: int = 256) -> list[Trajectory]:
        """The way up to `step` for a picture of it: the first `near` rows, which go the farthest, then ever fewer.

        In pieces: as many steps again by every second row, twice as many by every fourth, and so on, until the whole
        run has `_SHORT` such rows: from there on evenly, or a loss that stays as rough would seem to calm down. near is
        a power of two. A short way has all of its rows.
        """
        self._look(max(step, 0))
        step = min(max(step, 0), self._known.last)
        pieces, first, end, every = [], 0, near if step >= _SHORT else _SHORT, 1
        while first <= step:
            if every * _SHORT >= self.spec.steps:
                end = step + 1
            rows = range(first, min(end, step + 1), every)
            pieces.append(Trajectory.of(self.parameters, rows, self._course.columns(first, rows[-1], every)))
            first, end, every = end, 2 * end, 2 * every
        return pieces

    def outcome_at(self, step: int) -> Outcome:
        """How the run stands for somebody who has seen it up to `step`."""
        ending = self._known.ending
        if ending is None or step < ending.last:
            row = self.rows(step, step)
            ending = self._known.ending
            if ending is None or row.last < ending.last:
                return outcomes.running(self.spec, row.last, float(row.loss[0]))
        if ending.status is Status.CONVERGED and self.spec.stop is not None:
            return outcomes.converged(ending.step, ending.figure, self.spec.stop.gradient_norm)
        if ending.status is Status.DIVERGED:
            return outcomes.diverged(self.spec, ending.step)
        bowl = self.objective.quadratic
        return outcomes.finished(self.spec.steps, ending.figure, None if bowl is None else bowl.least)

    def changed(self, step: int, optimizer: Mapping[str, Any]) -> "Run":
        """The run that is this one up to `step` and goes on with other parameters; the work done so far is shared."""
        spec = self.spec.with_change(step, optimizer)
        at = spec.changes[-1].step
        return Run(spec, self._course.turned(spec, at), self._known.until(at))

    def _make(self, first: int, last: int) -> Trajectory:
        """Rows first … last as far as the run goes, its last one at least."""
        self._look(last if last - first > _UNSEEN_MOST else first - 1)
        end = self.spec.steps if self.end is None else self.end
        first, last = min(first, end), min(last, end)
        columns = np.empty((len(self.parameters) + 1, last - first + 1))
        at, piece = first, _LOOK_FIRST
        # What is looked at in one piece anyway need not be known to be tame.
        in_pieces = last - first >= piece
        if in_pieces and self.end is None and self.spec.stop is None and self._course.tame_until(first, last) == last:
            piece = last - first + 1
        while at <= last:
            # Ever longer pieces: most runs that end do it early.
            until = min(last, at + piece - 1) if self.end is None else last
            part = columns[:, at - first : until - first + 1]
            self._course.fill(at, part)
            at += self._see(at, part)
            if at <= until:
                break
            piece *= 8
        return self._cut(columns, first, at)

    def _cut(self, columns: Array, first: int, stop: int) -> Trajectory:
        """Rows first … stop − 1 of `columns`; where the run ended before the first of them, its last row."""
        if stop == first:
            first, stop = first - 1, first
            columns = self._course.columns(first, first)
        elif stop - first < columns.shape[1]:
            columns = columns[:, : stop - first].copy()
        return Trajectory.of(self.parameters, range(first, stop), columns)

    def _look(self, last: int) -> None:
        """See to it that the run is known up to row `last`, or to its end."""
        last, piece = min(last, self.spec.steps), _LOOK_FIRST
        while self.end is None and self._known.last < last:
            first = self._known.last + 1
            tame = self._course.tame_until(first, last) if self.spec.stop is None else self._known.last
            if tame >= first:
                # What is certain not to end the run need not be looked at; the last row may finish it.
                self._known, first = Known(tame - 1), tame
            columns = self._course.columns(first, min(last, first + piece - 1) if tame < first else first)
            self._see(first, columns)
            piece = min(2 * piece, _LOOK_MOST)

    def _see(self, first: int, columns: Array) -> int:
        """Take note of rows from `first` on; how many of them the run has."""
        rows: int = columns.shape[1]
        if first + rows - 1 > self._known.last:
            self._known = self._judged(first, columns)
        return rows if self.end is None else min(rows, max(self.end + 1 - first, 0))

    def _judged(self, first: int, columns: Array) -> Known:
        """What is known with these rows, the ones before them being known."""
        loss, stop = columns[-1], self.spec.stop
        last = first + len(loss) - 1
        at = None if np.max(loss) <= DIVERGED else int(np.argmin(loss <= DIVERGED))
        if stop is not None:
            norms = self._course.objective.steepness(columns[:-1, :at].T)
            met = norms <= stop.gradient_norm
            if met.any():
                step = first + int(np.argmax(met))
                return Known(step, Ending(Status.CONVERGED, step, step, float(norms[step - first])))
        if at is not None:
            # A start that is itself beyond all bounds is still the run's one row.
            last = first + at if np.isfinite(columns[:, at]).all() or first + at == 0 else first + at - 1
            return Known(last, Ending(Status.DIVERGED, last, first + at, float(loss[at])))
        done = last >= self.spec.steps
        return Known(last, Ending(Status.FINISHED, last, last, float(loss[-1])) if done else None)


def run(spec: RunSpec) -> RunResult:
    """The whole run: rows 0 … steps, or up to where it converged or diverged."""
    expect_spec(spec)
    rows, theory = whole_rows(spec), analyse(spec)
    if rows is not None and theory is not None:
        trajectory = Trajectory.of(spec.parameters, range(spec.steps + 1), rows)
        outcome = outcomes.finished(spec.steps, float(rows[-1, -1]), theory.optimum_loss)
        return RunResult(spec, outcome, trajectory, theory)
    whole = Run(spec)
    trajectory = whole.rows(0, spec.steps)
    return RunResult(spec, whole.outcome_at(trajectory.last), trajectory, theory)
