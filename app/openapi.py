"""The OpenAPI document: what FastAPI knows of the routes, and schemas made from the engine's catalogue."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from app import answers, errors, examples, schemas
from app.jobs import schemas as sweeps
from app.queries import Query
from app.settings import Settings

DESCRIPTION = """\
Gradient descent as a service: describe a run, get every row of it.

A run is a value: data, model, loss, method, batches, start and seed determine every number. The same body gives the
same digits wherever it is asked for: here, on the live stream at `/api/live` (a websocket), and in Python with
`engine.run`.
"""

_MEANINGS = {
    404: "There is no such thing.",
    406: "None of the forms that Accept takes can be had.",
    409: "Not all of it is there.",
    413: "The body, or what it asks for, is larger than this server computes.",
    415: "The body is no JSON.",
    422: "Something in the request is wrong; every field that is wrong is named.",
    429: "Too much is open for this client, or it asks too often; try again after Retry-After seconds.",
    501: "What this needs is not installed on this server.",
    503: "Too much is being computed; try again after Retry-After seconds.",
    507: "The disk is full; try again when there is room.",
}


def operation(
    answer: str | None,
    queries: Sequence[Query] = (),
    *,
    body: str | None = None,
    forms: Sequence[str] = (),
    path: Sequence[str] = (),
    status: int = 200,
    wrong: Sequence[int] = (),
) -> dict[str, Any]:
    """What a route says of itself: the names of the schemas of its answer and body (None: no JSON), its query, and
    other forms.

    path: the names in its address; status: that of the answer; wrong: what else can happen than with every route.
    """
    content: dict[str, Any] = {} if answer is None else {"application/json": {"schema": _reference(answer)}}
    content |= {form: {"schema": {"type": "string"}} for form in forms}
    responses: dict[int | str, Any] = {status: {"description": "The answer.", "content": content}}
    usual = [406] if forms and answer else []
    usual += [413, 415, 422, 429, 503] if body else [422] if queries else []
    for each in sorted({*usual, *wrong}):
        responses[each] = {
            "description": _MEANINGS[each],
            "content": {errors.ProblemResponse.media_type: {"schema": _reference("Problem")}},
        }
    parameters = [_in_path(name) for name in path] + [query.to_openapi() for query in queries]
    extra: dict[str, Any] = {"parameters": parameters} if parameters else {}
    if body is not None:
        extra["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _reference(body), "examples": examples.BODIES[body]}},
        }
    kind = Response if answer is None else answers.JSON
    return {"response_class": kind, "status_code": status, "responses": responses, "openapi_extra": extra}


def install(app: FastAPI, settings: Settings) -> None:
    """Make `app.openapi()` give the whole document, made once."""
    document: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not document:
            made = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
            document.update(made)
            shared = schemas.components(settings)
            document["components"] = {"schemas": shared | sweeps.components(shared["RunSpec"], settings)}
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
