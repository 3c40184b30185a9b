"""Composed updates where batches repeat: what takes a state to any row, in two maps.

Time is cut into blocks of whole epochs, and into chunks of blocks, all of the same steps. One table holds the composed
maps of the first 0, 1, … steps of a block, another those of the first 0, 1, … blocks of a chunk.
"""

from functools import cached_property

import numpy as np

from engine.arrays import Array
from engine.gradients import AffineGradients
from engine.maps import State, after, apply, powers, prefixes, units
from engine.matrices import spectral_radius
from engine.stepping import Stretch

_BLOCK = 128
_CHUNK = 2**14
# So many blocks of a chunk are reached at first: short runs need few.
_FIRST_BLOCKS = 8
# By how much states may move apart in one step where a method is said to contract: rounding.
_GROWTH = 1e-9


class Tables:
    """The maps that the rows of a stretch are made with, from step `first` on.

    steps: those of the first 0, 1, … steps of a block, (S, S + 1, block + 1); block, chunk: how many steps they have.
    """

    def __init__(self, stretch: Stretch, gradients: AffineGradients, period: int, first: int) -> None:
        self.block = period * -(-_BLOCK // period)
        self._in_chunk = max(1, _CHUNK // self.block)
        self.chunk = self.block * self._in_chunk
        self.steps = _steps(stretch, gradients, period, first, self.block)
        self._blocks = powers(self.steps[:, :, -1], min(_FIRST_BLOCKS, self._in_chunk))

    def blocks(self, count: int) -> Array:
        """The maps of the first 0, 1, … blocks of a chunk, `count` of them or more: (S, S + 1, blocks + 1)."""
        if count >= self._blocks.shape[2]:
            # Twice as many each time: whoever goes on will need more.
            more = min(self._in_chunk, 1 << (count - 1).bit_length())
            with np.errstate(all="ignore"):
                self._blocks = powers(self.steps[:, :, -1], more)
        return self._blocks

    @cached_property
    def whole(self) -> list[list[float]]:
        """The map of a chunk."""
        whole: list[list[float]] = self.blocks(self._in_chunk)[:, :, self._in_chunk].tolist()
        return whole

    @cached_property
    def contracts(self) -> bool:
        """Whether states draw closer to each other in the long run, or at least do not move apart."""
        if not np.isfinite(self.steps).all():
            return False
        linear, most = self.steps[:, :-1, -1:], 1 + _GROWTH * self.block
        # No eigenvalue exceeds a norm, and a norm is soon found.
        return bool(np.abs(linear).sum(axis=1).max() <= 1) or bool(spectral_radius(linear)[0] <= most)

    def farthest(self, state: State) -> list[float]:
        """No state of the chunk that starts with `state` has larger entries than these."""
        reached = [abs(number) for number in state]
        for largest in self._largest:
            reached = apply(largest, reached)
        return reached

    @cached_property
    def _largest(self) -> list[list[list[float]]]:
        """The largest entries of the maps of a chunk's blocks, and of a block's steps."""
        return [np.abs(maps).max(axis=2).tolist() for maps in (self.blocks(self._in_chunk), self.steps)]


def _steps(stretch: Stretch, gradients: AffineGradients, period: int, first: int, count: int) -> Array:
    """The maps of the first 0, 1, … `count` steps from `first` on, (S, S + 1, count + 1)."""
    unit = units(stretch.start)[:, :, np.newaxis]
    if period == 1:
        same = after(unit, stretch, gradients.entries(first, first + 1))
        return powers(same[:, :, 0], count)
    return prefixes(after(unit, stretch, gradients.entries(first, first + count)))
