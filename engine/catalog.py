"""The catalogue: all that can be chosen, as JSON-ready records and as texts to translate."""

from typing import Any

from engine.batches import ORDERS
from engine.datasets import DATASETS
from engine.losses import LOSSES
from engine.messages import MESSAGES
from engine.models import MODELS
from engine.optimizers import OPTIMIZERS
from engine.registry import ParamSpec, Registry
from engine.spec import RUN_PARAMETERS

GROUPS: dict[str, Registry[Any]] = {
    "datasets": DATASETS,
    "models": MODELS,
    "losses": LOSSES,
    "optimizers": OPTIMIZERS,
    "orders": ORDERS,
}


def catalog() -> dict[str, Any]:
    """Every dataset, model (its parameters are the start), loss, optimizer and order, and the run's own parameters."""
    groups: dict[str, Any] = {
        group: [entry.to_dict() for entry in registry.values()] for group, registry in GROUPS.items()
    }
    return {**groups, "run": [parameter.to_dict() for parameter in RUN_PARAMETERS]}


def catalog_texts() -> dict[str, str]:
    """Every English text of the catalogue and every message template, by the key that a translation goes by.

    `catalog.<group>.<entry>.label|help`, `catalog.<group>.<entry>.<parameter>.label|help`,
    `catalog.run.<parameter>.label|help`, `message.<key>`.
    """
    texts = {}
    for group, registry in GROUPS.items():
        for entry in registry.values():
            path = f"catalog.{group}.{entry.name}"
            texts[f"{path}.label"], texts[f"{path}.help"] = entry.label, entry.help
            for parameter in entry.parameters:
                texts |= _texts(f"{path}.{parameter.name}", parameter)
    for parameter in RUN_PARAMETERS:
        texts |= _texts(f"catalog.run.{parameter.name}", parameter)
    return texts | {f"message.{key}": template for key, template in MESSAGES.items()}


def _texts(path: str, parameter: ParamSpec) -> dict[str, str]:
    return {f"{path}.label": parameter.label, f"{path}.help": parameter.help}
