"""The loss as a landscape over the parameters: grids, slices, and the part of it worth looking at."""

from functools import partial
from typing import Any

import numpy as np

from engine.arrays import Array
from engine.creases import mean_absolute
from engine.messages import SpecError, brief, fail
from engine.models import MODELS
from engine.quadratic import quadratic
from engine.reading import Reader
from engine.registry import read_integer, read_number
from engine.spec import RunSpec, expect_spec

# What the original experiments draw; kept wherever the run stays inside it.
ORIGINAL_WINDOW = {"w": (-1.0, 2.0), "b": (-2.0, 2.0)}
MOST_PER_AXIS = 100_000
# From so many rows on, a crease is found by sorting.
_MANY = 2**12
# They are not kept for data of quite another size than theirs: so many times larger or smaller.
_ALIKE = 8


def loss_surface(spec: RunSpec, **axes: Any) -> Array:
    """The loss on a grid, as an array indexed [b, w] (the last parameter first); (count,) for one parameter.

    axes: for each parameter `(low, high, count)`, ends included, or a number to slice there (an axis of length 1).
    An axis that is not given spans `window` with 61 values. SpecError names a bad axis.
    """
    return surface(spec, **axes)[1]


def surface(spec: RunSpec, **axes: Any) -> tuple[dict[str, Array], Array]:
    """The values along each axis by parameter name, and the loss on their grid as in `loss_surface`."""
    expect_spec(spec)
    values = read_axes(spec, axes)
    model = MODELS[spec.model].value
    if spec.loss == "absolute-error" and spec.parameters == ("w", "b") and model.linear and len(spec.dataset) >= _MANY:
        return values, mean_absolute(spec.data.x[:, 0], spec.data.y, values["w"], values["b"])
    bowl = spec.objective().quadratic
    if bowl is not None:
        with np.errstate(all="ignore"):
            return values, bowl.value_on([axis.reshape(-1, *(1,) * i) for i, axis in enumerate(values.values())])
    lengths = [len(axis) for axis in values.values()]
    theta = np.empty((len(lengths), *reversed(lengths)))
    for i, (axis, grid) in enumerate(zip(values.values(), theta, strict=True)):
        grid[...] = axis.reshape(-1, *(1,) * i)
    with np.errstate(all="ignore"):
        return values, spec.objective().value(np.moveaxis(theta, 0, -1))


def read_axes(spec: RunSpec, axes: dict[str, Any]) -> dict[str, Array]:
    """The values along each parameter's axis; SpecError names every bad one."""
    reader = Reader()
    reader.object(axes, "", spec.parameters)
    shown = {} if all(axes.get(name) is not None for name in spec.parameters) else window(spec)
    values = {}
    for name in spec.parameters:
        axis = axes.get(name)
        axis = (*shown[name], 61) if axis is None else axis
        read = reader.attempt(partial(_axis, axis, name))
        values[name] = np.empty(0) if read is None else read
    reader.finish()
    return values


def _axis(axis: Any, path: str) -> Array:
    if not isinstance(axis, list | tuple):
        try:
            return np.array([read_number(axis, path)])
        except SpecError:
            raise fail(path, "expected-axis", got=brief(axis)) from None
    if len(axis) != 3:
        raise fail(path, "expected-axis", got=brief(axis))
    low, high = read_number(axis[0], f"{path}.0"), read_number(axis[1], f"{path}.1")
    count = read_integer(axis[2], f"{path}.2")
    if not low < high:
        raise fail(path, "rising-axis", got=f"{low!r} and {high!r}")
    if not 2 <= count <= MOST_PER_AXIS:
        raise fail(f"{path}.2", "out-of-range", low=2, high=MOST_PER_AXIS, got=brief(axis[2]))
    return np.linspace(low, high, count)


def window(spec: RunSpec) -> dict[str, tuple[float, float]]:
    """For each parameter the (low, high) that a picture of the bowl should show: start, optimum and room around them.

    That of the original experiments wherever both lie well inside it and the data are of a size with theirs; else one
    that scales with the data.
    """
    centre, scale = _centre(spec), _scale(spec)
    original = {name: ORIGINAL_WINDOW.get(name, (-2.0, 2.0)) for name in spec.parameters}
    if all(
        low + 0.05 * (high - low) <= value <= high - 0.05 * (high - low)
        and (high - low) / 2 / _ALIKE <= scale[name] <= (high - low) / 2 * _ALIKE
        for name, (low, high) in original.items()
        for value in (centre[name], spec.start[name])
    ):
        return original
    valley = _valley(spec)
    return {
        name: _around(centre[name], (spec.start[name], valley[name]), scale[name], 0.75 * abs(centre[name]))
        for name in spec.parameters
    }


def _around(centre: float, others: tuple[float, ...], *reaches: float) -> tuple[float, float]:
    """Symmetric about the optimum, wide enough that the others lie well inside."""
    reach = max(*(1.25 * abs(other - centre) for other in others), *reaches)
    return centre - reach, centre + reach


def _centre(spec: RunSpec) -> dict[str, float]:
    """The least-squares fit, whatever the loss is: near enough for a picture."""
    model = MODELS[spec.model].value
    if not model.linear:
        return dict(spec.start)
    return dict(zip(spec.parameters, quadratic(spec.data, model).optimum, strict=True))


def _valley(spec: RunSpec) -> dict[str, float]:
    """For each parameter the best value while the others stay at the start: a steep descent goes there first."""
    model = MODELS[spec.model].value
    if not model.linear:
        return dict(spec.start)
    bowl = quadratic(spec.data, model)
    start = np.array([spec.start[name] for name in spec.parameters])
    gradient, curvature = bowl.gradient(start), np.diag(bowl.hessian)
    with np.errstate(all="ignore"):
        best = np.where(curvature > 0, start - gradient / curvature, start)
    return dict(zip(spec.parameters, np.where(np.isfinite(best), best, start).tolist(), strict=True))


def _scale(spec: RunSpec) -> dict[str, float]:
    """For each parameter the value that alone makes predictions as large as the targets; 1 where there is none."""
    model = MODELS[spec.model].value
    if not model.linear:
        return dict.fromkeys(spec.parameters, 1.0)
    bowl = quadratic(spec.data, model)
    # Root mean squares: the loss at 0 is the mean of y², and Hⱼⱼ is twice the mean square of column j.
    targets = np.sqrt(bowl.value(np.zeros(len(spec.parameters))))
    columns = np.sqrt(np.diag(bowl.hessian) / 2)
    with np.errstate(all="ignore"):
        scales = targets / columns
    known = np.isfinite(scales) & (scales > 0)
    return dict(zip(spec.parameters, np.where(known, scales, 1.0).tolist(), strict=True))
