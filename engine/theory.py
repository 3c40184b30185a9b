"""What is known of a run before it is made: optimum, curvature, and the learning rate at which it stops contracting.

For models linear in θ with squared error. With X̃ the design, H = (2/n) X̃ᵀX̃ and λ its eigenvalues:

- all rows, v ← βv + g, θ ← θ − a(p·g + q·v): limit (2 + 2β) / (λmax (p + q + pβ)), which is 2/λmax for gradient
  descent, (2 + 2β)/λmax for momentum and (2 + 2β)/((1 + 2β) λmax) for Nesterov; where p·β = 0, the
  smallest best rate is min((1 − √β)²/λmin, 2(1 + β)/(λmin + λmax)) (Polyak 1964; Goh, "Why Momentum Really Works",
  2017);
- batches in sequential order: one epoch is an affine map with the matrix Π M(Hₖ; a); the limit is the smallest a at
  which its spectral radius reaches 1, for the data at hand;
- rows drawn with replacement: the mean-square limit, the smallest a with ρ(E[M ⊗ M]) ≥ 1;
- shuffled batches and adaptive methods: no limit is known, and none is given.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import cache
from math import isfinite
from typing import Any

import numpy as np

from engine.leftover import Leftover, leftover
from engine.limits import Contraction, Law, Radius, contraction
from engine.memo import Memo
from engine.messages import Message
from engine.models import MODELS
from engine.optimizers import OPTIMIZERS
from engine.quadratic import Quadratic
from engine.regimes import Boundaries, Outlook, boundaries, outlook
from engine.spec import RunSpec, expect_spec

# Below these shares of the largest, eigenvalues are lost in the rounding of a Hessian, and in that of its root.
_HIDDEN, _FLAT = 1e-13, 1e-26
_PERFECT = 1e-20
_MOST_KNOWN = 32


@dataclass(frozen=True, slots=True, eq=False)
class Theory:
    """What `analyse` knows.

    optimum: the parameters of least loss; optimum_loss: that loss; eigenvalues: of H, rising.
    condition_number: λmax/λmin, None where λmin is 0; learning_rate_limit, best_learning_rate: None where not known.
    error_factor: by what every step (`per` is "step", or "random": then in the root mean square) or every epoch
    ("epoch") multiplies the distance from the optimum in the long run, at the spec's own rate; None where not known.
    long_run_excess: by how much the loss exceeds the least possible one in the long run, at the spec's own rate: at the
    ends of epochs ("epoch"), or in the mean ("random"); 0 for all rows; None where the error does not shrink.
    crawls_below, wanders_above, oscillates_above: the rates between crawling, contracting well, wandering and
    oscillating (see `regimes`).
    outlook: what the spec's own rate does; None where not known.
    radius: rates (R,) → error factors (R,), for drawing; None where not known.
    """

    optimum: dict[str, float]
    optimum_loss: float
    eigenvalues: list[float]
    condition_number: float | None = None
    learning_rate_limit: float | None = None
    best_learning_rate: float | None = None
    error_factor: float | None = None
    per: str = "step"
    long_run_excess: float | None = None
    crawls_below: float | None = None
    wanders_above: float | None = None
    oscillates_above: float | None = None
    outlook: Outlook | None = None
    radius: Radius | None = field(default=None, repr=False)

    def to_dict(self, say: Callable[[Message], str] = str) -> dict[str, Any]:
        """JSON-ready, with its sentence as `say` has it: in English if nothing is said."""
        return {
            "optimum": self.optimum,
            "optimum_loss": self.optimum_loss,
            "eigenvalues": self.eigenvalues,
            "condition_number": self.condition_number,
            "learning_rate_limit": self.learning_rate_limit,
            "best_learning_rate": self.best_learning_rate,
            "error_factor": self.error_factor,
            "per": self.per,
            "long_run_excess": self.long_run_excess,
            "crawls_below": self.crawls_below,
            "wanders_above": self.wanders_above,
            "oscillates_above": self.oscillates_above,
            "outlook": None if self.outlook is None else self.outlook.to_dict(say),
        }


def analyse(spec: RunSpec) -> Theory | None:
    """The theory of a spec's own data, method and batches; None where there is none (see the module)."""
    expect_spec(spec)
    known = _remembered(spec)
    return None if known is None else known.at(spec.optimizer.params[spec.method.rate])


def is_known(spec: RunSpec) -> bool:
    """Whether all that holds at any rate of a linear method has been worked out for these data and batches already."""
    return _known.find(spec.data, _key(spec)) is not None


@dataclass(frozen=True, slots=True)
class _AtAnyRate:
    """What holds at any rate of a method: theory without error factor and outlook, and what those come from.

    overshoots_above: as in `outlook`; hidden: whether a direction is curved too little beside the others to be told
    from one that is flat: then, where the others shrink, what does in the long run is not known.
    """

    theory: Theory
    contraction: Contraction | None = None
    left: Leftover | None = None
    bounds: Boundaries = field(default_factory=Boundaries)
    overshoots_above: float | None = None
    hidden: bool = False

    def at(self, rate: float) -> Theory:
        """The theory at a rate."""
        factor, excess, seen = self._seen(rate)
        return replace(
            self.theory,
            optimum=dict(self.theory.optimum),
            eigenvalues=list(self.theory.eigenvalues),
            error_factor=factor,
            long_run_excess=excess,
            outlook=seen,
        )

    def _seen(self, rate: float) -> tuple[float | None, float | None, Outlook | None]:
        """The error factor, what is left over of the loss, and the outlook at a rate; None where not known."""
        if self.contraction is None:
            return None, None, None
        excess: float | None
        excess, dominant = (0.0, None) if self.left is None else self.left.at(rate)
        if dominant is not None and isfinite(abs(dominant)):
            factor = abs(dominant)
        elif (found := self.contraction.at(rate)) is not None:
            factor, dominant = found
        else:
            return None, None, None
        if self.hidden and factor < 1:
            return None, None, None
        if factor >= 1 or not isfinite(excess) or (self.left is None and self.theory.per != "step"):
            excess = None
        loss = self.theory.optimum_loss + (excess or 0.0)
        seen = outlook(self.contraction, self.bounds, rate, factor, dominant, self.overshoots_above, loss)
        return factor if isfinite(factor) else None, excess, seen


_known = Memo[_AtAnyRate](_MOST_KNOWN)


def _remembered(spec: RunSpec) -> _AtAnyRate | None:
    """What holds at any rate, worked out once for all rates that a slider passes; None where there is no theory."""
    key = _key(spec)
    known = _known.find(spec.data, key)
    if known is None:
        bowl = spec.objective().quadratic
        if bowl is None:
            return None
        known = _at_any_rate(spec, bowl)
        if known.contraction is not None:
            _known.keep(spec.data, key, known)
    return known


def _at_any_rate(spec: RunSpec, bowl: Quadratic) -> _AtAnyRate:
    values, vectors = np.linalg.eigh(bowl.hessian)
    values = np.maximum(values, 0.0)
    # Directions in which the loss is flat never move; what contracts lives in the others.
    curved = values > values[-1] * _HIDDEN
    if not curved.all():
        # The factor is the root of the Hessian and tells twice as many decades apart.
        values = 2 * np.linalg.svd(np.array(bowl.factor), compute_uv=False)[::-1] ** 2
        values[values <= values[-1] * _FLAT] = 0.0
    hidden = bool((values[~curved] > 0).any())
    theory = Theory(
        optimum=dict(zip(spec.parameters, bowl.optimum, strict=True)),
        optimum_loss=bowl.least,
        eigenvalues=values.tolist(),
        condition_number=float(values[-1] / values[0]) if values[0] > 0 else None,
    )
    method = spec.method
    if method.linear is None or not curved.any():
        return _AtAnyRate(theory)
    law = Law(method.linear, spec.optimizer.params, method.rate)
    design = MODELS[spec.model].value.design(spec.data.x)
    features = design @ vectors[:, curved]
    known = contraction(law, spec.batches(), features, values[curved])
    residuals = design @ np.array(bowl.optimum) - spec.data.y
    left = leftover(law, known, spec.batches(), features, values[curved], residuals)
    # A perfect fit leaves rounding errors over, and nothing can be said to be large beside them.
    least = bowl.least if bowl.least > _PERFECT * np.mean(np.square(spec.data.y)) else 0.0
    # Whatever the rate, it takes more steps than anybody has.
    bounds = Boundaries(crawls_below=known.limit) if hidden else boundaries(known, left, least)
    by_step = known.per == "step"
    theory = replace(
        theory,
        learning_rate_limit=known.limit,
        best_learning_rate=law.best(values[0], values[-1]) if by_step and curved.all() else None,
        per=known.per,
        crawls_below=bounds.crawls_below,
        wanders_above=bounds.wanders_above,
        oscillates_above=bounds.oscillates_above,
        radius=known.radius,
    )
    return _AtAnyRate(theory, known, left, bounds, law.overshoot(values[-1]) if by_step else None, hidden)


def _key(spec: RunSpec) -> Hashable:
    """What the contraction of some data depends on."""
    name, params = spec.optimizer.name, spec.optimizer.params
    return spec.model, spec.loss, name, tuple([params[other] for other in _others(name)]), spec.batch


@cache
def _others(name: str) -> tuple[str, ...]:
    """The parameters of a method beside its rate."""
    return tuple(each.name for each in OPTIMIZERS[name].parameters if each.name != OPTIMIZERS[name].value.rate)
