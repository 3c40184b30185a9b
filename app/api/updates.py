"""POST /api/updates: a spec and a step → the update from there to the next, taken apart."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app import answers, openapi, queries, updates
from app.api.services import read_body, services

router = APIRouter()


@router.post("/api/updates", **openapi.operation("Update", (queries.LANG,), body="UpdateSpec"))
async def update(request: Request) -> Response:
    """Take one update apart: its batch row by row, forward, backward, and the method's lines with their numbers."""
    queries.read(request, queries.LANG)
    spec, step = await read_body(request, updates.read)

    def compute(go_on: Callable[[], bool]) -> bytes:
        return answers.dumps(updates.compute(spec, step, go_on))

    return answers.JSON(await services(request).workers.run_for(request, compute))
