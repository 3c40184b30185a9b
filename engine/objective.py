"""What is minimised: data, model and loss together, as a function of θ with any leading axes."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import Array, Rows
from engine.datasets import Dataset
from engine.losses import Loss
from engine.models import Model
from engine.quadratic import Quadratic, quadratic

# A loss beyond this has left all bounds.
DIVERGED = 1e12

# A surface or a trajectory is a value over many θ at once: this many (θ, row) pairs are held at a time (1 MB an array,
# which stays in the processor's cache; with eight times as many, a surface takes five times as long).
_AT_ONCE = 2**17


@dataclass(frozen=True, eq=False)
class Objective:
    """L(θ) = (1/n) Σ loss(model(θ, xᵢ), yᵢ), and its gradient over any rows."""

    dataset: Dataset
    model: Model
    loss: Loss

    @cached_property
    def quadratic(self) -> Quadratic | None:
        """The paraboloid that this is, for a linear model with squared error; else None."""
        return quadratic(self.dataset, self.model) if self.model.linear and self.loss.squared else None

    def value(self, theta: Array) -> Array:
        """The loss over all rows at each θ: (…, P) → (…)."""
        bowl = self.quadratic
        return self._row_by_row(theta) if bowl is None else bowl.value(theta)

    def gradient(self, theta: Array, rows: Rows | None = None) -> Array:
        """The gradient of the loss over `rows`, (…, m) indices or None for all: (…, P) → (…, P)."""
        bowl = self.quadratic
        if rows is None and bowl is not None:
            return bowl.gradient(theta)
        x = self.dataset.x if rows is None else self.dataset.x[rows]
        y = self.dataset.y if rows is None else self.dataset.y[rows]
        return self.slope(theta, x, y)

    def steepness(self, theta: Array) -> Array:
        """The length of the gradient over all rows at each θ: (…, P) → (…)."""
        at_once = max(1, _AT_ONCE // len(self.dataset)) if self.quadratic is None else _AT_ONCE
        flat = theta.reshape(-1, theta.shape[-1])
        with np.errstate(all="ignore"):
            squares = [np.square(self.gradient(flat[i : i + at_once])) for i in range(0, len(flat), at_once)]
            length: Array = np.sqrt(np.concatenate(squares).sum(axis=-1))
        return length.reshape(theta.shape[:-1])

    def most(self, reach: Array) -> Array:
        """A bound of the loss wherever no |θⱼ| exceeds its `reach` (…, P), for a linear model: (…)."""
        data = self.dataset
        bound = self.model.predict(reach, np.abs(data.x)) + np.abs(data.y)
        value: Array = self.loss.value(bound, np.zeros_like(bound)).mean(axis=-1)
        return value

    def slope(self, theta: Array, x: Array, y: Array) -> Array:
        """The gradient of the mean loss over a batch x (…, m, d), y (…, m): (…, P) → (…, P)."""
        upstream = self.loss.slope(self.model.predict(theta, x), y)
        gradient: Array = self.model.pullback(theta, x, upstream) / y.shape[-1]
        return gradient

    def _row_by_row(self, theta: Array) -> Array:
        flat = theta.reshape(-1, theta.shape[-1])
        at_once = max(1, _AT_ONCE // len(self.dataset))
        pieces = [self._mean(flat[i : i + at_once]) for i in range(0, max(len(flat), 1), at_once)]
        return np.concatenate(pieces).reshape(theta.shape[:-1])

    def _mean(self, theta: Array) -> Array:
        value: Array = self.loss.value(self.model.predict(theta, self.dataset.x), self.dataset.y).mean(axis=-1)
        return value
