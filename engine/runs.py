"""Runs: from a spec to its rows, whole or any part of them, always with the same bits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine import outcome as outcomes
from engine.arrays import Array
from engine.outcome import DIVERGED, Outcome, Status
from engine.spec import RunSpec
from engine.stepping import PlainStepper, Stepper
from engine.theory import Theory, analyse

# Rows are looked at for the end of the run this many at a time.
_CHUNK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """Rows of a run: names of θ's columns, step (R,), theta (R, P), loss over all rows of the data (R,)."""

    names: tuple[str, ...]
    step: npt.NDArray[np.int64]
    theta: Array
    loss: Array

    def __len__(self) -> int:
        return len(self.step)

    def column(self, name: str) -> Array:
        """One parameter, or "loss", over the rows: (R,)."""
        return self.loss if name == "loss" else self.theta[:, self.names.index(name)]

    def __getitem__(self, rows: slice) -> "Trajectory":
        return Trajectory(self.names, self.step[rows], self.theta[rows], self.loss[rows])


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
        last = self.trajectory[-1:]
        return {name: float(last.column(name)[0]) for name in (*last.names, "loss")}


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The rows from `first` to the next change, and what makes them."""

    first: int
    stepper: Stepper


class Run:
    """A run that can be asked for any of its rows; row k has the same bits however it is asked for.

    end: the last row's step, once it is known: all steps done, converged, or diverged.
    """

    def __init__(self, spec: RunSpec) -> None:
        self._prepare(spec)
        method, theta = spec.method, spec.theta()
        self._stretches = [self._stretch(0, theta, method.init(theta))]
        self._known = -1
        self.end: int | None = None
        self._ended: tuple[Status, int, float] | None = None
        self._trace = _Trace(spec.parameters)

    def _prepare(self, spec: RunSpec) -> None:
        self.spec = spec
        self.parameters = spec.parameters
        self._objective = spec.objective()
        self._batches = spec.batches()

    def _stretch(self, first: int, theta: Array, state: Any) -> _Stretch:
        spec = self.spec
        hyper = spec.at(first).optimizer.params
        stepper = PlainStepper(self._objective, self._batches, spec.method, hyper, first, theta, state)
        return _Stretch(first, stepper)

    def rows(self, first: int, last: int) -> Trajectory:
        """Rows first … last, both included, as far as the run goes; the last one if `first` lies beyond its end."""
        pieces = []
        if last > self._known:
            pieces = [piece for piece in self._scan(last) if piece.step[-1] >= first]
        end = self._known if self.end is None else self.end
        first, last = min(max(first, 0), end), min(last, end)
        if not pieces or pieces[0].step[0] > first:
            until = int(pieces[0].step[0]) - 1 if pieces else last
            pieces.insert(0, self._compute(first, until))
        rows = _joined(pieces)
        start = first - int(rows.step[0])
        return rows[start : start + last - first + 1]

    def path(self, step: int, most: int = 2048) -> Trajectory:
        """Every s-th row from 0 up to `step`, some `most` of them at the most, for a picture of the way so far.

        Where more than 8 192 rows were seen, s depends on how far the run has been looked at.
        """
        if step > self._known:
            self.rows(step, step)
        step = min(step, self._known)
        if step < 4 * most:
            return self.rows(0, step)[:: -(-(step + 1) // most)]
        kept = self._trace.rows()
        kept = kept[: int(np.searchsorted(kept.step, step, side="right"))]
        return kept[:: -(-len(kept) // most)]

    def outcome_at(self, step: int) -> Outcome:
        """How the run stands for somebody who has seen it up to `step`."""
        if self.end is None or self._ended is None or step < self.end:
            return outcomes.running(self.spec, step, float(self.rows(step, step).loss[0]))
        status, at, figure = self._ended
        if status is Status.CONVERGED:
            return outcomes.converged(self.spec, at, figure)
        if status is Status.DIVERGED:
            return outcomes.diverged(self.spec, at)
        return outcomes.finished(self.spec, figure)

    def changed(self, step: int, optimizer: Mapping[str, Any]) -> "Run":
        """The run that is this one up to `step` and goes on with other parameters; the work done so far is shared."""
        spec = self.spec.with_change(step, optimizer)
        other = Run.__new__(Run)
        other.spec, other.parameters = spec, self.parameters
        other._objective, other._batches = self._objective, self._batches
        other._stretches = [stretch for stretch in self._stretches if stretch.first < max(step, 1)]
        if step == 0:
            theta = spec.theta()
            other._stretches = [other._stretch(0, theta, spec.method.init(theta))]
        other._known = min(self._known, step)
        # A run that diverges at the very next step may still be saved by a change before it.
        ended = self._ended is not None and self._ended[1] <= step
        other.end, other._ended = (self.end, self._ended) if ended else (None, None)
        other._trace = self._trace.until(other._known)
        return other

    def _scan(self, last: int) -> list[Trajectory]:
        """Look at rows beyond the known ones, up to `last` or the end of the run, in pieces."""
        pieces = []
        while self.end is None and self._known < last:
            first = self._known + 1
            piece = self._compute(first, min(last, self.spec.steps, first + _CHUNK - 1))
            piece = self._until_end(piece)
            if len(piece):
                self._known = int(piece.step[-1])
                self._trace.add(piece)
                pieces.append(piece)
            if self.end is None and self._known == self.spec.steps:
                self.end = self._known
                self._ended = (Status.FINISHED, self._known, float(piece.loss[-1]))
        return pieces

    def _until_end(self, piece: Trajectory) -> Trajectory:
        """The rows of `piece` up to the end of the run, which is noted if it lies among them."""
        bad = ~(piece.loss <= DIVERGED)
        norm = np.full(len(piece), np.inf)
        if self.spec.stop is not None:
            with np.errstate(all="ignore"):
                norm = np.sqrt((self._objective_gradient(piece.theta) ** 2).sum(axis=-1))
        stops = bad if self.spec.stop is None else bad | (norm <= self.spec.stop.gradient_norm)
        if not stops.any():
            return piece
        at = int(np.argmax(stops))
        step = int(piece.step[at])
        if bad[at]:
            self._ended = (Status.DIVERGED, step, float(piece.loss[at]))
            finite = np.isfinite(piece.loss[at]) and np.isfinite(piece.theta[at]).all()
            # A start that is itself beyond all bounds is still the run's one row.
            self.end = step if finite or step == 0 else step - 1
        else:
            self._ended = (Status.CONVERGED, step, float(norm[at]))
            self.end = step
        return piece[: self.end - int(piece.step[0]) + 1]

    def _objective_gradient(self, theta: Array) -> Array:
        # A few rows at a time: (rows, n) predictions are held at once.
        at_once = max(1, 2**20 // len(self._objective.dataset))
        pieces = [self._objective.gradient(theta[i : i + at_once]) for i in range(0, len(theta), at_once)]
        return np.concatenate(pieces)

    def _compute(self, first: int, last: int) -> Trajectory:
        """Rows first … last with their losses, whether or not the run gets that far."""
        pieces = []
        at = first
        while at <= last:
            stretch, until = self._stretch_of(at)
            until = min(until, last)
            pieces.append(stretch.stepper.theta(at - stretch.first, until - stretch.first))
            at = until + 1
        theta = np.concatenate(pieces)
        with np.errstate(all="ignore"):
            loss = self._objective.value(theta)
        return Trajectory(self.parameters, np.arange(first, last + 1), theta, loss)

    def _stretch_of(self, step: int) -> tuple[_Stretch, int]:
        """The stretch that makes row `step`, and the last row that it makes.

        A change at step k is first used by the update k → k + 1, so row k itself still belongs to the stretch before.
        """
        starts = [change.step for change in self.spec.changes if 0 < change.step < step]
        made = len(self._stretches)
        for first in starts[made - 1 :]:
            before = self._stretches[-1]
            theta, state = before.stepper.state(first - before.first)
            self._stretches.append(self._stretch(first, theta, state))
        stretch = self._stretches[len(starts)]
        later = [change.step for change in self.spec.changes if change.step >= max(step, 1)]
        return stretch, later[0] if later else self.spec.steps


class _Trace:
    """Every s-th row of all that was looked at, s doubling so that no more than `_most` are kept."""

    _most = 8192

    def __init__(self, names: tuple[str, ...]) -> None:
        self._spacing = 1
        self._pieces = [Trajectory(names, np.empty(0, np.int64), np.empty((0, len(names))), np.empty(0))]
        self._length = 0

    def add(self, piece: Trajectory) -> None:
        self._append(_every(piece, self._spacing))
        while self._length > self._most:
            self._spacing *= 2
            kept = _every(self.rows(), self._spacing)
            self._pieces, self._length = [kept], len(kept)

    def _append(self, piece: Trajectory) -> None:
        self._pieces.append(piece)
        self._length += len(piece)

    def rows(self) -> Trajectory:
        self._pieces = [_joined(self._pieces)]
        return self._pieces[0]

    def until(self, step: int) -> "_Trace":
        rows = self.rows()
        other = _Trace(rows.names)
        other._spacing = self._spacing
        other._append(rows[: int(np.searchsorted(rows.step, step, side="right"))])
        return other


def _every(piece: Trajectory, spacing: int) -> Trajectory:
    keep = piece.step % spacing == 0
    return Trajectory(piece.names, piece.step[keep], piece.theta[keep], piece.loss[keep])


def _joined(pieces: list[Trajectory]) -> Trajectory:
    if len(pieces) == 1:
        return pieces[0]
    return Trajectory(
        pieces[0].names,
        np.concatenate([piece.step for piece in pieces]),
        np.concatenate([piece.theta for piece in pieces]),
        np.concatenate([piece.loss for piece in pieces]),
    )


def run(spec: RunSpec) -> RunResult:
    """The whole run: rows 0 … steps, or up to where it converged or diverged."""
    whole = Run(spec)
    trajectory = whole.rows(0, spec.steps)
    return RunResult(spec, whole.outcome_at(int(trajectory.step[-1])), trajectory, analyse(spec))
