"""The table of a sweep, one row per run: what was varied, and what the workers found."""

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from app.jobs.compute import Columns, unpack
from app.jobs.plan import Part, Plan
from app.jobs.store import Store

AT_THE_END = ("loss", "excess_loss", "status", "step", "steps_to_goal")


def names(plan: Plan) -> tuple[str, ...]:
    """The columns, in order."""
    return (*plan.vary, *plan.parameters, *AT_THE_END)


def stored(store: Store, key: str, plan: Plan) -> Iterator[Columns]:
    """The rows that a sweep has so far, part by part in the order of the whole table."""
    done = store.done(key)
    for part in plan.parts:
        # A sweep that is forgotten while its table is read ends early.
        if part.number in done and (result := store.result(key, part.number)) is not None:
            yield table(plan, part, result)


def table(plan: Plan, part: Part, result: bytes) -> Columns:
    """The rows of one part. A parameter that its model does not have is NaN; a goal that was not reached is masked."""
    columns = varied(plan, part) | unpack(result)
    columns["steps_to_goal"] = np.ma.masked_less(columns["steps_to_goal"], 0)
    nothing = np.full(part.runs, np.nan)
    return {name: columns.get(name, nothing) for name in names(plan)}


def varied(plan: Plan, part: Part) -> Columns:
    """The values of the varied keys in the runs of a part; the last key changes fastest."""
    columns: Columns = {}
    lengths = [len(values) for values in part.values.values()]
    for i, (key, values) in enumerate(part.values.items()):
        array = np.array(values, dtype=_type(plan.vary[key]))
        columns[key] = np.tile(np.repeat(array, prod(lengths[i + 1 :])), prod(lengths[:i]))
    return columns


def _type(values: list[Any]) -> npt.DTypeLike:
    """One type for a column in all parts; batch sizes that are counts and "all" stay what they are."""
    kinds = {type(value) for value in values}
    if kinds == {str}:
        return np.str_
    return object if str in kinds else np.float64 if float in kinds else np.int64
