"""The fast paths give what the plain one gives, and end where it ends."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine import course
from engine.compiled import CompiledStepper
from engine.drawn import DrawnStepper
from engine.gradients import AffineGradients, RowGradients
from engine.periodic import PeriodicStepper
from engine.stepping import PlainStepper, Stepper
from tests.engine.strategies import specs


def stepper_of(**spec: Any) -> Stepper:
    made = course.Course.of(engine.RunSpec.from_dict(spec))
    made.columns(0, 0)
    return made._made[0]


PATHS: list[tuple[dict[str, Any], type]] = [
    ({}, PeriodicStepper),
    ({"batch": {"size": "all", "order": "random"}}, PeriodicStepper),
    ({"model": "proportional", "optimizer": {"name": "momentum"}}, PeriodicStepper),
    ({"optimizer": {"name": "nesterov"}, "batch": {"order": "random"}}, DrawnStepper),
    ({"batch": {"order": "shuffled", "size": 100}}, DrawnStepper),
    ({"dataset": {"name": "offset-beans", "count": 5000}}, DrawnStepper),
    ({"optimizer": {"name": "adam"}}, CompiledStepper),
    ({"loss": "absolute-error"}, CompiledStepper),
    ({"optimizer": {"name": "fixed-step"}}, CompiledStepper),
]


@pytest.mark.parametrize(("spec", "kind"), PATHS)
def test_the_spec_alone_chooses_the_path(spec: dict[str, Any], kind: type) -> None:
    assert type(stepper_of(**spec)) is kind


def plain(spec: engine.RunSpec) -> engine.RunResult:
    """The run by the plain path alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(course, "stepper_of", PlainStepper)
        return engine.run(spec)


@settings(max_examples=60)
@given(specs(linear=True, most_steps=2500, rates=(1e-3, 0.1)))
def test_fast_rows_are_plain_rows(spec: dict[str, Any]) -> None:
    read = engine.RunSpec.from_dict(spec)
    fast, slow = engine.run(read), plain(read)
    assert fast.outcome.status == slow.outcome.status
    assert fast.outcome.step == slow.outcome.step
    rows, expected = fast.trajectory, slow.trajectory
    np.testing.assert_allclose(rows.theta, expected.theta, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(rows.loss, expected.loss, rtol=1e-11, atol=1e-13 * expected.loss[0])


LONG: list[dict[str, Any]] = [
    {"batch": {"size": "all"}, "optimizer": {"learning_rate": 1e-5}},
    {"optimizer": {"name": "momentum", "learning_rate": 1e-5}, "batch": {"size": 7}},
    {"batch": {"order": "random"}, "optimizer": {"learning_rate": 1e-4}},
]


@pytest.mark.slow
@pytest.mark.parametrize("spec", LONG)
def test_a_million_steps(spec: dict[str, Any]) -> None:
    read = engine.RunSpec.from_dict({"steps": 10**6, **spec})
    fast = engine.run(read).trajectory
    slow = plain(read).trajectory
    np.testing.assert_allclose(fast.theta, slow.theta, rtol=1e-9)
    np.testing.assert_allclose(fast.loss, slow.loss, rtol=1e-9)


DIVERGING: list[dict[str, Any]] = [
    {"batch": {"size": "all"}, "optimizer": {"learning_rate": 0.757}},
    {"batch": {"size": 1}, "optimizer": {"learning_rate": 0.6065}},
    {"batch": {"size": 7, "order": "shuffled"}, "optimizer": {"learning_rate": 0.8}},
    {"batch": {"size": 1, "order": "random"}, "optimizer": {"learning_rate": 1.0}},
    {"batch": {"size": 7}, "optimizer": {"name": "momentum", "learning_rate": 1.5}},
    {
        "batch": {"size": "all"},
        "changes": [{"step": 200, "optimizer": {"learning_rate": 0.8}}],
        "optimizer": {"learning_rate": 0.01},
    },
]


@pytest.mark.parametrize("spec", DIVERGING)
def test_divergence_at_the_same_step(spec: dict[str, Any]) -> None:
    read = engine.RunSpec.from_dict({"steps": 10**5, **spec})
    fast, slow = engine.run(read), plain(read)
    assert slow.outcome.status == "diverged"
    assert fast.outcome == slow.outcome
    assert fast.trajectory.last == slow.trajectory.last


def test_who_starts_at_the_optimum_stays_there() -> None:
    """Whatever the rate: there is nothing to be amplified."""
    points = {"name": "points", "x": [0, 1], "y": [0.125, 0.25]}
    for size in (1, "all"):
        spec = {"dataset": points, "start": {"w": 0.125, "b": 0.125}, "batch": {"size": size}, "steps": 5000}
        for rate in (0.1, 0.8, 50):
            result = engine.run(engine.RunSpec.from_dict({**spec, "optimizer": {"learning_rate": rate}}))
            assert result.outcome.status == "finished"
            np.testing.assert_allclose(result.trajectory.theta, 0.125, rtol=1e-14)


@given(st.integers(1, 20), st.sampled_from(list(engine.ORDERS)), st.sampled_from(list(engine.MODELS)), st.data())
def test_batches_come_down_to_few_numbers(n: int, order: str, model: str, data: st.DataObject) -> None:
    """The gradient from sums over a batch is the gradient row by row."""
    size = data.draw(st.just("all") | st.integers(1, n))
    spec = engine.RunSpec.from_dict(
        {"dataset": {"name": "offset-beans", "count": n}, "model": model, "batch": {"size": size, "order": order}}
    )
    first = data.draw(st.integers(0, 300))
    few = AffineGradients(spec.objective(), spec.batches())
    rows = RowGradients(spec.objective(), spec.batches())
    theta = [0.3, -0.7][: len(spec.parameters)]
    for one, other in zip(few.batches(first, first + 30), rows.batches(first, first + 30), strict=True):
        assert few.gradient(one, theta) == pytest.approx(rows.gradient(other, theta), rel=1e-12, abs=1e-15)
    entries = [np.broadcast_to(entry, 30) for entry in few.entries(first, first + 30)]
    assert np.array(list(few.batches(first, first + 30))).T.tolist() == np.array(entries).tolist()
