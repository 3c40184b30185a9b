"""One update of a run as JSON: for REST, and for a page that looks inside the step that it shows."""

from collections.abc import Callable
from typing import Any

import numpy as np

from app.work import Abandoned
from engine import Run, RunSpec, Update, explain
from engine.formulas import Line
from engine.reading import Reader
from engine.registry import ParamSpec

MOST_ROWS = 100  # of a batch, and of the data, that are told of one by one
STEPS_AT_ONCE = 8192  # before somebody who has left is noticed
STEP = ParamSpec(
    "step",
    "Step",
    0,
    0,
    10**9,
    "The update that leads from this step to the next; of a run that has ended, its last one.",
    integer=True,
)


def read(body: dict[str, Any]) -> tuple[RunSpec, int]:
    """The spec and the step that a body asks for; SpecError with everything that is wrong with them."""
    reader = Reader()
    step = reader.number(body, STEP.name, "", STEP)
    spec = reader.attempt(lambda: RunSpec.from_dict({key: value for key, value in body.items() if key != STEP.name}))
    reader.finish()
    assert spec is not None
    return spec, int(step)


def compute(spec: RunSpec, step: int, go_on: Callable[[], bool]) -> dict[str, Any] | None:
    """The update of a run at a step; raises Abandoned soon after `go_on()` has become false."""
    run = Run(spec)
    for at in range(0, min(step, spec.steps), STEPS_AT_ONCE):
        if not go_on():
            raise Abandoned
        run.rows(at, at)
    return to_json(tell(run, step))


def tell(run: Run, step: int) -> Update | None:
    """The update at a step, a bounded number of its rows one by one."""
    return explain(run, step, MOST_ROWS)


def to_json(update: Update | None) -> dict[str, Any] | None:
    """All that there is to say of an update; None where there is none."""
    if update is None:
        return None
    names = update.names
    forward = [_line("forward", line) for line in update.forward]
    backward = [_line("backward", line) for line in update.backward]
    moves = [
        _line("move", move.line) | {"values": _plain(move.values), "result": _plain({"": move.result})[""]}
        for move in update.moves
    ]
    return {
        "step": update.step,
        "parameters": list(names),
        "before": dict(zip(names, update.before.tolist(), strict=True)),
        "after": dict(zip(names, update.after.tolist(), strict=True)),
        "gradient": dict(zip(names, update.gradient.tolist(), strict=True)),
        "batch": {"count": update.count, "rows": update.rows, "columns": update.columns, "means": update.means},
        "data": {
            "gradient": dict(zip(names, update.data_gradient.tolist(), strict=True)),
            "rows": update.data_rows,
            "gradients": dict(zip(names, np.ascontiguousarray(update.data_gradients.T), strict=True)),
        },
        "lines": [*forward, *backward, *moves],
    }


def _line(phase: str, line: Line) -> dict[str, Any]:
    return {"phase": phase, "code": line.code, "target": line.target, "formula": line.formula}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.tolist() if isinstance(value, np.ndarray) else float(value) for name, value in values.items()}
