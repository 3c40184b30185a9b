"""How wrong a prediction is, row by row: value and slope side by side.

The loss over a batch of m rows is the mean of `value` over its rows.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.registry import Entry, Registry


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss of predictions ŷ against targets y, both (…, m).

    value: the loss of each row, (…, m); slope: its derivative by ŷ, (…, m).
    forward, backward: the same for a batch as lines of NumPy, for people to read and to run: `forward` makes the
    residual r and the loss of y_hat and y, `backward` the slope by y_hat.
    squared: whether the loss is (ŷ − y)², which makes the bowl of a linear model a paraboloid.
    """

    value: Callable[[Array, Array], Array]
    slope: Callable[[Array, Array], Array]
    forward: str
    backward: str
    squared: bool = False


def _squared(prediction: Array, target: Array) -> Array:
    return (prediction - target) ** 2


def _squared_slope(prediction: Array, target: Array) -> Array:
    return 2.0 * (prediction - target)


def _absolute(prediction: Array, target: Array) -> Array:
    return np.abs(prediction - target)


def _absolute_slope(prediction: Array, target: Array) -> Array:
    # At a residual of zero every slope in [-1, 1] is a subgradient; 0, as sign gives, keeps a perfect fit still.
    return np.sign(prediction - target)


LOSSES = Registry[Loss](
    "loss",
    Entry(
        "squared-error",
        "Squared error",
        "Mean of (ŷ − y)² over the rows: large mistakes count most, and the bowl is a smooth paraboloid.",
        Loss(
            _squared,
            _squared_slope,
            forward="r = y_hat - y\nloss = np.mean(r ** 2)",
            backward="slope = 2 * r",
            squared=True,
        ),
    ),
    Entry(
        "absolute-error",
        "Absolute error",
        "Mean of |ŷ − y| over the rows: every mistake counts by its size alone, and the bowl has creases.",
        Loss(
            _absolute,
            _absolute_slope,
            forward="r = y_hat - y\nloss = np.mean(np.abs(r))",
            backward="slope = np.sign(r)",
        ),
    ),
)
