"""Whole short runs at once: all their rows by one call of machine code, where batches repeat and nothing changes.

The bits are those of `periodic`, which needs a dozen objects for a run; for as short a run as a request asks for, those
take three times as long as the rows.
"""

from collections.abc import Hashable
from typing import TYPE_CHECKING

from engine.arrays import Array
from engine.composed import HEAD, block_of
from engine.composer import composer_for
from engine.gradients import AffineGradients
from engine.memo import Memo
from engine.models import MODELS
from engine.paths import gradients_of, is_affine
from engine.spec import RunSpec

if TYPE_CHECKING:
    from engine.affinekernels import AffineKernel

# Steps of a run and of its blocks up to which it is short: other threads wait as long.
_MOST = 4096


def whole_rows(spec: RunSpec) -> Array | None:
    """The rows of a run, (P + 1, steps + 1), that does all its steps; None where `Run` must look for them."""
    if spec.changes or spec.stop is not None or not HEAD < spec.steps <= _MOST:
        return None
    key = _key(spec)
    ready = _ready.find(spec.data, key)
    if ready is None:
        ready = _made(spec)
        if ready is None:
            return None
        _ready.keep(spec.data, key, ready)
    return ready.rows(spec)


class _Whole:
    """Makes the rows of runs of one method over the same beans in the same batches."""

    def __init__(self, kernel: "AffineKernel", gradients: AffineGradients, period: int, constants: int) -> None:
        """`constants` is where the kernel has put those of `gradients`."""
        self._kernel = kernel
        self._gradients = gradients  # as long as which the constants are there
        self._period = period
        self._constants = constants

    def rows(self, spec: RunSpec) -> Array | None:
        """All rows of a run; None where it takes a closer look to tell whether one has diverged."""
        init, start = spec.method.init, [spec.start[name] for name in spec.parameters]
        memory = [number for theta in start for number in init(theta)]
        given = [*spec.optimizer.params.values(), *start, *memory]
        return self._kernel.whole(spec.steps, self._period, self._constants, given)


_ready = Memo[_Whole](most=16)


def _key(spec: RunSpec) -> Hashable:
    return spec.model, spec.loss, spec.optimizer.name, tuple(spec.optimizer.params), spec.batch


def _made(spec: RunSpec) -> _Whole | None:
    """What makes the rows of runs like this one; None where batches do not repeat soon, or no machine code is there."""
    bowl = spec.objective().quadratic
    if bowl is None or not is_affine(spec):
        return None
    kernel = composer_for(MODELS[spec.model].value, spec.method, tuple(spec.optimizer.params)).kernel
    gradients = gradients_of(spec) if kernel is not None else None
    if kernel is None or not isinstance(gradients, AffineGradients) or gradients.period is None:
        return None
    if block_of(gradients.period) > _MOST:
        return None
    constants, _ = kernel.place(gradients, gradients.period, bowl)
    return _Whole(kernel, gradients, gradients.period, constants)
