"""Methods with a rate of their own for each parameter, in PyTorch's convention: epsilon stands outside the root.

Adagrad: Duchi, Hazan, Singer 2011. RMSprop: Hinton, Coursera lecture 6e. Adam: Kingma, Ba 2015.
"""

from typing import NamedTuple

from engine.optimizers.base import Hyper, Numbers, Optimizer, State, root


class Squares(NamedTuple):
    """squares: gathered squares of the gradients."""

    squares: Numbers


class AdagradState(NamedTuple):
    """squares: the sum of all squared gradients; t: updates so far."""

    squares: Numbers
    t: int


class AdamState(NamedTuple):
    """mean, squares: running means of gradient and squared gradient; t: updates so far."""

    mean: Numbers
    squares: Numbers
    t: int


def _adagrad(theta: Numbers, gradient: Numbers, state: State, hyper: Hyper) -> tuple[Numbers, State]:
    squares, t = state
    squares = squares + gradient * gradient
    rate = hyper["learning_rate"] / (1 + t * hyper["lr_decay"])
    return theta - rate * gradient / (root(squares) + hyper["eps"]), AdagradState(squares, t + 1)


def _rmsprop(theta: Numbers, gradient: Numbers, state: State, hyper: Hyper) -> tuple[Numbers, State]:
    squares = hyper["alpha"] * state[0] + (1 - hyper["alpha"]) * gradient * gradient
    return theta - hyper["learning_rate"] * gradient / (root(squares) + hyper["eps"]), Squares(squares)


def _adam(theta: Numbers, gradient: Numbers, state: State, hyper: Hyper) -> tuple[Numbers, State]:
    beta1, beta2 = hyper["beta1"], hyper["beta2"]
    mean, squares, t = state
    t = t + 1
    mean = beta1 * mean + (1 - beta1) * gradient
    squares = beta2 * squares + (1 - beta2) * gradient * gradient
    denominator = root(squares) / root(1 - beta2**t) + hyper["eps"]
    step = hyper["learning_rate"] / (1 - beta1**t)
    return theta - step * mean / denominator, AdamState(mean, squares, t)


ADAGRAD = Optimizer(
    init=lambda theta: AdagradState(0.0 * theta, 0),
    update=_adagrad,
    rate="learning_rate",
    code="""\
s = s + g * g
rate = learning_rate / (1 + t * lr_decay)
theta = theta - rate * g / (np.sqrt(s) + eps)
t = t + 1""",
    memory=("s", "t"),
)
RMSPROP = Optimizer(
    init=lambda theta: Squares(0.0 * theta),
    update=_rmsprop,
    rate="learning_rate",
    code="""\
s = alpha * s + (1 - alpha) * g * g
theta = theta - learning_rate * g / (np.sqrt(s) + eps)""",
    memory=("s",),
)
ADAM = Optimizer(
    init=lambda theta: AdamState(0.0 * theta, 0.0 * theta, 0),
    update=_adam,
    rate="learning_rate",
    code="""\
t = t + 1
m = beta1 * m + (1 - beta1) * g
s = beta2 * s + (1 - beta2) * g * g
step = learning_rate / (1 - beta1**t)
theta = theta - step * m / (np.sqrt(s) / np.sqrt(1 - beta2**t) + eps)""",
    memory=("m", "s", "t"),
)
