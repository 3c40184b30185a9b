"""The rows of a run, computed piece by piece, so that progress can be told and nobody's time is lost who has left."""

from collections.abc import Iterator
from time import perf_counter

from app.computing import joined
from app.exports.progress import Progress
from engine import Run, Trajectory

FIRST = 1024  # rows
SECONDS = 0.1  # that a piece should take


def pieces(run: Run, progress: Progress) -> Iterator[Trajectory]:
    """All rows of a run in order, in pieces that take about as long as one should wait for news."""
    total = run.spec.steps + 1
    first, count = 0, FIRST
    while run.end is None or first <= run.end:
        progress(first, total)
        began = perf_counter()
        piece = run.rows(first, first + count - 1)
        # A run that turns out to have ended before `first` gives its last row again.
        if piece.step[0] != first:
            break
        yield piece
        first += len(piece)
        count = count * 2 if perf_counter() - began < SECONDS else max(1, count // 2)
    progress(total, total)


def whole(run: Run, progress: Progress, until: int | None = None) -> Trajectory:
    """All rows of a run, or those up to the step `until`."""
    found = []
    for piece in pieces(run, progress):
        found.append(piece)
        if until is not None and piece.step[-1] >= until:
            break
    trajectory = joined(found)
    return trajectory if until is None else trajectory[: until + 1]
