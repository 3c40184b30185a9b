"""Who composes updates: NumPy, and as soon as it pays machine code, with the same bits."""

from functools import cache, partial
from typing import TYPE_CHECKING

from engine import extra
from engine.arrays import Array
from engine.background import Worthwhile
from engine.composed import Composing, InNumPy, Opening, Repeating
from engine.maps import State
from engine.models import Model
from engine.optimizers import Optimizer

if TYPE_CHECKING:
    from engine.affinekernels import AffineKernel

# Microseconds that machine code saves, for an opening and for a row; and those that making it costs.
_OPENING, _ROW = 150.0, 0.005
_COST = 150_000.0


class Composer:
    """Composes the updates of one model and method; see `composed.Composing`."""

    def __init__(self) -> None:
        self._plain = InNumPy()
        self._kernel = Worthwhile["AffineKernel"](_COST)

    @property
    def kernel(self) -> "AffineKernel | None":
        """The machine code, once it is there."""
        return self._kernel.made

    def open(self, repeating: Repeating, blocks: int) -> Opening:
        """See `Composing`."""
        return self._by(repeating, _OPENING).open(repeating, blocks)

    def powers(self, steps: Array, count: int) -> Array:
        """See `Composing`."""
        return (self.kernel or self._plain).powers(steps, count)

    def write(self, repeating: Repeating, opening: Opening, state: State, inside: int, rows: Array) -> None:
        """See `Composing`."""
        self._by(repeating, rows.shape[1] * _ROW).write(repeating, opening, state, inside, rows)

    def _by(self, repeating: Repeating, saves: float) -> Composing:
        return self._kernel.find(saves, partial(kernel_for, repeating)) or self._plain


@cache
def composer_for(model: Model, method: Optimizer, hyper: tuple[str, ...]) -> Composer:
    """The one for a model and a method, whose parameters come in this order."""
    return Composer()


def composer_of(repeating: Repeating) -> Composer:
    """The one for the model and the method of a stretch."""
    stretch = repeating.stretch
    return composer_for(stretch.objective.model, stretch.method, tuple(stretch.hyper))


def kernel_for(repeating: Repeating) -> "AffineKernel | None":
    """The machine code for the model and the method of a stretch; None where it cannot be had, or gives other bits."""

    def make() -> "AffineKernel":
        from engine.affinekernels import AffineKernel

        stretch = repeating.stretch
        return AffineKernel(stretch.objective.model, stretch.method, tuple(stretch.hyper))

    kernel = extra.attempted(make)
    return kernel if kernel is not None and kernel.agrees(repeating) else None
