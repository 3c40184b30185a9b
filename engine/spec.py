"""A run as a value: what determines every number of it, validated.

`RunSpec.from_dict` reads the JSON of the interfaces and names every field that is wrong; `to_dict` writes it back with
every default filled in.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from engine.arrays import Array
from engine.batches import Batches
from engine.datasets import Dataset
from engine.losses import LOSSES
from engine.messages import fail
from engine.models import MODELS
from engine.objective import Objective
from engine.optimizers import OPTIMIZERS, Numbers, Optimizer
from engine.parsing import read_change, read_run
from engine.parts import (
    BATCH_SIZE,
    GRADIENT_NORM,
    MOST_CHANGES,
    RUN_PARAMETERS,
    SEED,
    STEPS,
    BatchSpec,
    Change,
    DatasetSpec,
    OptimizerSpec,
    Stop,
)

__all__ = [
    "BATCH_SIZE",
    "GRADIENT_NORM",
    "MOST_CHANGES",
    "RUN_PARAMETERS",
    "SEED",
    "STEPS",
    "BatchSpec",
    "Change",
    "DatasetSpec",
    "OptimizerSpec",
    "RunSpec",
    "Stop",
    "expect_spec",
]


@dataclass(frozen=True, eq=False)
class RunSpec:
    """Everything that determines a run; the names are those of its JSON."""

    dataset: DatasetSpec
    model: str
    loss: str
    optimizer: OptimizerSpec
    batch: BatchSpec
    start: dict[str, float]
    steps: int
    seed: int
    changes: tuple[Change, ...] = ()
    stop: Stop | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None = None) -> "RunSpec":
        """The spec that `data` describes, defaults filled in.

        Raises SpecError with a problem for each unknown key, unknown name, wrong type and value out of range.
        """
        return cls(**read_run({} if data is None else data))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with every default filled in; `from_dict` gives the same run again."""
        return {
            "dataset": self.dataset.to_dict(),
            "model": self.model,
            "loss": self.loss,
            "optimizer": {"name": self.optimizer.name, **self.optimizer.params},
            "batch": {"size": self.batch.size, "order": self.batch.order},
            "start": dict(self.start),
            "steps": self.steps,
            "seed": self.seed,
            "changes": [{"step": c.step, "optimizer": dict(c.optimizer)} for c in self.changes],
            "stop": None if self.stop is None else {"gradient_norm": self.stop.gradient_norm},
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RunSpec) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.dataset.name, self.model, self.loss, self.optimizer.name, self.steps, self.seed))

    def with_change(self, step: int, optimizer: Mapping[str, Any]) -> "RunSpec":
        """The run that is this one up to `step` and goes on from there with other parameters of its method.

        Changes after `step` are dropped: they belong to the run that was left. SpecError for a bad parameter or step,
        or if there are too many changes.
        """
        change = read_change(step, optimizer, self.optimizer.name)
        before = bisect_left(self.changes, change.step, key=_step)
        same = self.changes[before : bisect_right(self.changes, change.step, key=_step)]
        if before >= MOST_CHANGES:
            raise fail("changes", "out-of-range", low=0, high=MOST_CHANGES, got=before + 1)
        merged = {name: value for each in (*same, change) for name, value in each.optimizer.items()}
        return replace(self, changes=(*self.changes[:before], Change(change.step, merged)))

    def at(self, step: int) -> "RunSpec":
        """This spec with the parameters in force for the update step → step + 1, and no changes."""
        params = dict(self.optimizer.params)
        for change in self.changes[: bisect_right(self.changes, step, key=_step)]:
            params.update(change.optimizer)
        return replace(self, optimizer=OptimizerSpec(self.optimizer.name, params), changes=())

    def stretches(self, params: Mapping[str, Numbers] | None = None) -> Iterator[tuple[int, int, dict[str, Numbers]]]:
        """The parts of the run between changes: first step, last step, and the parameters in force from first on.

        params: those of the method before any change, if they are not the spec's own.
        """
        first, now = 0, dict(self.optimizer.params if params is None else params)
        for change in self.changes:
            if change.step >= self.steps:
                break
            if change.step > first:
                yield first, change.step, now
                first, now = change.step, dict(now)
            now.update(change.optimizer)
        yield first, self.steps, now

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of θ's columns."""
        return MODELS[self.model].value.parameters

    @property
    def data(self) -> Dataset:
        """The rows; made once."""
        return self.dataset.data

    @property
    def method(self) -> Optimizer:
        """The optimizer's record."""
        return OPTIMIZERS[self.optimizer.name].value

    def objective(self) -> Objective:
        """What the run minimises."""
        return self._objective

    @cached_property
    def _objective(self) -> Objective:
        return Objective(self.data, MODELS[self.model].value, LOSSES[self.loss].value)

    def batches(self) -> Batches:
        """Which rows each step sees."""
        return Batches(len(self.dataset), self.batch.size, self.batch.order, self.seed)

    def theta(self) -> Array:
        """The start, (P,)."""
        return np.array([self.start[name] for name in self.parameters], dtype=np.float64)


def expect_spec(value: object) -> None:
    """TypeError that says how to make one, if `value` is not a RunSpec: the dict of one is what people have at hand."""
    if not isinstance(value, RunSpec):
        raise TypeError(f"expected a RunSpec, got {type(value).__name__}: RunSpec.from_dict makes one of a dict")


def _step(change: Change) -> int:
    return change.step
