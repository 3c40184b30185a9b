"""What a worker does: the runs of a part, and their table as bytes. Imports nothing of the server."""

from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from app.jobs.standin import sweep
from app.jobs.vary import put
from engine import RunSpec, analyse

Columns = dict[str, npt.NDArray[Any]]


def compute(spec: dict[str, Any], values: dict[str, list[Any]], goal: dict[str, float] | None) -> bytes:
    """The runs of `spec` with all combinations of `values`: how each ended, packed."""
    base = RunSpec.from_dict(spec)
    table = sweep(base, values, goal)
    columns = {name: column for name, column in table.items() if name not in values}
    # Rounding can take the last digit of a loss below that of the optimum.
    excess = np.maximum(columns["loss"] - least_losses(base, values), 0.0)
    return pack(columns | {"excess_loss": excess})


def least_losses(base: RunSpec, values: dict[str, list[Any]]) -> npt.NDArray[np.float64]:
    """The least possible loss of every run, NaN where it is not known; it depends on data, model and loss alone."""
    lengths = [len(each) if key.startswith("dataset.") else 1 for key, each in values.items()]
    found = np.full(lengths, np.nan)
    plain = base.to_dict() | {"optimizer": {"name": "gradient-descent"}, "batch": {"size": "all"}, "changes": []}
    for index in np.ndindex(*lengths):
        for (key, each), i in zip(values.items(), index, strict=True):
            if key.startswith("dataset."):
                put(plain, key, each[i])
        theory = analyse(RunSpec.from_dict(plain))
        found[index] = np.nan if theory is None else theory.optimum_loss
    return np.broadcast_to(found, [len(each) for each in values.values()]).ravel()


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
