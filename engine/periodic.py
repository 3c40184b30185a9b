"""The fast path where batches repeat: rows from tables of composed updates.

A linear method on a linear model with squared error moves its state (θ, velocity) by an affine map each step, and with
batches in sequential order the maps repeat every epoch. After `HEAD` plain steps, time is cut into blocks of whole
epochs, and into chunks of blocks; `Tables` take any row from the state at the start of its chunk. Chunks are walked one
by one until their first state no longer changes; from there on all are alike.
"""

import numpy as np

from engine.arrays import Array, Rows
from engine.composed import Tables
from engine.gradients import AffineGradients
from engine.maps import State, apply, flat, shaped
from engine.objective import DIVERGED
from engine.optimizers import Numbers
from engine.quadratic import Quadratic
from engine.stepping import PlainStepper, Point, Stretch

# Short stretches are stepped plainly: to prepare anything would take longer.
HEAD = 32
# θ is written for so many rows at a time: as much as stays close to the processor.
_AT_ONCE = 2**13


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
        # How many of these are certain not to diverge.
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
        state = apply(tables.blocks(block)[:, :, block].tolist(), self._chunk(tables, chunk))
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
        known = min(chunk + 1, len(self._chunks))
        while self._tame < known and self._stays(tables, self._chunks[self._tame]):
            self._tame += 1
        return self._tame >= known

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
                tables = Tables(self._stretch, self._gradients, self._period, self._stretch.first + HEAD)
                # A method that does not contract is stepped plainly to its end.
                self._plain = not tables.contracts
            if self._plain:
                return None
            self._made = tables
            self._chunks = [tuple(flat(self._head.point(HEAD)))]
        return self._made

    def _chunk(self, tables: Tables, chunk: int) -> State:
        """The state at the start of a chunk."""
        while not self._settled and len(self._chunks) <= chunk:
            state = tuple(apply(tables.whole, self._chunks[-1]))
            self._settled = state == self._chunks[-1]
            if not self._settled:
                self._chunks.append(state)
        return self._chunks[min(chunk, len(self._chunks) - 1)]

    def _stays(self, tables: Tables, state: State) -> bool:
        """Whether it is certain that no row of the chunk that starts with `state` has diverged."""
        reach = tables.farthest(state)[: len(self._stretch.start)]
        return self._bowl.most(reach) <= DIVERGED

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
            maps = tables.blocks(block + count)
            of_whole = maps[:, :, block : block + count, np.newaxis]
            starts = apply(of_whole if count else maps[:, :, block].tolist(), state)
            part = tables.steps[:, :, begin : begin + (tables.block if count else stop - at)]
            self._write(part, starts, rows[:-1, at - inside : stop - inside])
            at = stop
        rows[-1] = self._bowl.value(rows[:-1].T)

    def _pick(self, tables: Tables, numbers: Rows, rows: Array) -> None:
        """The rows of these numbers, wherever they are."""
        chunks, inside = np.divmod(numbers, tables.chunk)
        self._chunk(tables, int(chunks[-1]))
        states = np.array(self._chunks, dtype=np.float64)[np.minimum(chunks, len(self._chunks) - 1)].T
        blocks, at = np.divmod(inside, tables.block)
        starts = apply(tables.blocks(int(blocks.max()))[:, :, blocks], states)
        self._write(tables.steps[:, :, at], starts, rows[:-1])
        rows[-1] = self._bowl.value(rows[:-1].T)

    @staticmethod
    def _write(steps: Array, starts: list[Numbers], rows: Array) -> None:
        """θ (P, rows): the images of block starts under the maps of steps, entry by entry as `apply` does."""
        shape = np.broadcast(steps[0, 0], starts[0]).shape
        product = np.empty(shape)
        for row, weights in zip(rows, steps, strict=False):
            theta = row.reshape(shape)
            np.multiply(weights[0], starts[0], out=theta)
            for k in range(1, len(starts)):
                np.multiply(weights[k], starts[k], out=product)
                np.add(theta, product, out=theta)
            np.add(theta, weights[-1], out=theta)

    @staticmethod
    def _repeat(rows: Array, length: int) -> None:
        """Go on with the first `length` rows, again and again."""
        for at in range(length, rows.shape[1], length):
            stop = min(at + length, rows.shape[1])
            rows[:, at:stop] = rows[:, : stop - at]
