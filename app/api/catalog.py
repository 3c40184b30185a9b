"""GET /api/catalog and /api/words: all that can be chosen, and all texts, in the asked language."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app import answers, locales, openapi, queries
from app.errors import language_of

router = APIRouter()


@router.get("/api/catalog", **openapi.operation("Catalog", (queries.LANG,)))
async def catalog(request: Request) -> Response:
    """List datasets, models, losses, optimizers and orders, each with its parameters, ranges and help."""
    queries.read(request, queries.LANG)
    language = language_of(request)
    return answers.JSON(locales.catalog(language), headers=_headers(language))


@router.get("/api/words", **openapi.operation("Words", (queries.LANG,)))
async def words(request: Request) -> Response:
    """List all texts of the page and of the engine by their keys."""
    queries.read(request, queries.LANG)
    language = language_of(request)
    return answers.JSON(dict(locales.words(language)), headers=_headers(language))


def _headers(language: str) -> dict[str, str]:
    return {"content-language": language, "vary": "Accept-Language"}
