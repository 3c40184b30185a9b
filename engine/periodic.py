"""The fast path where batches repeat: rows from tables of composed updates.

A linear method on a linear model with squared error moves its state (θ, velocity) by an affine map each step, and with
batches in sequential order the maps repeat every epoch. After `HEAD` plain steps, time is cut into blocks of whole
epochs, and into chunks of blocks. One table holds the composed maps of the first 0, 1, … steps of a block, another
those of 0, 1, … blocks: any row is two maps away from the state at the start of its chunk. Chunks are walked one by one
until their first state no longer changes; from there on all are alike.
"""

import numpy as np

from engine.arrays import Array, Rows
from engine.gradients import AffineGradients
from engine.maps import State, after, apply, flat, powers, prefixes, shaped, units
from engine.matrices import spectral_radius
from engine.objective import DIVERGED
from engine.quadratic import Quadratic
from engine.stepping import PlainStepper, Point, Stretch

# Short stretches are stepped plainly: to prepare anything would take longer.
HEAD = 32
_BLOCK = 256
_CHUNK = 2**14
# Rows are written so many at a time: as much as stays close to the processor.
_AT_ONCE = 2**13
# By how much states may move apart in one step: a method that does not contract is stepped plainly to its end.
_GROWTH = 1e-9


class Tables:
    """The maps that the rows of a stretch are made with, from offset `HEAD` on.

    steps: those of the first 0, 1, … steps of a block, (S, S + 1, block + 1); blocks: those of 0, 1, … blocks of a
    chunk, (S, S + 1, chunk / block + 1); whole: that of a chunk; block, chunk: how many steps they have.
    """

    def __init__(self, stretch: Stretch, gradients: AffineGradients, period: int) -> None:
        count = -(-_BLOCK // period)
        self.block = period * count
        first = stretch.first + HEAD
        batches = gradients.entries(first, first + self.block)
        self.steps = prefixes(after(units(stretch.start)[:, :, np.newaxis], stretch, batches))
        in_chunk = max(1, _CHUNK // self.block)
        self.chunk = self.block * in_chunk
        self.blocks = powers(self.steps[:, :, -1], in_chunk)
        self.whole = self.blocks[:, :, -1].tolist()
        self._largest = [np.abs(maps).max(axis=2).tolist() for maps in (self.blocks, self.steps)]

    @property
    def contracts(self) -> bool:
        """Whether states draw closer to each other in the long run, or at least do not move apart."""
        if not np.isfinite(self.steps).all():
            return False
        return bool(spectral_radius(self.steps[:, :-1, -1:])[0] <= 1 + _GROWTH * self.block)

    def farthest(self, state: State) -> list[float]:
        """No state of the chunk that starts with `state` has larger entries than these."""
        reached = [abs(number) for number in state]
        for largest in self._largest:
            reached = apply(largest, reached)
        return reached


class PeriodicStepper:
    """Rows from `Tables`; see the module. `bowl` is the loss, `period` after how many steps the batches repeat."""

    def __init__(self, stretch: Stretch, gradients: AffineGradients, period: int, bowl: Quadratic) -> None:
        self._stretch = stretch
        self._gradients = gradients
        self._period = period
        self._bowl = bowl
        self._head = PlainStepper(stretch)
        self._head_rows: Array | None = None
        self._made: Tables | None = None
        self._plain = False
        # The states at the start of the chunks, up to the first that the next chunk starts with again.
        self._chunks: list[State] = []
        self._settled = False
        self._tame = 0

    def fill(self, first: int, last: int, rows: Array, every: int = 1) -> None:
        """Write every so-many-th row from offset `first` up to `last` into `rows`."""
        plain = len(range(first, min(last, HEAD) + 1, every))
        if plain and last > HEAD:
            rows[:, :plain] = self._beginning()[:, first::every]
        elif plain:
            self._head.fill(first, last, rows, every)
        start = first + plain * every
        if start > last:
            return
        tables = self._tables(last)
        if tables is None:
            self._head.fill(start, last, rows[:, plain:], every)
            return
        with np.errstate(all="ignore"):
            if every == 1:
                self._fill(tables, start - HEAD, rows[:, plain:])
            else:
                self._pick(tables, np.arange(start, last + 1, every) - HEAD, rows[:, plain:])

    def point(self, offset: int) -> Point:
        """Where the run stands at an offset."""
        tables = self._tables(offset)
        if tables is None:
            return self._head.point(offset)
        chunk, inside = divmod(offset - HEAD, tables.chunk)
        block, at = divmod(inside, tables.block)
        state = apply(tables.blocks[:, :, block].tolist(), self._chunk(tables, chunk))
        return shaped(tuple(apply(tables.steps[:, :, at].tolist(), state)), self._stretch.start)

    def tame(self, first: int, last: int) -> bool:
        """Whether it is certain that no row from `first` to `last` has diverged."""
        if last <= HEAD or (first <= HEAD and not (self._beginning()[-1] <= DIVERGED).all()):
            return False
        tables = self._tables(last)
        if tables is None:
            return False
        chunk = (last - HEAD) // tables.chunk
        self._chunk(tables, chunk)
        return self._tame >= min(chunk + 1, len(self._chunks))

    def _beginning(self) -> Array:
        """The rows of the head, its last one included."""
        if self._head_rows is None:
            self._head_rows = np.empty((len(self._stretch.start) + 1, HEAD + 1))
            self._head.fill(0, HEAD, self._head_rows)
        return self._head_rows

    def _tables(self, offset: int) -> Tables | None:
        """The tables, where the row at `offset` is made with them."""
        if offset <= HEAD or self._plain:
            return None
        if self._made is None:
            with np.errstate(all="ignore"):
                tables = Tables(self._stretch, self._gradients, self._period)
                self._plain = not tables.contracts
            if self._plain:
                return None
            self._made = tables
            self._chunks = [tuple(flat(self._head.point(HEAD)))]
            self._look(tables)
        return self._made

    def _chunk(self, tables: Tables, chunk: int) -> State:
        """The state at the start of a chunk."""
        while not self._settled and len(self._chunks) <= chunk:
            state = tuple(apply(tables.whole, self._chunks[-1]))
            self._settled = state == self._chunks[-1]
            if not self._settled:
                self._chunks.append(state)
                self._look(tables)
        return self._chunks[min(chunk, len(self._chunks) - 1)]

    def _look(self, tables: Tables) -> None:
        """Note whether the last known chunk, and all before it, are certain not to diverge."""
        known = len(self._chunks)
        reach = tables.farthest(self._chunks[-1])[: len(self._stretch.start)]
        if self._tame == known - 1 and self._bowl.most(reach) <= DIVERGED:
            self._tame = known

    def _fill(self, tables: Tables, start: int, rows: Array) -> None:
        """Rows from number `start` of those behind the head on, as many as `rows` holds."""
        end, at = start + rows.shape[1], start
        while at < end:
            chunk, inside = divmod(at, tables.chunk)
            state = self._chunk(tables, chunk)
            stop = min(end, at + tables.chunk - inside)
            self._fill_chunk(tables, state, inside, rows[:, at - start : stop - start])
            if inside == 0 and self._settled and chunk >= len(self._chunks) - 1:
                self._repeat(rows[:, at - start :], tables.chunk)
                return
            at = stop

    def _fill_chunk(self, tables: Tables, state: State, inside: int, rows: Array) -> None:
        """Rows from number `inside` of a chunk on: the rest of a block, whole blocks, and the first part of one."""
        at, end = inside, inside + rows.shape[1]
        while at < end:
            block, begin = divmod(at, tables.block)
            count = min((end - at) // tables.block, max(1, _AT_ONCE // tables.block)) if begin == 0 else 0
            stop = at + count * tables.block if count else min(end, at + tables.block - begin)
            starts = apply(tables.blocks[:, :, block : block + max(count, 1), np.newaxis], state)
            part = tables.steps[:, :, begin : begin + (tables.block if count else stop - at)]
            self._write(part, starts, rows[:, at - inside : stop - inside])
            at = stop

    def _pick(self, tables: Tables, numbers: Rows, rows: Array) -> None:
        """The rows of these numbers, wherever they are."""
        chunks, inside = np.divmod(numbers, tables.chunk)
        self._chunk(tables, int(chunks[-1]))
        states = np.array(self._chunks, dtype=np.float64)[np.minimum(chunks, len(self._chunks) - 1)].T
        blocks, at = np.divmod(inside, tables.block)
        starts = apply(tables.blocks[:, :, blocks], states)
        self._write(tables.steps[:, :, at], starts, rows)

    def _write(self, steps: Array, starts: list[Array], rows: Array) -> None:
        """The images of block starts under the maps of steps, entry by entry as `apply` does, and their losses."""
        shape = np.broadcast_shapes(steps.shape[2:], starts[0].shape)
        product = np.empty(shape)
        for row, weights in zip(rows[:-1], steps, strict=False):
            theta = row.reshape(shape)
            np.multiply(weights[0], starts[0], out=theta)
            for k in range(1, len(starts)):
                np.multiply(weights[k], starts[k], out=product)
                np.add(theta, product, out=theta)
            np.add(theta, weights[-1], out=theta)
        rows[-1] = self._bowl.value(rows[:-1].T)

    @staticmethod
    def _repeat(rows: Array, length: int) -> None:
        """Go on with the first `length` rows, again and again."""
        for at in range(length, rows.shape[1], length):
            stop = min(at + length, rows.shape[1])
            rows[:, at:stop] = rows[:, : stop - at]
