"""A run as a script that needs NumPy alone: the parts that the script and the notebook are made of.

Model, loss and method are written with their own lines (`Model.forward`, `Loss.backward`, `Optimizer.code`, …), so that
nothing is said twice. The engine computes most rows on faster ways; what is printed has the digits that all ways share.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import indent
from typing import Any

import numpy as np

from engine import LOSSES, MODELS, RunSpec, formulas
from engine.optimizers import Optimizer
from engine.outcome import DIVERGED

WIDTH = 100
INDENT = "    "
MOST_ROWS = 2000  # kept for a picture
DIGITS = 8  # of what is printed: rounding takes another way in each way of computing

DATA = {
    "proportional-beans": "y = 1.2 * x + rng.random({count}) / 10",
    "offset-beans": "y = 0.7 * x + (0.5 - rng.random({count})) / 5 + 0.5",
}
BATCHES = {
    "all": "while True:\n    yield slice(None)",
    "sequential": """\
while True:
    for first in range(0, n, size):
        yield slice(first, first + size)""",
    "shuffled": """\
rng = np.random.default_rng({seed})
while True:
    order = rng.permutation(n)
    for first in range(0, n, size):
        yield order[first : first + size]""",
    "random": """\
rng = np.random.default_rng({seed})
while True:
    yield rng.integers(n, size=size)""",
}
STOP = """\
    if np.sqrt(np.sum(gradient_of(theta, x, y) ** 2)) <= {gradient_norm!r}:
        status = "converged"
        break
"""
LOOP = """\
theta = np.array({start})
status = "finished"
for k, rows in zip(range({steps} + 1), batches()):
    loss = loss_of(theta)
    if np.isfinite(loss):
        final = [k, *theta, loss]
{keep}    if not loss <= {limit}:
        status = "diverged"
        break
{stop}    if k == {steps}:
        break
{changes}
    g = gradient_of(theta, x[rows], y[rows])
{update}
"""
RESULT = """\
print(status)
for name, value in zip({names}, final):
    print(name, "=", value if name == "step" else f"{{value:#.{digits}g}}")
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the script: what it does, in words (by key, with facts), and its code."""

    key: str
    facts: dict[str, str]
    code: str


def parts(spec: RunSpec, *, history: bool = False) -> list[Part]:
    """The script of a run, part by part; with `history` every row is kept in a list of that name."""
    method = f"catalog.optimizers.{spec.optimizer.name}"
    batches = "all" if spec.batch.size == "all" else spec.batch.order
    found = [
        Part("import", {}, 'import numpy as np\n\nnp.seterr(all="ignore")\n'),
        Part(f"data.{spec.dataset.name}", {"x": spec.data.x_names[0], "y": spec.data.y_name}, _data(spec)),
        Part(f"model.{spec.model}", {}, _predict(spec)),
        Part(f"loss.{spec.loss}", {}, _loss(spec)),
        Part(f"gradient.{spec.loss}.{spec.model}", {}, _gradient(spec)),
        Part(f"batches.{batches}", {"size": str(spec.batch.size)}, _batches(spec, batches)),
        Part("method", {"label": f"{method}.label", "help": f"{method}.help"}, _method(spec)),
    ]
    if any(change.optimizer for change in spec.changes):
        found.append(Part("changes", {}, _schedule(spec)))
    kept = "run.history" if history else "run"
    found.append(Part(kept, {}, _loop(spec, history)))
    found.append(Part("result", {}, _result(spec)))
    return found


def _data(spec: RunSpec) -> str:
    if spec.dataset.points is not None:
        points = spec.dataset.points
        x, y = (_wrapped(values.tolist()) for values in (points.x[:, 0], points.y))
        return f"x = np.array({x})\ny = np.array({y})\nn = len(x)\n"
    count, seed = spec.dataset.params["count"], spec.dataset.params["seed"]
    target = DATA[spec.dataset.name].format(count=count)
    return f"rng = np.random.default_rng({seed})\nx = np.sort(rng.random({count}))\n{target}\nn = len(x)\n"


def _predict(spec: RunSpec) -> str:
    model = MODELS[spec.model].value
    # One name alone would not take the array apart.
    names = ", ".join(model.parameters) + ("," if len(model.parameters) == 1 else "")
    return _function("predict(theta, x)", f"{names} = theta", *_lines(model.forward), "return y_hat")


def _loss(spec: RunSpec) -> str:
    lines = _lines(LOSSES[spec.loss].value.forward)
    return _function("loss_of(theta)", "y_hat = predict(theta, x)", *lines, "return loss")


def _gradient(spec: RunSpec) -> str:
    model, loss = MODELS[spec.model].value, LOSSES[spec.loss].value
    # The loss itself is not on the way to its gradient.
    lines = [line.code for line in formulas.read(loss.forward) if line.target != "loss"]
    lines += _lines(loss.backward) + _lines(model.backward)
    return _function("gradient_of(theta, x, y)", "y_hat = predict(theta, x)", *lines, "return g")


def _lines(code: str) -> list[str]:
    return [line.code for line in formulas.read(code)]


def _batches(spec: RunSpec, kind: str) -> str:
    size = "" if kind == "all" else f"size = {spec.batch.size}\n\n\n"
    return size + _function("batches()", BATCHES[kind].format(seed=spec.seed))


def _method(spec: RunSpec) -> str:
    """The method's parameters, and its state before the first update."""
    lines = [f"{name} = {value!r}" for name, value in spec.optimizer.params.items()]
    lines += [f"{name} = {value}" for name, value in _state(spec.method, len(spec.parameters)).items()]
    return "\n".join(lines) + "\n"


def _state(method: Optimizer, size: int) -> dict[str, str]:
    """What the method remembers, by the names in its code, and how it starts: from nothing."""
    state = zip(method.memory, method.init(np.zeros(size)), strict=True)
    return {name: "0" if isinstance(value, int) else f"np.zeros({size})" for name, value in state}


def _changes(spec: RunSpec) -> dict[str, dict[int, float]]:
    """For each parameter that is changed on the way: its values by the step from which they hold."""
    values: dict[str, dict[int, float]] = {}
    for change in spec.changes:
        for name, value in change.optimizer.items():
            values.setdefault(name, {})[change.step] = value
    return values


def _schedule(spec: RunSpec) -> str:
    lines = [f"{name}_from = {_wrapped_items(values)}\n" for name, values in _changes(spec).items()]
    return "".join(lines)


def _loop(spec: RunSpec, history: bool) -> str:
    changes = "".join(f"{INDENT}{name} = {name}_from.get(k, {name})\n" for name in _changes(spec))
    loop = LOOP.format(
        start=_list([spec.start[name] for name in spec.parameters]),
        steps=spec.steps,
        keep=_keep(spec.steps) if history else "",
        limit=f"{DIVERGED:.0e}".replace("+", ""),
        stop="" if spec.stop is None else STOP.format(gradient_norm=spec.stop.gradient_norm),
        changes=changes,
        update=indent(spec.method.code, INDENT),
    )
    return ("history = []\n" if history else "") + loop


def _keep(steps: int) -> str:
    """The line of the loop that keeps a row, or every so many rows of a long run."""
    every = steps // MOST_ROWS + 1
    if every == 1:
        return f"{INDENT * 2}history.append(final)\n"
    return f"{INDENT * 2}if k % {every} == 0:\n{INDENT * 3}history.append(final)\n"


def _result(spec: RunSpec) -> str:
    names = _list(["step", *spec.parameters, "loss"])
    return RESULT.format(names=names, digits=DIGITS)


def _function(head: str, *lines: str) -> str:
    body = "".join(f"{indent(line, INDENT)}\n" for line in lines)
    return f"def {head}:\n{body}"


def _list(values: list[Any]) -> str:
    """A list as Python writes it, with double quotes."""
    return "[" + ", ".join(f'"{value}"' if isinstance(value, str) else repr(value) for value in values) + "]"


def _wrapped(values: list[float]) -> str:
    """A list of numbers over as many lines as it takes."""
    return _over_lines("[", [repr(value) for value in values], "]")


def _wrapped_items(values: Mapping[int, float]) -> str:
    return _over_lines("{", [f"{step}: {value!r}" for step, value in values.items()], "}")


def _over_lines(start: str, items: list[str], end: str) -> str:
    if sum(len(item) + 2 for item in items) < WIDTH - 40:
        return start + ", ".join(items) + end
    lines = [INDENT]
    for item in items:
        if len(lines[-1]) + len(item) + 1 > WIDTH:
            lines[-1] = lines[-1].rstrip()
            lines.append(INDENT)
        lines[-1] += f"{item}, "
    return "\n".join([start, *lines[:-1], lines[-1].rstrip(), end])
