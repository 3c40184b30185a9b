"""What is known of runs block by block, before any row of theirs is made.

A block is an epoch, or a few short ones: the same map again and again. For each run the maps of all its steps are
composed once, and bounds are drawn from them for what happens inside of a block that starts in any given state.

With z = F(θ − θ*), loss = least + |z|². A_j being the linear part of the map of j steps, rows that start e apart are
A_j e apart. e is measured from one state, the centre, about which |z| is known all along the block, and split along the
direction v that shrinks slowest, and a rest: e = y v + rest. |F A_j v| and the columns of |F A_j| are known for all j.
All bounds hold whatever the centre and v are; they are close where those are a fixed point and a direction of its map.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from engine.arrays import Array
from engine.lanes import Flags
from engine.maps import after, apply, compose, flat, powers, units
from engine.matrices import times
from engine.quadratic import Quadratic
from engine.stepping import Stretch

LEAP = 16
# Bounds are computed with rounding: by this much they are drawn wider.
_SLACK = 1e-9
# Where the rest is below this share of the goal, y alone tells whether a block can come to the goal.
_SMALL = 1e-3
_DOUBLINGS = 10
# The bounds of so many runs are drawn at a time: as much as stays close to the processor.
_RUNS = 256


@dataclass(frozen=True, slots=True)
class Blocks:
    """Of R runs: maps of the first 0, 1, … steps of a block (S, S + 1, L + 1, R), and of 1, 2, … LEAP blocks, `leap`.

    centre, direction (S, R); across (S, R): the weights that give y. spread (R,): no power of the block's linear part
    makes any entry of e more than so many times larger than the largest was. near, far (R,): the extremes of |z| about
    the centre; least_along, most_along (R,): those of |F A_j v|; columns (S, R): the largest |F A_j|. least_rest (R,):
    |F A_j rest| is no smaller than this share of its bound. low, high (R,): where the rest is small, only blocks with y
    between them can come to the goal.
    """

    maps: Array
    leap: Array
    centre: Array
    direction: Array
    across: Array
    spread: Array
    near: Array
    far: Array
    least_along: Array
    most_along: Array
    least_rest: Array
    columns: Array
    low: Array
    high: Array

    @property
    def length(self) -> int:
        """How many steps a block has."""
        return int(self.maps.shape[2]) - 1

    def of(self, which: Flags) -> "Blocks":
        """Those of some of the runs."""
        return Blocks(*(getattr(self, each.name)[..., which] for each in fields(self)))

    def walked(self, state: Array, count: int) -> Array:
        """The states after 0, 1, … count blocks, (count + 1, S, R)."""
        states = np.empty((count + 1, *state.shape))
        states[0] = state
        for at in range(0, count, LEAP):
            leaps = min(LEAP, count - at)
            for k, image in enumerate(apply(self.leap[:, :, :leaps], states[at])):
                states[at + 1 : at + 1 + leaps, k] = image
        return states

    def after(self, state: Array, count: int) -> Array:
        """The state after so many blocks, by ever larger leaps, (S, R)."""
        power = self.leap[:, :, 0]
        while count:
            if count % 2:
                state = np.array(apply(power, state))
            count //= 2
            power = compose(power, power) if count else power
        return state

    def apart(self, states: Array) -> tuple[Array, Array]:
        """How far states (N, S, R) are from the centre: y, and a bound of |F A_j rest| for all j, both (N, R)."""
        e = [states[:, k] - self.centre[k] for k in range(len(self.centre))]
        y = _dot(self.across, e)
        rest = [np.abs(each - v * y) for each, v in zip(e, self.direction, strict=True)]
        return y, _dot(self.columns, rest)

    def may_leave(self, y: Array, rest: Array, bound: float) -> Flags:
        """Whether |z| may exceed `bound` in the block that starts so far apart."""
        return ~(self.far + self.most_along * np.abs(y) + rest <= bound * (1 - _SLACK))

    def may_reach(self, y: Array, rest: Array, goal: float) -> Flags:
        """Whether |z| may be as small as `goal` in the block that starts so far apart."""
        y_size = np.abs(y)
        least = np.maximum(self.least_along * y_size - self.far, self.near - self.most_along * y_size) - rest
        least = np.maximum(least, self.least_rest * rest - self.most_along * y_size - self.far)
        slack = _SLACK * (self.far + self.most_along * y_size + rest)
        between = (self.low <= y) & (y <= self.high) | ~(rest <= _SMALL * goal)
        return ~(least > goal + slack) & between

    def stays(self, states: Array) -> Array:
        """No row that ever follows on states (S, R) is further than this from those about the centre, in |z|: (R,)."""
        reach = self.spread * np.abs(states - self.centre).max(axis=0)
        total: Array = self.columns.sum(axis=0) * reach
        return total


def blocks_of(stretch: Stretch, bowl: Quadratic, length: int, goal: float) -> Blocks:
    """The blocks of `length` steps of the runs of a stretch; `goal` is for |z|."""
    state = np.array(flat(stretch.start))
    maps = _maps(stretch, length, state.shape[1])
    leap = powers(maps[:, :, -1], LEAP)[:, :, 1:]
    spread, direction, across = _in_the_long_run(leap)
    centre = _fixed(maps[:, :, -1])
    centre = np.where(np.isfinite(centre).all(axis=0), centre, state)
    cuts = [slice(first, first + _RUNS) for first in range(0, state.shape[1], _RUNS)]
    wide = (1 + 2 * _SMALL) * goal
    theta = maps[: len(bowl.optimum)]
    parts = [_bounds(bowl, theta[..., cut], centre[:, cut], direction[:, cut], across[:, cut], wide) for cut in cuts]
    bounds = [np.concatenate(each, axis=-1) for each in zip(*parts, strict=True)]
    return Blocks(maps, leap, centre, direction, across, spread, *bounds)


def _maps(stretch: Stretch, length: int, count: int) -> Array:
    unit = units(stretch.start)
    maps = np.empty((*unit.shape, length + 1, count))
    now = maps[:, :, 0] = np.repeat(unit[:, :, np.newaxis], count, axis=2)
    for j, batch in enumerate(stretch.gradients.batches(stretch.first, stretch.first + length)):
        now = maps[:, :, j + 1] = after(now, stretch, batch)
    return maps


def _bounds(
    bowl: Quadratic, theta: Array, centre: Array, direction: Array, across: Array, goal: float
) -> tuple[Array, ...]:
    """near, far, least_along, most_along, least_rest, columns, low and high of `Blocks`, for some runs.

    theta: the maps of the steps, to θ alone, (P, S + 1, L + 1, R).
    """
    linear = [bowl.rooted(list(theta[:, k])) for k in range(len(centre))]
    around = bowl.whitened(apply(theta, centre))
    along = [_dot(rows, direction) for rows in zip(*linear, strict=True)]
    c, a, b = _dot(around, around), _dot(along, along), _dot(around, along)
    columns = np.sqrt([_dot(column, column).max(axis=0) for column in linear])
    least_rest = np.zeros_like(centre[0])
    if len(centre) == 2:
        # With two numbers, the rest has one direction as well: that which `across` does not see.
        unseen = np.array([-across[1], across[0]])
        moved = [_dot(rows, unseen) for rows in zip(*linear, strict=True)]
        least_rest = np.sqrt(_dot(moved, moved).min(axis=0)) / _dot(columns, np.abs(unseen))
        least_rest = np.where(np.isfinite(least_rest), least_rest, 0.0)
    extremes = np.sqrt([c.min(axis=0), c.max(axis=0), a.min(axis=0), a.max(axis=0)])
    c -= goal**2
    return *extremes, least_rest, columns, *_roots(a, b, c)


def _in_the_long_run(leap: Array) -> tuple[Array, Array, Array]:
    """The spread (R,), the direction that shrinks slowest (S, R) and the weights (S, R) that single it out."""
    largest = np.abs(leap[:, :-1]).sum(axis=1).max(axis=(0, 1))
    spread, power = np.maximum(largest, 1.0), leap[:, :-1, -1]
    direction = across = np.zeros(power.shape[1:])
    settled = np.zeros(power.shape[-1], dtype=np.bool_)
    for doubling in range(_DOUBLINGS):
        size = np.abs(power).sum(axis=1).max(axis=0)
        settled |= size <= 1
        spread = np.where(settled, spread, spread * size)
        if doubling == 2:
            direction, across = _slowest(power)
        power = times(power, power)
    return np.where(settled, spread, np.inf), direction, across


def _slowest(power: Array) -> tuple[Array, Array]:
    """The columns of a high power of a matrix all lie along one direction, its rows are all weights of it."""
    column, row = (np.square(power).sum(axis=axis).argmax(axis=0) for axis in (0, 1))
    lanes = np.arange(power.shape[2])
    direction, weights = power[:, column, lanes], power[row, :, lanes].T
    direction = direction / np.abs(direction).max(axis=0)
    across = weights / _dot(weights, direction)
    usable = np.isfinite(direction).all(axis=0) & np.isfinite(across).all(axis=0)
    return np.where(usable, direction, 0.0), np.where(usable, across, 0.0)


def _fixed(map_: Array) -> Array:
    """The state (S, R) that each map (S, S + 1, R) leaves alone, by elimination; not finite where that fails."""
    rows = -map_
    for i in range(len(rows)):
        rows[i, i] += 1.0
    rows[:, -1] *= -1.0
    for i in range(len(rows)):
        rows[i] /= rows[i, i].copy()
        for other in range(len(rows)):
            if other != i:
                rows[other] -= rows[other, i].copy() * rows[i]
    return rows[:, -1]


def _roots(a: Array, b: Array, c: Array) -> tuple[Array, Array]:
    """The least and the largest y (R,) with a y² + 2 b y + c ≤ 0 anywhere, all (L + 1, R); none: inf and −inf."""
    root = np.sqrt(b * b - a * c)
    low, high = (-b - root) / a, (-b + root) / a
    flat_ = a == 0
    if flat_.any():
        low[flat_], high[flat_] = np.where(c <= 0, -np.inf, np.nan)[flat_], np.where(c <= 0, np.inf, np.nan)[flat_]
    return np.fmin.reduce(low, axis=0, initial=np.inf), np.fmax.reduce(high, axis=0, initial=-np.inf)


def _dot(left: Sequence[Array] | Array, right: Sequence[Array] | Array) -> Array:
    """Σₖ of the products along the first axis."""
    total: Array = left[0] * right[0]
    for one, other in zip(left[1:], right[1:], strict=True):
        total += one * other
    return total
