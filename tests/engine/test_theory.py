"""Theory against the table of the experiments, closed forms, and what runs do just below and above the limit."""

from itertools import cycle, islice
from typing import Any

import numpy as np
import pytest

import engine
from tests.engine.oracles import Method, beans, gradient

TABLE = [
    (0, (0.138874, 2.646110), 0.755826, 0.718137, 0.60),
    (1, (0.128605, 2.562660), 0.780439, 0.743145, 0.63),
    (7, (0.133539, 2.501786), 0.799429, 0.758920, 0.62),
]


def theory_of(**spec: Any) -> engine.Theory:
    theory = engine.analyse(engine.RunSpec.from_dict(spec))
    assert theory is not None
    return theory


@pytest.mark.parametrize(("seed", "eigenvalues", "limit", "best", "sequential"), TABLE)
def test_table_of_the_experiments(
    seed: int, eigenvalues: tuple[float, float], limit: float, best: float, sequential: float
) -> None:
    dataset = {"name": "offset-beans", "seed": seed}
    batch = theory_of(dataset=dataset, batch={"size": "all"})
    assert batch.eigenvalues == pytest.approx(eigenvalues, abs=5e-7)
    assert batch.condition_number == pytest.approx(eigenvalues[1] / eigenvalues[0], rel=1e-5)
    assert batch.learning_rate_limit == pytest.approx(limit, abs=5e-7)
    assert batch.best_learning_rate == pytest.approx(best, abs=5e-7)
    one_by_one = theory_of(dataset=dataset, batch={"size": 1})
    assert one_by_one.learning_rate_limit == pytest.approx(sequential, abs=0.01)
    assert one_by_one.best_learning_rate is None


def test_optimum_is_least_squares() -> None:
    x, y = beans("offset-beans", 100, 0)
    (w, b), *_ = np.linalg.lstsq(np.column_stack([x, np.ones(100)]), y)
    theory = theory_of()
    assert theory.optimum == pytest.approx({"w": w, "b": b}, rel=1e-12)
    assert theory.optimum_loss == pytest.approx(float(np.mean((w * np.array(x) + b - y) ** 2)), rel=1e-12)


def test_the_hook_that_introduces_b() -> None:
    theory = theory_of(model="proportional", dataset={"name": "proportional-beans", "count": 10**5})
    assert theory.optimum["w"] == pytest.approx(1.275, abs=1e-3)


def test_error_factor_of_all_rows() -> None:
    for rate in (0.01, 0.5, 0.9):
        theory = theory_of(batch={"size": "all"}, optimizer={"learning_rate": rate})
        factors = [abs(1 - rate * value) for value in theory.eigenvalues]
        assert theory.error_factor == pytest.approx(max(factors), rel=1e-12)
        assert theory.per == "step"


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
def test_error_factor_with_a_velocity(name: str) -> None:
    rate, beta = 0.05, 0.9
    optimizer = {"name": name, "learning_rate": rate, "momentum": beta}
    theory = theory_of(batch={"size": "all"}, optimizer=optimizer)
    factors = []
    for value in theory.eigenvalues:
        p, q = (0, 1) if name == "momentum" else (1, beta)
        matrix = [[1 - rate * value * (p + q), -rate * q * beta], [value, beta]]
        factors.append(np.abs(np.linalg.eigvals(matrix)).max())
    assert theory.error_factor == pytest.approx(max(factors), rel=1e-9)
    assert theory.learning_rate_limit == pytest.approx(
        (2 + 2 * beta) / theory.eigenvalues[1] / (1 if name == "momentum" else 1 + 2 * beta), rel=1e-9
    )


NOTHING: list[dict[str, Any]] = [
    {"optimizer": {"name": "adam"}},
    {"optimizer": {"name": "fixed-step"}},
    {"batch": {"size": 3, "order": "shuffled"}},
    {"dataset": {"name": "offset-beans", "count": 20_000}},
]


@pytest.mark.parametrize("spec", NOTHING)
def test_where_no_limit_is_known_none_is_given(spec: dict[str, Any]) -> None:
    theory = theory_of(**spec)
    assert theory.learning_rate_limit is theory.best_learning_rate is theory.error_factor is None
    assert theory.optimum_loss > 0


def test_no_theory_of_absolute_error() -> None:
    assert engine.analyse(engine.RunSpec.from_dict({"loss": "absolute-error"})) is None


def test_flat_directions_do_not_count() -> None:
    """One bean leaves a whole line of optima: the error can only shrink across it."""
    theory = theory_of(dataset={"name": "points", "x": [2.0], "y": [1.0]}, batch={"size": "all"})
    assert theory.eigenvalues == pytest.approx([0, 10])
    assert theory.condition_number is None
    assert theory.best_learning_rate is None
    assert theory.learning_rate_limit == pytest.approx(0.2)
    assert theory.error_factor == pytest.approx(0.0, abs=1e-12)


def test_data_of_zeros_have_no_curvature() -> None:
    theory = theory_of(model="proportional", dataset={"name": "points", "x": [0.0, 0.0], "y": [1.0, 3.0]})
    assert theory.eigenvalues == [0.0]
    assert theory.learning_rate_limit is None
    assert theory.optimum_loss == 5.0


@pytest.mark.parametrize("batch", [{"size": "all"}, {"size": 1}, {"size": 1, "order": "random"}])
@pytest.mark.parametrize("scale", [1e6, 1e7, 1e9])
def test_where_a_direction_hardly_moves_no_shrinking_is_promised(batch: dict[str, Any], scale: float) -> None:
    """Beans of sizes in the millions: the slope is there at once, the height never."""
    x, y = [1 * scale, 2 * scale, 3.5 * scale], [1, 2, 3]
    points = {"dataset": {"name": "points", "x": x, "y": y}, "batch": batch}
    below = engine.analyse(engine.RunSpec.from_dict(points | {"optimizer": {"learning_rate": 0.5 / max(x) ** 2}}))
    assert below is not None
    singular = np.linalg.svd(np.column_stack([x, np.ones(3)]) * np.sqrt(2 / 3), compute_uv=False)
    assert below.eigenvalues == pytest.approx(sorted(singular**2), rel=1e-6)
    assert below.condition_number == pytest.approx((singular[0] / singular[1]) ** 2, rel=1e-6)
    assert (below.error_factor, below.outlook, below.best_learning_rate) == (None, None, None)
    limit = below.learning_rate_limit
    assert limit is not None
    assert below.crawls_below == limit
    above = engine.analyse(engine.RunSpec.from_dict(points | {"optimizer": {"learning_rate": 3 * limit}}))
    assert above is not None
    assert above.outlook is not None
    assert above.outlook.regime == "diverging"


def test_json_of_theory() -> None:
    assert set(theory_of().to_dict()) == {
        "optimum",
        "optimum_loss",
        "eigenvalues",
        "condition_number",
        "learning_rate_limit",
        "best_learning_rate",
        "error_factor",
        "per",
        "long_run_excess",
        "crawls_below",
        "wanders_above",
        "oscillates_above",
        "outlook",
    }


# ---- what runs do on either side of the limit -----------------------------------------------------------------------

KINDS: dict[str, dict[str, Any]] = {
    "all rows": {"batch": {"size": "all"}},
    "momentum": {"batch": {"size": "all"}, "optimizer": {"name": "momentum", "momentum": 0.8}},
    "nesterov": {"batch": {"size": "all"}, "optimizer": {"name": "nesterov", "momentum": 0.8}},
    "one by one": {"batch": {"size": 1}},
    "mini-batches": {"batch": {"size": 7}},
    "momentum one by one": {"batch": {"size": 1}, "optimizer": {"name": "momentum", "momentum": 0.8}},
    "nesterov mini-batches": {"batch": {"size": 7}, "optimizer": {"name": "nesterov", "momentum": 0.8}},
}


def errors(spec: engine.RunSpec, steps: int) -> tuple[float, float]:
    """How far two runs from different starts are from each other, before and after: what they share drops out."""
    x = spec.data.x[:, 0].tolist()
    size = len(x) if spec.batch.size == "all" else int(spec.batch.size)
    methods = [Method(spec.optimizer.name, **spec.optimizer.params) for _ in range(2)]
    theta = [0.7, -0.4]
    for first in islice(cycle(range(0, len(x), size)), steps):
        batch = x[first : first + size]
        slope = gradient("squared-error", theta, batch, [0.0] * len(batch), range(len(batch)))
        theta = [method.step(p, g) for method, p, g in zip(methods, theta, slope, strict=True)]
    return 0.7, max(abs(each) for each in theta)


@pytest.mark.parametrize("kind", KINDS)
def test_limit_is_where_runs_begin_to_diverge(kind: str) -> None:
    for seed in range(20):
        spec = {**KINDS[kind], "dataset": {"name": "offset-beans", "count": 5 + seed, "seed": seed}}
        spec["batch"] = {**spec["batch"], "order": "sequential"}
        if spec["batch"]["size"] == 7:
            spec["batch"]["size"] = min(7, 3 + seed)
        limit = theory_of(**spec).learning_rate_limit
        assert limit is not None
        for share, contracts in ((0.98, True), (1.02, False)):
            optimizer = {**spec.get("optimizer", {}), "learning_rate": share * limit}
            close = engine.RunSpec.from_dict({**spec, "optimizer": optimizer})
            before, after = errors(close, 400 * close.batches().per_epoch)
            assert (after < before) is contracts, (kind, seed, share, limit, after)


@pytest.mark.parametrize("name", ["gradient-descent", "momentum", "nesterov"])
def test_no_rate_below_the_limit_diverges(name: str) -> None:
    """A velocity can be excited by the batches in narrow bands of rates: none of them is overlooked."""
    for seed in range(6):
        dataset = {"name": "offset-beans", "count": 10 + 15 * seed, "seed": seed}
        theory = theory_of(dataset=dataset, batch={"size": 1}, optimizer={"name": name})
        assert theory.learning_rate_limit is not None
        assert theory.radius is not None
        rates = np.linspace(0, theory.learning_rate_limit, 3000)[1:-1]
        assert theory.radius(rates).max() < 1


def test_momentum_in_order_is_excited_in_bands() -> None:
    """Default data: beyond the limit there is a band of rates that diverge, and then one that contracts again."""
    spec: dict[str, Any] = {"optimizer": {"name": "momentum"}, "batch": {"size": 1}}
    limit = theory_of(**spec).learning_rate_limit
    assert limit == pytest.approx(0.64187, abs=1e-5)
    for rate, contracts in ((0.63, True), (0.648, False), (0.665, True)):
        optimizer = {"name": "momentum", "learning_rate": rate}
        before, after = errors(engine.RunSpec.from_dict({**spec, "optimizer": optimizer}), 100 * 300)
        assert (after < before) is contracts
