"""A run as a value: what determines every number of it, validated.

`RunSpec.from_dict` reads the JSON of the interfaces and names every field that is wrong; `to_dict` writes it back with
every default filled in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from engine.arrays import Array
from engine.batches import ORDERS, Batches
from engine.datasets import DATASETS, MOST_POINTS, Dataset, from_points
from engine.losses import LOSSES
from engine.messages import Problem, SpecError, brief, fail
from engine.models import MODELS, Model
from engine.objective import Objective
from engine.optimizers import OPTIMIZERS, Optimizer
from engine.reading import Reader
from engine.registry import ParamSpec, read_integer

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


@dataclass(frozen=True, slots=True, eq=False)
class DatasetSpec:
    """Which dataset: a generator's name with its parameters, or "points" with the points themselves."""

    name: str
    params: dict[str, int]
    points: Dataset | None = None

    def make(self) -> Dataset:
        """The rows."""
        if self.points is not None:
            return self.points
        generate = DATASETS[self.name].value
        assert generate is not None
        return generate(**self.params)

    def __len__(self) -> int:
        return len(self.points) if self.points is not None else self.params["count"]

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


@dataclass(frozen=True, eq=False)
class RunSpec:
    """Everything that determines a run; see interfaces for the JSON."""

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
        return _read_spec({} if data is None else data)

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

        Changes after `step` are dropped: they belong to the run that was left. SpecError for a bad parameter or step.
        """
        at = read_integer(step, "step")
        if not 0 <= at <= STEPS.high:
            raise fail("step", "out-of-range", low=0, high=int(STEPS.high), got=brief(step))
        reader = Reader()
        new = _read_params(reader, optimizer, "optimizer", self.optimizer.name, {})
        reader.finish()
        kept = [change for change in self.changes if change.step < at]
        same = {k: v for change in self.changes if change.step == at for k, v in change.optimizer.items()}
        return replace(self, changes=(*kept, Change(at, {**same, **new})))

    def at(self, step: int) -> "RunSpec":
        """This spec with the parameters in force for the update step → step + 1, and no changes."""
        params = dict(self.optimizer.params)
        for change in self.changes:
            if change.step <= step:
                params.update(change.optimizer)
        return replace(self, optimizer=OptimizerSpec(self.optimizer.name, params), changes=())

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of θ's columns."""
        return MODELS[self.model].value.parameters

    @cached_property
    def data(self) -> Dataset:
        """The rows; made once."""
        return self.dataset.make()

    @property
    def method(self) -> Optimizer:
        """The optimizer's record."""
        return OPTIMIZERS[self.optimizer.name].value

    def objective(self) -> Objective:
        """What the run minimises."""
        return Objective(self.data, MODELS[self.model].value, LOSSES[self.loss].value)

    def batches(self) -> Batches:
        """Which rows each step sees."""
        return Batches(len(self.dataset), self.batch.size, self.batch.order, self.seed)

    def theta(self) -> Array:
        """The start, (P,)."""
        return np.array([self.start[name] for name in self.parameters], dtype=np.float64)


_KEYS = ("dataset", "model", "loss", "optimizer", "batch", "start", "steps", "seed", "changes", "stop")


def _read_spec(data: object) -> RunSpec:
    reader = Reader()
    top = reader.object(data, "", _KEYS)
    dataset = reader.attempt(lambda: _read_dataset(reader, top.get("dataset", {})))
    model = reader.attempt(lambda: MODELS.read(top.get("model", "line"), "model"))
    loss = reader.attempt(lambda: LOSSES.read(top.get("loss", "squared-error"), "loss"))
    optimizer = _read_optimizer(reader, top.get("optimizer", {}))
    batch = _read_batch(reader, top.get("batch", {}))
    start = _read_start(reader, top.get("start", {}), model)
    steps = reader.number(top, "steps", "", STEPS)
    seed = reader.number(top, "seed", "", SEED)
    changes = _read_changes(reader, top.get("changes"), optimizer)
    stop = _read_stop(reader, top.get("stop"))
    if dataset is not None and batch is not None and batch.size != "all" and int(batch.size) > len(dataset):
        reader.add(fail("batch.size", "batch-too-large", expected=len(dataset), got=batch.size))
    if dataset is not None and dataset.points is not None and model is not None:
        _check_features(reader, dataset.points, MODELS[model].value)
    reader.finish()
    assert dataset and model and loss and optimizer and batch
    return RunSpec(dataset, model, loss, optimizer, batch, start, int(steps), int(seed), changes, stop)


def _check_features(reader: Reader, points: Dataset, model: Model) -> None:
    columns = points.x.shape[1]
    if columns != model.features:
        reader.add(fail("dataset.x", "too-many-features", expected=model.features, got=columns))


def _read_dataset(reader: Reader, value: object) -> DatasetSpec | None:
    if not isinstance(value, Mapping):
        raise fail("dataset", "expected-object", got=brief(value))
    name = DATASETS.read(value.get("name", "offset-beans"), "dataset.name")
    if DATASETS[name].value is None:
        reader.object(value, "dataset", ("name", "x", "y"))
        for key in ("x", "y"):
            if key not in value:
                raise fail(f"dataset.{key}", "missing", expected="a list of numbers")
        return DatasetSpec(name, {}, from_points(value["x"], value["y"]))
    parameters = DATASETS[name].parameters
    fields = reader.object(value, "dataset", ("name", *(p.name for p in parameters)))
    return DatasetSpec(name, {p.name: int(reader.number(fields, p.name, "dataset", p)) for p in parameters})


def _read_optimizer(reader: Reader, value: object) -> OptimizerSpec | None:
    if not isinstance(value, Mapping):
        reader.add(fail("optimizer", "expected-object", got=brief(value)))
        return None
    name = reader.attempt(lambda: OPTIMIZERS.read(value.get("name", "gradient-descent"), "optimizer.name"))
    if name is None:
        return None
    defaults = {p.name: p.default for p in OPTIMIZERS[name].parameters}
    rest = {key: v for key, v in value.items() if key != "name"}
    return OptimizerSpec(name, _read_params(reader, rest, "optimizer", name, defaults))


def _read_params(
    reader: Reader, value: object, path: str, name: str, defaults: dict[str, float]
) -> dict[str, float]:
    """The method's parameters that `value` gives, over `defaults`."""
    parameters = {p.name: p for p in OPTIMIZERS[name].parameters}
    fields = reader.object(value, path, tuple(parameters))
    given = {key: reader.number(fields, key, path, parameters[key]) for key in fields if key in parameters}
    return {**defaults, **given}


def _read_batch(reader: Reader, value: object) -> BatchSpec | None:
    fields = reader.object(value, "batch", ("size", "order"))
    order = reader.attempt(lambda: ORDERS.read(fields.get("order", "sequential"), "batch.order"))
    size = reader.attempt(lambda: _read_size(fields.get("size", BATCH_SIZE.default)))
    return None if order is None or size is None else BatchSpec(size, order)


def _read_size(value: object) -> int | str:
    if value == "all":
        return "all"
    if isinstance(value, str) or not isinstance(value, int | float | np.integer) or isinstance(value, bool):
        raise fail("batch.size", "expected-size", got=brief(value))
    return int(BATCH_SIZE.read(value, "batch.size"))


def _read_start(reader: Reader, value: object, model: str | None) -> dict[str, float]:
    # With the model unknown, nothing can be said of its parameters.
    if model is None:
        return {}
    parameters = MODELS[model].parameters
    fields = reader.object(value, "start", tuple(p.name for p in parameters))
    return {p.name: reader.number(fields, p.name, "start", p) for p in parameters}


def _read_changes(reader: Reader, value: object, optimizer: OptimizerSpec | None) -> tuple[Change, ...]:
    if value is None or optimizer is None:
        return ()
    if not isinstance(value, list | tuple):
        reader.add(fail("changes", "expected-list", got=brief(value)))
        return ()
    if len(value) > MOST_CHANGES:
        reader.add(fail("changes", "out-of-range", low=0, high=MOST_CHANGES, got=len(value)))
        return ()
    merged: dict[int, dict[str, float]] = {}
    for i, item in enumerate(value):
        path = f"changes.{i}"
        fields = reader.object(item, path, ("step", "optimizer"))
        if "step" not in fields:
            reader.add(fail(f"{path}.step", "missing", expected="an integer"))
            continue
        step = int(reader.number(fields, "step", path, STEPS))
        params = _read_params(reader, fields.get("optimizer", {}), f"{path}.optimizer", optimizer.name, {})
        merged.setdefault(step, {}).update(params)
    return tuple(Change(step, merged[step]) for step in sorted(merged))


def _read_stop(reader: Reader, value: object) -> Stop | None:
    if value is None:
        return None
    fields = reader.object(value, "stop", ("gradient_norm",))
    return Stop(reader.number(fields, "gradient_norm", "stop", GRADIENT_NORM))


__all__ = ["BatchSpec", "Change", "DatasetSpec", "OptimizerSpec", "Problem", "RunSpec", "SpecError", "Stop"]
