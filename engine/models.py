"""What predicts y from x: value and derivative side by side, for parameters with any leading axes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.registry import Entry, ParamSpec, Registry


@dataclass(frozen=True, slots=True)
class Model:
    """A prediction ŷ = f(θ, x) and how it moves with θ.

    parameters: the names of θ's columns, P of them; features: how many columns x must have.
    predict: θ (…, P), x (…, m, d) → ŷ (…, m).
    pullback: θ (…, P), x (…, m, d), upstream (…, m) → Σ over rows of upstream · ∂ŷ/∂θ, (…, P).
    forward, backward: the same for a batch as lines of NumPy, for people to read and to run: `forward` makes y_hat of x
    and the parameters, `backward` the slope of each parameter and their gradient g of `slope`, the loss's by y_hat.
    intercept: for a model linear in θ, whether its last parameter stands alone (its others multiply the columns of x,
    one each); None for a model that is not linear.
    """

    parameters: tuple[str, ...]
    features: int
    predict: Callable[[Array, Array], Array]
    pullback: Callable[[Array, Array, Array], Array]
    forward: str
    backward: str
    intercept: bool | None = None

    @property
    def linear(self) -> bool:
        """Whether ŷ = X̃ θ for some X̃ made of x alone."""
        return self.intercept is not None

    def design(self, x: Array) -> Array:
        """X̃ with ŷ = X̃ θ, for a linear model: x (m, d) → (m, P)."""
        return np.column_stack([x, np.ones(len(x))]) if self.intercept else x


def _proportional(theta: Array, x: Array) -> Array:
    prediction: Array = theta[..., 0:1] * x[..., 0]
    return prediction


def _proportional_pullback(theta: Array, x: Array, upstream: Array) -> Array:
    slope: Array = (upstream * x[..., 0]).sum(axis=-1, keepdims=True)
    return slope


def _line(theta: Array, x: Array) -> Array:
    prediction: Array = theta[..., 0:1] * x[..., 0] + theta[..., 1:2]
    return prediction


def _line_pullback(theta: Array, x: Array, upstream: Array) -> Array:
    return np.stack([(upstream * x[..., 0]).sum(axis=-1), upstream.sum(axis=-1)], axis=-1)


def _start(name: str, label: str, meaning: str, slider: tuple[float, float]) -> ParamSpec:
    return ParamSpec(name, label, 0.1, -1e6, 1e6, f"Where {meaning} starts.", symbol=name, slider=slider)


_WEIGHT = _start("w", "Start weight", "the weight w", (-1.0, 2.0))
_BIAS = _start("b", "Start bias", "the bias b", (-2.0, 2.0))

MODELS = Registry[Model](
    "model",
    Entry(
        "proportional",
        "Proportional: w·x",
        "ŷ = w·x: a line through the origin with one parameter, its slope.",
        Model(
            ("w",),
            1,
            _proportional,
            _proportional_pullback,
            forward="y_hat = w * x",
            backward="g_w = np.mean(slope * x)\ng = np.array([g_w])",
            intercept=False,
        ),
        (_WEIGHT,),
    ),
    Entry(
        "line",
        "Line: w·x + b",
        "ŷ = w·x + b: a line with a slope and a height.",
        Model(
            ("w", "b"),
            1,
            _line,
            _line_pullback,
            forward="y_hat = w * x + b",
            backward="g_w = np.mean(slope * x)\ng_b = np.mean(slope)\ng = np.array([g_w, g_b])",
            intercept=True,
        ),
        (_WEIGHT, _BIAS),
    ),
)
