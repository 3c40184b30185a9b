"""The fast path where batches repeat: rows from tables of composed updates.

A linear method on a linear model with squared error moves its state (θ, velocity) by an affine map each step, and with
batches in sequential order the maps repeat every epoch. After `HEAD` plain steps, time is cut into blocks of whole
epochs, and into chunks of blocks; `Tables` take any row from the state at the start of its chunk. Chunks are walked one
by one until their first state no longer changes; from there on all are alike.
"""

import numpy as np

from engine.arrays import Array, Rows
from engine.composed import HEAD, Repeating, Tables, place
from engine.composer import composer_of
from engine.gradients import AffineGradients
from engine.maps import State, apply, shaped
from engine.objective import DIVERGED
from engine.quadratic import Quadratic
from engine.stepping import PlainStepper, Point, Stretch


class PeriodicStepper:
    """Rows from `Tables`; see the module. `bowl` is the loss, `period` after how many steps the batches repeat."""

    def __init__(self, stretch: Stretch, gradients: AffineGradients, period: int, bowl: Quadratic) -> None:
        self._stretch = stretch
        self._bowl = bowl
        self._repeating = Repeating(stretch, gradients, period, bowl)
        self._head = PlainStepper(stretch)
        self._made: Tables | None = None
        # The states at the start of the chunks, up to the first that the next chunk starts with again.
        self._chunks: list[State] = []
        self._settled = False
        # How many of these are certain not to diverge.
        self._tame = 0

    def fill(self, first: int, last: int, rows: Array, every: int = 1) -> None:
        """Write every so-many-th row from offset `first` up to `last` into `rows`."""
        plain = len(range(first, min(last, HEAD) + 1, every))
        if plain and last > HEAD:
            rows[:, :plain] = self._tables().opening.head[:, first::every]
        elif plain:
            self._head.fill(first, last, rows, every)
        start = first + plain * every
        if start > last:
            return
        tables = self._tables()
        if not tables.contracts:
            # Such a method is stepped plainly to its end.
            self._head.fill(start, last, rows[:, plain:], every)
            return
        if every == 1:
            self._fill(tables, start - HEAD, rows[:, plain:])
        else:
            self._pick(tables, np.arange(start, last + 1, every) - HEAD, rows[:, plain:])

    def point(self, offset: int) -> Point:
        """Where the run stands at an offset."""
        if offset <= HEAD or not self._tables().contracts:
            return self._head.point(offset)
        tables = self._tables()
        chunk, inside = divmod(offset - HEAD, tables.chunk)
        block, at = divmod(inside, tables.block)
        state = apply(tables.blocks(block)[:, :, block].tolist(), self._chunk(tables, chunk))
        return shaped(tuple(apply(tables.steps[:, :, at].tolist(), state)), self._stretch.start)

    def tame(self, first: int, last: int) -> bool:
        """Whether it is certain that no row from `first` to `last` has diverged."""
        if last <= HEAD:
            return False
        tables = self._tables()
        if (first <= HEAD and not (tables.opening.head[-1] <= DIVERGED).all()) or not tables.contracts:
            return False
        chunk = (last - HEAD) // tables.chunk
        self._chunk(tables, chunk)
        known = min(chunk + 1, len(self._chunks))
        while self._tame < known and self._stays(tables, self._chunks[self._tame]):
            self._tame += 1
        return self._tame >= known

    def _tables(self) -> Tables:
        """The tables, made when a row behind the head is first asked for."""
        if self._made is None:
            self._made = Tables(self._repeating, composer_of(self._repeating))
            self._chunks = [self._made.opening.state]
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
            tables.write(state, inside, rows[:, at - start : stop - start])
            if inside == 0 and self._settled and chunk >= len(self._chunks) - 1:
                self._repeat(rows[:, at - start :], tables.chunk)
                return
            at = stop

    def _pick(self, tables: Tables, numbers: Rows, rows: Array) -> None:
        """The rows of these numbers, wherever they are."""
        chunks, inside = np.divmod(numbers, tables.chunk)
        self._chunk(tables, int(chunks[-1]))
        states = np.array(self._chunks, dtype=np.float64)[np.minimum(chunks, len(self._chunks) - 1)].T
        blocks, at = np.divmod(inside, tables.block)
        with np.errstate(all="ignore"):
            starts = apply(tables.blocks(int(blocks.max()))[:, :, blocks], states)
            place(tables.steps[:, :, at], starts, rows[:-1])
            rows[-1] = self._bowl.value(rows[:-1].T)

    @staticmethod
    def _repeat(rows: Array, length: int) -> None:
        """Go on with the first `length` rows, again and again."""
        for at in range(length, rows.shape[1], length):
            stop = min(at + length, rows.shape[1])
            rows[:, at:stop] = rows[:, : stop - at]
