"""What a worker does: the runs of a part, and their table as bytes. Imports nothing of the server."""

from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from engine import RunSpec, sweep
from engine.keys import column

Columns = dict[str, npt.NDArray[Any]]


def compute(spec: dict[str, Any], values: dict[str, list[Any]], goal: dict[str, float] | None) -> bytes:
    """The runs of `spec` with all combinations of `values`: how each ended, packed."""
    table = sweep(RunSpec.from_dict(spec), values, goal)
    varied = {column(key) for key in values}
    return pack({name: each for name, each in table.items() if name not in varied})


def pack(columns: Columns) -> bytes:
    """Columns of equal length: a line of JSON with their names and types, then their bytes, one after another."""
    plain = {name: column.astype("S") if column.dtype.kind == "U" else column for name, column in columns.items()}
    # Little endian, whatever the machine: a cluster may be mixed.
    plain = {name: column.astype(column.dtype.newbyteorder("<")) for name, column in plain.items()}
    header = {name: column.dtype.str for name, column in plain.items()}
    return orjson.dumps(header) + b"\n" + b"".join(column.tobytes() for column in plain.values())


def unpack(data: bytes) -> Columns:
    """The columns that `pack` was given."""
    line = data.index(b"\n")
    types = {name: np.dtype(kind) for name, kind in orjson.loads(data[:line]).items()}
    rows = (len(data) - line - 1) // sum(kind.itemsize for kind in types.values())
    columns, at = {}, line + 1
    for name, kind in types.items():
        column = np.frombuffer(data, kind, rows, at)
        columns[name] = column.astype("U") if kind.kind == "S" else column
        at += column.nbytes
    return columns
