"""The rows of a run in every form in which they can be had."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from app.answers import columns, dumps
from engine import Trajectory

ROWS_AT_ONCE = 8192


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
    return thinned(trajectory, max(1, len(trajectory) - 1))


def json_rows(trajectory: Trajectory, start: bytes = b"{") -> Iterator[bytes]:
    """Each row as an object of JSON, `{"step":1,"w":0.2,"b":0.2,"loss":0.8}`; `start` may hold members before it."""
    names = columns(trajectory)
    template = start + b",".join(b'"%b":%%b' % name.encode() for name in names) + b"}"
    return (template % row for row in _texts(trajectory))


def csv(trajectory: Trajectory) -> Iterator[bytes]:
    """Lines of CSV (RFC 4180) below a line with the names."""
    yield ",".join(columns(trajectory)).encode() + b"\r\n"
    for piece in _pieces(trajectory):
        yield b"".join(b",".join(row) + b"\r\n" for row in _texts(piece))


def ndjson(trajectory: Trajectory) -> Iterator[bytes]:
    """One object of JSON on each line."""
    for piece in _pieces(trajectory):
        yield b"".join(row + b"\n" for row in json_rows(piece))


def arrow(trajectory: Trajectory) -> Iterator[bytes]:
    """A stream of Arrow record batches."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    table = pa.table(columns(trajectory))
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=ROWS_AT_ONCE)
    yield sink.getvalue().to_pybytes()


def _pieces(trajectory: Trajectory) -> Iterator[Trajectory]:
    for first in range(0, len(trajectory), ROWS_AT_ONCE):
        yield trajectory[first : first + ROWS_AT_ONCE]


def _texts(trajectory: Trajectory) -> Iterator[tuple[bytes, ...]]:
    """Each row as texts that give back the same bits; "null" where a number is not finite."""
    written = (dumps(column)[1:-1].split(b",") for column in columns(trajectory).values())
    return zip(*written, strict=True)


@dataclass(frozen=True, slots=True)
class Form:
    """A form other than JSON: how it is written, and the extra that it needs, a package by the name of its module."""

    write: Callable[[Trajectory], Iterator[bytes]]
    content_type: str
    extra: str = ""
    module: str = ""

    @property
    def available(self) -> bool:
        """Whether what it needs is installed."""
        return not self.module or find_spec(self.module) is not None


FORMS = {
    "text/csv": Form(csv, "text/csv; charset=utf-8; header=present"),
    "application/x-ndjson": Form(ndjson, "application/x-ndjson"),
    "application/vnd.apache.arrow.stream": Form(
        arrow, "application/vnd.apache.arrow.stream", extra="arrow", module="pyarrow"
    ),
}
