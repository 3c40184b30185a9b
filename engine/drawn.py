"""The fast path where batches never repeat, or late: rows from a scan over blocks of steps.

As in the periodic path the updates are affine maps, but each step has its own. Time is cut into blocks, and blocks into
parts; the block in which the stretch begins is stepped plainly. The maps of many blocks are composed at once; with them
the state at the start of each block is found, one block after the other, and from there that of each part; then all
these parts are stepped through side by side.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.gradients import AffineGradients
from engine.kept import Kept
from engine.maps import State, after, apply, flat, prefixes, shaped, units, whole
from engine.optimizers import Numbers
from engine.quadratic import Quadratic
from engine.stepping import PlainStepper, Point, Stretch

# A power of two, so that thinned rows are found at the start of blocks.
_BLOCK = 64
_PART = 16
_PARTS = _BLOCK // _PART
_BLOCKS_AT_ONCE = 512
# Fewer blocks than this are stepped through in plain floats.
_FEW = 3
# A block that moves states apart by more than this is stepped through to find its parts, like the plain path.
_WILD = 1e3


class _Maps(NamedTuple):
    """Of some blocks: what their updates make of a state.

    batches: the entries of all batches, (position in the part, part, block) or floats; parts: the map of each part,
    (S, S + 1, parts, blocks); blocks: that of each block, (S, S + 1, blocks); wild: the numbers of those that are, each
    with the states at the ends of its parts once they are known.
    """

    batches: list[Numbers]
    parts: Array
    blocks: Array
    wild: dict[int, list[State]]


class DrawnStepper:
    """Rows from a scan; see the module. `bowl` is the loss."""

    def __init__(self, stretch: Stretch, gradients: AffineGradients, bowl: Quadratic) -> None:
        self._stretch = stretch
        self._gradients = gradients
        self._bowl = bowl
        self._head = PlainStepper(stretch)
        # Blocks are counted from the start of the run, as are thinned rows.
        self._first_block = stretch.first // _BLOCK + 1
        self._head_end = self._offset(self._first_block)
        self._starts: Kept[State] | None = None
        # The block whose start was found last, and the row that was stepped to last, with its state.
        self._block: tuple[int, State] = (0, ())
        self._row: tuple[int, Point] = (0, [])
        # The block that was looked at alone last, with its maps; the one whose parts were, and where they start.
        self._single: dict[int, _Maps] = {}
        self._parts: dict[int, list[list[float]]] = {}

    def fill(self, first: int, last: int, rows: Array, every: int = 1) -> None:
        """Write every so-many-th row from offset `first` up to `last` into `rows`."""
        plain = len(range(first, min(last, self._head_end) + 1, every))
        if plain:
            self._head.fill(first, min(last, self._head_end), rows[:, :plain], every)
        start = first + plain * every
        if start > last:
            return
        with np.errstate(all="ignore"):
            if every < _BLOCK:
                self._fill_thinned(start, last, rows[:-1, plain:], every)
            else:
                picked = [[theta for theta, _ in self.point(offset)] for offset in range(start, last + 1, every)]
                rows[:-1, plain:] = np.array(picked).T
            rows[-1, plain:] = self._bowl.value(rows[:-1, plain:].T)

    def point(self, offset: int) -> Point:
        """Where the run stands at an offset."""
        if offset <= self._head_end:
            return self._head.point(offset)
        block, inside = divmod(self._stretch.first + offset, _BLOCK)
        begin = offset - inside % _PART
        at, point = self._row
        if not begin <= at <= offset:
            at, point = begin, shaped(self._part_start(block, inside // _PART), self._stretch.start)
        first = self._stretch.first
        for batch in self._gradients.batches(first + at, first + offset):
            point = self._stretch.moved(point, batch)
        self._row = offset, point
        return point

    def tame(self, first: int, last: int) -> bool:
        """Without looking, nothing is certain of any row."""
        return last < first

    def _offset(self, block: int) -> int:
        """The offset at which a block starts."""
        return block * _BLOCK - self._stretch.first

    def _fill_thinned(self, first: int, last: int, rows: Array, every: int) -> None:
        """θ of every so-many-th row from offset `first` up to `last`."""
        if every == 1:
            self._fill(first, last, rows)
            return
        at_once = _BLOCKS_AT_ONCE * _BLOCK // every
        for done in range(0, rows.shape[1], at_once):
            part = rows[:, done : done + at_once]
            start, span = first + done * every, (part.shape[1] - 1) * every + 1
            whole = np.empty((len(part), span))
            self._fill(start, start + span - 1, whole)
            part[:] = whole[:, ::every]

    def _fill(self, first: int, last: int, rows: Array) -> None:
        """θ of the rows at offsets first … last."""
        at = first
        while at <= last:
            block, inside = divmod(self._stretch.first + at, _BLOCK)
            count = min((self._stretch.first + last) // _BLOCK - block + 1, _BLOCKS_AT_ONCE)
            if count < _FEW:
                count = 1
            # Rows that are not made side by side are made part by part.
            stop = min(last + 1, self._offset(block + count) if count > 1 else at + _PART - inside % _PART)
            part = rows[:, at - first : stop - first]
            if count == 1:
                part[:] = np.array(self._step_by_step(at, stop)).T
            else:
                part[:] = self._side_by_side(block, count)[:, inside : inside + stop - at]
            at = stop

    def _step_by_step(self, at: int, stop: int) -> list[list[float]]:
        """θ of rows at … stop − 1, which are of one part."""
        first = self._stretch.first
        points = [self.point(at)]
        for batch in self._gradients.batches(first + at, first + stop - 1):
            points.append(self._stretch.moved(points[-1], batch))
        self._row = stop - 1, points[-1]
        return [[theta for theta, _ in point] for point in points]

    def _side_by_side(self, block: int, count: int) -> Array:
        """θ of all rows of `count` blocks, (P, rows)."""
        start = self._start(block)
        maps = self._maps(block, count)
        starts = [start, *self._ends(block, start, maps)]
        self._block = block + count, starts.pop()
        point = shaped(tuple(self._part_starts(starts, maps)), self._stretch.start)
        rows = np.empty((_PART, len(point), _PARTS, count))
        for position, row in enumerate(rows):
            for into, (theta, _) in zip(row, point, strict=True):
                into[:] = theta
            batch = [entry if isinstance(entry, float) else entry[position] for entry in maps.batches]
            point = self._stretch.moved(point, batch)
        return rows.transpose(1, 3, 2, 0).reshape(len(point), -1)

    def _part_start(self, block: int, part: int) -> State:
        """The state at the start of a part of a block."""
        start = self._start(block)
        if part == 0:
            return start
        if block not in self._parts:
            starts = self._part_starts([start], self._maps(block, 1))
            self._parts = {block: starts[:, :, 0].T.tolist()}
        return tuple(self._parts[block][part])

    def _part_starts(self, starts: list[State], maps: _Maps) -> Array:
        """The states at the starts of the parts of blocks that start with these, (S, parts, blocks)."""
        states: Array = np.array(starts).T
        with np.errstate(all="ignore"):
            found = np.array(apply(prefixes(maps.parts[:, :, :-1]), states[:, np.newaxis]))
        # Of what is not finite, the map that changes nothing makes something else.
        found[:, 0] = states
        for i in maps.wild:
            found[:, 1:, i] = np.array(self._stepped(i, starts[i], maps)[:-1]).T
        return found

    def _start(self, block: int) -> State:
        """The state at the start of a block."""
        if self._starts is None:
            first = tuple(flat(self._head.point(self._head_end)))
            self._starts, self._block = Kept(self._first_block, first), (self._first_block, first)
        at, state = self._starts.before(block)
        if at <= self._block[0] <= block:
            at, state = self._block
        while at < block:
            count = min(block - at, _BLOCKS_AT_ONCE)
            for end in self._ends(at, state, self._maps(at, count)):
                state = end
            at += count
        self._block = at, state
        return state

    def _maps(self, block: int, count: int) -> _Maps:
        """The maps of `count` blocks."""
        if count > 1:
            return self._composed(block, count)
        # Whoever goes on in small strides looks at a block for its parts, and once more for its end.
        if block not in self._single:
            self._single = {block: self._composed(block, 1)}
        return self._single[block]

    def _composed(self, block: int, count: int) -> _Maps:
        entries = self._gradients.entries(block * _BLOCK, (block + count) * _BLOCK)
        batches = [e if isinstance(e, float) else _by_position(e) for e in entries]
        still = units(self._stretch.start)[:, :, np.newaxis, np.newaxis, np.newaxis]
        with np.errstate(all="ignore"):
            parts = whole(after(still, self._stretch, batches))
            blocks = whole(parts)
        size = len(self._stretch.start)
        wild = np.abs(blocks[:size, :size]).max(axis=(0, 1)) > _WILD
        return _Maps(batches, parts, blocks, {i: [] for i in np.flatnonzero(wild).tolist()})

    def _ends(self, block: int, state: State, maps: _Maps) -> Iterator[State]:
        """The states at the ends of blocks, from `block` with its first `state` on."""
        kept = self._starts
        for i, rows in enumerate(maps.blocks.transpose(2, 0, 1).tolist()):
            state = self._stepped(i, state, maps)[-1] if i in maps.wild else tuple(apply(rows, state))
            if kept is not None and kept.due(block + i + 1):
                kept.keep(block + i + 1, state)
            yield state

    def _stepped(self, i: int, state: State, maps: _Maps) -> list[State]:
        """The states at the ends of the parts of wild block number `i`, which starts with `state`."""
        ends = maps.wild[i]
        point = shaped(state, self._stretch.start)
        for part in range(len(ends), _PARTS):
            for position in range(_PART):
                batch = [e if isinstance(e, float) else float(e[position, part, i]) for e in maps.batches]
                point = self._stretch.moved(point, batch)
            ends.append(tuple(flat(point)))
        return ends


def _by_position(entries: Array) -> Array:
    """An entry of the steps of some blocks, (position in the part, part, block)."""
    return np.ascontiguousarray(entries.reshape(-1, _PARTS, _PART).T)
