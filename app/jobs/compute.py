"""What a worker does: the runs of a part, and their table as bytes. Imports nothing of the server."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from engine import RunSpec, sweep
from engine.keys import column
from engine.parts import BatchSpec
from engine.varied import groups

Columns = dict[str, npt.NDArray[Any]]


def compute(spec: dict[str, Any], values: dict[str, list[Any]], goal: dict[str, float] | None) -> bytes:
    """The runs of `spec` with all combinations of `values`: how each ended, packed."""
    base = RunSpec.from_dict(spec)
    table = sweep(base, values, goal)
    varied = {column(key) for key in values}
    ends = {name: each for name, each in table.items() if name not in varied}
    return pack(ends | {"excess_loss": excess_losses(base, values, table)})


def excess_losses(base: RunSpec, values: dict[str, list[Any]], table: Columns) -> npt.NDArray[np.float64]:
    """By how much the last loss of every run exceeds the least possible, NaN where that is not known."""
    # The bowl depends on these alone; what else varies stays at whatever fits all data.
    decisive = {key: each for key, each in values.items() if key.startswith("dataset.") or key in {"model", "loss"}}
    plain = replace(base, batch=BatchSpec("all", base.batch.order), changes=())
    shape = [len(each) for each in values.values()]
    own = [len(each) if key in decisive else 1 for key, each in values.items()]
    bowl_of = np.broadcast_to(np.arange(np.prod(own, dtype=int)).reshape(own), shape).ravel()
    excess = np.full(len(bowl_of), np.nan)
    for group in groups(plain, decisive):
        bowl = group.spec.objective().quadratic
        if bowl is not None:
            runs = np.isin(bowl_of, group.rows)
            theta = np.column_stack([table[name][runs] for name in group.spec.parameters])
            with np.errstate(all="ignore"):
                excess[runs] = bowl.excess(theta)
    return excess


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
