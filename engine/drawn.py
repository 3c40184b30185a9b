"""The fast path where batches never repeat, or late: rows from a scan over blocks of steps.

As in the periodic path the updates are affine maps, but each step has its own. Time is cut into blocks; the one in
which the stretch begins is stepped plainly. The maps of many blocks are composed at once; with them the state at the
start of each block is found, one block after the other; then all these blocks are stepped through side by side.
"""

from collections.abc import Iterator

import numpy as np

from engine.arrays import Array
from engine.gradients import AffineGradients
from engine.kept import Kept
from engine.maps import State, after, apply, flat, shaped, units, whole
from engine.optimizers import Numbers
from engine.quadratic import Quadratic
from engine.stepping import PlainStepper, Point, Stretch

# A power of two, so that thinned rows are found at the start of blocks.
_BLOCK = 64
_BLOCKS_AT_ONCE = 512
# Fewer blocks than this are stepped through in plain floats.
_FEW = 4
# A block that moves states apart by more than this is stepped through to find its end, like the plain path.
_WILD = 1e3


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
        block = (self._stretch.first + offset) // _BLOCK
        at, point = self._row
        if not self._offset(block) <= at <= offset:
            at, point = self._offset(block), shaped(self._start(block), self._stretch.start)
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
            stop = min(last + 1, self._offset(block + count))
            part = rows[:, at - first : stop - first]
            if count == 1:
                part[:] = np.array(self._step_by_step(at, stop)).T
            else:
                part[:] = self._side_by_side(block, count)[:, inside : inside + stop - at]
            at = stop

    def _step_by_step(self, at: int, stop: int) -> list[list[float]]:
        """θ of rows at … stop − 1, which are of one block."""
        first = self._stretch.first
        points = [self.point(at)]
        for batch in self._gradients.batches(first + at, first + stop - 1):
            points.append(self._stretch.moved(points[-1], batch))
        self._row = stop - 1, points[-1]
        return [[theta for theta, _ in point] for point in points]

    def _side_by_side(self, block: int, count: int) -> Array:
        """θ of all rows of `count` blocks, (P, rows)."""
        start = self._start(block)
        batches = self._batches(block, count)
        starts = [start, *self._ends(block, start, batches)]
        self._block = block + count, starts.pop()
        point = shaped(tuple(np.array(starts).T), self._stretch.start)
        rows = np.empty((_BLOCK, len(point), count))
        for position, row in enumerate(rows):
            row[:] = [theta for theta, _ in point]
            batch = [entry if isinstance(entry, float) else entry[position] for entry in batches]
            point = self._stretch.moved(point, batch)
        return rows.transpose(1, 2, 0).reshape(len(point), -1)

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
            for end in self._ends(at, state, self._batches(at, count)):
                state = end
            at += count
        self._block = at, state
        return state

    def _batches(self, block: int, count: int) -> list[Numbers]:
        """The entries of all batches of `count` blocks, by position in the block, (position, block), or floats."""
        entries = self._gradients.entries(block * _BLOCK, (block + count) * _BLOCK)
        return [e if isinstance(e, float) else np.ascontiguousarray(e.reshape(count, _BLOCK).T) for e in entries]

    def _ends(self, block: int, state: State, batches: list[Numbers]) -> Iterator[State]:
        """The states at the ends of blocks, from `block` with its first `state` on."""
        stretch, kept = self._stretch, self._starts
        still = units(stretch.start)[:, :, np.newaxis, np.newaxis]
        maps = whole(after(still, stretch, batches))
        size = len(stretch.start)
        wild = (np.abs(maps[:size, :size]).max(axis=(0, 1)) > _WILD).tolist()
        for i, rows in enumerate(maps.transpose(2, 0, 1).tolist()):
            if wild[i]:
                point = shaped(state, stretch.start)
                for position in range(_BLOCK):
                    point = stretch.moved(
                        point, [e if isinstance(e, float) else float(e[position, i]) for e in batches]
                    )
                state = tuple(flat(point))
            else:
                state = tuple(apply(rows, state))
            if kept is not None and kept.due(block + i + 1):
                kept.keep(block + i + 1, state)
            yield state
