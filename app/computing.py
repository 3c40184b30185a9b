"""Runs and surfaces, computed piece by piece so that what nobody waits for any more can be left."""

from collections.abc import Callable
from math import prod
from time import perf_counter
from typing import Any

import numpy as np

import engine
from app.work import Abandoned
from engine import Run, RunResult, RunSpec, Trajectory, analyse
from engine.arrays import Array
from engine.paths import is_affine
from engine.surface import read_axes

SHORT = 500_000  # steps times rows that are over before anybody could have left
FIRST_ROWS = 4096
FIRST_ROWS_AFFINE = 2**20
AT_ONCE = 10**8  # cells times rows that are done in about a second
SECONDS = 0.1  # after which somebody who has left should be noticed


def whole(spec: RunSpec, go_on: Callable[[], bool], progress: Callable[[int], None] = lambda _: None) -> RunResult:
    """The same as `engine.run`; raises Abandoned soon after `go_on()` has become false.

    `progress` is called now and then with how many steps are done.
    """
    if is_short(spec):
        return engine.run(spec)
    run = Run(spec)
    pieces: list[Trajectory] = []
    first, count = 0, _first_rows(spec)
    while run.end is None:
        if not go_on():
            raise Abandoned
        began = perf_counter()
        piece = run.rows(first, first + count - 1)
        # A run that turns out to have ended before `first` gives its last row again.
        pieces += [piece] if piece.step[0] == first else []
        first += count
        progress(first)
        count = max(1, count * 2 if perf_counter() - began < SECONDS else count // 2)
    trajectory = joined(pieces)
    return RunResult(spec, run.outcome_at(run.end), trajectory, analyse(spec))


def is_short(spec: RunSpec) -> bool:
    """Whether a run is over before anybody could have left."""
    return spec.steps * len(spec.dataset) <= SHORT


def looked_up(spec: RunSpec) -> int:
    """How many rows of the data each step of an affine run looks up: one at the least."""
    size = spec.batch.size
    return 1 if spec.batch.order == "sequential" or isinstance(size, str) else size


def _first_rows(spec: RunSpec) -> int:
    """So many rows take a moment: many where updates are affine, unless each looks up a large batch of its own."""
    if not is_affine(spec):
        return FIRST_ROWS
    return max(FIRST_ROWS, FIRST_ROWS_AFFINE // looked_up(spec))


def surface(spec: RunSpec, axes: dict[str, Any], go_on: Callable[[], bool]) -> tuple[dict[str, Array], Array]:
    """The same as `engine.surface`; raises Abandoned soon after `go_on()` has become false."""
    values = read_axes(spec, axes)
    cells = prod(len(along) for along in values.values())
    if spec.objective().quadratic is not None or cells * len(spec.dataset) <= AT_ONCE:
        return engine.surface(spec, **axes)
    # What an engine can share between cells it shares between those of one slope, the first parameter.
    across = spec.parameters[0]
    slices = []
    for at in values[across]:
        if not go_on():
            raise Abandoned
        slices.append(engine.loss_surface(spec, **{**axes, across: float(at)}))
    return values, np.concatenate(slices, axis=-1)


def joined(pieces: list[Trajectory]) -> Trajectory:
    """Consecutive pieces as one."""
    if len(pieces) == 1:
        return pieces[0]
    return Trajectory(
        pieces[0].names,
        np.concatenate([piece.step for piece in pieces]),
        np.concatenate([piece.theta for piece in pieces]),
        np.concatenate([piece.loss for piece in pieces]),
    )
