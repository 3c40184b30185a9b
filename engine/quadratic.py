"""The bowl of a linear model with squared error: a paraboloid, from sums over the data, free of n ever after.

With z = F·(θ − θ*), where FᵀF is half the Hessian, L(θ) = L* + |z|² and ∂L/∂θ = 2 Fᵀz. Nothing is subtracted but θ*
itself, so the loss keeps its digits down to the very bottom. With an intercept b and x̄ the mean of x, F eliminates b:
its last row is (x̄, 1), the others are a root of the covariance of x. Each entry of θ may be an array of any shape; all
is done entry by entry, so the bits of one loss do not depend on which others are computed with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.arrays import Array
from engine.datasets import Dataset
from engine.memo import Memo
from engine.models import Model

_BLOCK = 8192
# Up to this many rows, sums are taken about the means at once; beyond, only where it is needed: in blocks of so many.
_MANY = 2**16
# By how much squares about zero may exceed squares about the mean: 10 bits of 53 are lost at worst.
_MOST_CANCELLED = 2.0**10
# x whose spread is no more than the rounding of its mean has no slope.
_FLAT = 1e-30
# Below this a square has lost digits of its own.
_SMALLEST = 1e-290


@dataclass(frozen=True, slots=True, eq=False)
class Quadratic:
    """L(θ) = least + |factor · (θ − optimum)|²; optimum (P,), factor (P, P)."""

    optimum: tuple[float, ...]
    least: float
    factor: tuple[tuple[float, ...], ...]

    def value(self, theta: Array) -> Array:
        """The loss at each θ: (…, P) → (…)."""
        return self.value_on(_entries(theta))

    def value_on(self, theta: Sequence[Array]) -> Array:
        """The loss wherever the entries of θ meet: arrays that broadcast against each other."""
        value = self._excess(theta)
        value += self.least
        return value

    def excess(self, theta: Array) -> Array:
        """By how much the loss at each θ exceeds the least possible: (…, P) → (…)."""
        return self._excess(_entries(theta))

    def _excess(self, theta: Sequence[Array]) -> Array:
        total, *others = self.whitened(theta)
        total *= total
        for other in others:
            square = other
            square *= other
            total = _plus(total, square)
        return total

    def gradient(self, theta: Array) -> Array:
        """The gradient at each θ: (…, P) → (…, P)."""
        whitened = self.whitened(_entries(theta))
        gradient = np.zeros_like(theta)
        for row, z in zip(self.factor, whitened, strict=True):
            for j, entry in enumerate(row):
                if entry:
                    gradient[..., j] += 2.0 * entry * z
        return gradient

    def most(self, reach: Sequence[float]) -> float:
        """A bound of the loss wherever no |θⱼ| is larger than its `reach`."""
        distance = [r + abs(best) for r, best in zip(reach, self.optimum, strict=True)]
        whitened = [sum(abs(f) * d for f, d in zip(row, distance, strict=True)) for row in self.factor]
        return self.least + sum(z * z for z in whitened)

    @property
    def hessian(self) -> Array:
        """The second derivatives, (P, P)."""
        factor = np.array(self.factor)
        hessian: Array = 2.0 * (factor[:, :, np.newaxis] * factor[:, np.newaxis, :]).sum(axis=0)
        return hessian

    def whitened(self, theta: Sequence[Array]) -> list[Array]:
        """The entries of z, given those of θ, each of any shape."""
        return self.rooted([each - best for each, best in zip(theta, self.optimum, strict=True)])

    def rooted(self, distance: Sequence[Array]) -> list[Array]:
        """The entries of F·d, given those of d, each of any shape."""
        product = []
        for row in self.factor:
            z = row[0] * distance[0]
            for entry, d in zip(row[1:], distance[1:], strict=True):
                if entry:
                    z = _plus(z, d if entry == 1 else entry * d)
            product.append(z)
        return product


def _plus(left: Array, right: Array) -> Array:
    """The sum, in the memory of `left` where that is of its shape."""
    if left.shape != right.shape:
        return left + right
    left += right
    return left


def _entries(theta: Array) -> list[Array]:
    return [theta[..., j] for j in range(theta.shape[-1])]


_known = Memo[Quadratic](most=8)


def quadratic(dataset: Dataset, model: Model) -> Quadratic:
    """The paraboloid of a linear model with squared error on `dataset`: one pass over the data, or two, once."""
    known = _known.find(dataset, model)
    if known is None:
        known = _fit(dataset, model)
        _known.keep(dataset, model, known)
    return known


def _fit(dataset: Dataset, model: Model) -> Quadratic:
    columns = [*dataset.x.T, dataset.y]
    centred = bool(model.intercept)
    sums = _about_zero(columns, centred) if len(dataset) > _MANY else None
    means, spread = _carefully(columns, centred) if sums is None else sums
    weights, root = _solve(spread, means)
    bias = float(means[-1]) - float((weights * means[:-1]).sum())
    optimum = (*weights.tolist(), bias) if centred else tuple(weights.tolist())
    rows = [(*row, 0.0) if centred else tuple(row) for row in root.tolist()]
    if centred:
        rows.append((*means[:-1].tolist(), 1.0))
    least = _residual(columns, weights, bias if centred else 0.0) if sums is None else _least(spread, weights)
    return Quadratic(optimum, least, tuple(rows))


def _solve(spread: Array, means: Array) -> tuple[Array, Array]:
    """The best weights (d,), 0 where the data say nothing of them, and a root of the covariance of x, (d, d)."""
    values, vectors = np.linalg.eigh(spread[:-1, :-1])
    scale = float(values[-1]) + float((means[:-1] ** 2).sum())
    values = np.where(values > max(_FLAT * scale, _SMALLEST), values, 0.0)
    along = (vectors * spread[:-1, -1:]).sum(axis=0)
    along = np.divide(along, values, out=np.zeros_like(along), where=values > 0)
    return (vectors * along).sum(axis=1), np.sqrt(values)[:, np.newaxis] * vectors.T


def _about_zero(columns: list[Array], centred: bool) -> tuple[Array, Array] | None:
    """As `_carefully`, in one pass; None where that would cost too many digits."""
    n = len(columns[0])
    whole = n - n % _MANY
    blocks = [(c[:whole].reshape(-1, _MANY), c[whole:]) for c in columns]
    ones = (_ones(), _ones()[: n - whole])

    def mean(left: tuple[Array, Array], right: tuple[Array, Array]) -> float:
        return float(np.vecdot(left[0], right[0]).sum() + np.vecdot(left[1], right[1])) / n

    means = np.array([mean(c, ones) if centred else 0.0 for c in blocks])
    squares = np.array([[mean(left, right) for right in blocks[: i + 1]] + [0.0] * (len(blocks) - i - 1)
                        for i, left in enumerate(blocks)])  # fmt: skip
    squares += np.tril(squares, -1).T
    spread = squares - means[:, np.newaxis] * means
    weights, _ = _solve(spread, means)
    left = np.append(np.diag(spread)[:-1], _least(spread, weights))
    return (means, spread) if (np.diag(squares) <= _MOST_CANCELLED * left).all() else None


@cache
def _ones() -> Array:
    """A product with ones takes two thirds of the time of a sum."""
    return np.ones(_MANY)


def _least(spread: Array, weights: Array) -> float:
    """The mean square that the best weights leave of y."""
    return float(spread[-1, -1] - (weights * spread[:-1, -1]).sum())


def _carefully(columns: list[Array], centred: bool) -> tuple[Array, Array]:
    """The means (d + 1,) of x's columns and y, 0 if not `centred`, and the mean products about them (d + 1, d + 1).

    Within blocks about each block's own means, and between blocks about the overall ones.
    """
    n = len(columns[0])
    counts, means, within = [], [], []
    for first in range(0, n, _BLOCK):
        block = [c[first : first + _BLOCK] for c in columns]
        centres = [float(c.mean()) if centred else 0.0 for c in block]
        about = [c - centre for c, centre in zip(block, centres, strict=True)]
        within.append([[float((left * right).sum()) for right in about] for left in about])
        means.append(centres)
        counts.append(len(block[0]))
    share = np.array(counts) / n
    blocks = np.array(means)
    overall = (share[:, np.newaxis] * blocks).sum(axis=0)
    apart = blocks - overall
    between = (share[:, np.newaxis, np.newaxis] * apart[:, :, np.newaxis] * apart[:, np.newaxis, :]).sum(axis=0)
    return overall, np.array(within).sum(axis=0) / n + between


def _residual(columns: list[Array], weights: Array, bias: float) -> float:
    """The mean of (w·x + b − y)², row by row: what little is left of a good fit keeps its digits."""
    n, total = len(columns[-1]), 0.0
    for first in range(0, n, _BLOCK):
        residual = bias - columns[-1][first : first + _BLOCK]
        for weight, column in zip(weights, columns[:-1], strict=True):
            residual += weight * column[first : first + _BLOCK]
        total += float(np.square(residual).sum())
    return total / n
