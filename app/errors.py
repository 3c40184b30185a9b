"""Answers to bad requests: application/problem+json (RFC 9457) with every field that is wrong."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Match

from app import answers, locales, negotiation
from app.headers import SECURITY_HEADERS
from app.texts import problem
from app.work import Abandoned, Busy, TooLong
from engine import Problem, SpecError

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
RETRY_AFTER = {"retry-after": "1"}


class Refused(Exception):
    """A request that is answered with a problem: its status, what is wrong, and headers to send along."""

    def __init__(self, status: int, *problems: Problem, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.problems = problems
        self.headers = headers
        super().__init__(f"{status} {HTTPStatus(status).phrase}")


class ProblemResponse(answers.JSON):
    """A response of application/problem+json."""

    media_type = "application/problem+json"


def language_of(connection: HTTPConnection) -> str:
    """The language that a request or handshake asks for, by ?lang= or else by Accept-Language."""
    asked = connection.query_params.get("lang")
    if asked in locales.LANGUAGES:
        return asked
    return negotiation.language(connection.headers.get("accept-language"), locales.LANGUAGES)


def members(status: int, problems: tuple[Problem, ...], language: str) -> dict[str, Any]:
    """The members of a problem: title, status, what concerns no field as its detail, and every field that is wrong."""
    errors = answers.errors(problems, language)
    general = "; ".join(error["message"] for error in errors if not error["path"])
    detail = {"detail": general} if general else {}
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        **detail,
        "errors": errors,
    }


def respond(connection: HTTPConnection, refused: Refused) -> Response:
    """The problem as a response, in the language of the request."""
    content = members(refused.status, refused.problems, language_of(connection))
    return ProblemResponse(content, refused.status, headers=dict(refused.headers or {}))


def explained(error: Exception) -> Refused:
    """What one of the errors that have an answer of their own is answered with."""
    return next(explain(error) for kind, explain in _EXPLANATIONS.items() if isinstance(error, kind))


def install(app: FastAPI, missing: Callable[[Request], Response | None]) -> None:
    """Make every error of `app` a problem; where nothing is, who wants a page gets the one that is `missing`."""

    def handler(explain: Callable[[Any], Refused]) -> Callable[[Request, Exception], Any]:
        async def handle(request: Request, error: Exception) -> Response:
            refused = explain(error)
            if refused.status == HTTPStatus.METHOD_NOT_ALLOWED:
                refused = _not_allowed(request)
            page = missing(request) if refused.status == HTTPStatus.NOT_FOUND else None
            return page or respond(request, refused)

        return handle

    for kind, explain in _EXPLANATIONS.items():
        app.add_exception_handler(kind, handler(explain))
    app.add_exception_handler(Exception, _broken)


async def _broken(request: Request, _: Exception) -> Response:
    response = respond(request, Refused(500, problem("", "broken")))
    # This one is sent outside of all middleware.
    response.headers.update(SECURITY_HEADERS)
    return response


def _http(error: HTTPException) -> Refused:
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            said = [problem("", "not-found")]
        case _:
            said = []
    return Refused(error.status_code, *said, headers=error.headers)


def _not_allowed(request: Request) -> Refused:
    """What works at this address: of several routes there, the router names the methods of the first alone."""
    here = [{**request.scope, "method": method} for method in METHODS]
    routes = request.app.router.routes
    allowed = ", ".join(one["method"] for one in here if any(route.matches(one)[0] == Match.FULL for route in routes))
    said = problem("", "not-allowed", expected=allowed)
    return Refused(HTTPStatus.METHOD_NOT_ALLOWED, said, headers={"allow": allowed})


def _busy(_: Exception) -> Refused:
    return Refused(503, problem("", "busy"), headers=RETRY_AFTER)


_EXPLANATIONS: dict[type[Exception], Callable[[Any], Refused]] = {
    Refused: lambda error: error,
    SpecError: lambda error: Refused(422, *error.problems),
    HTTPException: _http,
    Busy: _busy,
    Abandoned: _busy,
    TooLong: lambda error: Refused(413, problem("", "over-time", limit=f"{error.seconds:g}")),
}
# The errors that have an answer of their own.
EXPLAINED = tuple(_EXPLANATIONS)
