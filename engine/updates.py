"""One update taken apart: which rows it saw, what each of them said, and what the method made of it, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import formulas
from engine.arrays import Array, Rows
from engine.formulas import Line
from engine.optimizers import Optimizer, State
from engine.runs import Run


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """A line of the method's code with its numbers: those of the names that it reads, and what it comes to.

    Each is one number, or as many as there are parameters, (P,).
    """

    line: Line
    values: dict[str, float | Array]
    result: float | Array


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """The update step → step + 1 of a run: forward, backward, and the move.

    names: of the parameters, P of them; before, after (P,): θ at both ends, the bits of the run's own rows.
    count: how many rows the batch has; rows (r,): those of them that are told of one by one.
    forward, backward: the lines that lead from the batch to its loss, and on to the gradient.
    columns: what each name of these lines is in each of `rows`, (r,): x, y, y_hat, r, loss, slope, g_w, …
    means: the mean of each over the whole batch; gradient (P,): what the method uses, the means of g_w, …
    moves: the method's lines with their numbers, the last but for counting being the new θ.
    data_rows (d,), data_gradients (d, P): rows of all the data, each with its own gradient at the same θ;
    data_gradient (P,): the gradient over all the data.
    """

    step: int
    names: tuple[str, ...]
    before: Array
    after: Array
    count: int
    rows: Rows
    forward: tuple[Line, ...]
    backward: tuple[Line, ...]
    columns: dict[str, Array]
    means: dict[str, float]
    gradient: Array
    moves: tuple[Move, ...]
    data_rows: Rows
    data_gradients: Array
    data_gradient: Array


def explain(run: Run, step: int, most: int | None = None) -> Update | None:
    """The update that leads from row `step` to the next one; at the end of the run, the one that led there.

    most: how many rows are told of one by one, evenly spread over the batch, and over the data; None for all.
    None for a run that has no update at all.
    """
    pair = run.rows(step, step + 1)
    if len(pair) < 2:
        last = int(pair.step[-1])
        if last == 0:
            return None
        pair = run.rows(last - 1, last)
    step, before, after = int(pair.step[0]), pair.theta[0].copy(), pair.theta[1].copy()
    objective, batch = run.objective, run.batch(step)
    data = objective.dataset
    every = np.arange(len(data))
    batch = every if batch is None else batch
    told, told_of_all = _spread(len(batch), most), _spread(len(data), most)
    forward = formulas.read(objective.model.forward) + formulas.read(objective.loss.forward)
    backward = formulas.read(objective.loss.backward) + formulas.read(objective.model.backward)
    with np.errstate(all="ignore"):
        x, y = data.x[batch], data.y[batch]
        columns = _columns((*forward, *backward), x, y, dict(zip(run.parameters, before.tolist(), strict=True)))
        gradient = objective.slope(before, x, y)
        return Update(
            step=step,
            names=run.parameters,
            before=before,
            after=after,
            count=len(batch),
            rows=batch[told],
            forward=forward,
            backward=backward,
            columns={name: column[told] for name, column in columns.items()},
            means={name: float(column.mean()) for name, column in columns.items()},
            gradient=gradient,
            moves=_moves(run, step, before, gradient, after),
            data_rows=told_of_all,
            data_gradients=objective.slope(before, data.x[told_of_all, np.newaxis], data.y[told_of_all, np.newaxis]),
            data_gradient=objective.slope(before, data.x, data.y),
        )


def _spread(count: int, most: int | None) -> Rows:
    """At most so many of the places 0 … count − 1, the first and the last among them, evenly spread."""
    if most is None or count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).round().astype(np.int64)


def _columns(lines: tuple[Line, ...], x: Array, y: Array, parameters: Mapping[str, float]) -> dict[str, Array]:
    """What the names of these lines are in each row, (m,); what is made of several parameters at once is left out."""
    columns = {"x": x[:, 0], "y": y}
    for line in lines:
        formula = formulas.row_by_row(line.formula)
        if not isinstance(formula, tuple) or formula[0] != "array":
            columns[line.target] = np.broadcast_to(formulas.evaluate(formula, {**parameters, **columns}), y.shape)
    return columns


def _moves(run: Run, step: int, before: Array, gradient: Array, after: Array) -> tuple[Move, ...]:
    """The method's lines with their numbers; the new θ is the run's own."""
    spec = run.spec.at(step)
    values = {**spec.optimizer.params, **_memory(spec.method, run.state_at(step)), "theta": before, "g": gradient}
    moves = []
    for line in formulas.read(spec.method.code):
        read = {name: values[name] for name in sorted(formulas.names(line.formula))}
        values[line.target] = after if line.target == "theta" else formulas.evaluate(line.formula, read)
        moves.append(Move(line, read, values[line.target]))
    return tuple(moves)


def _memory(method: Optimizer, states: list[State]) -> dict[str, Any]:
    """What a method remembers by the names in its code: a number for each parameter, (P,), or one count for all."""
    together = zip(method.memory, zip(*states, strict=True), strict=True)
    return {name: each[0] if isinstance(each[0], int) else np.array(each) for name, each in together}
