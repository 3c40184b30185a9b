"""Whole runs, computed piece by piece so that one that nobody waits for any more can be left."""

from collections.abc import Callable
from time import perf_counter

import numpy as np

from app.work import Abandoned
from engine import Run, RunResult, RunSpec, Trajectory, analyse

FIRST_ROWS = 4096
SECONDS = 0.1  # after which somebody who has left should be noticed


def whole(spec: RunSpec, go_on: Callable[[], bool], progress: Callable[[int], None] = lambda _: None) -> RunResult:
    """The same as `engine.run`; raises Abandoned soon after `go_on()` has become false.

    `progress` is called now and then with how many steps are done.
    """
    run = Run(spec)
    pieces: list[Trajectory] = []
    first, count = 0, FIRST_ROWS
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
