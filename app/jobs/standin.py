"""The sweep of the engine, one run after the other."""

from itertools import product
from typing import Any

import numpy as np

import engine
from app.jobs import vary as varying


def sweep(spec: engine.RunSpec, vary: dict[str, Any], goal: dict[str, float] | None = None) -> dict[str, Any]:
    """One row per run."""
    columns: dict[str, list[Any]] = {}
    for values in product(*vary.values()):
        each = spec.to_dict()
        for key, value in zip(vary, values, strict=True):
            varying.put(each, key, value)
        run = engine.run(engine.RunSpec.from_dict(each))
        final, rows = run.final, run.trajectory
        reached = -1
        if goal is not None and run.theory is not None:
            below = np.flatnonzero(rows.loss - run.theory.optimum_loss <= goal["excess_loss"])
            reached = int(rows.step[below[0]]) if len(below) else -1
        record = dict(zip(vary, values, strict=True)) | final
        record |= {"status": str(run.outcome.status), "step": run.outcome.step, "steps_to_goal": reached}
        for name, value in record.items():
            columns.setdefault(name, []).append(value)
    return {name: np.array(values) for name, values in columns.items()}
