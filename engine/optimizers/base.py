"""The contract of an optimizer: a pure pair of functions, as in optax.

`init(theta)` gives the state before the first update. `update(theta, gradient, state, hyper)` gives the new parameters
and the new state; it changes nothing in place. Every update treats each parameter by itself, so theta and gradient may
be one parameter as a float, many runs of it, or all of them, (…, P); each value of `hyper` is a float or an array that
broadcasts against them. The same formula steps one run in plain floats and a thousand at once.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

# A float or an array of them: formulas are written once for both.
Numbers: TypeAlias = Any
Hyper: TypeAlias = Mapping[str, Numbers]
State: TypeAlias = tuple[Numbers, ...]


@dataclass(frozen=True, slots=True)
class LinearRule:
    """An update that is linear in gradient and velocity: v ← β·v + g, θ ← θ − a·(p·g + q·v).

    rate a, decay β, gradient_weight p, velocity_weight q. Where the gradient is affine in θ, so is the whole update:
    the theory of limits and the affine scan rest on that.
    """

    rate: Numbers
    decay: Numbers
    gradient_weight: Numbers
    velocity_weight: Numbers


@dataclass(frozen=True, slots=True)
class Optimizer:
    """A method of descent: `init`, `update`, and its `linear` form where it has one.

    rate: the name of the parameter that sets how far a step goes.
    code: the update as lines of NumPy, for people to read and to run; memory: the names that it gives to the fields of
    the state, in their order.
    """

    init: Callable[[Numbers], State]
    update: Callable[[Numbers, Numbers, State, Hyper], tuple[Numbers, State]]
    rate: str
    code: str
    memory: tuple[str, ...] = ()
    linear: Callable[[Hyper], LinearRule] | None = None


def root(square: Numbers) -> Numbers:
    """The square root of a float, as a float, or of an array: the same bits."""
    return math.sqrt(square) if isinstance(square, float) else np.sqrt(square)
