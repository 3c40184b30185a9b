"""What batches leave over of the loss: each pulls to its own optimum, and a run ends in a play about that of all.

With e the error and g the batch's gradient at the optimum, an update is linear in (e, 1): its curvature there is
[[H, g], [0, 0]]. So the products of `limits` tell where a run is once its start is forgotten: for batches in order at
the fixed point of an epoch's map, for rows drawn where the second moments are left as they are by E[M ⊗ M].
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import nan

import numpy as np

from engine.arrays import Array
from engine.batches import Batches
from engine.limits import Contraction, Law, Ordered, batch_means, covariance, mean_square
from engine.matrices import dominant_of


@dataclass(frozen=True, slots=True)
class Leftover:
    """By how much the loss exceeds the least possible one in the long run: at the ends of epochs, or in the mean.

    over: rates (R,) below the limit → (R,); at: the same at one rate, and the dominant eigenvalue (see `limits`) where
    the same product tells it.
    """

    over: Callable[[Array], Array]
    at: Callable[[float], tuple[float, complex | None]]


def leftover(
    law: Law, known: Contraction, batches: Batches, features: Array, values: Array, residuals: Array
) -> Leftover | None:
    """For features (n, r) and eigenvalues (r,) as in `limits.contraction`, and the residuals (n,) at the optimum.

    None for all rows at once, which leave nothing over, and where no limit is known.
    """
    if known.limit is None or known.per == "step":
        return None
    pulled = np.column_stack([features, residuals])
    if known.per == "random":
        mean = _with_constant(np.diag(values), np.zeros(len(values)))
        products = 2 * features[:, :, np.newaxis] * pulled[:, np.newaxis, :]
        spread = np.concatenate([products, 0 * products[:, :1]], axis=1) - mean
        over = partial(_of_draws, law, values, mean, covariance(spread) / batches.size)
        return Leftover(over, lambda rate: (float(over(np.array([rate]))[0]), None))
    means = batch_means(2 * features.T[:, np.newaxis] * pulled.T, batches.size)
    epoch = Ordered(law, np.concatenate([means, 0 * means[:1]]))
    weights = values.tolist()
    return Leftover(
        lambda rates: _at_rest(values, np.moveaxis(epoch.product(rates), 2, 0)),
        lambda rate: _told_by(weights, epoch.product_at(rate)),
    )


def _with_constant(hessian: Array, pull: Array) -> Array:
    return np.vstack([np.column_stack([hessian, pull]), np.zeros(len(pull) + 1)])


def _at_rest(values: Array, maps: Array) -> Array:
    """The excess at the fixed points of maps (R, k, k) of (e, 1), or of (e, 1, v, 0)."""
    size = len(values)
    others = np.delete(np.arange(maps.shape[1]), size)
    pull = maps[:, others, size, np.newaxis]
    points = _solved(np.eye(len(others)) - maps[:, others[:, np.newaxis], others], pull)
    excess: Array = 0.5 * np.sum(values * points[:, :size, 0] ** 2, axis=1)
    return excess


def _told_by(values: list[float], map_: list[list[float]]) -> tuple[float, complex]:
    """The same of one map (k, k), and its dominant eigenvalue: every request asks, and NumPy takes long to begin."""
    size = len(values)
    if len(map_) == 3:
        (a, b, p), (c, d, q), _ = map_
        whole = (1 - a) * (1 - d) - b * c
        if whole == 0:
            return nan, dominant_of([[a, b], [c, d]])
        x, y = ((1 - d) * p + b * q) / whole, (c * p + (1 - a) * q) / whole
        return 0.5 * (values[0] * x * x + values[1] * y * y), dominant_of([[a, b], [c, d]])
    # Neither the constant nor its velocity, which is 0, is moved.
    others = [i for i in range(len(map_)) if i not in (size, 2 * size + 1)]
    dominant = dominant_of([[map_[i][j] for j in others] for i in others])
    rows = [[(i == j) - map_[i][j] for j in others] + [map_[i][size]] for i in others]
    return _excess_at_rest(values, rows), dominant


def _excess_at_rest(values: list[float], rows: list[list[float]]) -> float:
    """The excess where linear equations, given with their right sides, are met."""
    for k in range(len(rows)):
        pivot = max(range(k, len(rows)), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        if rows[k][k] == 0:
            return nan
        for i in range(len(rows)):
            if i != k and rows[i][k]:
                share = rows[i][k] / rows[k][k]
                rows[i] = [mine - share * other for mine, other in zip(rows[i], rows[k], strict=True)]
    return 0.5 * sum(value * (rows[i][-1] / rows[i][i]) ** 2 for i, value in enumerate(values))


def _of_draws(law: Law, values: Array, mean: Array, spread: Array, rates: Array) -> Array:
    """The mean excess where the second moments stand still."""
    moments = np.moveaxis(mean_square(law, mean, spread, rates), 2, 0)
    length = int(np.sqrt(moments.shape[1]))
    size = len(values)
    constant = size * length + size
    others = np.delete(np.arange(length**2), constant)
    still = _solved(
        np.eye(len(others)) - moments[:, others[:, np.newaxis], others], moments[:, others, constant, np.newaxis]
    )
    squares = np.searchsorted(others, np.arange(size) * (length + 1))
    excess: Array = 0.5 * np.sum(values * still[:, squares, 0], axis=1)
    return excess


def _solved(left: Array, right: Array) -> Array:
    """Solutions of linear equations (R, m, m); not numbers where there are none."""
    try:
        with np.errstate(all="ignore"):
            return np.asarray(np.linalg.solve(left, right), np.float64)
    except np.linalg.LinAlgError:
        return np.full(right.shape, np.nan)
