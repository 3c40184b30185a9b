"""The contract of an optimizer: a pure pair of functions, as in optax.

`init(theta)` gives the state before the first update. `update(theta, gradient, state, hyper)` gives the new parameters
and the new state; it changes nothing in place. theta and gradient are (…, P); each value of `hyper` is a float or an
array that broadcasts against them, so that one call updates one run or a thousand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine.arrays import Array

Hyper: TypeAlias = Mapping[str, Any]
State: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class LinearRule:
    """An update that is linear in gradient and velocity: v ← β·v + g, θ ← θ − a·(p·g + q·v).

    rate a, decay β, gradient_weight p, velocity_weight q. Where the gradient is affine in θ, so is the whole update:
    the theory of limits and the affine scan rest on that.
    """

    rate: Any
    decay: Any
    gradient_weight: Any
    velocity_weight: Any


@dataclass(frozen=True, slots=True)
class Optimizer:
    """A method of descent: `init`, `update`, and its `linear` form where it has one.

    rate: the name of the parameter that sets how far a step goes; source: where the formula comes from.
    code: the update as lines of NumPy, for people to read and to run.
    """

    init: Callable[[Array], State]
    update: Callable[[Array, Array, State, Hyper], tuple[Array, State]]
    rate: str
    code: str
    linear: Callable[[Hyper], LinearRule] | None = None
