"""What a sweep varies: keys of a run's JSON, each with its values; and the groups of runs that can go side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from math import prod
from typing import Any

import numpy as np

from engine.arrays import Array, Rows
from engine.batches import ORDERS
from engine.datasets import DATASETS
from engine.losses import LOSSES
from engine.messages import Problem, SpecError, brief, fail
from engine.models import MODELS
from engine.optimizers import OPTIMIZERS
from engine.reading import Reader
from engine.registry import Entry, ParamSpec, Registry, read_integer, read_number
from engine.spec import RunSpec

# The keys whose values are names, and the groups of numbers that belong to what is named.
NAMES: dict[str, Registry[Any]] = {
    "dataset.name": DATASETS,
    "model": MODELS,
    "loss": LOSSES,
    "optimizer.name": OPTIMIZERS,
    "batch.order": ORDERS,
}
_GROUPS = {"dataset": "dataset.name", "optimizer": "optimizer.name", "start": "model"}
_MOST_RUNS = 10_000_000


@dataclass(frozen=True, slots=True)
class Group:
    """Runs of one spec that differ in numbers only: lanes holds them by key, (R,); rows: their table rows."""

    spec: RunSpec
    lanes: dict[str, Array]
    rows: Rows


def read_varied(vary: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The values of each key: lists as they are, ranges `{"from", "to", "count", "scale"}` spread out.

    SpecError names every bad one, as `vary.<key>`.
    """
    reader = Reader()
    values = {key: reader.attempt(partial(_values, each, f"vary.{key}")) or [] for key, each in vary.items()}
    runs = prod(len(each) for each in values.values())
    if runs > _MOST_RUNS:
        reader.add(fail("vary", "out-of-range", low=1, high=_MOST_RUNS, got=f"{runs} runs"))
    reader.finish()
    return values


def groups(spec: RunSpec, values: Mapping[str, list[Any]]) -> Iterator[Group]:
    """All combinations of the values, those together that differ in the method's numbers and the start alone.

    The last key changes fastest from row to row. SpecError where a combination describes no run.
    """
    base = _plain(spec)
    apart = {key: each for key, each in values.items() if not _is_lane(key)}
    lanes = {key: each for key, each in values.items() if _is_lane(key)}
    places = np.arange(prod(len(each) for each in values.values())).reshape([len(each) for each in values.values()])
    for numbers in product(*(range(len(each)) for each in apart.values())):
        chosen = {key: apart[key][number] for key, number in zip(apart, numbers, strict=True)}
        own = _spec(base, chosen | {key: each[0] for key, each in lanes.items()}, values)
        if not any(key.startswith("dataset") for key in chosen):
            own = replace(own, dataset=spec.dataset)
        taken = iter(numbers)
        cut = tuple(slice(None) if _is_lane(key) else next(taken) for key in values)
        columns = np.meshgrid(*(_numbers(own, key, each) for key, each in lanes.items()), indexing="ij")
        yield Group(own, {key: column.ravel() for key, column in zip(lanes, columns, strict=True)}, places[cut].ravel())


def _is_lane(key: str) -> bool:
    return key.startswith("start.") or (key.startswith("optimizer.") and key not in NAMES)


def _plain(spec: RunSpec) -> dict[str, Any]:
    """The spec's JSON, its own points as the arrays that they are."""
    points = spec.dataset.points
    plain = replace(spec, dataset=RunSpec.from_dict({}).dataset).to_dict() if points is not None else spec.to_dict()
    return plain if points is None else plain | {"dataset": {"name": "points", "x": points.x, "y": points.y}}


def _spec(base: Mapping[str, Any], chosen: Mapping[str, Any], values: Mapping[str, list[Any]]) -> RunSpec:
    """The spec with other names and numbers; a method's numbers that are not its defaults pass to the next method."""
    own = {key: dict(value) if isinstance(value, Mapping) else value for key, value in base.items()}
    for group, key in _GROUPS.items():
        if key in chosen and chosen[key] in NAMES[key]:
            own[group] = _renamed(own[group], NAMES[key], _get(base, key), chosen[key], named=group != "start")
    for key, value in chosen.items():
        group, _, name = key.partition(".")
        if name and isinstance(own.get(group), dict):
            own[group][name] = value
        else:
            own[key] = value
    try:
        return RunSpec.from_dict(own)
    except SpecError as error:
        problems = [Problem(f"vary.{each.path}" if each.path in values else each.path, each.message)
                    for each in error.problems]  # fmt: skip
        raise SpecError(*problems) from None


def _renamed(
    group: Mapping[str, Any], registry: Registry[Any], before: str, after: str, *, named: bool
) -> dict[str, Any]:
    defaults = {parameter.name: parameter.default for parameter in registry[before].parameters}
    kept = {name: value for name, value in group.items() if name in defaults and value != defaults[name]}
    numbers = {p.name: kept.get(p.name, p.default) for p in registry[after].parameters}
    return {"name": after, **numbers} if named else numbers


def _get(spec: Mapping[str, Any], key: str) -> Any:
    group, _, name = key.partition(".")
    return spec[group][name] if name else spec[group]


def _numbers(spec: RunSpec, key: str, values: list[Any]) -> Array:
    """The values of a lane, each one valid."""
    group, _, name = key.partition(".")
    registry = OPTIMIZERS if group == "optimizer" else MODELS
    entry = registry[spec.optimizer.name if group == "optimizer" else spec.model]
    parameter = next(each for each in entry.parameters if each.name == name)
    if all(type(each) is float for each in values):
        array = np.array(values)
        if (array >= parameter.low).all() and (array <= parameter.high).all():
            return array
    reader = Reader()
    read = [reader.attempt(partial(parameter.read, each, f"vary.{key}.{i}")) for i, each in enumerate(values)]
    reader.finish()
    return np.array(read, dtype=np.float64)


def _values(value: Any, path: str) -> list[Any]:
    if isinstance(value, Mapping):
        return _range(value, path)
    if not isinstance(value, list | tuple | np.ndarray):
        raise fail(path, "expected-list", got=brief(value))
    if not 1 <= len(value) <= _MOST_RUNS:
        raise fail(path, "out-of-range", low=1, high=_MOST_RUNS, got=f"{len(value)} values")
    return value.tolist() if isinstance(value, np.ndarray) else list(value)


def _range(value: Mapping[str, Any], path: str) -> list[Any]:
    reader = Reader()
    reader.object(value, path, ("from", "to", "count", "scale"))
    for key in ("from", "to", "count"):
        if key not in value:
            reader.add(fail(f"{path}.{key}", "missing", expected="a number"))
    reader.finish()
    scale = _SCALES.read(value.get("scale", "linear"), f"{path}.scale")
    low, high = read_number(value["from"], f"{path}.from"), read_number(value["to"], f"{path}.to")
    count = int(_COUNT.read(read_integer(value["count"], f"{path}.count"), f"{path}.count"))
    for key, end in (("from", low), ("to", high)):
        if scale == "log" and end <= 0:
            raise fail(f"{path}.{key}", "out-of-range", low="more than 0", high="any number", got=brief(end))
    spaced = (np.geomspace if scale == "log" else np.linspace)(low, high, count)
    # Rounding must not carry a value past an end that is itself allowed.
    spaced = np.clip(spaced, min(low, high), max(low, high))
    whole = path.removeprefix("vary.") in _WHOLE
    return list(dict.fromkeys(np.rint(spaced).astype(int).tolist())) if whole else spaced.tolist()


_WHOLE = {"steps", "seed", "batch.size", "dataset.count", "dataset.seed"}
_COUNT = ParamSpec("count", "Count", 1, 1, _MOST_RUNS, "How many values.", integer=True)
_SCALES = Registry[None](
    "scale",
    Entry("linear", "Linear", "Equal differences.", None),
    Entry("log", "Logarithmic", "Equal ratios.", None),
)
