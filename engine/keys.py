"""The keys of a run's JSON that can be varied or chosen one by one, such as `optimizer.learning_rate`."""

from collections.abc import Mapping
from typing import Any

from engine.batches import ORDERS
from engine.datasets import DATASETS
from engine.losses import LOSSES
from engine.models import MODELS
from engine.optimizers import OPTIMIZERS
from engine.parts import RUN_PARAMETERS
from engine.registry import ParamSpec, Registry

# The keys whose values are names, and the groups of numbers that belong to what is named (`start` to the model).
NAMES: dict[str, Registry[Any]] = {
    "dataset.name": DATASETS,
    "model": MODELS,
    "loss": LOSSES,
    "optimizer.name": OPTIMIZERS,
    "batch.order": ORDERS,
}
GROUPS = {"dataset": "dataset.name", "optimizer": "optimizer.name", "start": "model"}


def is_lane(key: str) -> bool:
    """Whether runs that differ in this key alone are computed side by side: the start, and the method's numbers."""
    return key not in NAMES and key.startswith(("start.", "optimizer."))


def column(key: str) -> str:
    """A key's column in a table of runs: its own name, but for the kind of loss, since `loss` is what came of it."""
    return "loss.name" if key == "loss" else key


def get(spec: Mapping[str, Any], key: str) -> Any:
    """The value of a key in a filled-in spec."""
    group, _, name = key.partition(".")
    return spec[group][name] if name else spec[group]


def put(spec: dict[str, Any], key: str, value: Any) -> None:
    """Set the value of a key; `spec` is changed, but nothing within it."""
    group, _, name = key.partition(".")
    spec[group] = {**(spec.get(group) or {}), name: value} if name else value


def numbers_of(names: Mapping[str, str]) -> dict[str, ParamSpec]:
    """The numbers that there are where these names, one for each of `NAMES`, are chosen; by key."""
    found = {
        f"{group}.{parameter.name}": parameter
        for group, key in GROUPS.items()
        for parameter in NAMES[key][names[key]].parameters
    }
    return found | {parameter.name: parameter for parameter in RUN_PARAMETERS}


def all_keys() -> dict[str, ParamSpec | None]:
    """Every key; with its number, as the first thing that has one takes it, or None for a name."""
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
    new = dict(spec)
    for group, key in GROUPS.items():
        old = get(spec, key)
        if names.get(key, old) != old:
            before = {parameter.name: parameter.default for parameter in NAMES[key][old].parameters}
            own = {name: spec[group][name] for name in before if spec[group][name] != before[name]}
            after = {p.name: own.get(p.name, p.default) for p in NAMES[key][names[key]].parameters}
            new[group] = after if group == "start" else {"name": names[key], **after}
    for key, name in names.items():
        put(new, key, name)
    return new
