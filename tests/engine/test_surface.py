"""The loss on grids against double loops, and the window that a picture shows."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from tests.engine import oracles


@pytest.mark.parametrize("loss", engine.LOSSES)
def test_surface_is_a_double_loop(loss: str) -> None:
    spec = engine.RunSpec.from_dict({"loss": loss})
    x, y = oracles.beans("offset-beans", 100, 0)
    grid = engine.loss_surface(spec, w=(-1, 2, 7), b=(-2, 2, 5))
    assert grid.shape == (5, 7)
    for i, b in enumerate(np.linspace(-2, 2, 5).tolist()):
        for j, w in enumerate(np.linspace(-1, 2, 7).tolist()):
            assert grid[i, j] == pytest.approx(oracles.loss(loss, [w, b], x, y), rel=1e-13)


def test_slices_and_defaults() -> None:
    spec = engine.RunSpec.from_dict({})
    whole = engine.loss_surface(spec, w=(-1, 2, 31), b=(-2, 2, 41))
    assert engine.loss_surface(spec, w=(-1, 2, 31), b=0).tolist() == whole[20:21].tolist()
    assert engine.loss_surface(spec, w=-1.0, b=(-2, 2, 41)).tolist() == whole[:, :1].tolist()
    axes, loss = engine.surface(spec)
    assert loss.shape == (61, 61)
    assert (axes["w"][0], axes["w"][-1], axes["b"][0], axes["b"][-1]) == (-1, 2, -2, 2)


def test_one_parameter_is_one_axis() -> None:
    spec = engine.RunSpec.from_dict({"model": "proportional", "dataset": {"name": "proportional-beans"}})
    x, y = oracles.beans("proportional-beans", 100, 0)
    curve = engine.loss_surface(spec, w=(-1, 2, 31))
    expected = [oracles.loss("squared-error", [w], x, y) for w in np.linspace(-1, 2, 31).tolist()]
    assert curve == pytest.approx(expected, rel=1e-13)


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"v": 3}, "v", "unknown key; expected one of w, b"),
    ({"w": "wide"}, "w", 'expected [low, high, count] or a number, got "wide"'),
    ({"w": (1, 2)}, "w", "expected [low, high, count] or a number, got a list of 2"),
    ({"w": (2, 1, 5)}, "w", "expected low below high, got 2.0 and 1.0"),
    ({"b": (0, float("nan"), 5)}, "b.1", "expected a finite number, got nan"),
    ({"b": (0, 1, 1)}, "b.2", "expected 2 to 100000, got 1"),
    ({"b": (0, 1, 2.5)}, "b.2", "expected an integer, got 2.5"),
    ({"b": True}, "b", "expected [low, high, count] or a number, got true"),
]


@pytest.mark.parametrize(("axes", "path", "words"), BAD)
def test_bad_axes_are_named(axes: dict[str, Any], path: str, words: str) -> None:
    with pytest.raises(engine.SpecError) as caught:
        engine.loss_surface(engine.RunSpec.from_dict({}), **axes)
    (problem,) = caught.value.problems
    assert (problem.path, str(problem.message)) == (path, words)


def test_window_of_the_original_experiments() -> None:
    for name in ("offset-beans", "proportional-beans"):
        spec = engine.RunSpec.from_dict({"dataset": {"name": name}})
        assert engine.window(spec) == {"w": (-1.0, 2.0), "b": (-2.0, 2.0)}


def own(x: list[float], y: list[float], **more: Any) -> engine.RunSpec:
    return engine.RunSpec.from_dict({"dataset": {"name": "points", "x": x, "y": y}, **more})


def test_window_of_own_beans_is_the_usual_one_only_for_beans_of_a_size() -> None:
    x, y = oracles.beans("offset-beans", 100, 0)
    usual = {"w": (-1.0, 2.0), "b": (-2.0, 2.0)}
    assert engine.window(own(x, y)) == usual
    assert engine.window(own([*x, 1.0], [*y, 0.0])) == usual, "a bean more does not shake the bowl"
    wide = engine.window(own([1000 * value for value in x], y))
    assert wide["w"][1] - wide["w"][0] < 0.3
    assert wide["b"] != usual["b"]


@pytest.mark.parametrize("more", [{}, {"loss": "absolute-error"}, {"model": "proportional", "start": {"w": 0.0}}])
def test_window_scales_with_the_data(more: dict[str, Any]) -> None:
    x, y = oracles.beans("offset-beans", 30, 1)
    zero = {"start": {"w": 0.0, "b": 0.0}}
    base = engine.window(own([100 * value for value in x], [0.1 * value for value in y], **(zero | more)))
    far = engine.window(own([1e5 * value for value in x], [1e4 * value for value in y], **(zero | more)))
    for name, factor in {"w": 100, "b": 1e5}.items():
        if name in base:
            assert far[name] == pytest.approx([factor * end for end in base[name]], rel=1e-6)


def test_window_holds_the_valley_that_a_run_falls_into_first() -> None:
    spec = own([1000, 1010, 1020, 1030], [-5, -3, -2, 1], optimizer={"learning_rate": 4e-7}, steps=50)
    spec = engine.RunSpec.from_dict(spec.to_dict() | {"batch": {"size": "all"}})
    theta, shown = engine.run(spec).trajectory.theta, engine.window(spec)
    for column, name in enumerate(spec.parameters):
        assert shown[name][0] < theta[:, column].min()
        assert theta[:, column].max() < shown[name][1]


@pytest.mark.parametrize(
    ("x", "y"), [([3.0], [5.0]), ([0.0], [0.0]), ([2.0, 2.0, 2.0], [1.0, 5.0, 9.0]), ([-4.0, 7.0], [6.0, 6.0])]
)
def test_window_and_surface_of_few_and_flat_beans(x: list[float], y: list[float]) -> None:
    spec = own(x, y)
    assert all(np.isfinite(ends).all() and ends[0] < ends[1] for ends in map(np.array, engine.window(spec).values()))
    assert np.isfinite(engine.loss_surface(spec)).all()


POINTS = st.floats(-1e6, 1e6)


@given(
    st.lists(st.tuples(POINTS, POINTS), min_size=1, max_size=5), POINTS, POINTS, st.sampled_from(list(engine.LOSSES))
)
def test_window_shows_start_and_optimum(points: list[tuple[float, float]], w: float, b: float, loss: str) -> None:
    x, y = [list(column) for column in zip(*points, strict=True)]
    dataset = {"name": "points", "x": x, "y": y}
    spec = engine.RunSpec.from_dict({"dataset": dataset, "start": {"w": w, "b": b}, "loss": loss})
    shown = engine.window(spec)
    for name, value in spec.start.items():
        assert shown[name][0] < value < shown[name][1]
    theory = engine.analyse(spec)
    for name, value in (theory.optimum if theory else {}).items():
        assert shown[name][0] < value < shown[name][1]


@pytest.mark.parametrize("offset", [0.0, 1e6])
@pytest.mark.parametrize("count", [4096, 5001])
def test_the_absolute_error_of_many_rows_is_exact(count: int, offset: float) -> None:
    rng = np.random.default_rng(count)
    x = rng.choice([0.25, 0.5, 0.75, 1.0], count)
    y = np.round(1.2 * x + rng.normal(0, 0.2, count), 2) + offset
    spec = engine.RunSpec.from_dict({"loss": "absolute-error", "dataset": {"name": "points", "x": x, "y": y}})
    axes, loss = engine.surface(spec, w=(-1, 2, 7), b=(offset - 2, offset + 2, 9))
    for i, b in enumerate(axes["b"]):
        for j, w in enumerate(axes["w"]):
            expected = math.fsum(np.abs(w * x + b - y)) / count
            assert loss[i, j] == pytest.approx(expected, rel=1e-12 if offset == 0 else 1e-9)
    # A slice is the same cells with the same bits.
    assert engine.loss_surface(spec, w=(-1, 2, 7), b=float(axes["b"][3])).tolist() == loss[3:4].tolist()
    across = engine.loss_surface(spec, w=float(axes["w"][2]), b=(offset - 2, offset + 2, 9))
    assert across.tolist() == loss[:, 2:3].tolist()


def test_an_absolute_error_beyond_all_numbers_is_infinite() -> None:
    x = np.full(5000, 1e5)
    spec = engine.RunSpec.from_dict({"loss": "absolute-error", "dataset": {"name": "points", "x": x, "y": x}})
    loss = engine.loss_surface(spec, w=(-1e305, 1, 3), b=(0, 1, 2))
    assert loss[:, 0].tolist() == [np.inf, np.inf]
    assert loss[0, 2] == 0
