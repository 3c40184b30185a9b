"""From the JSON of a run to its parts, with everything that is wrong said at once, each with its path."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from engine.batches import ORDERS
from engine.datasets import DATASETS, Dataset
from engine.losses import LOSSES
from engine.messages import brief, fail
from engine.models import MODELS
from engine.optimizers import OPTIMIZERS
from engine.parts import (
    BATCH_SIZE,
    GRADIENT_NORM,
    MOST_CHANGES,
    SEED,
    STEPS,
    BatchSpec,
    Change,
    DatasetSpec,
    OptimizerSpec,
    Stop,
)
from engine.reading import Reader
from engine.registry import ParamSpec, read_integer

_USUAL_BATCH = BatchSpec(int(BATCH_SIZE.default), "sequential")
KEYS = ("dataset", "model", "loss", "optimizer", "batch", "start", "steps", "seed", "changes", "stop")


def read_run(data: object) -> dict[str, Any]:
    """The parts of the run that `data` describes by the names of `RunSpec`'s fields; SpecError with every problem."""
    reader = Reader()
    top = reader.object(data, "", KEYS)
    dataset = reader.attempt(lambda: _dataset(reader, top.get("dataset")))
    model = reader.name(MODELS, top, "model", "model", "line")
    loss = reader.name(LOSSES, top, "loss", "loss", "squared-error")
    optimizer = _optimizer(reader, top.get("optimizer"))
    batch = _batch(reader, top.get("batch"))
    parts = {
        "dataset": dataset,
        "model": model,
        "loss": loss,
        "optimizer": optimizer,
        "batch": batch,
        "start": _start(reader, top.get("start"), model),
        "steps": int(reader.number(top, "steps", "", STEPS)),
        "seed": int(reader.number(top, "seed", "", SEED)),
        "changes": _changes(reader, top.get("changes"), optimizer),
        "stop": _stop(reader, top.get("stop")),
    }
    if dataset is not None:
        _check_together(reader, dataset, model, batch)
    reader.finish()
    return parts


def read_change(step: object, optimizer: object, name: str) -> Change:
    """A change at `step` of parameters of the method `name`; SpecError with paths `step` and `optimizer.…`."""
    reader = Reader()
    params = _params(reader, optimizer, "optimizer", name)
    at = reader.attempt(lambda: int(STEPS.read(read_integer(step, "step"), "step"))) or 0
    reader.finish()
    return Change(at, params)


def _check_together(reader: Reader, dataset: DatasetSpec, model: str | None, batch: BatchSpec | None) -> None:
    """What is wrong with the parts only beside each other."""
    rows = len(dataset)
    if batch is not None and batch.size != "all" and int(batch.size) > rows:
        reader.add(fail("batch.size", "batch-too-large", expected=rows, got=batch.size))
    if dataset.points is not None and model is not None:
        _check_features(reader, dataset.points, MODELS[model].value.features)


def _check_features(reader: Reader, points: Dataset, expected: int) -> None:
    columns = points.x.shape[1]
    if columns != expected:
        reader.add(fail("dataset.x", "too-many-features", expected=expected, got=columns))


def _dataset(reader: Reader, value: object) -> DatasetSpec | None:
    return _usual_dataset() if value is None else _read_dataset(reader, value)


@cache
def _usual_dataset() -> DatasetSpec | None:
    """What is meant where nothing is said: one for all, which knows its rows."""
    return _read_dataset(Reader(), None)


def _read_dataset(reader: Reader, value: object) -> DatasetSpec | None:
    named = value.get("name", "offset-beans") if isinstance(value, Mapping) else "offset-beans"
    name = DATASETS.read(named, "dataset.name")
    source, parameters = DATASETS[name].value, DATASETS[name].parameters
    fields = reader.object(value, "dataset", ("name", *source.given, *(p.name for p in parameters)))
    if not source.given:
        return DatasetSpec(name, {p.name: int(reader.number(fields, p.name, "dataset", p)) for p in parameters})
    missing = [key for key in source.given if key not in fields]
    for key in missing:
        reader.add(fail(f"dataset.{key}", "missing", expected="a list of numbers"))
    return None if missing else DatasetSpec(name, {}, source.make(**{key: fields[key] for key in source.given}))


def _optimizer(reader: Reader, value: object) -> OptimizerSpec | None:
    if value is not None and not isinstance(value, Mapping):
        reader.add(fail("optimizer", "expected-object", got=brief(value)))
        return None
    given = {} if value is None else dict(value)
    name = reader.name(OPTIMIZERS, given, "name", "optimizer.name", "gradient-descent")
    if name is None:
        return None
    given.pop("name", None)
    return OptimizerSpec(name, _defaults(name) | _params(reader, given, "optimizer", name))


@cache
def _parameters(name: str) -> dict[str, ParamSpec]:
    """The parameters of the method `name` by theirs."""
    return {p.name: p for p in OPTIMIZERS[name].parameters}


@cache
def _defaults(name: str) -> dict[str, float]:
    """What they are if nothing is said."""
    return {key: parameter.default for key, parameter in _parameters(name).items()}


def _params(reader: Reader, value: object, path: str, name: str) -> dict[str, float]:
    """The parameters of the method `name` that `value` gives."""
    parameters = _parameters(name)
    fields = reader.object(value, path, tuple(parameters))
    return {key: reader.number(fields, key, path, parameters[key]) for key in fields if key in parameters}


def _batch(reader: Reader, value: object) -> BatchSpec | None:
    if value is None:
        return _USUAL_BATCH
    fields = reader.object(value, "batch", ("size", "order"))
    order = reader.name(ORDERS, fields, "order", "batch.order", _USUAL_BATCH.order)
    size = reader.attempt(lambda: _size(fields.get("size", _USUAL_BATCH.size)))
    return None if order is None or size is None else BatchSpec(size, order)


def _size(value: object) -> int | str:
    if isinstance(value, str) and value == "all":
        return "all"
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer):
        raise fail("batch.size", "expected-size", got=brief(value))
    return int(BATCH_SIZE.read(value, "batch.size"))


def _start(reader: Reader, value: object, model: str | None) -> dict[str, float]:
    # With the model unknown, nothing can be said of its parameters.
    if model is None:
        return {}
    parameters = MODELS[model].parameters
    fields = reader.object(value, "start", tuple(p.name for p in parameters))
    return {p.name: reader.number(fields, p.name, "start", p) for p in parameters}


def _changes(reader: Reader, value: object, optimizer: OptimizerSpec | None) -> tuple[Change, ...]:
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
        params = _params(reader, fields.get("optimizer"), f"{path}.optimizer", optimizer.name)
        merged.setdefault(step, {}).update(params)
    return tuple(Change(step, merged[step]) for step in sorted(merged))


def _stop(reader: Reader, value: object) -> Stop | None:
    if value is None:
        return None
    fields = reader.object(value, "stop", ("gradient_norm",))
    return Stop(reader.number(fields, "gradient_norm", "stop", GRADIENT_NORM))
