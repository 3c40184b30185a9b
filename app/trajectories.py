"""The rows of a run: fewer of them, and each as JSON. Whole tables are written by `tabular`."""

from collections.abc import Iterator

import numpy as np

from app.answers import columns, dumps
from engine import Trajectory


def thinned(trajectory: Trajectory, every: int) -> Trajectory:
    """Rows 0, every, 2·every, … and always the last one."""
    if every == 1:
        return trajectory
    rows = np.arange(0, len(trajectory), every)
    if rows[-1] != len(trajectory) - 1:
        rows = np.append(rows, len(trajectory) - 1)
    return Trajectory(trajectory.names, trajectory.step[rows], trajectory.theta[rows], trajectory.loss[rows])


def ends(trajectory: Trajectory) -> Trajectory:
    """The first row and the last one."""
    return trajectory[:: max(1, len(trajectory) - 1)]


def json_rows(trajectory: Trajectory, start: bytes = b"{") -> Iterator[bytes]:
    """Each row as an object of JSON, `{"step":1,"w":0.2,"b":0.2,"loss":0.8}`; `start` may hold members before it."""
    names = columns(trajectory)
    template = start + b",".join(b'"%b":%%b' % name.encode() for name in names) + b"}"
    texts = (dumps(column)[1:-1].split(b",") for column in names.values())
    return (template % row for row in zip(*texts, strict=True))
