"""Losses and gradients: against finite differences, double loops, and each other."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import engine
from engine.quadratic import quadratic
from tests.engine import oracles

Array = npt.NDArray[np.float64]
VALUES = st.floats(-50, 50)
POINTS = st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=12)


def objective_of(points: list[tuple[float, float]], model: str, loss: str) -> engine.Objective:
    x, y = [list(column) for column in zip(*points, strict=True)]
    data = engine.from_points(x, y)
    return engine.Objective(data, engine.MODELS[model].value, engine.LOSSES[loss].value)


@pytest.mark.parametrize("model", engine.MODELS)
@pytest.mark.parametrize("loss", engine.LOSSES)
@given(points=POINTS, place=st.tuples(VALUES, VALUES), rows=st.lists(st.integers(0, 11), max_size=5))
def test_gradient_is_the_slope_of_the_value(
    model: str, loss: str, points: list[tuple[float, float]], place: tuple[float, float], rows: list[int]
) -> None:
    chosen = [row % len(points) for row in rows] or list(range(len(points)))
    objective = objective_of([points[row] for row in chosen], model, loss)
    theta = np.array(place[: len(objective.model.parameters)])
    h = 1e-4
    if loss == "absolute-error":
        # Away from the creases, where there is no one slope.
        residual = objective.model.predict(theta, objective.dataset.x) - objective.dataset.y
        assume((np.abs(residual) > h * 60).all())
    steps = h * np.eye(len(theta))
    by_differences = [(objective.value(theta + step) - objective.value(theta - step)) / (2 * h) for step in steps]
    scale = 1 + float(np.abs(objective.value(theta))) / h * 1e-11
    assert objective.gradient(theta) == pytest.approx(by_differences, rel=1e-6, abs=1e-6 * scale)
    whole = objective_of(points, model, loss)
    assert whole.gradient(theta, np.array(chosen)) == pytest.approx(objective.gradient(theta), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("model", engine.MODELS)
@pytest.mark.parametrize("loss", engine.LOSSES)
@given(points=POINTS, places=st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=4))
@example(points=[(8.0, 8.0)], places=[(1.0591098301817545e-06, 8.0)])
def test_value_is_the_mean_over_rows(
    model: str, loss: str, points: list[tuple[float, float]], places: list[tuple[float, float]]
) -> None:
    objective = objective_of(points, model, loss)
    theta = np.array(places)[:, : len(objective.model.parameters)]
    x, y = [list(column) for column in zip(*points, strict=True)]
    expected = [oracles.loss(loss, each, x, y) for each in theta.tolist()]
    for found, wanted, place in zip(objective.value(theta), expected, theta.tolist(), strict=True):
        # A residual that is small beside what it is the difference of has lost digits, in the oracle as well.
        lost = 1e-15 * (abs(place[0]) * max(map(abs, x)) + abs(place[-1]) + max(map(abs, y)))
        assert found == pytest.approx(wanted, rel=1e-11, abs=1e-20 + 2 * lost * np.sqrt(wanted))
    # Any leading axes, and the same bits for one as for many.
    assert objective.value(theta[:, np.newaxis]).ravel().tolist() == objective.value(theta).tolist()
    assert [float(objective.value(each)) for each in theta] == objective.value(theta).tolist()


@given(st.integers(1, 200), st.integers(0, 99), st.sampled_from(list(engine.MODELS)))
def test_optimum_is_least_squares(n: int, seed: int, model: str) -> None:
    data = engine.DATASETS["offset-beans"].value.make(count=n, seed=seed)
    record = engine.MODELS[model].value
    bowl = quadratic(data, record)
    design = record.design(data.x)
    fit, *_ = np.linalg.lstsq(design, data.y)
    least = ((design @ fit - data.y) ** 2).mean()
    assert bowl.least == pytest.approx(least, rel=1e-10, abs=1e-25)
    assert np.abs(bowl.gradient(np.array(bowl.optimum))).max() < 1e-14
    assert bowl.hessian == pytest.approx(2 / n * design.T @ design, rel=1e-13)
    if n > 2:
        assert bowl.optimum == pytest.approx(fit, rel=1e-9)


def test_large_data_are_summed_as_exactly_as_small() -> None:
    """Beyond 2¹⁶ rows sums are taken in one pass, if the data allow it; the result is the same."""
    data = engine.DATASETS["offset-beans"].value.make(count=200_000, seed=0)
    for shift in (0.0, 1e6):
        moved = engine.from_points(data.x + shift, data.y)
        for record in (entry.value for entry in engine.MODELS.values()):
            bowl = quadratic(moved, record)
            extended = np.column_stack([moved.x[:, 0], np.ones(len(moved))]).astype(np.longdouble)[
                :, : len(record.parameters)
            ]
            about = np.array(bowl.optimum) + np.array([0.5, -0.25])[: len(bowl.optimum)]
            residual = extended @ about.astype(np.longdouble) - moved.y
            assert float(bowl.value(about)) == pytest.approx(float((residual**2).mean()), rel=1e-11 if shift else 1e-13)
            best = extended @ np.array(bowl.optimum, dtype=np.longdouble) - moved.y
            assert bowl.least == pytest.approx(float((best**2).mean()), rel=1e-9 if shift else 1e-12)


def test_loss_keeps_its_digits_at_the_bottom() -> None:
    """Points on a line: the loss close to the optimum is tiny, and right."""
    x = np.array([0.0, 0.25, 0.5, 1.0])
    objective = objective_of(list(zip(x.tolist(), (2 * x + 1).tolist(), strict=True)), "line", "squared-error")
    for away in (1e-3, 1e-6, 1e-9):
        expected = ((away * x) ** 2).mean()
        assert float(objective.value(np.array([2 + away, 1.0]))) == pytest.approx(expected, rel=1e-6)
    assert float(objective.value(np.array([2.0, 1.0]))) < 1e-30


@pytest.mark.parametrize("points", [[(0.3, 0.7)], [(0.1, 1.0), (0.1, 2.0)], [(0.0, 1.0)], [(1e12, -1e12)]])
@pytest.mark.parametrize("model", engine.MODELS)
def test_data_without_a_slope(model: str, points: list[tuple[float, float]]) -> None:
    objective = objective_of(points, model, "squared-error")
    bowl = objective.quadratic
    assert bowl is not None
    assert np.isfinite(bowl.optimum).all()
    optimum = np.array(bowl.optimum)
    scale = max(abs(y) for _, y in points)
    assert float(objective.value(optimum)) == bowl.least
    x, y = [list(column) for column in zip(*points, strict=True)]
    assert bowl.least == pytest.approx(oracles.loss("squared-error", optimum.tolist(), x, y), abs=1e-20 * scale**2)


def test_most_bounds_the_loss() -> None:
    bowl = engine.RunSpec.from_dict({}).objective().quadratic
    assert bowl is not None
    rng = np.random.default_rng(0)
    theta = rng.uniform(-3, 3, (1000, 2))
    assert bowl.value(theta).max() <= bowl.most([3.0, 3.0])


def test_statistics_are_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = engine.RunSpec.from_dict({})
    first = spec.objective().quadratic

    def never(*args: Any) -> Any:
        raise AssertionError("the data were summed again")

    monkeypatch.setattr("engine.quadratic._fit", never)
    assert spec.objective().quadratic is first
    assert spec.at(5).objective().quadratic is first
    assert spec.with_change(3, {"learning_rate": 0.2}).objective().quadratic is first
