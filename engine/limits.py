"""By what a linear method multiplies its error on a paraboloid, and the rate at which that reaches 1.

One update over a batch with curvature H moves (error, velocity) by a matrix M(H; a). The error factor is its spectral
radius ρ(M) for all rows; that of the product of an epoch's matrices for batches in sequential order; √ρ(E[M ⊗ M]), the
factor of the root mean square, for rows drawn with replacement.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial, reduce
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from engine import extra
from engine.arrays import Array, ComplexArray, Flags
from engine.background import Worthwhile
from engine.batches import Batches
from engine.matrices import dominant, dominant_of, kron, product, spectral_radius, times
from engine.optimizers import Hyper, LinearRule, Numbers

if TYPE_CHECKING:
    from engine.productkernels import ProductKernel

# An epoch of more steps than this is not worked through for its limit.
_LONGEST_EPOCH = 2**13
_NUMBERS_AT_ONCE = 2**18
_RATES_AT_ONCE = 512
# How closely rates are looked at, relative to themselves, where the error factor is smooth.
_SMOOTH = 0.03
# Looking for a limit takes so many multiplications at the most, some half a second.
_MOST_PRODUCTS = 1e7
# A peak of the error factor this high is looked at closely.
_NEAR = 0.7
# Microseconds that machine code saves for the product of an epoch, and that making it costs.
_PRODUCT_SAVES, _PRODUCT_COSTS = 40.0, 40_000.0

Radius: TypeAlias = Callable[[Array], Array]
Dominant: TypeAlias = Callable[[Array], ComplexArray]


class Weights(NamedTuple):
    """What an update adds to the error of the slope, `move`, and of the velocity, `glide`; the velocity's own decay."""

    move: Numbers
    glide: Numbers
    decay: Numbers


@dataclass(frozen=True, slots=True)
class Law:
    """A linear method at any rate: how error and velocity move under one batch with curvature H.

    With e the error and v the velocity, (e, v) ← (N + U H V)(e, v); see `parts`.
    """

    linear: Callable[[Hyper], LinearRule]
    params: Mapping[str, float]
    rate: str

    def rule(self, rate: Numbers) -> LinearRule:
        """The update's coefficients at a rate, or at many."""
        return self.linear({**self.params, self.rate: rate})

    def weights(self, rates: Numbers) -> Weights:
        """By what an update multiplies what it adds to the error, at a rate or at many."""
        rule = self.rule(rates)
        p, q = rule.gradient_weight, rule.velocity_weight
        return Weights(-rates * (p + q), -rates * q * rule.decay, rule.decay)

    @property
    def glides(self) -> bool:
        """Whether there is a velocity."""
        return bool(self.rule(1.0).velocity_weight)

    def parts(self, rates: Array, size: int) -> tuple[Array, Array, Array]:
        """N (k, k, R), U (k, r, R), V (r, k, 1) with r = size and k = r, or 2r where there is a velocity."""
        weights = self.weights(rates)
        one = np.repeat(np.eye(size)[:, :, np.newaxis], len(rates), axis=2)
        move = weights.move * one
        if not self.glides:
            return one, move, one[:, :, :1]
        glide = weights.glide * one
        before = np.concatenate([np.concatenate([one, glide], 1), np.concatenate([0 * one, weights.decay * one], 1)])
        return before, np.concatenate([move, one]), np.concatenate([one, 0 * one], 1)[:, :, :1]

    def batch_limit(self, largest: float) -> float:
        """The rate at which all rows stop contracting, `largest` being the largest eigenvalue of H."""
        rule = self.rule(1.0)
        p, q, beta = rule.gradient_weight, rule.velocity_weight, rule.decay
        return float((2 + 2 * beta) / (largest * (p + q + p * beta)))

    def overshoot(self, largest: float) -> float | None:
        """The rate 1/λmax from which on all rows cross the valley with every step; None where there is a velocity."""
        rule = self.rule(1.0)
        return None if rule.velocity_weight else float(1 / (largest * rule.gradient_weight))

    def best(self, smallest: float, largest: float) -> float | None:
        """The smallest rate at which all rows contract fastest, where that is known in closed form.

        Beyond (1 − √β)²/λmin a velocity swings along the valley and shrinks by √β a step whatever the rate.
        """
        rule = self.rule(1.0)
        if rule.gradient_weight * rule.decay != 0:
            return None
        swinging = (1 - np.sqrt(rule.decay)) ** 2 / smallest
        return float(min(swinging, 2 * (1 + rule.decay) / (smallest + largest)))


@dataclass(frozen=True, slots=True)
class Contraction:
    """How the error shrinks or grows at any rate.

    per: what a factor is for: a "step", an "epoch", or a "random" step, then of the root mean square.
    radius: rates (R,) → factors (R,); limit: the smallest rate whose factor is 1 or more. None where not known.
    dominant: rates (R,) → the eigenvalue that decides the error in the long run, of the mean error for rows drawn;
    dominant_at: the same at one rate; steps: how many updates a factor is for.
    """

    per: str
    radius: Radius | None = None
    limit: float | None = None
    dominant: Dominant | None = None
    dominant_at: Callable[[float], complex] | None = None
    steps: int = 1

    def at(self, rate: float) -> tuple[float, complex] | None:
        """The factor and the dominant eigenvalue at a rate; None where not known."""
        if self.radius is None or self.dominant_at is None:
            return None
        dominant = self.dominant_at(rate)
        return float(self.radius(np.array([rate]))[0]) if self.per == "random" else abs(dominant), dominant


def contraction(law: Law, batches: Batches, features: Array, values: Array) -> Contraction:
    """What is known of a linear method on a paraboloid.

    features (n, r) are the rows of X̃ and values (r,) the eigenvalues, rising, both in the basis of H.
    """
    hessian = np.diag(values)
    scale = law.batch_limit(values[-1])
    whole = Ordered(law, hessian[:, :, np.newaxis])
    if batches.whole or (batches.size == batches.n and batches.order == "shuffled"):
        return Contraction("step", whole.radius, scale, whole.dominant, whole.dominant_at)
    if batches.order == "random":
        spread = 2 * features[:, :, np.newaxis] * features[:, np.newaxis, :] - hessian
        radius = partial(_mean_factor, law, hessian, covariance(spread) / batches.size)
        limit = first_crossing(radius, scale, _SMOOTH)
        return Contraction("random", radius, limit, whole.dominant, whole.dominant_at)
    if batches.order == "shuffled" or batches.per_epoch > _LONGEST_EPOCH:
        return Contraction("epoch")
    epoch = Ordered(law, batch_means(2 * features.T[:, np.newaxis] * features.T, batches.size))
    spacing = _spacing(law, batches.per_epoch, len(features.T))
    limit = None if spacing is None else first_crossing(epoch.radius, scale, spacing)
    return Contraction("epoch", epoch.radius, limit, epoch.dominant, epoch.dominant_at, batches.per_epoch)


def _spacing(law: Law, per_epoch: int, size: int) -> float | None:
    """How closely rates must be looked at, relative to themselves; None if that would take too long.

    A velocity swings, and batches excite it in bands of rates. Damped by β each step, those cannot be much narrower
    than ln(1/β)/π.
    """
    decay = law.rule(1.0).decay
    spacing = min(_SMOOTH, -float(np.log(decay)) / 8) if decay else _SMOOTH
    products = per_epoch * (2 * size if decay else size) ** 3 / spacing
    return spacing if products < _MOST_PRODUCTS else None


def batch_means(each: Array, size: int) -> Array:
    """The means (…, batches) over each batch of an epoch in order of what every row has, (…, n)."""
    n = each.shape[-1]
    starts = np.arange(0, n, size)
    means: Array = np.add.reduceat(each, starts, axis=-1) / np.diff(starts, append=n)
    return means


def covariance(spread: Array) -> Array:
    """E[D ⊗ D] of what every row's curvature differs by from the mean one, D: (n, r, r) → (r², r²)."""
    n, r, _ = spread.shape
    flat = spread.reshape(n, r * r)
    moments = (flat.T @ flat / n).reshape(r, r, r, r)
    # moments[i, j, k, l] = E[H'ij H'kl]; a Kronecker product has rows (i, k) and columns (j, l).
    pairs: Array = moments.transpose(0, 2, 1, 3).reshape(r * r, r * r)
    return pairs


class Ordered:
    """Batches with these curvatures (r, r, batches), one after another."""

    def __init__(self, law: Law, curvatures: Array) -> None:
        self.law = law
        self.curvatures = curvatures
        self._kind = len(curvatures), law.glides

    def dominant(self, rates: Array) -> ComplexArray:
        """The eigenvalue of largest size of the product of all batches' matrices, the first rightmost: (R,)."""
        return dominant(self.product(rates))

    def dominant_at(self, rate: float) -> complex:
        """The same at one rate, as a slider or a request gives it: there, to ask NumPy again and again takes time."""
        return dominant_of(self.product_at(rate))

    def product_at(self, rate: float) -> list[list[float]]:
        """The product of all batches' matrices at one rate, (k, k)."""
        kernel = self._kernel()
        if kernel is None:
            rows: list[list[float]] = self.product(np.array([rate]))[:, :, 0].tolist()
            return rows
        return kernel(self.curvatures, *self.law.weights(rate))

    def product(self, rates: Array) -> Array:
        """The product of all batches' matrices at each rate, the first rightmost: (k, k, R)."""
        before, kick, look = self.law.parts(rates, len(self.curvatures))
        at_once = max(2, _NUMBERS_AT_ONCE // before.size)
        pieces = []
        with np.errstate(all="ignore"):
            for i in range(0, self.curvatures.shape[2], at_once):
                curvature = self.curvatures[:, :, i : i + at_once, np.newaxis]
                moved = times(kick[:, :, np.newaxis], times(curvature, look[:, :, np.newaxis]))
                pieces.append(product(before[:, :, np.newaxis] + moved))
            return reduce(lambda earlier, later: times(later, earlier), pieces)

    def _kernel(self) -> "ProductKernel | None":
        """What makes the product of one rate, once that pays; not where NumPy makes it in pieces."""
        if self.curvatures.shape[2] > _LONGEST_EPOCH:
            return None
        return _multiplier(*self._kind).find(_PRODUCT_SAVES, partial(product_kernel, *self._kind))

    def radius(self, rates: Array) -> Array:
        """ρ of that product: (R,)."""
        return np.abs(self.dominant(rates))


@cache
def _multiplier(size: int, glides: bool) -> Worthwhile["ProductKernel"]:
    return Worthwhile(_PRODUCT_COSTS)


def product_kernel(size: int, glides: bool) -> "ProductKernel | None":
    """What multiplies the updates over curvatures (size, size), with a velocity if it `glides`; None without it."""

    def make() -> "ProductKernel":
        from engine.productkernels import ProductKernel

        return ProductKernel(size, glides)

    return extra.attempted(make)


def _mean_factor(law: Law, hessian: Array, spread: Array, rates: Array) -> Array:
    """√ρ(E[M ⊗ M]) for batches whose curvatures have this mean and covariance, for each rate: (R,)."""
    with np.errstate(all="ignore"):
        return np.sqrt(spectral_radius(mean_square(law, hessian, spread, rates)))


def mean_square(law: Law, hessian: Array, spread: Array, rates: Array) -> Array:
    """E[M ⊗ M] for batches whose curvatures have this mean and covariance, for each rate: (k², k², R).

    With M = N + U H V, E[M ⊗ M] = M̄ ⊗ M̄ + (U ⊗ U) C (V ⊗ V).
    """
    before, kick, look = law.parts(rates, len(hessian))
    mean = before + times(kick, times(hessian[:, :, np.newaxis], look))
    with np.errstate(all="ignore"):
        moved: Array = times(kron(kick, kick), times(spread[:, :, np.newaxis], kron(look, look)))
        return kron(mean, mean) + moved


def first_crossing(radius: Radius, scale: float, spacing: float) -> float | None:
    """The smallest rate at which `radius` reaches 1, to 1e-12 relative; None if there is none near `scale`.

    Rates are looked at from `scale`/10⁴ to 32·`scale`, each by `spacing` larger than the one before, and more closely
    about every peak that comes near 1.
    """
    rates = scale * np.exp(np.arange(np.log(1e-4), np.log(32), spacing))
    for first in range(0, len(rates) - 1, _RATES_AT_ONCE):
        some = rates[first : first + _RATES_AT_ONCE + 2]
        values = radius(some)
        within = slice(1, -1)
        peaks = (values[:-2] < values[within]) & (values[within] >= values[2:])
        peaks &= (values[within] > _NEAR) & (values[within] < 1)
        if peaks.any():
            closer = [np.linspace(some[at], some[at + 2], 33)[1:-1] for at in np.flatnonzero(peaks)]
            some = np.unique(np.concatenate([some, *closer]))
            values = radius(some)
        over = values >= 1
        if over[0]:
            return None
        if over.any():
            at = int(np.argmax(over))
            return narrowed(lambda rates: radius(rates) >= 1, float(some[at - 1]), float(some[at]))
    return None


def narrowed(test: Callable[[Array], Flags], low: float, high: float, close: float = 1e-13) -> float:
    """Where between `low`, which fails a test, and `high`, which passes it, rates first pass, to `close` relative."""
    while high - low > close * high:
        inner = np.linspace(low, high, 34)
        passed = np.append(test(inner[1:-1]), True)
        at = int(np.argmax(passed))
        if (inner[at], inner[at + 1]) == (low, high):
            break
        low, high = float(inner[at]), float(inner[at + 1])
    return high
