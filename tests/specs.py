"""Valid specs at random, the same ones every time, from every entry of the registry."""

from typing import Any

import numpy as np

from engine import DATASETS, LOSSES, MODELS, OPTIMIZERS, ORDERS
from engine.registry import ParamSpec

MOST_STEPS = 400


def random_spec(number: int) -> dict[str, Any]:
    """Spec number so-and-so, as JSON; one number always gives the same spec."""
    rng = np.random.default_rng([2024, number])
    model, optimizer = _one(rng, MODELS), _one(rng, OPTIMIZERS)
    count = int(rng.choice([1, 2, 3, 7, 30, 100, 257]))
    steps = int(rng.integers(0, MOST_STEPS))
    size = "all" if rng.random() < 0.25 else int(rng.integers(1, count + 1))
    spec: dict[str, Any] = {
        "dataset": _dataset(rng, count),
        "model": model,
        "loss": _one(rng, LOSSES),
        "optimizer": {"name": optimizer, **_values(rng, OPTIMIZERS[optimizer].parameters)},
        "batch": {"size": size, "order": _one(rng, ORDERS)},
        "start": _values(rng, MODELS[model].parameters),
        "steps": steps,
        "seed": int(rng.integers(0, 2**53)),
        "changes": [
            {
                "step": int(rng.integers(0, steps + 2)),
                "optimizer": _some(rng, _values(rng, OPTIMIZERS[optimizer].parameters)),
            }
            for _ in range(rng.integers(0, 4))
        ],
    }
    if rng.random() < 0.3:
        spec["stop"] = {"gradient_norm": float(10 ** rng.uniform(-4, -0.5))}
    return spec


def _one(rng: np.random.Generator, registry: Any) -> str:
    return str(rng.choice(list(registry)))


def _dataset(rng: np.random.Generator, count: int) -> dict[str, Any]:
    name = _one(rng, DATASETS)
    if name == "points":
        scale = 10 ** rng.uniform(-2, 2)
        return {"name": name, "x": (scale * rng.normal(size=count)).tolist(), "y": rng.normal(size=count).tolist()}
    return {"name": name, "count": count, "seed": int(rng.integers(0, 1000))}


def _values(rng: np.random.Generator, parameters: tuple[ParamSpec, ...]) -> dict[str, float]:
    """A value for each parameter, spread over its slider as the slider itself is."""
    return {parameter.name: _value(rng, parameter) for parameter in parameters}


def _value(rng: np.random.Generator, parameter: ParamSpec) -> float:
    low, high = parameter.slider or (parameter.low, parameter.high)
    if parameter.scale == "log":
        return float(np.exp(rng.uniform(np.log(low), np.log(high))))
    return float(rng.uniform(low, high))


def _some(rng: np.random.Generator, values: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in values.items() if rng.random() < 0.6}
