"""Affine maps of the state of a linear method, many at a time, and their compositions.

The state holds θ, then what the optimizer remembers of each parameter: S numbers. A map is an array (S, S + 1, …): what
it makes of each unit vector, and last of zero. Everything is done entry by entry in a fixed order, so that the bits of
one result do not depend on how many are computed together.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np

from engine.arrays import Array
from engine.optimizers import Numbers
from engine.stepping import Point, Stretch

# Where a run stands, as numbers.
State: TypeAlias = tuple[Numbers, ...]


def flat(point: Point) -> list[Numbers]:
    """The state of a point: θ, then what is remembered of each parameter."""
    return [theta for theta, _ in point] + [number for _, memory in point for number in memory]


def shaped(state: State, like: Point) -> Point:
    """The point whose state this is; `like` is any point of the same method."""
    size, slots = len(like), len(like[0][1])
    memories = [state[size + i * slots : size + (i + 1) * slots] for i in range(size)]
    return [(state[i], type(memory)(*memories[i])) for i, (_, memory) in enumerate(like)]


def units(like: Point) -> Array:
    """The map that changes nothing, (S, S + 1)."""
    length = len(flat(like))
    return np.eye(length, length + 1)


def after(maps: Array, stretch: Stretch, batch: Sequence[Numbers]) -> Array:
    """`maps` (S, S + 1, …) followed by one update over `batch`: the update of their unit vectors and of their zero.

    The entries of `batch` broadcast against the axes behind the first two.
    """
    moved_by_c = np.zeros((maps.shape[1],) + (1,) * (maps.ndim - 2))
    moved_by_c[-1] = 1.0
    # Differences of states know nothing of c: only the image of zero is moved by it.
    size = len(stretch.start)
    entries = [*batch[:-size], *(c * moved_by_c for c in batch[-size:])]
    return np.array(flat(stretch.moved(shaped(tuple(maps), stretch.start), entries)))


def compose(outer: Array, inner: Array) -> Array:
    """The maps `outer` after `inner`."""
    product = outer[:, :1] * inner[:1]
    for k in range(1, len(inner)):
        product += outer[:, k : k + 1] * inner[k : k + 1]
    product[:, -1] += outer[:, -1]
    return product


def prefixes(maps: Array) -> Array:
    """For n maps in a row along axis 2, the composition of the first 0, 1, …, n of them: n + 1 along that axis."""
    reach, count = 1, maps.shape[2]
    composed = np.empty((*maps.shape[:2], count + 1, *maps.shape[3:]))
    composed[:, :, 1:] = maps
    while reach < count:
        composed[:, :, reach + 1 :] = compose(composed[:, :, reach + 1 :], composed[:, :, 1:-reach])
        reach *= 2
    _let_alone(composed[:, :, 0])
    return composed


def _let_alone(maps: Array) -> None:
    """Make them the maps that change nothing."""
    maps[:] = 0.0
    for i, row in enumerate(maps):
        row[i] = 1.0


def powers(map_: Array, count: int) -> Array:
    """The map applied 0, 1, …, count times, along a new axis 2: bit by bit the `prefixes` of so many copies of it."""
    reach = 1
    composed = np.empty((*map_.shape[:2], count + 1, *map_.shape[2:]))
    _let_alone(composed[:, :, 0])
    composed[:, :, 1] = map_
    while reach < count:
        # The last map so far after each of those before it.
        more = composed[:, :, reach + 1 : 2 * reach + 1]
        more[:] = compose(composed[:, :, reach : reach + 1], composed[:, :, 1 : more.shape[2] + 1])
        reach *= 2
    return composed


def whole(maps: Array) -> Array:
    """The composition of all maps along axis 2, whose length is a power of two."""
    while maps.shape[2] > 1:
        maps = compose(maps[:, :, 1::2], maps[:, :, ::2])
    return maps[:, :, 0]


def apply(map_: Iterable[Any], state: Iterable[Numbers]) -> list[Numbers]:
    """The image of a state, for a map of numbers or of arrays."""
    image = []
    first, *others = state
    for row in map_:
        total = row[0] * first
        for k, number in enumerate(others, start=1):
            total += row[k] * number
        total += row[-1]
        image.append(total)
    return image
