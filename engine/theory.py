"""What is known of a run before it is made: optimum, curvature, and the learning rate at which it stops contracting.

For models linear in θ with squared error. With X̃ the design, H = (2/n) X̃ᵀX̃ and λ its eigenvalues:

- all rows, v ← βv + g, θ ← θ − a(p·g + q·v): limit (2 + 2β) / (λmax (p + q + pβ)), which is 2/λmax for gradient descent,
  (2 + 2β)/λmax for momentum and (2 + 2β)/((1 + 2β) λmax) for Nesterov; best rate 2(1 + β)/(λmin + λmax) where p·β = 0
  (Polyak 1964; Goh, "Why Momentum Really Works", 2017);
- batches in sequential order: one epoch is an affine map with the matrix Π M(Hₖ; a); the limit is the smallest a at which
  its spectral radius reaches 1, for the data at hand;
- rows drawn with replacement: the mean-square limit, the smallest a with ρ(E[M ⊗ M]) ≥ 1;
- shuffled batches and adaptive methods: no limit is known, and none is given.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.arrays import Array
from engine.models import MODELS
from engine.optimizers import OPTIMIZERS, Hyper, LinearRule
from engine.spec import RunSpec

Radius = Callable[[Array], Array]


@dataclass(frozen=True, slots=True, eq=False)
class Theory:
    """What `analyse` knows.

    optimum: the parameters of least loss; optimum_loss: that loss; eigenvalues: of H, rising.
    condition_number: λmax/λmin, None where λmin is 0; learning_rate_limit, best_learning_rate: None where not known.
    error_factor: by what every step ("per" is "step" or "random", then in the root mean square) or every epoch ("epoch")
    multiplies the distance from the optimum in the long run, at the spec's own rate; None where not known.
    radius: rates (R,) → error factors (R,), for drawing; None where not known.
    """

    optimum: dict[str, float]
    optimum_loss: float
    eigenvalues: list[float]
    condition_number: float | None
    learning_rate_limit: float | None
    best_learning_rate: float | None
    error_factor: float | None
    per: str
    radius: Radius | None = field(default=None, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "optimum": self.optimum,
            "optimum_loss": self.optimum_loss,
            "eigenvalues": self.eigenvalues,
            "condition_number": self.condition_number,
            "learning_rate_limit": self.learning_rate_limit,
            "best_learning_rate": self.best_learning_rate,
            "error_factor": self.error_factor,
            "per": self.per,
        }


def analyse(spec: RunSpec) -> Theory | None:
    """The theory of a spec's own data, method and batches; None where there is none (see the module)."""
    design = MODELS[spec.model].value.design
    if design is None or spec.loss != "squared-error":
        return None
    features, y = design(spec.data.x), spec.data.y
    theta, *_ = np.linalg.lstsq(features, y)
    least = float(((features @ theta - y) ** 2).mean())
    hessian = 2 / len(y) * features.T @ features
    values, vectors = np.linalg.eigh(hessian)
    values = np.maximum(values, 0.0)
    # Directions in which the loss is flat never move; what contracts lives in the others.
    curved = values > values[-1] * 1e-13
    condition = float(values[-1] / values[0]) if curved.all() and values[-1] > 0 else None
    method = OPTIMIZERS[spec.optimizer.name].value
    limit = best = factor = radius = None
    per = "step"
    if method.linear is not None and values[-1] > 0:
        basis = vectors[:, curved]
        law = _Law(method.linear, spec.optimizer.params, method.rate)
        per, radius = _radius(spec, law, features @ basis, values[curved])
        if per == "step" and radius is not None:
            limit, best = law.batch_limit(values[-1]), law.best(values[0], values[-1]) if curved.all() else None
        elif radius is not None:
            limit = _first_crossing(radius, law.batch_limit(values[-1]))
        if radius is not None:
            factor = float(radius(np.array([spec.optimizer.params[method.rate]]))[0])
            factor = factor if np.isfinite(factor) else None
    optimum = dict(zip(spec.parameters, theta.tolist(), strict=True))
    return Theory(optimum, least, values.tolist(), condition, limit, best, factor, per, radius)


@dataclass(frozen=True, slots=True)
class _Law:
    """A linear method at any rate: how error and velocity move under one batch with curvature H.

    With e the error and v the velocity, (e, v) ← (N + U H V)(e, v); see `parts`.
    """

    linear: Callable[[Hyper], LinearRule]
    params: dict[str, float]
    rate: str

    def rule(self, rate: Any) -> LinearRule:
        return self.linear({**self.params, self.rate: rate})

    def parts(self, rates: Array, size: int) -> tuple[Array, Array, Array]:
        """N (R, k, k), U (R, k, r), V (r, k) with r = size and k = r, or 2r where there is a velocity."""
        rule = self.rule(rates)
        one = np.eye(size)
        a = rates[:, np.newaxis, np.newaxis]
        move = -a * (rule.gradient_weight + rule.velocity_weight) * one
        if rule.velocity_weight == 0:
            return np.broadcast_to(one, move.shape), move, one
        still = np.broadcast_to(one, move.shape)
        glide = -a * rule.velocity_weight * rule.decay * one
        top = np.concatenate([still, glide], axis=2)
        bottom = np.concatenate([0 * still, rule.decay * still], axis=2)
        return (
            np.concatenate([top, bottom], axis=1),
            np.concatenate([move, still], axis=1),
            np.concatenate([one, 0 * one], axis=1),
        )

    def batch_limit(self, largest: float) -> float:
        rule = self.rule(1.0)
        p, q, beta = rule.gradient_weight, rule.velocity_weight, rule.decay
        return float((2 + 2 * beta) / (largest * (p + q + p * beta)))

    def best(self, smallest: float, largest: float) -> float | None:
        rule = self.rule(1.0)
        if rule.gradient_weight * rule.decay != 0:
            return None
        return float(2 * (1 + rule.decay) / (smallest + largest))


def _radius(spec: RunSpec, law: _Law, features: Array, values: Array) -> tuple[str, Radius | None]:
    """By what the error is multiplied, and per what; features (n, r) and values (r,) in the basis of H."""
    batches = spec.batches()
    if batches.whole or (batches.size == batches.n and batches.order == "shuffled"):
        return "step", lambda rates: _sequential(law, rates, np.diag(values)[np.newaxis])
    if batches.order == "sequential":
        curvatures = _curvatures(features, batches.size)
        return "epoch", lambda rates: _sequential(law, rates, curvatures)
    if batches.order == "random":
        return "random", lambda rates: _mean_square(law, rates, features, np.diag(values), batches.size)
    return "epoch", None


def _curvatures(features: Array, size: int) -> Array:
    """H of each batch of an epoch in order, (batches, r, r)."""
    starts = np.arange(0, len(features), size)
    outer = 2 * features[:, :, np.newaxis] * features[:, np.newaxis, :]
    counts = np.diff(np.append(starts, len(features)))
    return np.add.reduceat(outer, starts, axis=0) / counts[:, np.newaxis, np.newaxis]


def _sequential(law: _Law, rates: Array, curvatures: Array) -> Array:
    """ρ of the product of all batches' matrices, the first batch rightmost, for each rate: (R,)."""
    before, kick, look = law.parts(rates, curvatures.shape[-1])
    at_once = max(2, 2**18 // (len(rates) * before.shape[-1] ** 2))
    product = np.broadcast_to(np.eye(before.shape[-1]), before.shape)
    with np.errstate(all="ignore"):
        for i in range(0, len(curvatures), at_once):
            maps = before[:, np.newaxis] + kick[:, np.newaxis] @ curvatures[i : i + at_once] @ look
            while maps.shape[1] > 1:
                odd = maps[:, -1:] if maps.shape[1] % 2 else maps[:, :0]
                even = maps[:, : maps.shape[1] // 2 * 2]
                maps = np.concatenate([even[:, 1::2] @ even[:, ::2], odd], axis=1)
            product = maps[:, 0] @ product
    return _spectral_radius(product)


def _mean_square(law: _Law, rates: Array, features: Array, hessian: Array, size: int) -> Array:
    """√ρ(E[M ⊗ M]) for batches of `size` rows drawn with replacement, for each rate: (R,).

    E[M ⊗ M] = M̄ ⊗ M̄ + (1/m) (U ⊗ U) C (V ⊗ V), C the covariance of one row's curvature.
    """
    before, kick, look = law.parts(rates, features.shape[-1])
    mean = before + kick @ hessian @ look
    pairs = 2 * features[:, :, np.newaxis] * features[:, np.newaxis, :]
    r = features.shape[-1]
    spread = (pairs - hessian).reshape(len(features), r * r)
    moments = (spread.T @ spread / len(features)).reshape(r, r, r, r)
    # moments[i, j, k, l] = E[H'ij H'kl]; the Kronecker product has rows (i, k) and columns (j, l).
    covariance = moments.transpose(0, 2, 1, 3).reshape(r * r, r * r)
    expected = _kron(mean, mean) + _kron(kick, kick) @ covariance @ _kron(look, look) / size
    return np.sqrt(_spectral_radius(expected))


def _kron(left: Array, right: Array) -> Array:
    product = left[..., :, np.newaxis, :, np.newaxis] * right[..., np.newaxis, :, np.newaxis, :]
    shape = (left.shape[-2] * right.shape[-2], left.shape[-1] * right.shape[-1])
    return product.reshape(*left.shape[:-2], *shape)


def _spectral_radius(matrices: Array) -> Array:
    """The largest |eigenvalue| of each matrix, infinity where one has overflowed: (…,)."""
    finite = np.isfinite(matrices).all(axis=(-2, -1))
    safe = np.where(finite[..., np.newaxis, np.newaxis], matrices, 0.0)
    radius: Array = np.abs(np.linalg.eigvals(safe)).max(axis=-1)
    return np.where(finite, radius, np.inf)


def _first_crossing(radius: Radius, scale: float) -> float | None:
    """The smallest rate at which `radius` reaches 1, to 1e-12 relative; None if there is none near `scale`.

    Rates are looked at from `scale`/10⁴ to 32·`scale`, closely enough that no crossing known to us is stepped over.
    """
    # A first look on a geometric grid, then an ever closer one between the two rates around the crossing.
    rates = scale * np.geomspace(1e-4, 32.0, 400)
    over = radius(rates) >= 1
    if not over.any():
        return None
    at = int(np.argmax(over))
    if at == 0:
        return None
    low, high = float(rates[at - 1]), float(rates[at])
    while high - low > 1e-13 * high:
        inner = np.linspace(low, high, 34)
        over = radius(inner) >= 1
        over[-1] = True
        at = max(int(np.argmax(over)), 1)
        if (inner[at - 1], inner[at]) == (low, high):
            break
        low, high = float(inner[at - 1]), float(inner[at])
    return high
