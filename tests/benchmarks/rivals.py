"""What the engine's speed is measured against: the same SGD on a line by other means, written as it is usually written.

Each trajectory takes the beans, a rate and a number of steps, and gives its columns, (2 or 3, steps + 1).
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Trajectory = Callable[[Array, Array, float, int], Array]


def original(x: Array, y: Array, rate: float, steps: int) -> Array:
    """The original experiment: NumPy scalars in a Python loop, and after each step the loss over all beans."""
    rows = np.empty((3, steps + 1))
    w = b = np.float64(0.1)
    for k in range(steps + 1):
        rows[:, k] = w, b, ((w * x + b - y) ** 2).mean()
        i = k % len(x)
        error = w * x[i] + b - y[i]
        w, b = w - rate * 2 * error * x[i], b - rate * 2 * error
    return rows


def original_without_loss(x: Array, y: Array, rate: float, steps: int) -> Array:
    """The same with w and b alone."""
    rows = np.empty((2, steps + 1))
    w = b = np.float64(0.1)
    for k in range(steps + 1):
        rows[0, k] = w
        rows[1, k] = b
        i = k % len(x)
        error = w * x[i] + b - y[i]
        w, b = w - rate * 2 * error * x[i], b - rate * 2 * error
    return rows


def python_floats(x: Array, y: Array, rate: float, steps: int) -> Array:
    """Plain Python floats, w and b alone."""
    beans = list(zip(x.tolist(), y.tolist(), strict=True))
    w = b = 0.1
    rows = []
    for k in range(steps + 1):
        rows.append((w, b))
        xi, yi = beans[k % len(beans)]
        error = w * xi + b - yi
        w, b = w - rate * 2 * error * xi, b - rate * 2 * error
    return np.array(rows).T


def pytorch(x: Array, y: Array, rate: float, steps: int) -> Array:
    """PyTorch, forward, backward and torch.optim.SGD for each bean, w and b alone."""
    torch: Any = import_module("torch")
    theta = torch.tensor([0.1, 0.1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=rate)
    beans = torch.tensor(np.column_stack([x, y]))
    rows = []
    for k in range(steps + 1):
        rows.append(theta.detach().tolist())
        xi, yi = beans[k % len(beans)]
        optimizer.zero_grad()
        ((theta[0] * xi + theta[1] - yi) ** 2).backward()
        optimizer.step()
    return np.array(rows).T


def scikit_learn(x: Array, y: Array, rate: float, steps: int) -> Array:
    """scikit-learn's SGDRegressor, which keeps the last w and b alone."""
    linear_model: Any = import_module("sklearn.linear_model")
    # Its squared error has a half: hence twice the rate.
    settings: dict[str, Any] = {"penalty": None, "learning_rate": "constant", "eta0": 2 * rate, "shuffle": False}
    model = linear_model.SGDRegressor(max_iter=steps // len(x), tol=None, **settings)
    model.fit(x[:, np.newaxis], y, coef_init=[0.1], intercept_init=[0.1])
    return np.array([model.coef_, model.intercept_])


def filled(x: Array, y: Array, rate: float, steps: int) -> Array:
    """Three fresh columns filled with a constant: the speed of memory."""
    rows = np.empty((3, steps + 1))
    rows.fill(1.0)
    return rows


def numba_trajectory() -> Trajectory:
    """A compiled loop with the loss from six sums."""
    numba: Any = import_module("numba")
    compiled: Trajectory = numba.njit(_loop)
    return compiled


def numba_sweep() -> Callable[..., tuple[Array, Array]]:
    """A compiled loop over rates on all cores: the last excess loss, and the first step at which it is at the goal."""
    numba: Any = import_module("numba")

    def loop(x: Array, y: Array, rates: Array, steps: int, best: Array, factor: Array, goal: float) -> Any:
        last, reached = np.empty(len(rates)), np.full(len(rates), -1)
        n = len(x)
        for r in numba.prange(len(rates)):
            rate, w, b, i, first, excess = rates[r], 0.1, 0.1, 0, -1, 0.0
            for k in range(steps + 1):
                dw, db = w - best[0], b - best[1]
                excess = (factor[0] * dw) ** 2 + (factor[1] * dw + db) ** 2
                if first < 0 and excess <= goal:
                    first = k
                if not excess <= 1e12:
                    break
                error = w * x[i] + b - y[i]
                w -= rate * 2 * error * x[i]
                b -= rate * 2 * error
                i = i + 1 if i + 1 < n else 0
            last[r], reached[r] = excess, first
        return last, reached

    compiled: Callable[..., tuple[Array, Array]] = numba.njit(loop, parallel=True)
    return compiled


def _loop(x: Array, y: Array, rate: float, steps: int) -> Array:
    rows = np.empty((3, steps + 1))
    n = len(x)
    sx, sy, sxx, sxy, syy = x.mean(), y.mean(), (x * x).mean(), (x * y).mean(), (y * y).mean()
    w = b = 0.1
    i = 0
    for k in range(steps + 1):
        rows[0, k] = w
        rows[1, k] = b
        rows[2, k] = w * (w * sxx + 2 * (b * sx - sxy)) + b * (b - 2 * sy) + syy
        error = w * x[i] + b - y[i]
        w -= rate * 2 * error * x[i]
        b -= rate * 2 * error
        i = i + 1 if i + 1 < n else 0
    return rows
