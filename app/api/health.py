"""GET /healthz: whether the server lives."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app import __version__, answers, openapi

router = APIRouter()


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", **openapi.operation("Health"))
async def healthz(request: Request) -> Response:
    """Say that the server lives, and which version it is."""
    return answers.JSON({"status": "ok", "version": __version__})
