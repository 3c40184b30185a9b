"""Methods that remember a velocity: momentum and Nesterov, in PyTorch's convention (torch.optim.SGD).

The rate multiplies the velocity when it is used, not when it is gathered, so that a change of rate takes effect
at once on all of it.
"""

from typing import NamedTuple

from engine.optimizers.base import Hyper, LinearRule, Numbers, Optimizer, State


class Velocity(NamedTuple):
    """velocity: the decaying sum of all gradients so far."""

    velocity: Numbers


def _at_rest(theta: Numbers) -> State:
    return Velocity(0.0 * theta)


def _momentum(theta: Numbers, gradient: Numbers, state: State, hyper: Hyper) -> tuple[Numbers, State]:
    velocity = hyper["momentum"] * state[0] + gradient
    return theta - hyper["learning_rate"] * velocity, Velocity(velocity)


def _nesterov(theta: Numbers, gradient: Numbers, state: State, hyper: Hyper) -> tuple[Numbers, State]:
    velocity = hyper["momentum"] * state[0] + gradient
    return theta - hyper["learning_rate"] * (gradient + hyper["momentum"] * velocity), Velocity(velocity)


MOMENTUM = Optimizer(
    init=_at_rest,
    update=_momentum,
    rate="learning_rate",
    code="v = momentum * v + g\ntheta = theta - learning_rate * v",
    memory=("v",),
    linear=lambda hyper: LinearRule(hyper["learning_rate"], hyper["momentum"], 0.0, 1.0),
)
NESTEROV = Optimizer(
    init=_at_rest,
    update=_nesterov,
    rate="learning_rate",
    code="v = momentum * v + g\ntheta = theta - learning_rate * (g + momentum * v)",
    memory=("v",),
    linear=lambda hyper: LinearRule(hyper["learning_rate"], hyper["momentum"], 1.0, hyper["momentum"]),
)
