"""What batches leave over of the loss, against what long runs are left with."""

from itertools import islice
from typing import Any

import numpy as np
import pytest

import engine
from engine.leftover import leftover
from engine.limits import Law, contraction
from engine.models import MODELS
from tests.engine.oracles import Method, batches, gradient, loss

Spec = dict[str, Any]

ORDERED: dict[str, Spec] = {
    "one by one": {"batch": {"size": 1}},
    "batches that do not divide the data": {"batch": {"size": 3}},
    "momentum": {"batch": {"size": 2}, "optimizer": {"name": "momentum", "momentum": 0.7}},
    "nesterov": {"batch": {"size": 4}, "optimizer": {"name": "nesterov", "momentum": 0.7}},
    "one parameter": {"model": "proportional", "batch": {"size": 1}},
}
DRAWN: dict[str, Spec] = {
    "one by one": {"batch": {"size": 1, "order": "random"}},
    "batches": {"batch": {"size": 3, "order": "random"}},
    "momentum": {"batch": {"size": 3, "order": "random"}, "optimizer": {"name": "momentum", "momentum": 0.7}},
    "nesterov": {"batch": {"size": 1, "order": "random"}, "optimizer": {"name": "nesterov", "momentum": 0.5}},
}


def at(spec: Spec, rate: float) -> tuple[engine.RunSpec, engine.Theory]:
    optimizer = spec.get("optimizer", {}) | {"learning_rate": rate}
    filled = engine.RunSpec.from_dict({**spec, "optimizer": optimizer})
    theory = engine.analyse(filled)
    assert theory is not None
    return filled, theory


def limit_of(spec: Spec) -> float:
    limit = at(spec, 0.1)[1].learning_rate_limit
    assert limit is not None
    return limit


def end_of_epochs(spec: engine.RunSpec, epochs: int) -> float:
    """The loss after so many epochs, by a plain loop."""
    x, y = spec.data.x[:, 0].tolist(), spec.data.y.tolist()
    theta = list(spec.start.values())
    methods = [Method(spec.optimizer.name, **spec.optimizer.params) for _ in theta]
    per_epoch = spec.batches().per_epoch
    for rows in islice(batches(len(x), spec.batch.size, "sequential", 0), epochs * per_epoch):
        slope = gradient("squared-error", theta, x, y, rows)
        theta = [method.step(p, g) for method, p, g in zip(methods, theta, slope, strict=True)]
    return loss("squared-error", theta, x, y)


@pytest.mark.parametrize("share", [0.1, 0.4, 0.8])
@pytest.mark.parametrize("kind", ORDERED)
def test_epochs_end_where_theory_says(kind: str, share: float) -> None:
    for seed in range(3):
        given = ORDERED[kind] | {"dataset": {"name": "offset-beans", "count": 10, "seed": seed}}
        spec, theory = at(given, share * limit_of(given))
        assert theory.error_factor is not None
        assert theory.long_run_excess is not None
        epochs = int(np.log(1e-9) / np.log(theory.error_factor)) + 2
        excess = end_of_epochs(spec, epochs) - theory.optimum_loss
        assert theory.long_run_excess == pytest.approx(excess, rel=1e-6)
        assert theory.outlook is not None
        assert theory.outlook.message.facts["loss"] == f"{theory.optimum_loss + theory.long_run_excess:.4g}"


@pytest.mark.parametrize("kind", DRAWN)
def test_draws_average_what_theory_says(kind: str) -> None:
    given = DRAWN[kind] | {"dataset": {"name": "offset-beans", "count": 12}}
    spec, theory = at({**given, "steps": 400_000, "seed": 3}, 0.2 * limit_of(given))
    assert theory.long_run_excess is not None
    losses = engine.run(spec).trajectory.loss[20_000:]
    assert theory.long_run_excess == pytest.approx(losses.mean() - theory.optimum_loss, rel=0.03)


@pytest.mark.parametrize("kind", ["one by one", "momentum"])
def test_runs_wander_from_the_boundary_on(kind: str) -> None:
    """Epochs end within twice the least loss below it, and beyond that above it."""
    for seed in range(4):
        given = ORDERED[kind] | {"dataset": {"name": "offset-beans", "count": 20, "seed": seed}}
        limit, boundary = limit_of(given), at(given, 0.1)[1].wanders_above
        assert boundary is not None
        if boundary >= 0.98 * limit:
            continue
        for share, wanders in ((0.98, False), (1.01, True)):
            spec, theory = at(given, share * boundary)
            assert theory.error_factor is not None
            assert theory.error_factor < 1
            epochs = int(np.log(1e-6) / np.log(theory.error_factor)) + 2
            assert (end_of_epochs(spec, epochs) > 2 * theory.optimum_loss) is wanders
            assert theory.outlook is not None
            assert (theory.outlook.regime in ("wandering", "oscillating")) >= wanders
            assert (theory.outlook.regime == "wandering") <= wanders


def test_all_rows_leave_nothing_over_and_a_perfect_fit_has_no_boundary() -> None:
    assert at({"batch": {"size": "all"}}, 0.1)[1].long_run_excess == 0
    assert at({"batch": {"size": "all"}}, 0.9)[1].long_run_excess is None
    line = {"dataset": {"name": "points", "x": [0.0, 0.5, 1.0], "y": [0.2, 0.7, 1.2]}}
    theory = at(line, 0.1)[1]
    assert theory.wanders_above is None
    assert theory.long_run_excess == pytest.approx(0, abs=1e-25)
    assert at({"batch": {"size": 3, "order": "shuffled"}}, 0.1)[1].long_run_excess is None


@pytest.mark.parametrize("name", ["gradient-descent", "momentum"])
def test_one_rate_and_many_agree(name: str) -> None:
    spec = engine.RunSpec.from_dict({"optimizer": {"name": name}, "batch": {"size": 2}, "dataset": {"count": 20}})
    bowl = spec.objective().quadratic
    assert bowl is not None
    values, vectors = np.linalg.eigh(bowl.hessian)
    design = MODELS[spec.model].value.design(spec.data.x)
    assert spec.method.linear is not None
    law = Law(spec.method.linear, spec.optimizer.params, spec.method.rate)
    known = contraction(law, spec.batches(), design @ vectors, values)
    left = leftover(law, known, spec.batches(), design @ vectors, values, design @ np.array(bowl.optimum) - spec.data.y)
    assert left is not None
    assert known.limit is not None
    rates = np.array([0.01, 0.3, 0.7, 0.95]) * known.limit
    told = [left.at(rate) for rate in rates.tolist()]
    assert [excess for excess, _ in told] == pytest.approx(left.over(rates).tolist(), rel=1e-9)
    assert known.dominant is not None
    assert [dominant for _, dominant in told] == pytest.approx(known.dominant(rates).tolist(), rel=1e-12)


def test_a_rate_beyond_the_limit_that_contracts_is_said_to_be_one() -> None:
    spec, theory = at({"batch": {"size": 1}, "optimizer": {"name": "momentum"}}, 0.8)
    assert theory.learning_rate_limit is not None
    assert theory.learning_rate_limit < 0.8
    assert theory.outlook is not None
    assert str(theory.outlook.message).startswith("Rates above 0.642 diverge, but for a few such as 0.80: every epoch")
    run = engine.run(engine.RunSpec.from_dict({**spec.to_dict(), "steps": 10_000}))
    assert f"{run.trajectory.loss[-1]:.4g}" == theory.outlook.message.facts["loss"]


def test_every_rate_below_the_limit_has_its_sentence_and_its_loss() -> None:
    """Also in the narrow bands where an error swings below the rate from which on all do."""
    for rate in (0.57, 0.59, 0.6):
        spec, theory = at({"batch": {"size": 1}, "optimizer": {"name": "momentum"}, "steps": 10_000}, rate)
        assert theory.outlook is not None
        assert theory.outlook.message.facts["loss"] == f"{engine.run(spec).trajectory.loss[-1]:.4g}"
