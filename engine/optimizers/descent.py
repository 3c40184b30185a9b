"""Methods without memory: gradient descent and fixed step."""

from engine.optimizers.base import Hyper, LinearRule, Numbers, Optimizer, State


def _no_state(theta: Numbers) -> State:
    return ()


def _gradient_descent(theta: Numbers, gradient: Numbers, state: State, hyper: Hyper) -> tuple[Numbers, State]:
    return theta - hyper["learning_rate"] * gradient, state


def _fixed_step(theta: Numbers, gradient: Numbers, state: State, hyper: Hyper) -> tuple[Numbers, State]:
    # −1 where the slope is positive, 1 elsewhere: a zero slope moves up, as the original experiment does.
    direction = 1 - 2 * (gradient > 0)
    return theta + hyper["step"] * direction, state


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
