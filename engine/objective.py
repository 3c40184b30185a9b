"""What is minimised: data, model and loss together, as a function of θ with any leading axes."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import Array, Rows
from engine.datasets import Dataset
from engine.losses import Loss
from engine.models import Model

# A surface or a trajectory is a value over many θ at once: this many (θ, row) pairs are held at a time (8 MB each array).
_AT_ONCE = 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """L(θ) = (1/n) Σ loss(model(θ, xᵢ), yᵢ), and its gradient over any rows."""

    dataset: Dataset
    model: Model
    loss: Loss

    def value(self, theta: Array) -> Array:
        """The loss over all rows at each θ: (…, P) → (…)."""
        flat = theta.reshape(-1, theta.shape[-1])
        at_once = max(1, _AT_ONCE // len(self.dataset))
        pieces = [self._value(flat[i : i + at_once]) for i in range(0, max(len(flat), 1), at_once)]
        return np.concatenate(pieces).reshape(theta.shape[:-1])

    def _value(self, theta: Array) -> Array:
        prediction = self.model.predict(theta, self.dataset.x)
        value: Array = self.loss.value(prediction, self.dataset.y).mean(axis=-1)
        return value

    def gradient(self, theta: Array, rows: Rows | None = None) -> Array:
        """The gradient of the loss over `rows`, (…, m) indices or None for all: (…, P) → (…, P)."""
        x = self.dataset.x if rows is None else self.dataset.x[rows]
        y = self.dataset.y if rows is None else self.dataset.y[rows]
        slope = self.loss.slope(self.model.predict(theta, x), y)
        return self.model.pullback(theta, x, slope) / y.shape[-1]
