"""One table: every optimizer × loss × model × order × batch size, against updates written as PyTorch documents them."""

from typing import Any

import numpy as np
import pytest

import engine
from tests.engine.oracles import descend

N = 12
STEPS = 240
# Rates at which no method jitters about the optimum: there, rounding alone decides where it goes.
OPTIMIZERS: dict[str, dict[str, float]] = {
    "gradient-descent": {"learning_rate": 0.05},
    "fixed-step": {"step": 0.0137},
    "momentum": {"learning_rate": 0.02, "momentum": 0.8},
    "nesterov": {"learning_rate": 0.02, "momentum": 0.8},
    "adagrad": {"learning_rate": 0.3, "lr_decay": 0.01, "eps": 1e-8},
    "rmsprop": {"learning_rate": 0.002, "alpha": 0.95, "eps": 1e-6},
    "adam": {"learning_rate": 0.02, "beta1": 0.85, "beta2": 0.99, "eps": 1e-6},
}


def spec_of(name: str, **rest: Any) -> engine.RunSpec:
    dataset = {"name": "offset-beans", "count": N, "seed": 3}
    optimizer = {"name": name, **OPTIMIZERS[name]}
    return engine.RunSpec.from_dict({"dataset": dataset, "optimizer": optimizer, "steps": STEPS, "seed": 5, **rest})


def assert_equals_oracle(spec: engine.RunSpec) -> None:
    rows = engine.run(spec).trajectory
    expected = descend(spec.to_dict(), spec.steps)
    np.testing.assert_allclose(rows.theta, expected[:, :-1], rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(rows.loss, expected[:, -1], rtol=1e-11, atol=1e-14)


def test_every_optimizer_is_in_the_table() -> None:
    assert set(OPTIMIZERS) == set(engine.OPTIMIZERS)


@pytest.mark.parametrize("size", [1, 5, N, "all"])
@pytest.mark.parametrize("order", engine.ORDERS)
@pytest.mark.parametrize("model", engine.MODELS)
@pytest.mark.parametrize("loss", engine.LOSSES)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_conformance(name: str, loss: str, model: str, order: str, size: int | str) -> None:
    assert_equals_oracle(spec_of(name, loss=loss, model=model, batch={"size": size, "order": order}))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_changes_take_effect_at_their_step(name: str) -> None:
    rate = engine.OPTIMIZERS[name].value.rate
    changes = [{"step": step, "optimizer": {rate: 0.011 + step / 1e4}} for step in (0, 1, 7, 150, 239, 240, 500)]
    assert_equals_oracle(spec_of(name, batch={"size": 5, "order": "shuffled"}, changes=changes))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_defaults_are_those_of_pytorch(name: str) -> None:
    documented = {
        "momentum": {"momentum": 0.9},
        "nesterov": {"momentum": 0.9},
        "adagrad": {"learning_rate": 0.01, "lr_decay": 0.0, "eps": 1e-10},
        "rmsprop": {"learning_rate": 0.01, "alpha": 0.99, "eps": 1e-8},
        "adam": {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    }
    defaults = {parameter.name: parameter.default for parameter in engine.OPTIMIZERS[name].parameters}
    assert defaults | documented.get(name, {}) == defaults


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_update_treats_each_parameter_and_each_run_by_itself(name: str) -> None:
    """The same bits for a float, for many parameters and for many runs."""
    method, hyper = engine.OPTIMIZERS[name].value, OPTIMIZERS[name]
    rng = np.random.default_rng(1)
    theta, gradients = rng.normal(size=(4, 3)), rng.normal(size=(6, 4, 3))
    together, state = theta, method.init(theta)
    alone = [(each, method.init(each)) for each in theta.ravel().tolist()]
    for gradient in gradients:
        together, state = method.update(together, gradient, state, hyper)
        slopes = gradient.ravel().tolist()
        alone = [method.update(each, slope, kept, hyper) for (each, kept), slope in zip(alone, slopes, strict=True)]
    assert together.ravel().tolist() == [each for each, _ in alone]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_code_is_the_update(name: str) -> None:
    """The lines that people read and run do the same as the update."""
    method, hyper = engine.OPTIMIZERS[name].value, OPTIMIZERS[name]
    rng = np.random.default_rng(2)
    theta = rng.normal(size=2)
    state = method.init(theta)
    scope: dict[str, Any] = {"np": np, "theta": theta, "t": 0, "m": 0.0, "s": 0.0, "v": 0.0, **hyper}
    for gradient in rng.normal(size=(5, 2)):
        theta, state = method.update(theta, gradient, state, hyper)
        scope["g"] = gradient
        exec(method.code, scope)  # noqa: S102
        assert scope["theta"].tolist() == theta.tolist()


@pytest.mark.parametrize("name", ["gradient-descent", "momentum", "nesterov"])
def test_linear_rule_is_the_update(name: str) -> None:
    method, hyper = engine.OPTIMIZERS[name].value, OPTIMIZERS[name]
    assert method.linear is not None
    rule = method.linear(hyper)
    theta, velocity, state = 0.3, 0.0, method.init(0.3)
    expected = 0.3
    for gradient in (0.7, -0.2, 0.05):
        theta, state = method.update(theta, gradient, state, hyper)
        velocity = rule.decay * velocity + gradient
        expected -= rule.rate * (rule.gradient_weight * gradient + rule.velocity_weight * velocity)
        assert theta == pytest.approx(expected, rel=1e-14)


def test_zero_slope_moves_up_under_fixed_step() -> None:
    update = engine.OPTIMIZERS["fixed-step"].value.update
    assert update(1.0, 0.0, (), {"step": 0.25})[0] == 1.25
    assert update(1.0, 1e-300, (), {"step": 0.25})[0] == 0.75
