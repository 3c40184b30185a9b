"""The four original experiments, every row, against loops written from the formulas."""

from typing import Any

import numpy as np
import pytest

import engine
from tests.engine.oracles import descend

ONE_BY_ONE = {"size": 1, "order": "sequential"}
EXPERIMENTS: dict[str, dict[str, Any]] = {
    "sgd": {
        "model": "proportional",
        "dataset": {"name": "proportional-beans"},
        "batch": ONE_BY_ONE,
        "optimizer": {"name": "gradient-descent", "learning_rate": 0.1},
        "steps": 100 * 100,
    },
    "batch": {
        "model": "proportional",
        "dataset": {"name": "proportional-beans"},
        "batch": {"size": "all"},
        "optimizer": {"name": "gradient-descent", "learning_rate": 0.1},
        "steps": 10_000,
    },
    "fixed step": {
        "model": "proportional",
        "dataset": {"name": "proportional-beans"},
        "batch": {"size": "all"},
        "optimizer": {"name": "fixed-step", "step": 0.01},
        "steps": 200,
    },
    "the bowl": {
        "model": "line",
        "dataset": {"name": "offset-beans"},
        "batch": ONE_BY_ONE,
        "optimizer": {"name": "gradient-descent", "learning_rate": 0.01},
        "steps": 500 * 100,
    },
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_original_experiment(name: str) -> None:
    spec = engine.RunSpec.from_dict(EXPERIMENTS[name])
    expected = descend(spec.to_dict(), spec.steps)
    rows = engine.run(spec).trajectory
    assert rows.step.tolist() == list(range(spec.steps + 1))
    np.testing.assert_allclose(rows.theta, expected[:, :-1], rtol=1e-12, atol=0)
    np.testing.assert_allclose(rows.loss, expected[:, -1], rtol=1e-12, atol=0)


def test_start_is_the_first_row() -> None:
    rows = engine.run(engine.RunSpec.from_dict({"steps": 3})).trajectory
    assert rows.theta[0].tolist() == [0.1, 0.1]
