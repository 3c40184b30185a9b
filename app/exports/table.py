"""csv: step, parameters and loss of every row, with digits that give back the same bits."""

from collections.abc import Iterator

from app import answers, tabular
from app.exports import rows
from app.exports.options import Options
from app.exports.progress import Progress
from engine import Run, RunSpec, Trajectory


def write(spec: RunSpec, options: Options, progress: Progress) -> Iterator[bytes]:
    """Lines of CSV below a line with the names, as they are computed: rows 0, every, 2·every, … and always the last."""
    return tabular.csv(answers.columns(kept) for kept in _kept(spec, options.every, progress))


def _kept(spec: RunSpec, every: int, progress: Progress) -> Iterator[Trajectory]:
    last = None
    for piece in rows.pieces(Run(spec), progress):
        keep = piece.step % every == 0
        yield Trajectory(piece.names, piece.step[keep], piece.theta[keep], piece.loss[keep])
        last = piece[-1:]
    # Only now is it known which row is the last one.
    if last is not None and last.step[0] % every:
        yield last
