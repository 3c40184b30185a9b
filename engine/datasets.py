"""The beans: generators whose draws are part of the contract, and points of one's own.

Every generator takes its numbers from `numpy.random.default_rng(seed)` in the order that its docstring gives, so that
three lines of NumPy make the same beans anywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.messages import brief, fail
from engine.registry import Entry, ParamSpec, Registry

MOST_POINTS = 10_000_000
LARGEST_VALUE = 1e12


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Dataset:
    """Rows to learn from: x (n, d), y (n,), the names of x's columns and of y, and their units ("" for none).

    The arrays cannot be written to: a dataset is shared by all that look at it.
    """

    x: Array
    y: Array
    x_names: tuple[str, ...] = ("size",)
    y_name: str = "toxicity"
    units: tuple[str, ...] = ("", "")

    def __post_init__(self) -> None:
        self.x.flags.writeable = self.y.flags.writeable = False

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: `make(**parameters)` gives them; `given` names the columns that the caller must bring."""

    make: Callable[..., Dataset]
    given: tuple[str, ...] = ()


def proportional_beans(count: int, seed: int) -> Dataset:
    """y = 1.2·x + U/10. Draws: x = sort(random(n)), then u = random(n)."""
    rng = np.random.default_rng(seed)
    x = np.sort(rng.random(count))
    return Dataset(x[:, np.newaxis], 1.2 * x + rng.random(count) / 10)


def offset_beans(count: int, seed: int) -> Dataset:
    """y = 0.7·x + (0.5 − U)/5 + 0.5. Draws: x = sort(random(n)), then u = random(n)."""
    rng = np.random.default_rng(seed)
    x = np.sort(rng.random(count))
    return Dataset(x[:, np.newaxis], 0.7 * x + (0.5 - rng.random(count)) / 5 + 0.5)


def from_points(x: object, y: object, path: str = "dataset") -> Dataset:
    """The dataset of given points, exactly as given: never scaled, sorted or thinned.

    x: n numbers or n rows of d numbers; y: n numbers; lists or arrays. SpecError names the first value that is
    no finite number of at most 10¹² in size, or the lengths if they differ.
    """
    columns = _read_array(x, f"{path}.x", dimensions=2)
    targets = _read_array(y, f"{path}.y", dimensions=1)
    if len(columns) != len(targets):
        raise fail(f"{path}.y", "unequal-length", expected=len(columns), got=len(targets))
    names = ("size",) if columns.shape[1] == 1 else tuple(f"x{j + 1}" for j in range(columns.shape[1]))
    return Dataset(columns, targets, names, units=("",) * (columns.shape[1] + 1))


def _read_array(value: object, path: str, dimensions: int) -> Array:
    if not isinstance(value, list | tuple | np.ndarray) or (isinstance(value, np.ndarray) and value.ndim == 0):
        raise fail(path, "expected-list", got=brief(value))
    if len(value) == 0:
        raise fail(path, "no-points")
    if len(value) > MOST_POINTS:
        raise fail(path, "out-of-range", low=1, high=MOST_POINTS, got=len(value))
    array = value if isinstance(value, np.ndarray) else _from_lists(value, path)
    if array.dtype.kind not in "fiu" or array.ndim not in {1, dimensions} or array.size == 0:
        raise fail(path, "expected-list", got=f"an array of {array.dtype} with shape {array.shape}")
    array = np.array(array, dtype=np.float64)
    _check_values(array, path)
    return array[:, np.newaxis] if array.ndim < dimensions else array


def _check_values(array: Array, path: str) -> None:
    """SpecError naming the first value that is not finite or too large."""
    bad = np.flatnonzero(~(np.abs(array) <= LARGEST_VALUE))
    if bad.size:
        where = ".".join(str(i) for i in np.unravel_index(bad[0], array.shape))
        got = float(array.flat[bad[0]])
        if not np.isfinite(got):
            raise fail(f"{path}.{where}", "expected-number", got=got)
        raise fail(f"{path}.{where}", "out-of-range", low=-LARGEST_VALUE, high=LARGEST_VALUE, got=got)


def _from_lists(values: list[object] | tuple[object, ...], path: str) -> Array:
    """Nested lists as an array, naming the first entry that does not belong."""
    rows = isinstance(values[0], list | tuple)
    width = len(values[0]) if isinstance(values[0], list | tuple) else 0
    for i, value in enumerate(values):
        if rows:
            if not isinstance(value, list | tuple) or len(value) != width or width == 0:
                raise fail(f"{path}.{i}", "expected-rows", expected=max(width, 1), got=brief(value))
            for j, entry in enumerate(value):
                _need_number(entry, f"{path}.{i}.{j}")
        else:
            _need_number(value, f"{path}.{i}")
    return np.array(values, dtype=np.float64)


def _need_number(value: object, path: str) -> None:
    if type(value) is float or (type(value) is int and abs(value) <= LARGEST_VALUE):
        return
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise fail(path, "expected-number", got=brief(value))
    if isinstance(value, int) and abs(value) > LARGEST_VALUE:
        raise fail(path, "out-of-range", low=-LARGEST_VALUE, high=LARGEST_VALUE, got=brief(value))


_COUNT = ParamSpec(
    "count",
    "Beans",
    100,
    1,
    MOST_POINTS,
    "How many beans there are.",
    symbol="n",
    scale="log",
    integer=True,
    slider=(2, 1000),
)
_SEED = ParamSpec(
    "seed",
    "Data seed",
    0,
    0,
    2**53 - 1,
    "Which beans are drawn: the same seed gives the same beans everywhere.",
    integer=True,
    slider=(0, 99),
)

DATASETS = Registry[Source](
    "dataset",
    Entry(
        "proportional-beans",
        "Proportional beans",
        "Toxicity is 1.2 times the size, plus a little noise that is never negative.",
        Source(proportional_beans),
        (_COUNT, _SEED),
    ),
    Entry(
        "offset-beans",
        "Offset beans",
        "Toxicity starts at 0.5 even for the smallest bean: a line through the origin cannot fit.",
        Source(offset_beans),
        (_COUNT, _SEED),
    ),
    Entry(
        "points",
        "Own points",
        "Points of your own, used exactly as given.",
        Source(from_points, given=("x", "y")),
    ),
)
