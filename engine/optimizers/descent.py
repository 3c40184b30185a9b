"""Methods without memory: gradient descent and fixed step."""

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyper, LinearRule, Optimizer, State


def _no_state(theta: Array) -> State:
    return ()


def _gradient_descent(theta: Array, gradient: Array, state: State, hyper: Hyper) -> tuple[Array, State]:
    return theta - hyper["learning_rate"] * gradient, state


def _fixed_step(theta: Array, gradient: Array, state: State, hyper: Hyper) -> tuple[Array, State]:
    # A zero slope moves up, as the original experiment does.
    return theta + np.where(gradient > 0, -hyper["step"], hyper["step"]), state


GRADIENT_DESCENT = Optimizer(
    init=_no_state,
    update=_gradient_descent,
    rate="learning_rate",
    code="theta = theta - learning_rate * g",
    linear=lambda hyper: LinearRule(hyper["learning_rate"], 0.0, 1.0, 0.0),
)
FIXED_STEP = Optimizer(
    init=_no_state,
    update=_fixed_step,
    rate="step",
    code="theta = theta + np.where(g > 0, -step, step)",
)
