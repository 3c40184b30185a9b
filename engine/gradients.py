"""Gradients over the batches of steps, one parameter at a time: θ is P floats of one run, or P arrays of many runs."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import cycle, islice, repeat
from typing import Any, NamedTuple, Protocol

import numpy as np

from engine.arrays import Array, Rows
from engine.batches import Batches
from engine.objective import Objective
from engine.optimizers import Numbers

# An epoch of up to so many steps is worked out once and kept.
_LONGEST_PERIOD = 4096
# Of other batches, about so many rows are looked up at a time.
_ROWS_AT_ONCE = 2**17


class Gradients(Protocol):
    """What the steps of a run descend along."""

    def rows(self, step: int) -> Rows | None:
        """The rows that the update step → step + 1 sees, None for all in order."""

    def batches(self, first: int, last: int) -> Iterable[Any]:
        """What `gradient` needs to know of the batches of steps first … last − 1."""

    def gradient(self, batch: Any, theta: Sequence[Numbers]) -> Sequence[Numbers]:
        """The gradient over one of these batches."""


class Batch(NamedTuple):
    """Rows of the data: x (m, d) and y (m,); the columns of x and y once more, as floats where there is but one row."""

    x: Array
    y: Array
    columns: list[Numbers]
    target: Numbers

    @classmethod
    def of(cls, x: Array, y: Array) -> "Batch":
        """The batch of these rows."""
        return cls(x, y, x[0].tolist(), float(y[0])) if len(y) == 1 else cls(x, y, list(x.T), y)


class RowGradients:
    """Gradients row by row, for any model and loss."""

    def __init__(self, objective: Objective, batches: Batches) -> None:
        self._objective = objective
        self._batches = batches
        self._x, self._y = objective.dataset.x, objective.dataset.y
        self._epoch: list[Batch] = []
        if batches.order == "sequential" and batches.per_epoch <= _LONGEST_PERIOD:
            cuts = [slice(first, first + batches.size) for first in range(0, batches.n, batches.size)]
            self._epoch = [Batch.of(self._x[cut], self._y[cut]) for cut in cuts]

    @property
    def most_rows(self) -> int:
        """How many rows a batch has, but for the last of an epoch, which may have fewer."""
        return self._batches.size

    @property
    def repeat(self) -> bool:
        """Whether every epoch has the same batches."""
        return self._batches.order == "sequential"

    def rows(self, step: int) -> Rows | None:
        """The rows of one step's batch."""
        return self._batches.rows(step)

    def laid_out(self, first: int, last: int) -> tuple[Rows, Array, Array, int]:
        """The batches of steps first … last − 1 as they follow each other; where they repeat, those of one epoch.

        begins (k + 1,): where each begins, and where the last ends; x, y: their rows; which batch is the first one.
        """
        if self.repeat:
            return *self._epoch_laid_out, first % self._batches.per_epoch
        rows, begins = self._batches.span(first, last)
        return np.append(begins, len(rows)), self._x[rows, 0], self._y[rows], 0

    @cached_property
    def _epoch_laid_out(self) -> tuple[Rows, Array, Array]:
        begins = np.append(np.arange(0, self._batches.n, self._batches.size), self._batches.n)
        return begins, np.ascontiguousarray(self._x[:, 0]), np.ascontiguousarray(self._y)

    def batches(self, first: int, last: int) -> Iterator[Batch]:
        """The rows of each step's batch."""
        if self._epoch:
            return _repeated(self._epoch, first, last)
        return self._looked_up(first, last)

    def gradient(self, batch: Batch, theta: Sequence[Numbers]) -> Sequence[Numbers]:
        """The gradient over one batch."""
        if isinstance(theta[0], float) and self._objective.model.linear:
            return self._linear(batch, theta)
        slope = self._objective.slope(np.stack(theta, axis=-1), batch.x, batch.y)
        return [slope[..., i] for i in range(len(theta))]

    def _linear(self, batch: Batch, theta: Sequence[float]) -> list[float]:
        """The gradient of a linear model at plain floats: `Objective.slope` without its axes, with the same bits."""
        _, _, columns, target = batch
        prediction = theta[0] * columns[0]
        for each, column in zip(theta[1:], columns[1:], strict=False):
            prediction = prediction + each * column
        if len(theta) > len(columns):
            prediction = prediction + theta[-1]
        slope = self._objective.loss.slope(prediction, target)
        if isinstance(target, float):
            return [float(slope * column) for column in columns] + [float(slope)] * (len(theta) - len(columns))
        sums = [(slope * column).sum() for column in columns] + [slope.sum()] * (len(theta) - len(columns))
        return [float(each) / len(target) for each in sums]

    def _looked_up(self, first: int, last: int) -> Iterator[Batch]:
        for begin, end in _pieces(first, last, self._batches.size):
            rows, starts = self._batches.span(begin, end)
            x, y = self._x[rows], self._y[rows]
            ends = [*starts[1:].tolist(), len(rows)]
            for start, stop in zip(starts.tolist(), ends, strict=True):
                yield Batch.of(x[start:stop], y[start:stop])


def pull(entries: Sequence[Numbers], theta: Sequence[Numbers]) -> Sequence[Numbers]:
    """H·θ − c for one parameter or two, entry by entry."""
    if len(theta) == 1:
        h, c = entries
        return (h * theta[0] - c,)
    hww, hwb, hbb, cw, cb = entries
    w, b = theta
    return hww * w + hwb * b - cw, hwb * w + hbb * b - cb


class AffineGradients:
    """Gradients H·θ − c of a linear model with squared error: a batch is the entries of its H and c, whatever its size.

    The entries are the upper triangle of H row by row, then c. With the intercept's column of ones in X̃, H is the mean
    of 2·x̃x̃ᵀ over the batch and c that of 2·x̃y. period: after how many steps the batches repeat, None if never or late.
    """

    gradient = staticmethod(pull)

    def __init__(self, objective: Objective, batches: Batches) -> None:
        self._batches = batches
        self._products = _products(objective)
        self.period: int | None = None
        self._epoch: list[tuple[float, ...]] = []
        self._columns = np.empty((0, 0))
        if batches.order == "sequential" and batches.per_epoch <= _LONGEST_PERIOD:
            self.period = batches.per_epoch
            starts = np.arange(0, batches.n, batches.size)
            means = [_means(product, starts) for product in self._products]
            self._columns = np.empty((len(means), batches.per_epoch))
            for column, mean in zip(self._columns, means, strict=True):
                column[:] = mean
            self._epoch = list(zip(*self._columns.tolist(), strict=True))
            self._products = []

    def rows(self, step: int) -> Rows | None:
        """The rows of one step's batch."""
        return self._batches.rows(step)

    def entries(self, first: int, last: int) -> list[Numbers]:
        """The entries of steps first … last − 1: each an array (steps,), or a float if it is the same for all."""
        if self._epoch:
            return list(self._columns[:, np.arange(first, last) % len(self._epoch)])
        pieces = [self._looked_up(*piece) for piece in _pieces(first, last, self._batches.size)]
        if len(pieces) == 1:
            return pieces[0]
        return [each[0] if isinstance(each[0], float) else np.concatenate(each) for each in zip(*pieces, strict=True)]

    def batches(self, first: int, last: int) -> Iterator[tuple[float, ...]]:
        """The entries of each step's batch."""
        if self._epoch:
            yield from _repeated(self._epoch, first, last)
            return
        for piece in _pieces(first, last, self._batches.size):
            yield from _by_step(self._looked_up(*piece), piece[1] - piece[0])

    def _looked_up(self, first: int, last: int) -> list[Numbers]:
        rows, starts = self._batches.span(first, last)
        return [product if isinstance(product, float) else _means(product[rows], starts) for product in self._products]


def _products(objective: Objective) -> list[Numbers]:
    """For each entry of H and c its value in every row, (n,), or a float if it is the same in all."""
    y = objective.dataset.y
    columns: list[Numbers] = [*objective.dataset.x.T, *([1.0] if objective.model.intercept else [])]
    curvature = [2.0 * left * right for i, left in enumerate(columns) for right in columns[i:]]
    return [*curvature, *(2.0 * column * y for column in columns)]


def _means(product: Numbers, starts: Rows) -> Numbers:
    """The mean of each batch, given where the batches start: (steps,)."""
    if isinstance(product, float) or len(starts) == len(product):
        return product
    return np.add.reduceat(product, starts) / np.diff(starts, append=len(product))


def _by_step(entries: list[Numbers], steps: int) -> list[tuple[float, ...]]:
    columns = ([entry] * steps if isinstance(entry, float) else entry.tolist() for entry in entries)
    return list(zip(*columns, strict=True))


def _repeated(epoch: list[Any], first: int, last: int) -> Iterator[Any]:
    if len(epoch) == 1:
        return repeat(epoch[0], last - first)
    start = first % len(epoch)
    return islice(cycle(epoch), start, start + last - first)


def _pieces(first: int, last: int, size: int) -> Iterator[tuple[int, int]]:
    """The steps first … last − 1 in pieces whose batches together have a bounded number of rows."""
    at_once = max(1, _ROWS_AT_ONCE // size)
    for begin in range(first, last, at_once):
        yield begin, min(begin + at_once, last)
