"""The parts of a run's description, each a record with the names of the JSON."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from engine.datasets import DATASETS, MOST_POINTS, Dataset
from engine.registry import ParamSpec

STEPS = ParamSpec(
    "steps", "Steps", 10_000, 0, 10**9, "How many updates the run has.", scale="log", integer=True, slider=(10, 10**6)
)
SEED = ParamSpec(
    "seed", "Seed", 0, 0, 2**53 - 1, "Which shuffles or draws of rows are made.", integer=True, slider=(0, 99)
)
BATCH_SIZE = ParamSpec(
    "batch.size",
    "Batch size",
    1,
    1,
    MOST_POINTS,
    "How many rows each update sees; all of them is batch descent.",
    symbol="m",
    scale="log",
    integer=True,
    slider=(1, 100),
)
GRADIENT_NORM = ParamSpec(
    "stop.gradient_norm",
    "Stop at gradient",
    1e-8,
    1e-300,
    1e12,
    "The run has converged when the gradient over all rows is no longer than this.",
    scale="log",
    slider=(1e-12, 1.0),
)
RUN_PARAMETERS = (STEPS, SEED, BATCH_SIZE, GRADIENT_NORM)
MOST_CHANGES = 10_000


# Beans up to this count are kept for others who ask for the same, with what has been worked out about them.
_MOST_SHARED = 10_000


@lru_cache(maxsize=64)
def _shared(name: str, *params: tuple[str, int]) -> Dataset:
    return DATASETS[name].value.make(**dict(params))


@dataclass(frozen=True, eq=False)
class DatasetSpec:
    """Which dataset: a generator's name with its parameters, or the points that were given."""

    name: str
    params: dict[str, int]
    points: Dataset | None = None

    @cached_property
    def data(self) -> Dataset:
        """The rows; made once, and shared with other specs of the same beans where there are not very many."""
        if self.points is not None:
            return self.points
        make = _shared if len(self) <= _MOST_SHARED else _shared.__wrapped__
        return make(self.name, *self.params.items())

    def __len__(self) -> int:
        return self.params["count"] if self.points is None else len(self.points)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        if self.points is None:
            return {"name": self.name, **self.params}
        return {"name": self.name, "x": self.points.x.tolist(), "y": self.points.y.tolist()}


@dataclass(frozen=True, slots=True)
class OptimizerSpec:
    """Which method, with all its parameters."""

    name: str
    params: dict[str, float]


@dataclass(frozen=True, slots=True)
class BatchSpec:
    """How many rows each update sees ("all" or a count) and in which order they come."""

    size: int | str
    order: str


@dataclass(frozen=True, slots=True)
class Change:
    """From the update step → step + 1 on, these parameters of the method have these values."""

    step: int
    optimizer: dict[str, float]


@dataclass(frozen=True, slots=True)
class Stop:
    """The run has converged at the first step whose gradient over all rows is no longer than `gradient_norm`."""

    gradient_norm: float
