"""What a sweep varies: keys of a run's JSON, each with a list of values or a range of numbers."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from app.texts import fail
from engine import DATASETS, LOSSES, MODELS, OPTIMIZERS, ORDERS
from engine.messages import brief
from engine.reading import Reader
from engine.registry import ParamSpec, Registry, read_number
from engine.spec import RUN_PARAMETERS

# The keys whose values are names, and the keys whose values are numbers of what is named (`start` holds the model's).
NAMES: dict[str, Registry[Any]] = {
    "dataset.name": DATASETS,
    "model": MODELS,
    "loss": LOSSES,
    "optimizer.name": OPTIMIZERS,
    "batch.order": ORDERS,
}
GROUPS = {"dataset": "dataset.name", "optimizer": "optimizer.name", "start": "model"}
RANGE = ("from", "to", "count", "scale")
SCALES = ("linear", "log")


def is_lane(key: str) -> bool:
    """Whether runs that differ in this key alone are computed side by side: the start, and the method's numbers."""
    return key not in NAMES and key.startswith(("start.", "optimizer."))


def names_of(spec: Mapping[str, Any]) -> dict[str, str]:
    """The names that a filled-in spec has chosen, by key."""
    return {key: _get(spec, key) for key in NAMES}


def numbers_of(names: Mapping[str, str]) -> dict[str, ParamSpec]:
    """The numbers that can be varied where these names are chosen, by key."""
    found = {
        f"{group}.{parameter.name}": parameter
        for group, key in GROUPS.items()
        for parameter in NAMES[key][names[key]].parameters
    }
    return found | {parameter.name: parameter for parameter in RUN_PARAMETERS}


def keys() -> dict[str, ParamSpec | None]:
    """Every key that can be varied; with its number, as the first thing that has one takes it, or None for a name."""
    usual = {key: next(iter(registry)) for key, registry in NAMES.items()}
    found: dict[str, ParamSpec | None] = {}
    for key, registry in NAMES.items():
        found[key] = None
        for name in registry:
            numbers = numbers_of(usual | {key: name})
            found |= {number: numbers[number] for number in numbers if number not in found}
    return found


def renamed(spec: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A filled-in spec with other names chosen. Numbers other than the old default stay where the new one has them."""
    new = {group: dict(value) if isinstance(value, Mapping) else value for group, value in spec.items()}
    for group, key in GROUPS.items():
        if key in names and names[key] != _get(spec, key):
            before = {p.name: p.default for p in NAMES[key][_get(spec, key)].parameters}
            own = {name: value for name, value in spec[group].items() if before.get(name, value) != value}
            after = {p.name: own.get(p.name, p.default) for p in NAMES[key][names[key]].parameters}
            new[group] = after if group == "start" else {"name": names[key], **after}
    for key, name in names.items():
        put(new, key, name)
    return new


def read_values(reader: Reader, key: str, value: Any, most: int, parameter: ParamSpec | None) -> list[Any]:
    """The values that `vary` gives for a key; problems are noted with their paths. `parameter` is None for a name."""
    path = f"vary.{key}"
    if isinstance(value, Mapping) and parameter is not None:
        return reader.attempt(lambda: _read_range(value, path, most, parameter)) or []
    if not isinstance(value, list | tuple):
        wanted = "expected-values" if parameter is not None else "expected-list"
        reader.add(fail(path, wanted, got=brief(value)))
        return []
    if not 1 <= len(value) <= most:
        reader.add(fail(path, "out-of-range", low=1, high=most, got=f"{len(value)} values"))
        return []
    read = (reader.attempt(partial(_read_value, key, each, f"{path}.{i}", parameter)) for i, each in enumerate(value))
    return [each for each in read if each is not None]


def _read_value(key: str, value: Any, path: str, parameter: ParamSpec | None) -> Any:
    if parameter is None:
        return NAMES[key].read(value, path)
    if key == "batch.size" and value == "all":
        return value
    number = parameter.read(value, path)
    return int(number) if parameter.integer else float(number)


def _read_range(value: Mapping[str, Any], path: str, most: int, parameter: ParamSpec) -> list[Any]:
    reader = Reader()
    reader.object(value, path, RANGE)
    for key in RANGE[:3]:
        if key not in value:
            reader.add(fail(f"{path}.{key}", "missing", expected="a number"))
    reader.finish()
    first, last = (reader.attempt(partial(parameter.read, value[key], f"{path}.{key}")) for key in RANGE[:2])
    how_many = ParamSpec("count", "Count", 1, 1, most, "How many values.", integer=True)
    count = reader.attempt(lambda: how_many.read(value["count"], f"{path}.count"))
    scale = value.get("scale", "linear")
    if scale not in SCALES:
        reader.add(fail(f"{path}.scale", "unknown-name", kind="scale", got=str(scale)[:40], expected=", ".join(SCALES)))
    if scale == "log" and any(end is not None and end <= 0 for end in (first, last)):
        reader.add(fail(f"{path}.scale", "log-needs-positive"))
    reader.finish()
    assert first is not None and last is not None and count is not None
    spaced = (np.geomspace if scale == "log" else np.linspace)(first, last, int(count))
    # Rounding must not carry a value past an end that is itself allowed.
    spaced = np.clip(spaced, min(first, last), max(first, last))
    if parameter.integer:
        return list(dict.fromkeys(int(number) for number in np.rint(spaced)))
    return list(spaced.tolist())


def read_goal(reader: Reader, value: Any) -> dict[str, float] | None:
    """What counts as reached, `{"excess_loss": 1e-3}`; None if nothing is asked for."""
    if value is None:
        return None
    fields = reader.object(value, "goal", ("excess_loss",))
    if "excess_loss" not in fields:
        reader.add(fail("goal.excess_loss", "missing", expected="a number"))
        return None
    goal = reader.attempt(lambda: read_number(fields["excess_loss"], "goal.excess_loss"))
    if goal is not None and goal <= 0:
        reader.add(fail("goal.excess_loss", "expected-positive", got=brief(fields["excess_loss"])))
    return None if goal is None else {"excess_loss": goal}


def put(spec: dict[str, Any], key: str, value: Any) -> None:
    """Set the value of a key such as `optimizer.learning_rate`; `spec` is changed."""
    group, _, name = key.partition(".")
    if name:
        spec[group] = {**(spec.get(group) or {}), name: value}
    else:
        spec[group] = value


def _get(spec: Mapping[str, Any], key: str) -> Any:
    group, _, name = key.partition(".")
    return spec[group][name] if name else spec[group]
