"""The table of a sweep, one row per run: what was varied, and what the workers found."""

import numpy as np
import numpy.typing as npt

from app.jobs.compute import Columns, unpack
from app.jobs.plan import Part, Plan
from app.jobs.store import Store
from engine.keys import column
from engine.sweeps import as_column

AT_THE_END = ("loss", "excess_loss", "status", "step", "steps_to_goal")
# What is no float has its type even where there are no rows.
_TYPES: dict[str, npt.DTypeLike] = {"status": "U1", "step": np.int64, "steps_to_goal": np.int64}


def names(plan: Plan) -> tuple[str, ...]:
    """The columns, in order."""
    return (*map(column, plan.vary), *plan.parameters, *AT_THE_END)


def stored(store: Store, key: str, plan: Plan) -> Columns:
    """The table of a sweep as far as it is done, in the order of the runs.

    A parameter that its model does not have is NaN; a goal that was not reached is masked.
    """
    shape = [len(values) for values in plan.vary.values()]
    rows, found = [np.empty(0, np.int64)], []
    done = store.done(key)
    for part in plan.parts:
        # A sweep that is forgotten while its table is read ends early.
        if part.number in done and (result := store.result(key, part.number)) is not None:
            rows.append(rows_of(part, shape))
            found.append(unpack(result))
    return table(plan, np.concatenate(rows), found)


def table(plan: Plan, rows: npt.NDArray[np.int64], found: list[Columns]) -> Columns:
    """The rows, which are those of all that was found in this order, sorted."""
    order = np.argsort(rows, kind="stable")
    shape = [len(values) for values in plan.vary.values()]
    columns: Columns = {}
    for (key, values), index in zip(plan.vary.items(), np.unravel_index(rows[order], shape), strict=True):
        columns[column(key)] = as_column(values)[index]
    for name in (*plan.parameters, *AT_THE_END):
        pieces = [piece.get(name, np.full(len(piece["loss"]), np.nan)) for piece in found]
        columns[name] = np.concatenate(pieces)[order] if pieces else np.empty(0, _TYPES.get(name, np.float64))
    columns["steps_to_goal"] = np.ma.masked_less(columns["steps_to_goal"], 0)
    return columns


def rows_of(part: Part, shape: list[int]) -> npt.NDArray[np.int64]:
    """The rows of the whole table that the runs of a part are, in the order of the part."""
    axes = np.ix_(*(np.arange(cut.start, cut.stop) for cut in part.box.values()))
    rows: npt.NDArray[np.int64] = np.ravel_multi_index(axes, shape).ravel()
    return rows
