"""POST /api/theory: a spec → what is known of its run before it is made."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app import answers, openapi, queries
from app.api.services import read_body, services
from app.errors import language_of
from engine import RunSpec, analyse

router = APIRouter()


@router.post("/api/theory", **openapi.operation("Theory", (queries.LANG,), body="RunSpec"))
async def theory(request: Request) -> Response:
    """Compute optimum, eigenvalues, limits and best rate; null where no theory is known."""
    queries.read(request, queries.LANG)
    language = language_of(request)
    spec = await read_body(request, RunSpec.from_dict)

    def compute() -> bytes:
        return answers.dumps(answers.theory(analyse(spec), language))

    return answers.JSON(await services(request).workers.run(compute))
