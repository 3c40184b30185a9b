"""What this server computes at most; beyond it a request is too large (413) even if it makes sense."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.settings import Settings
from app.texts import problem
from engine import Problem


def excess(spec: Any, settings: Settings) -> tuple[Problem, ...]:
    """What in the JSON of a spec is more than this server computes; looked at before anything is made of it."""
    sizes = _sizes(spec) if isinstance(spec, Mapping) else ()
    limits = {"steps": settings.max_steps}
    return tuple(
        problem(path, "too-many", limit=limit, got=got)
        for path, got in sizes
        if got > (limit := limits.get(path, settings.max_points))
    )


def surface_excess(axes: Mapping[str, Any], default: int, settings: Settings) -> tuple[Problem, ...]:
    """The same for the axes of a surface: the last axis that makes it too large is named."""
    cells = 1
    for name, axis in axes.items():
        counts = isinstance(axis, list) and len(axis) == 3 and _is_size(axis[2])
        cells *= max(1, int(axis[2])) if counts else default if axis is None else 1
        if cells > settings.max_surface_cells:
            return (problem(name, "too-many-cells", limit=settings.max_surface_cells, got=cells),)
    return ()


def _sizes(spec: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each size that the JSON of a spec asks for, with its path; what is no number is left to the engine."""
    if _is_size(spec.get("steps")):
        yield "steps", spec["steps"]
    dataset = spec.get("dataset")
    if not isinstance(dataset, Mapping):
        return
    if _is_size(dataset.get("count")):
        yield "dataset.count", dataset["count"]
    for name in ("x", "y"):
        if isinstance(dataset.get(name), list):
            yield f"dataset.{name}", len(dataset[name])


def _is_size(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
