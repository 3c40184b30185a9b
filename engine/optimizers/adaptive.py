"""Methods with a rate of their own for each parameter, in PyTorch's convention: epsilon stands outside the root.

Adagrad: Duchi, Hazan, Singer 2011. RMSprop: Hinton, Coursera lecture 6e. Adam: Kingma, Ba 2015.
"""

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyper, Optimizer, State


class Squares(NamedTuple):
    """squares: gathered squares of the gradients, (…, P)."""

    squares: Array


class AdagradState(NamedTuple):
    """squares: the sum of all squared gradients, (…, P); count: updates so far."""

    squares: Array
    count: int


class AdamState(NamedTuple):
    """mean, squares: running means of gradient and squared gradient, (…, P); count: updates so far."""

    mean: Array
    squares: Array
    count: int


def _adagrad(theta: Array, gradient: Array, state: State, hyper: Hyper) -> tuple[Array, State]:
    squares, count = state
    squares = squares + gradient * gradient
    rate = hyper["learning_rate"] / (1 + count * hyper["lr_decay"])
    return theta - rate * gradient / (np.sqrt(squares) + hyper["eps"]), AdagradState(squares, count + 1)


def _rmsprop(theta: Array, gradient: Array, state: State, hyper: Hyper) -> tuple[Array, State]:
    squares = hyper["alpha"] * state[0] + (1 - hyper["alpha"]) * gradient * gradient
    return theta - hyper["learning_rate"] * gradient / (np.sqrt(squares) + hyper["eps"]), Squares(squares)


def _adam(theta: Array, gradient: Array, state: State, hyper: Hyper) -> tuple[Array, State]:
    beta1, beta2 = hyper["beta1"], hyper["beta2"]
    mean, squares, count = state
    count = count + 1
    mean = beta1 * mean + (1 - beta1) * gradient
    squares = beta2 * squares + (1 - beta2) * gradient * gradient
    denominator = np.sqrt(squares) / np.sqrt(1 - beta2**count) + hyper["eps"]
    step = hyper["learning_rate"] / (1 - beta1**count)
    return theta - step * mean / denominator, AdamState(mean, squares, count)


ADAGRAD = Optimizer(
    init=lambda theta: AdagradState(np.zeros_like(theta), 0),
    update=_adagrad,
    rate="learning_rate",
    code="""\
s = s + g * g
rate = learning_rate / (1 + count * lr_decay)
theta = theta - rate * g / (np.sqrt(s) + eps)
count = count + 1""",
)
RMSPROP = Optimizer(
    init=lambda theta: Squares(np.zeros_like(theta)),
    update=_rmsprop,
    rate="learning_rate",
    code="""\
s = alpha * s + (1 - alpha) * g * g
theta = theta - learning_rate * g / (np.sqrt(s) + eps)""",
)
ADAM = Optimizer(
    init=lambda theta: AdamState(np.zeros_like(theta), np.zeros_like(theta), 0),
    update=_adam,
    rate="learning_rate",
    code="""\
count = count + 1
m = beta1 * m + (1 - beta1) * g
s = beta2 * s + (1 - beta2) * g * g
step = learning_rate / (1 - beta1**count)
theta = theta - step * m / (np.sqrt(s) / np.sqrt(1 - beta2**count) + eps)""",
)
