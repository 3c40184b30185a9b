"""What a learning rate does in the long run: crawl, contract well, wander, oscillate or diverge; and the rates between.

The error after many updates is that of the update map's dominant eigenvalue z (of an epoch's map for batches in order,
of the mean error's for rows drawn), and shrinks by the error factor ρ, which is |z| but for rows drawn:

- diverging: ρ ≥ 1;
- oscillating: z is no positive number. Below 0, the error changes its sign every time: for gradient descent on all
  rows from 2/(λmin + λmax) on, where crossing the valley becomes slower than walking along it. One of a complex pair,
  it swings, once in 2π/|arg z|: with a velocity from (1 − √β)²/λmin on;
- crawling: the error needs more than `STEPS` updates, and more than `EPOCHS` epochs, to shrink to 1 %. With an epoch of
  m updates that is ρ > 0.01^(1/N) for each of N = max(STEPS/m, EPOCHS) epochs;
- wandering: batches pull a run about so far that what they leave over (see `leftover`) is more than the least loss;
- good: none of these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, log
from typing import Any, TypeAlias

import numpy as np

from engine.arrays import Array, Flags
from engine.leftover import Leftover
from engine.limits import Contraction, narrowed
from engine.messages import Message
from engine.numbers import apart, other_than

STEPS = 1000
EPOCHS = 20
_LEFT = 0.01
# Rates are looked at from this share of the limit on, each by so much larger than the one before.
_LEAST = 1e-6
_SPACING = 0.1
_CLOSE = 1e-9
# A double positive eigenvalue comes out of rounding as a pair about this far apart.
_ROUNDING = 1e-6

Facts: TypeAlias = dict[str, str]


class Regime(StrEnum):
    """See the module."""

    CRAWLING = "crawling"
    GOOD = "good"
    WANDERING = "wandering"
    OSCILLATING = "oscillating"
    DIVERGING = "diverging"


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The rates between the regimes.

    crawls_below: the smallest rate that does not crawl; oscillates_above, wanders_above: the largest below which none
    oscillates, or wanders. The limit itself where no rate below it is such a one; None where not known.
    """

    crawls_below: float | None = None
    oscillates_above: float | None = None
    wanders_above: float | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one rate does, and the sentence that says so with its numbers."""

    regime: Regime
    message: Message

    def to_dict(self, say: Callable[[Message], str] = str) -> dict[str, Any]:
        """JSON-ready, with the sentence as `say` has it: in English if nothing is said."""
        said = {"key": self.message.key, "facts": self.message.facts}
        return {"regime": self.regime, "sentence": say(self.message), "message": said}


def boundaries(known: Contraction, left: Leftover | None = None, least: float = 0.0) -> Boundaries:
    """Where the regimes change, for a contraction whose limit is known.

    least: the least possible loss, or 0 if that is none to compare with.
    """
    radius, dominant, limit = known.radius, known.dominant, known.limit
    if radius is None or dominant is None or limit is None:
        return Boundaries()
    slowest = _slowest(known)
    rates = limit * np.exp(np.append(np.arange(np.log(_LEAST), 0, _SPACING), 0.0))
    moves = dominant(rates)
    factors = radius(rates) if known.per == "random" else np.abs(moves)
    return Boundaries(
        crawls_below=_first(rates, factors <= slowest, lambda some: radius(some) <= slowest),
        oscillates_above=_first(rates, _swings(moves), lambda some: _swings(dominant(some))),
        wanders_above=None
        if left is None or least <= 0
        else _first(rates, left.over(rates) > least, lambda some: left.over(some) > least),
    )


def _slowest(known: Contraction) -> float:
    """The largest error factor that is no crawling."""
    return float(_LEFT ** (1 / max(STEPS / known.steps, EPOCHS if known.steps > 1 else 1)))


def _first(rates: Array, passed: Flags, test: Callable[[Array], Flags]) -> float | None:
    """The smallest rate that passes a test, the last one if none does; None if the first one does already."""
    at = int(np.argmax(passed))
    if passed[0]:
        return None
    return narrowed(test, float(rates[at - 1]), float(rates[at]), _CLOSE) if at else float(rates[-1])


def _swings(dominant: Any) -> Any:
    """Whether an eigenvalue, or each of an array, is no positive number."""
    return (dominant.real < 0) | (abs(dominant.imag) > _ROUNDING * abs(dominant))


def outlook(
    known: Contraction,
    bounds: Boundaries,
    rate: float,
    factor: float,
    dominant: complex,
    overshoots_above: float | None,
    loss: float,
) -> Outlook | None:
    """What a rate with this error factor and dominant eigenvalue does; None where that cannot be told.

    overshoots_above: the rate from which on the steepest direction alone changes its sign, where that is to be told;
    loss: that in the long run.
    """
    if factor >= 1:
        return _growing(known, rate, factor)
    count = max(ceil(log(_LEFT) / log(factor)), 1) if factor > 0 else 1
    facts = {
        "percent": other_than("100", 100 * (1 - factor)),
        "count": str(count) if count < 10**9 else f"{count:.3g}",
    }
    if known.per != "step":
        facts["loss"] = f"{loss:.4g}"
    # Batches in order can contract again beyond their limit.
    beyond = _above(rate, known.limit if known.per == "epoch" else None)
    # A narrow band of rates that swing, below the first one that was found, shrinks as is said of the others.
    swings = _above(rate, bounds.oscillates_above) if _swings(dominant) and not beyond else None
    if swings:
        return _swinging(known, dominant, swings, facts)
    crawls = factor > _slowest(known) and rate < (bounds.crawls_below or np.inf)
    regime = Regime.CRAWLING if crawls else Regime.GOOD
    for kind, ruled, above in (
        ("beyond", Regime.WANDERING, beyond),
        ("wandering", Regime.WANDERING, _above(rate, bounds.wanders_above)),
        ("overshooting", regime, _above(rate, overshoots_above)),
    ):
        if above:
            return Outlook(ruled, _told(kind, known, above, facts))
    return Outlook(regime, _told(regime, known, {"rate": f"{rate:.3g}"}, facts))


def _growing(known: Contraction, rate: float, factor: float) -> Outlook | None:
    above = _above(rate, known.limit)
    if above is None or factor == np.inf:
        return None
    return Outlook(Regime.DIVERGING, _told("diverging", known, above, growth(factor, known.steps)))


def growth(factor: float, steps: int) -> Facts:
    """By what the error is multiplied in so many steps, and what that makes of each of them."""
    return {"factor": other_than("1", factor), "each": other_than("1", factor ** (1 / steps), 4)}


def _swinging(known: Contraction, dominant: complex, above: Facts, facts: Facts) -> Outlook:
    turn = abs(np.angle(dominant))
    if np.pi - turn < _ROUNDING:
        return Outlook(Regime.OSCILLATING, _told("flipping", known, above, facts))
    return Outlook(Regime.OSCILLATING, _told("swinging", known, above, facts | {"period": f"{2 * np.pi / turn:.3g}"}))


def _above(rate: float, boundary: float | None) -> Facts | None:
    """The two numbers of "0.90 > 0.756"; None where the rate is not above."""
    if boundary is None or rate <= boundary:
        return None
    return dict(zip(("rate", "limit"), apart(rate, boundary), strict=True))


def _told(kind: str, known: Contraction, *facts: Facts) -> Message:
    return Message(f"{kind}-{known.per}", {name: value for each in facts for name, value in each.items()})
