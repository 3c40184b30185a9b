"""POST /api/surface: a spec and axes → the loss on their grid."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app import answers, computing, limits, openapi, queries
from app.api.services import read_body, services
from app.errors import Refused
from engine import MODELS, Message, Problem, RunSpec, SpecError

router = APIRouter()

# Whatever is the name of a parameter is an axis; everything else belongs to the spec.
AXES = tuple(dict.fromkeys(parameter for entry in MODELS.values() for parameter in entry.value.parameters))
POINTS_ON_AN_AXIS = 61


@router.post("/api/surface", **openapi.operation("Surface", (queries.LANG,), body="SurfaceSpec"))
async def surface(request: Request) -> Response:
    """Compute the loss over a grid of parameters, or along a slice of it."""
    queries.read(request, queries.LANG)
    using = services(request)
    spec, axes = await read_body(request, _read)
    too_much = limits.surface_excess(axes, POINTS_ON_AN_AXIS, using.settings)
    if too_much:
        raise Refused(413, *too_much)

    def compute(go_on: Callable[[], bool]) -> bytes:
        return answers.dumps(answers.surface(*computing.surface(spec, axes, go_on)))

    return answers.JSON(await using.workers.run_for(request, compute))


def _read(body: dict[str, Any]) -> tuple[RunSpec, dict[str, Any]]:
    given = {name: value for name, value in body.items() if name in AXES}
    try:
        spec = RunSpec.from_dict({name: value for name, value in body.items() if name not in AXES})
    except SpecError as error:
        raise SpecError(*map(_with_axes, error.problems)) from None
    # Every axis of the model in its order, None standing for the default; then those that the engine is to refuse.
    return spec, dict.fromkeys(spec.parameters) | given


def _with_axes(problem: Problem) -> Problem:
    """Who is told which keys there are is told of the axes, too."""
    key, facts = problem.message.key, problem.message.facts
    if key != "unknown-key" or "." in problem.path:
        return problem
    return Problem(problem.path, Message(key, facts | {"expected": ", ".join((facts["expected"], *AXES))}))
