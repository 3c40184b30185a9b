"""Plain loops written from the formulas alone: what the engine must equal. Nothing here imports the engine."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = list[float]
Row = list[float]
Grad = Callable[[Floats, Sequence[int]], Floats]


def beans(name: str, n: int, seed: int) -> tuple[Floats, Floats]:
    """The three lines of NumPy of each dataset."""
    rng = np.random.default_rng(seed)
    x = np.sort(rng.random(n))
    u = rng.random(n)
    y = {"proportional-beans": 1.2 * x + u / 10, "offset-beans": 0.7 * x + (0.5 - u) / 5 + 0.5}[name]
    return x.tolist(), y.tolist()


def batches(n: int, size: int | str, order: str, seed: int) -> Iterator[list[int]]:
    """The rows of step 0, 1, 2, …: one generator, drawn from in turn."""
    m = n if size == "all" else int(size)
    rng = np.random.default_rng(seed)
    while True:
        if size == "all":
            yield list(range(n))
        elif order == "random":
            yield rng.integers(n, size=m).tolist()
        else:
            rows = rng.permutation(n).tolist() if order == "shuffled" else list(range(n))
            for first in range(0, n, m):
                yield rows[first : first + m]


def residuals(theta: Floats, x: Floats, y: Floats) -> Floats:
    """ŷ − y in every row, for w·x or w·x + b."""
    w, b = theta[0], theta[1] if len(theta) == 2 else 0.0
    return [w * xi + b - yi for xi, yi in zip(x, y, strict=True)]


def loss(kind: str, theta: Floats, x: Floats, y: Floats) -> float:
    """The mean over all rows."""
    power = {"squared-error": lambda r: r * r, "absolute-error": abs}[kind]
    try:
        return math.fsum(power(r) for r in residuals(theta, x, y)) / len(x)
    except OverflowError:
        return math.inf


def gradient(kind: str, theta: Floats, x: Floats, y: Floats, rows: Sequence[int]) -> Floats:
    """The derivative of the mean over `rows`, by w and, where there is one, b."""
    chosen_x, chosen_y = [x[i] for i in rows], [y[i] for i in rows]
    found = residuals(theta, chosen_x, chosen_y)
    slopes = [2 * r if kind == "squared-error" else (r > 0) - (r < 0) for r in found]
    by_w = sum(s * xi for s, xi in zip(slopes, chosen_x, strict=True)) / len(rows)
    return [by_w, sum(slopes) / len(rows)][: len(theta)]


class Method:
    """One parameter's optimizer, from the documentation of torch.optim (and of the original experiment)."""

    def __init__(self, name: str, **hyper: float) -> None:
        self.name = name
        self.hyper = hyper
        self.t = 0
        self.buffer: float | None = None
        self.squares = self.mean = 0.0

    def step(self, p: float, g: float) -> float:
        """The parameter after one step."""
        self.t += 1
        moved: float = getattr(self, "_" + self.name.replace("-", "_"))(p, g, **self.hyper)
        return moved

    def _gradient_descent(self, p: float, g: float, learning_rate: float) -> float:
        return p - learning_rate * g

    def _fixed_step(self, p: float, g: float, step: float) -> float:
        return p - step if g > 0 else p + step

    def _momentum(self, p: float, g: float, learning_rate: float, momentum: float) -> float:
        # torch.optim.SGD: the first buffer is the first gradient.
        self.buffer = g if self.buffer is None else momentum * self.buffer + g
        return p - learning_rate * self.buffer

    def _nesterov(self, p: float, g: float, learning_rate: float, momentum: float) -> float:
        self.buffer = g if self.buffer is None else momentum * self.buffer + g
        return p - learning_rate * (g + momentum * self.buffer)

    def _adagrad(self, p: float, g: float, learning_rate: float, lr_decay: float, eps: float) -> float:
        rate = learning_rate / (1 + (self.t - 1) * lr_decay)
        self.squares += g * g
        return p - rate * g / (math.sqrt(self.squares) + eps)

    def _rmsprop(self, p: float, g: float, learning_rate: float, alpha: float, eps: float) -> float:
        self.squares = alpha * self.squares + (1 - alpha) * g * g
        return p - learning_rate * g / (math.sqrt(self.squares) + eps)

    def _adam(self, p: float, g: float, learning_rate: float, beta1: float, beta2: float, eps: float) -> float:
        self.mean = beta1 * self.mean + (1 - beta1) * g
        self.squares = beta2 * self.squares + (1 - beta2) * g * g
        mean = self.mean / (1 - beta1**self.t)
        squares = self.squares / (1 - beta2**self.t)
        return p - learning_rate * mean / (math.sqrt(squares) + eps)


def descend(spec: dict[str, Any], steps: int) -> npt.NDArray[np.float64]:
    """Rows 0 … steps of a filled-in spec as JSON: the parameters, then the loss over all rows, (steps + 1, P + 1)."""
    data, kind = spec["dataset"], spec["loss"]
    x, y = (
        beans(data["name"], data["count"], data["seed"]) if "count" in data else ([r[0] for r in data["x"]], data["y"])
    )
    hyper = {name: value for name, value in spec["optimizer"].items() if name != "name"}
    theta = [spec["start"][name] for name in ("w", "b")[: 1 if spec["model"] == "proportional" else 2]]
    methods = [Method(spec["optimizer"]["name"], **hyper) for _ in theta]
    changes = {change["step"]: change["optimizer"] for change in spec["changes"]}
    rows = [[*theta, loss(kind, theta, x, y)]]
    drawn = batches(len(x), spec["batch"]["size"], spec["batch"]["order"], spec["seed"])
    for step in range(steps):
        for method in methods:
            method.hyper.update(changes.get(step, {}))
        slope = gradient(kind, theta, x, y, next(drawn))
        theta = [method.step(p, g) for method, p, g in zip(methods, theta, slope, strict=True)]
        rows.append([*theta, loss(kind, theta, x, y)])
    return np.array(rows)
