"""What this server computes at most; beyond it a request is too large (413) even if it makes sense."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from app.settings import Settings
from app.texts import problem
from engine import DATASETS, Problem
from engine.spec import STEPS


def excess(spec: Any, settings: Settings) -> tuple[Problem, ...]:
    """What in the JSON of a spec is more than this server computes; looked at before anything is made of it."""
    if not isinstance(spec, Mapping):
        return ()
    sizes = [("steps", spec.get("steps", STEPS.default), settings.max_steps)]
    sizes += [(path, size, settings.max_points) for path, size in _points(spec.get("dataset", {}))]
    return tuple(
        problem(path, "too-many", limit=limit, got=size)
        for path, size, limit in sizes
        if _is_size(size) and size > limit
    )


def surface_excess(axes: Mapping[str, Any], default: int, settings: Settings) -> tuple[Problem, ...]:
    """The same for the axes of a surface, None being one of `default` points: the one that makes it too large."""
    cells = 1
    for name, axis in axes.items():
        counts = isinstance(axis, list) and len(axis) == 3 and _is_size(axis[2])
        cells *= max(1, int(axis[2])) if counts else default if axis is None else 1
        if cells > settings.max_surface_cells:
            return (problem(name, "too-many-cells", limit=settings.max_surface_cells, got=cells),)
    return ()


def _points(dataset: Any) -> Iterator[tuple[str, Any]]:
    """Each number of points that the JSON of a dataset asks for, with its path."""
    if not isinstance(dataset, Mapping):
        return
    for name in ("x", "y"):
        if isinstance(dataset.get(name), list):
            yield f"dataset.{name}", len(dataset[name])
    chosen = dataset.get("name", "offset-beans")
    if isinstance(chosen, str) and chosen in _counts():
        yield "dataset.count", dataset.get("count", _counts()[chosen])


@cache
def _counts() -> dict[str, float]:
    """How many points a dataset has if nothing is said, of those that can be told."""
    counts = ((name, p.default) for name, entry in DATASETS.items() for p in entry.parameters if p.name == "count")
    return dict(counts)


def _is_size(value: Any) -> bool:
    """Whether it is a number; what else there is, the engine says."""
    return isinstance(value, int | float) and not isinstance(value, bool)
