"""Composed updates where batches repeat: what takes a state to any row, in two maps.

Time is cut into blocks of whole epochs, and into chunks of blocks, all of the same steps. One table holds the composed
maps of the first 0, 1, … steps of a block, another those of the first 0, 1, … blocks of a chunk.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from engine.arrays import Array
from engine.gradients import AffineGradients
from engine.maps import State, after, apply, flat, powers, prefixes, units
from engine.matrices import spectral_radius
from engine.optimizers import Numbers
from engine.quadratic import Quadratic
from engine.stepping import PlainStepper, Stretch

# Short stretches are stepped plainly: to prepare anything would take longer.
HEAD = 32
_BLOCK = 128
_CHUNK = 2**14
# So many blocks of a chunk are reached at first: short runs need few.
_FIRST_BLOCKS = 8
# By how much states may move apart in one step where a method is said to contract: rounding.
_GROWTH = 1e-9
# θ is written for so many rows at a time: as much as stays close to the processor.
_AT_ONCE = 2**13


def block_of(period: int) -> int:
    """How many steps a block has where batches repeat after `period` of them: whole epochs."""
    return period * -(-_BLOCK // period)


@dataclass(frozen=True, slots=True)
class Repeating:
    """A stretch over batches that repeat: `period` is after how many steps they do, `bowl` the loss."""

    stretch: Stretch
    gradients: AffineGradients
    period: int
    bowl: Quadratic

    @property
    def block(self) -> int:
        """How many steps a block has."""
        return block_of(self.period)

    @property
    def in_chunk(self) -> int:
        """How many blocks a chunk has."""
        return max(1, _CHUNK // self.block)


@dataclass(frozen=True)
class Opening:
    """What the rows of a repeating stretch are made with.

    head: the rows 0 … HEAD, stepped plainly, (P + 1, HEAD + 1); state: where the last of them stands.
    steps: the maps of the first 0, 1, … steps of the blocks from there on, (S, S + 1, block + 1); blocks: those of the
    first 0, 1, … blocks, (S, S + 1, blocks + 1).
    """

    head: Array
    state: State
    steps: Array
    blocks: Array


class Composing(Protocol):
    """Who works these out: NumPy, or machine code with the same bits."""

    def open(self, repeating: Repeating, blocks: int) -> Opening:
        """What the rows of a repeating stretch are made with, so many blocks to begin with."""

    def powers(self, steps: Array, count: int) -> Array:
        """The maps of the first 0, 1, … `count` blocks."""

    def write(self, repeating: Repeating, opening: Opening, state: State, inside: int, rows: Array) -> None:
        """Fill `rows` (P + 1, R), the loss last, from number `inside` of the chunk that starts with `state`."""


class InNumPy:
    """One operation for all steps, block by block."""

    def open(self, repeating: Repeating, blocks: int) -> Opening:
        """See `Composing`."""
        stretch = repeating.stretch
        head, plain = np.empty((len(stretch.start) + 1, HEAD + 1)), PlainStepper(stretch)
        with np.errstate(all="ignore"):
            plain.fill(0, HEAD, head)
            steps = self._steps(repeating, stretch.first + HEAD)
        return Opening(head, tuple(flat(plain.point(HEAD))), steps, self.powers(steps, blocks))

    def powers(self, steps: Array, count: int) -> Array:
        """See `Composing`."""
        with np.errstate(all="ignore"):
            return powers(steps[:, :, -1], count)

    def write(self, repeating: Repeating, opening: Opening, state: State, inside: int, rows: Array) -> None:
        """See `Composing`: the rest of a block, whole blocks, and the first part of one."""
        steps, maps = opening.steps, opening.blocks
        length = steps.shape[2] - 1
        at, end = inside, inside + rows.shape[1]
        with np.errstate(all="ignore"):
            while at < end:
                block, begin = divmod(at, length)
                count = min((end - at) // length, max(1, _AT_ONCE // length)) if begin == 0 else 0
                stop = at + count * length if count else min(end, at + length - begin)
                of_whole = maps[:, :, block : block + count, np.newaxis]
                starts = apply(of_whole if count else maps[:, :, block].tolist(), state)
                part = steps[:, :, begin : begin + (length if count else stop - at)]
                place(part, starts, rows[:-1, at - inside : stop - inside])
                at = stop
            rows[-1] = repeating.bowl.value(rows[:-1].T)

    @staticmethod
    def _steps(repeating: Repeating, first: int) -> Array:
        """The maps of the first 0, 1, … steps of a block, (S, S + 1, block + 1)."""
        stretch, count = repeating.stretch, repeating.block
        unit = units(stretch.start)[:, :, np.newaxis]
        if repeating.period == 1:
            same = after(unit, stretch, repeating.gradients.entries(first, first + 1))
            return powers(same[:, :, 0], count)
        return prefixes(after(unit, stretch, repeating.gradients.entries(first, first + count)))


class Tables:
    """The maps that the rows of a repeating stretch are made with, from row HEAD on.

    block, chunk: how many steps they have; contracts: whether states draw closer to each other in the long run, or at
    least do not move apart.
    """

    def __init__(self, repeating: Repeating, by: Composing) -> None:
        self._repeating, self._by = repeating, by
        self.block, self._in_chunk = repeating.block, repeating.in_chunk
        self.chunk = self.block * self._in_chunk
        self.opening = by.open(repeating, min(_FIRST_BLOCKS, self._in_chunk))
        self.contracts = self._contracts()

    @property
    def steps(self) -> Array:
        """The maps of the first 0, 1, … steps of a block, (S, S + 1, block + 1)."""
        return self.opening.steps

    def blocks(self, count: int) -> Array:
        """The maps of the first 0, 1, … blocks of a chunk, `count` of them or more: (S, S + 1, blocks + 1)."""
        known = self.opening
        if count >= known.blocks.shape[2]:
            # Twice as many each time: whoever goes on will need more.
            more = min(self._in_chunk, 1 << (count - 1).bit_length())
            blocks = self._by.powers(known.steps, more)
            self.opening = Opening(known.head, known.state, known.steps, blocks)
        return self.opening.blocks

    def write(self, state: State, inside: int, rows: Array) -> None:
        """Fill `rows` from number `inside` of the chunk that starts with `state`."""
        self.blocks((inside + rows.shape[1]) // self.block)
        self._by.write(self._repeating, self.opening, state, inside, rows)

    @cached_property
    def whole(self) -> list[list[float]]:
        """The map of a chunk."""
        whole: list[list[float]] = self.blocks(self._in_chunk)[:, :, self._in_chunk].tolist()
        return whole

    def _contracts(self) -> bool:
        if not np.isfinite(self.steps).all():
            return False
        linear, most = self.steps[:, :-1, -1:], 1 + _GROWTH * self.block
        # No eigenvalue exceeds a norm, and a norm is soon found.
        norm = max(sum(map(abs, row)) for row in linear[:, :, 0].tolist())
        return norm <= 1 or bool(spectral_radius(linear)[0] <= most)

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


def place(steps: Array, starts: list[Numbers], rows: Array) -> None:
    """Make `rows` (P, R) the θ of the images of block starts under the maps of steps, each entry as `apply` does."""
    shape = np.broadcast(steps[0, 0], starts[0]).shape
    product = np.empty(shape)
    for row, weights in zip(rows, steps, strict=False):
        theta = row.reshape(shape)
        np.multiply(weights[0], starts[0], out=theta)
        for k in range(1, len(starts)):
            np.multiply(weights[k], starts[k], out=product)
            np.add(theta, product, out=theta)
        np.add(theta, weights[-1], out=theta)
