"""Many runs at once: how each ended, as a table with one row per run."""

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.arrays import Array
from engine.costs import Cost, cost
from engine.epochs import step_by_epochs
from engine.keys import column
from engine.lanes import Ends, Lanes, step_through
from engine.messages import fail
from engine.models import MODELS
from engine.parts import OptimizerSpec
from engine.reading import Reader
from engine.registry import ParamSpec
from engine.runs import Run
from engine.spec import RunSpec, expect_spec
from engine.table import Table
from engine.trajectory import Trajectory
from engine.varied import Group, groups, plain, read_varied

GOAL = ParamSpec(
    "excess_loss", "Goal", 1e-3, 1e-300, 1e300, "The loss above the least possible that counts as reached."
)
_MOST_RUNS = 10_000_000
_LANES_AT_ONCE = 4096  # that are stepped side by side
_ROWS_AT_ONCE = 2**16


def sweep(spec: RunSpec, vary: Mapping[str, Any], goal: Mapping[str, float] | None = None) -> Table:
    """Every combination of the values in `vary` as a run of its own, one row each, the last key changing fastest.

    vary: keys of the JSON (`"optimizer.learning_rate"`, `"batch.size"`, `"optimizer.name"`, …), each with a list or
    an array of values, or a range `{"from": 0.001, "to": 1, "count": 200, "scale": "log"}`.
    goal: `{"excess_loss": 1e-3}`, the loss above the least possible that counts as reached.

    Columns: the varied keys, a varied `loss` as `loss.name`; the parameters and `loss` of the last row, NaN for a
    parameter that a run does not have; `excess_loss`, by how much that loss exceeds the least possible, NaN where
    that is not known; `status` and `step` as in the run's outcome; `steps_to_goal`, −1 where the goal was not reached.
    Many runs are made together, in another order of sums: last digits can be others than those of `run`.
    SpecError names every bad key and value as `vary.<key>`.
    """
    expect_spec(spec)
    reader = Reader()
    aim = read_goal(reader, goal)
    values = read_varied(reader, plain(spec), vary, _MOST_RUNS)
    runs = prod(len(each) for each in values.values())
    if runs > _MOST_RUNS:
        reader.add(fail("vary", "out-of-range", low=1, high=_MOST_RUNS, got=f"{runs} runs"))
    reader.finish()
    found = [(group, _ends(group, aim)) for group in groups(spec, values)]
    table = _columns(values)
    models = dict.fromkeys(group.spec.model for group, _ in found)
    names = dict.fromkeys(name for model in models for name in MODELS[model].value.parameters)
    table |= {name: np.full(runs, np.nan) for name in (*names, "loss", "excess_loss")}
    table |= {
        "status": np.empty(runs, "U9"),
        "step": np.empty(runs, np.int64),
        "steps_to_goal": np.empty(runs, np.int64),
    }
    for group, ends in found:
        ended = dict(zip(group.spec.parameters, ends.theta, strict=True)) | {
            "loss": ends.loss,
            "excess_loss": _excess(group.spec, ends),
            "status": ends.status,
            "step": ends.step,
            "steps_to_goal": ends.reached,
        }
        for name, figures in ended.items():
            table[name][group.rows] = figures
    return Table(spec, values, aim, table)


def steps_to_goal(spec: RunSpec, rows: Trajectory, goal: float) -> int | None:
    """The first step of `rows` whose loss exceeds the least possible by at most `goal`.

    None where no row does, or where the least possible loss is not known.
    """
    bowl = spec.objective().quadratic
    hits = np.zeros(0, bool) if bowl is None else bowl.excess(rows.theta) <= goal
    return int(rows.step[np.argmax(hits)]) if hits.any() else None


def read_goal(reader: Reader, value: Any) -> float | None:
    """What counts as reached, `{"excess_loss": 1e-3}`, as a number; None if nothing does. Problems are noted."""
    if value is None:
        return None
    fields = reader.object(value, "goal", (GOAL.name,))
    if GOAL.name not in fields:
        reader.add(fail(f"goal.{GOAL.name}", "missing", expected="a number"))
    return reader.number(fields, GOAL.name, "goal", GOAL)


def as_column(values: list[Any]) -> npt.NDArray[Any]:
    """Values of a key as a column; batch sizes that are counts and "all" stay what they are."""
    mixed = len({isinstance(value, str) for value in values}) > 1
    return np.array(values, dtype=object if mixed else None)


def _columns(values: Mapping[str, list[Any]]) -> dict[str, npt.NDArray[Any]]:
    """The varied keys, one row per run."""
    grids = np.meshgrid(*map(as_column, values.values()), indexing="ij")
    return {column(key): grid.ravel() for key, grid in zip(values, grids, strict=True)}


def _excess(spec: RunSpec, ends: Ends) -> Array:
    bowl = spec.objective().quadratic
    if bowl is None:
        return np.full(len(ends.loss), np.nan)
    with np.errstate(all="ignore"):
        return bowl.excess(ends.theta.T)


def _ends(group: Group, goal: float | None) -> Ends:
    """How the runs of a group ended, by the fastest way that gives what `run` gives."""
    spec, count = group.spec, len(group.rows)
    hyper = {name: group.lanes.get(f"optimizer.{name}", value) for name, value in spec.optimizer.params.items()}
    start = [group.lanes.get(f"start.{name}", value) for name, value in spec.start.items()]
    lanes = Lanes(spec, hyper, start, count, goal)
    many = _cost(spec).many
    ends = Ends(len(start), count)
    for first in range(0, count, _LANES_AT_ONCE):
        part = lanes.cut(first, min(first + _LANES_AT_ONCE, count))
        done = step_by_epochs(part)
        if done is None:
            done = _one_by_one(part) if part.count < many else step_through(part)
        ends.take(first, done)
    return ends


def _cost(spec: RunSpec) -> Cost:
    affine = spec.objective().quadratic is not None and spec.method.linear is not None
    batches = spec.batches()
    return cost(spec.steps, affine=affine, periodic=False, rows=batches.size, drawn=batches.order != "sequential")


def _one_by_one(lanes: Lanes) -> Ends:
    ends = Ends(len(lanes.start), lanes.count)
    for i in range(lanes.count):
        one = lanes.cut(i, i + 1)
        params = {name: float(np.ravel(value)[0]) for name, value in one.hyper.items()}
        start = {name: float(np.ravel(value)[0]) for name, value in zip(lanes.spec.start, one.start, strict=True)}
        spec = replace(lanes.spec, optimizer=OptimizerSpec(lanes.spec.optimizer.name, params), start=start)
        ends.take(i, _run(spec, lanes.goal))
    return ends


def _run(spec: RunSpec, goal: float | None) -> Ends:
    """How one run ended."""
    run, ends, first = Run(spec), Ends(len(spec.start), 1), 0
    bowl = spec.objective().quadratic
    while goal is not None and bowl is not None and (run.end is None or first <= run.end):
        rows = run.rows(first, first + _ROWS_AT_ONCE - 1)
        reached = steps_to_goal(spec, rows, goal)
        if reached is not None:
            ends.reached[0] = reached
            break
        first += len(rows)
    last = run.rows(spec.steps, spec.steps)
    outcome = run.outcome_at(spec.steps)
    ends.theta[:, 0], ends.loss[0] = last.theta[0], last.loss[0]
    ends.status[0], ends.step[0] = str(outcome.status), outcome.step
    return ends
