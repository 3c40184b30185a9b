"""Composed updates in machine code: what `composed.InNumPy` does, with the same bits."""

import ctypes
from dataclasses import dataclass, fields
from itertools import accumulate, pairwise
from weakref import WeakKeyDictionary

import numpy as np
from llvmlite import ir

from engine.affinecode import AffineCode
from engine.arrays import Array
from engine.composed import HEAD, Composing, InNumPy, Opening, Repeating, block_of
from engine.gradients import AffineGradients
from engine.kernels import state_names
from engine.machine import Room, callable_from, compiled
from engine.maps import State, flat
from engine.models import Model
from engine.optimizers import Optimizer
from engine.quadratic import Quadratic

_BYTES = 8  # of a number


@dataclass(frozen=True)
class _Placed(Opening):
    """An opening that knows where its maps lie: to ask an array takes as long as to compose fifty updates."""

    steps_at: int
    blocks_at: int

    @property
    def at(self) -> tuple[int, int]:
        """Both."""
        return self.steps_at, self.blocks_at


class AffineKernel:
    """Composes the updates of one linear method on one linear model with squared error; see `composed.Composing`."""

    def __init__(self, model: Model, method: Optimizer, hyper: tuple[str, ...]) -> None:
        """`hyper` names the parameters of the method in the order in which they will come."""
        module = ir.Module()
        AffineCode(module, model, method, hyper).write()
        self._size, self._parameters = len(state_names(model, method)), len(model.parameters)
        self._engine = compiled(module)
        self._open = callable_from(self._engine, "open", 6, 2)
        self._powers = callable_from(self._engine, "powers", 3, 2)
        self._write = callable_from(self._engine, "rows", 5, 5)
        # No other thread is let in while this is called, for all share the room that it works in.
        kinds = [ctypes.c_int64] * 6 + [ctypes.c_void_p] * 3 + [ctypes.c_double] * (len(hyper) + self._size)
        self._whole = ctypes.PYFUNCTYPE(ctypes.c_int64, *kinds)(self._engine.get_function_address("whole"))
        self._room = Room(0)
        self._placed: WeakKeyDictionary[AffineGradients, tuple[int, int, Array]] = WeakKeyDictionary()

    def open(self, repeating: Repeating, blocks: int) -> Opening:
        """See `Composing`."""
        stretch, period, block = repeating.stretch, repeating.period, repeating.block
        size, maps = self._size, self._size * (self._size + 1)
        given = [*stretch.hyper.values(), *flat(stretch.start)]
        parts = (len(given), size, (self._parameters + 1) * (HEAD + 1), maps * (blocks + 1), maps * (block + 1))
        # All in one piece of memory, and behind it another as large as the last part, to work in.
        places = list(accumulate(parts))
        work = np.empty(places[-1] + parts[-1])
        work[: parts[0]] = given
        doublings = (block - 1).bit_length()
        numbers = (HEAD, period, stretch.first % period, block, doublings, blocks)
        address = work.ctypes.data
        self._open(*numbers, self._placed_of(repeating)[0], address)
        end, head, powers, steps = (work[a:b] for a, b in pairwise(places))
        return _Placed(
            head.reshape(self._parameters + 1, HEAD + 1),
            tuple(end.tolist()),
            steps.reshape(size, size + 1, block + 1),
            powers.reshape(size, size + 1, blocks + 1),
            address + _BYTES * places[3],
            address + _BYTES * places[2],
        )

    def powers(self, steps: Array, count: int) -> Array:
        """See `Composing`."""
        made = np.empty((*steps.shape[:2], count + 1))
        self._powers(steps.shape[2], count, (count - 1).bit_length(), steps.ctypes.data, made.ctypes.data)
        return made

    def write(self, repeating: Repeating, opening: Opening, state: State, inside: int, rows: Array) -> None:
        """See `Composing`."""
        assert rows.strides[1] == _BYTES or rows.shape[1] == 1, "expected columns without gaps"
        steps, blocks = opening.steps, opening.blocks
        numbers = (inside, rows.shape[1], steps.shape[2], blocks.shape[2], rows.strides[0] // rows.itemsize)
        _, bowl = self._placed_of(repeating)
        at = opening.at if isinstance(opening, _Placed) else (steps.ctypes.data, blocks.ctypes.data)
        self._write(*numbers, bowl, *at, (ctypes.c_double * self._size)(*state), rows.ctypes.data)

    def whole(self, steps: int, period: int, constants: int, given: list[float]) -> Array | None:
        """The rows 0 … `steps` of a run over batches that repeat, (P + 1, steps + 1); there are more than HEAD of them.

        None where it takes a closer look to tell whether one of them has diverged. `constants` says where those of
        `place` lie; `given` are the parameters of the method, and the state that the run starts from.
        """
        block = block_of(period)
        blocks = -(-(steps - HEAD + 1) // block)
        maps = self._size * (self._size + 1) * (blocks + 1 + 2 * (block + 1))
        numbers = len(given) + self._size + (self._parameters + 1) * (HEAD + 1) + maps
        self._room = room = self._room.holding(numbers)
        rows = np.empty((self._parameters + 1, steps + 1))
        sizes = (steps + 1, HEAD, period, block, (block - 1).bit_length(), blocks)
        plain = self._whole(*sizes, constants, room.at, rows.ctypes.data, *given)
        return rows if plain else None

    def agrees(self, repeating: Repeating) -> bool:
        """Whether what NumPy composes of a stretch has the same bits."""
        rows = np.empty((2, self._parameters + 1, repeating.block))
        with np.errstate(all="ignore"):
            both: tuple[Composing, ...] = (self, InNumPy())
            openings = [by.open(repeating, 1) for by in both]
            for by, opening, each in zip(both, openings, rows, strict=True):
                by.write(repeating, opening, opening.state, 0, each)
        pairs = [[getattr(opening, each.name) for opening in openings] for each in fields(Opening)]
        return all(np.array_equal(ours, theirs, equal_nan=True) for ours, theirs in [*pairs, tuple(rows)])

    def place(self, gradients: AffineGradients, period: int, bowl: Quadratic) -> tuple[int, int]:
        """Where the entries of an epoch's batches lie, and behind them the numbers of the bowl.

        They stay there as long as `gradients` does.
        """
        found = self._placed.get(gradients)
        if found is None:
            columns = np.ravel(gradients.entries(0, period))
            constants = np.concatenate([columns, bowl.optimum, np.ravel(bowl.factor), [bowl.least]])
            at = constants.ctypes.data
            found = self._placed[gradients] = at, at + _BYTES * columns.size, constants
        return found[:2]

    def _placed_of(self, repeating: Repeating) -> tuple[int, int]:
        return self.place(repeating.gradients, repeating.period, repeating.bowl)
