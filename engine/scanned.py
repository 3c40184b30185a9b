"""Composed updates where batches do not repeat: what takes a state through many blocks of steps.

Each block is cut in parts. The maps of all steps of some blocks are composed at once, to those of the parts and on to
those of the blocks.
"""

from collections.abc import Iterator

import numpy as np

from engine.arrays import Array
from engine.gradients import AffineGradients
from engine.maps import State, after, apply, flat, prefixes, shaped, units, whole
from engine.optimizers import Numbers
from engine.stepping import Stretch

# Powers of two: maps are composed in pairs, and thinned rows are found at the start of blocks.
BLOCK = 64
PART = 16
PARTS = BLOCK // PART
# A block that moves states apart by more than this is stepped through to find its parts, like the plain path.
_WILD = 1e3


class Scanned:
    """The updates of `count` blocks from number `block` of the run on; steps are told by their position in a part."""

    def __init__(self, stretch: Stretch, gradients: AffineGradients, block: int, count: int) -> None:
        self._stretch = stretch
        entries = gradients.entries(block * BLOCK, (block + count) * BLOCK)
        # (position, part, block), or a float
        self._entries = [e if isinstance(e, float) else _by_position(e) for e in entries]
        still = units(stretch.start)[:, :, np.newaxis, np.newaxis, np.newaxis]
        with np.errstate(all="ignore"):
            self._parts = whole(after(still, stretch, self._entries))
            self._blocks = whole(self._parts)
        size = len(stretch.start)
        wild = np.flatnonzero(np.abs(self._blocks[:size, :size]).max(axis=(0, 1)) > _WILD)
        # Each wild block with the states at the ends of its parts, once they are known.
        self._wild: dict[int, list[State]] = {i: [] for i in wild.tolist()}

    def batch(self, position: int) -> list[Numbers]:
        """The entries of the batches at a position of all parts, (part, block), or floats."""
        return [e if isinstance(e, float) else e[position] for e in self._entries]

    def ends(self, state: State) -> Iterator[State]:
        """The states at the ends of the blocks, the first of which starts with `state`."""
        for i, rows in enumerate(self._blocks.transpose(2, 0, 1).tolist()):
            state = self._stepped(i, state)[-1] if i in self._wild else tuple(apply(rows, state))
            yield state

    def part_starts(self, starts: list[State]) -> Array:
        """The states at the starts of all parts of the blocks, which start with these: (S, part, block)."""
        states: Array = np.array(starts).T
        with np.errstate(all="ignore"):
            found = np.array(apply(prefixes(self._parts[:, :, :-1]), states[:, np.newaxis]))
        # Of what is not finite, the map that changes nothing makes something else.
        found[:, 0] = states
        for i in self._wild:
            found[:, 1:, i] = np.array(self._stepped(i, starts[i])[:-1]).T
        return found

    def _stepped(self, i: int, state: State) -> list[State]:
        """The states at the ends of the parts of a wild block that starts with `state`."""
        ends, point = self._wild[i], shaped(state, self._stretch.start)
        for part in range(len(ends), PARTS):
            for position in range(PART):
                batch = [e if isinstance(e, float) else float(e[position, part, i]) for e in self._entries]
                point = self._stretch.moved(point, batch)
            ends.append(tuple(flat(point)))
        return ends


def _by_position(entries: Array) -> Array:
    """The entries of steps in a row as (position, part, block)."""
    return np.ascontiguousarray(entries.reshape(-1, PARTS, PART).T)
