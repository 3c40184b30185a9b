"""The fast path where batches never repeat, or late: rows from a scan over blocks of steps.

As in the periodic path the updates are affine maps, but each step has its own. Time is cut into blocks, and blocks into
parts; the block in which the stretch begins is stepped plainly. The maps of many blocks are composed at once; with them
the state at the start of each block is found, one block after the other, and from there that of each part; then all
these parts are stepped through side by side.
"""

from collections.abc import Iterator

import numpy as np

from engine.arrays import Array
from engine.gradients import AffineGradients
from engine.kept import Kept
from engine.maps import State, flat, shaped
from engine.quadratic import Quadratic
from engine.scanned import BLOCK, PART, PARTS, Scanned
from engine.stepping import PlainStepper, Point, Stretch

_BLOCKS_AT_ONCE = 512
# Fewer blocks than this are stepped through in plain floats.
_FEW = 3


class DrawnStepper:
    """Rows from a scan; see the module. `bowl` is the loss."""

    def __init__(self, stretch: Stretch, gradients: AffineGradients, bowl: Quadratic) -> None:
        self._stretch = stretch
        self._gradients = gradients
        self._bowl = bowl
        self._head = PlainStepper(stretch)
        # Blocks are counted from the start of the run, as are thinned rows.
        self._first_block = stretch.first // BLOCK + 1
        self._head_end = self._offset(self._first_block)
        self._starts: Kept[State] | None = None
        # The block whose start was found last, and the row that was stepped to last, with its state.
        self._block: tuple[int, State] = (0, ())
        self._row: tuple[int, Point] = (0, [])
        # The block that was looked at alone last, with its updates; the one whose parts were, and where they start.
        self._single: dict[int, Scanned] = {}
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
            if every < BLOCK:
                self._fill_thinned(start, last, rows[:-1, plain:], every)
            else:
                picked = [[theta for theta, _ in self.point(offset)] for offset in range(start, last + 1, every)]
                rows[:-1, plain:] = np.array(picked).T
            rows[-1, plain:] = self._bowl.value(rows[:-1, plain:].T)

    def point(self, offset: int) -> Point:
        """Where the run stands at an offset."""
        if offset <= self._head_end:
            return self._head.point(offset)
        block, inside = divmod(self._stretch.first + offset, BLOCK)
        begin = offset - inside % PART
        at, point = self._row
        if not begin <= at <= offset:
            at, point = begin, shaped(self._part_start(block, inside // PART), self._stretch.start)
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
        return block * BLOCK - self._stretch.first

    def _fill_thinned(self, first: int, last: int, rows: Array, every: int) -> None:
        """θ of every so-many-th row from offset `first` up to `last`."""
        if every == 1:
            self._fill(first, last, rows)
            return
        at_once = _BLOCKS_AT_ONCE * BLOCK // every
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
            block, inside = divmod(self._stretch.first + at, BLOCK)
            count = min((self._stretch.first + last) // BLOCK - block + 1, _BLOCKS_AT_ONCE)
            if count < _FEW:
                count = 1
            # Rows that are not made side by side are made part by part.
            stop = min(last + 1, self._offset(block + count) if count > 1 else at + PART - inside % PART)
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
        scanned = self._scan(block, count)
        starts = [start, *self._ends(block, start, scanned)]
        self._block = block + count, starts.pop()
        point = shaped(tuple(scanned.part_starts(starts)), self._stretch.start)
        rows = np.empty((PART, len(point), PARTS, count))
        for position, row in enumerate(rows):
            for into, (theta, _) in zip(row, point, strict=True):
                into[:] = theta
            point = self._stretch.moved(point, scanned.batch(position))
        return rows.transpose(1, 3, 2, 0).reshape(len(point), -1)

    def _part_start(self, block: int, part: int) -> State:
        """The state at the start of a part of a block."""
        start = self._start(block)
        if part == 0:
            return start
        if block not in self._parts:
            self._parts = {block: self._scan(block, 1).part_starts([start])[:, :, 0].T.tolist()}
        return tuple(self._parts[block][part])

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
            for end in self._ends(at, state, self._scan(at, count)):
                state = end
            at += count
        self._block = at, state
        return state

    def _ends(self, block: int, state: State, scanned: Scanned) -> Iterator[State]:
        """The states at the ends of blocks, from `block` with its first `state` on."""
        kept = self._starts
        for number, end in enumerate(scanned.ends(state), block + 1):
            if kept is not None and kept.due(number):
                kept.keep(number, end)
            yield end

    def _scan(self, block: int, count: int) -> Scanned:
        """The updates of `count` blocks."""
        if count > 1:
            return Scanned(self._stretch, self._gradients, block, count)
        # Whoever goes on in small strides looks at a block for its parts, and once more for its end.
        if block not in self._single:
            self._single = {block: Scanned(self._stretch, self._gradients, block, 1)}
        return self._single[block]
