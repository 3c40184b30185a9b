"""Bodies to try: the four original experiments, and a surface of the bowl."""

from typing import Any


def _experiment(
    summary: str, model: str, data: str, batch: Any, optimizer: dict[str, Any], steps: int
) -> dict[str, Any]:
    start = {"w": 0.1, "b": 0.1} if model == "line" else {"w": 0.1}
    return {
        "summary": summary,
        "value": {
            "dataset": {"name": data, "count": 100, "seed": 0},
            "model": model,
            "loss": "squared-error",
            "optimizer": optimizer,
            "batch": {"size": batch, "order": "sequential"},
            "start": start,
            "steps": steps,
        },
    }


def _descent(rate: float) -> dict[str, Any]:
    return {"name": "gradient-descent", "learning_rate": rate}


EXPERIMENTS = {
    "sgd": _experiment(
        "Stochastic gradient descent: one bean a step, 100 epochs",
        "proportional", "proportional-beans", 1, _descent(0.1), 10_000,
    ),
    "batch": _experiment(
        "Batch gradient descent: all beans in every step",
        "proportional", "proportional-beans", "all", _descent(0.1), 10_000,
    ),
    "fixed-step": _experiment(
        "Fixed steps of 0.01, downhill",
        "proportional", "proportional-beans", "all", {"name": "fixed-step", "step": 0.01}, 200,
    ),
    "bowl": _experiment(
        "The bowl: a line with a bias, 500 epochs",
        "line", "offset-beans", 1, _descent(0.01), 50_000,
    ),
}  # fmt: skip
SURFACES = {
    "bowl": {
        "summary": "The bowl of the original, every 0.1 in w and every 0.03 in b",
        "value": EXPERIMENTS["bowl"]["value"] | {"w": [-1, 2, 31], "b": [-2, 2, 134]},
    },
    "slice": {
        "summary": "A slice through the bowl at b = 0.5",
        "value": EXPERIMENTS["bowl"]["value"] | {"w": [-1, 2, 31], "b": 0.5},
    },
    "parabola": {
        "summary": "The cost parabola of one parameter",
        "value": EXPERIMENTS["batch"]["value"] | {"w": [-1, 3, 101]},
    },
}
UPDATES = {
    "bowl": {"summary": "The bowl's first step, from one bean", "value": EXPERIMENTS["bowl"]["value"] | {"step": 0}},
    "mini-batch": {
        "summary": "Step 30 of Adam, from ten beans",
        "value": {
            "optimizer": {"name": "adam", "learning_rate": 0.01},
            "batch": {"size": 10, "order": "shuffled"},
            "step": 30,
        },
    },
}
SWEEPS = {
    "rates": {
        "summary": "200 learning rates, by batch size: which reach the bottom of the bowl, and how fast",
        "value": {
            "base": EXPERIMENTS["bowl"]["value"] | {"steps": 5000},
            "vary": {
                "optimizer.learning_rate": {"from": 0.001, "to": 1, "count": 200, "scale": "log"},
                "batch.size": [1, 10, "all"],
            },
            "goal": {"excess_loss": 1e-3},
        },
    },
    "methods": {
        "summary": "Three methods from nine starts",
        "value": {
            "base": {"batch": {"size": "all"}, "steps": 1000},
            "vary": {
                "optimizer.name": ["gradient-descent", "momentum", "adam"],
                "start.w": [-1, 0.1, 2],
                "start.b": [-1, 0.1, 2],
            },
            "goal": {"excess_loss": 1e-6},
        },
    },
}
BODIES = {"RunSpec": EXPERIMENTS, "SurfaceSpec": SURFACES, "UpdateSpec": UPDATES, "SweepSpec": SWEEPS}
