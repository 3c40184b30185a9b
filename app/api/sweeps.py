"""Sweeps: /api/sweeps and below."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app import answers, bodies, openapi, queries, tabular
from app.api.services import services
from app.errors import Refused, language_of
from app.jobs import events, states
from app.jobs.store import Record, State
from app.texts import problem
from engine import SpecError

router = APIRouter()

PARTIAL = queries.flag("partial", False, "With true, the rows that are done of a sweep that has not finished.")
LANG = (queries.LANG,)
HERE: dict[str, Any] = {"path": ("id",), "wrong": (404, 503)}


@router.post("/api/sweeps", **openapi.operation("Sweep", LANG, body="SweepSpec", status=202, wrong=(429, 507)))
async def submit(request: Request) -> Response:
    """Take a sweep in: every combination of the values is a run. It is computed in the background."""
    queries.read(request, queries.LANG)
    body, using = await _body(request), services(request)
    client = request.client.host if request.client else ""
    record = await using.disk.run(lambda: using.sweeps.submit(bodies.parse_object(body), client))
    return _state(request, record, 202, headers={"location": f"/api/sweeps/{record.id}"})


@router.post("/api/sweeps/check", **openapi.operation("SweepCheck", LANG, body="SweepSpec"))
async def check(request: Request) -> Response:
    """Say what a sweep would cost, or everything that is wrong with it, and begin nothing."""
    queries.read(request, queries.LANG)
    body, using = await _body(request), services(request)
    content = bodies.parse_object(body)
    try:
        return answers.JSON({"cost": await using.disk.run(using.sweeps.cost, content), "errors": []})
    except (SpecError, Refused) as error:
        return answers.JSON({"cost": None, "errors": answers.keyed_errors(error.problems, language_of(request))})


@router.get("/api/sweeps/{id}", **openapi.operation("Sweep", LANG, **HERE))
async def follow(request: Request) -> Response:
    """Say how a sweep stands: its state, what is done of it, and the time left."""
    queries.read(request, queries.LANG)
    using = services(request)
    return _state(request, await using.disk.run(using.sweeps.get, request.path_params["id"]))


@router.delete("/api/sweeps/{id}", **openapi.operation("Sweep", LANG, **HERE))
async def cancel(request: Request) -> Response:
    """Cancel a sweep; what is done of it stays. One that has ended stays as it is."""
    queries.read(request, queries.LANG)
    using = services(request)
    return _state(request, await using.disk.run(using.sweeps.cancel, request.path_params["id"]))


@router.get("/api/sweeps/{id}/request", **openapi.operation("SweepSpec", LANG, **HERE))
async def asked(request: Request) -> Response:
    """Give back what was asked for, with every default of the run filled in."""
    queries.read(request, queries.LANG)
    using = services(request)
    return answers.JSON(await using.disk.run(using.sweeps.request, request.path_params["id"]))


@router.get(
    "/api/sweeps/{id}/results",
    **openapi.operation(
        "SweepTable", (PARTIAL, queries.LANG), forms=tuple(tabular.FORMS), path=("id",), wrong=(404, 409, 503)
    ),
)
async def results(request: Request) -> Response:
    """Give the table: one row for each run."""
    options = queries.read(request, PARTIAL, queries.LANG)
    media_type = tabular.negotiate(request)
    using, key = services(request), request.path_params["id"]
    record = await using.disk.run(using.sweeps.get, key)
    if record.state != State.FINISHED and not options["partial"]:
        raise Refused(409, problem("", "not-ended" if record.state == State.OPEN else "ended-early"))
    table = await using.disk.run(using.sweeps.table, key)
    # Written piece by piece in a thread, as fast as the client takes it.
    body, content_type = tabular.written(table, media_type), tabular.content_type(media_type)
    return StreamingResponse(body, media_type=content_type, headers={"vary": "Accept"})


@router.get("/api/sweeps/{id}/events", **openapi.operation(None, LANG, forms=("text/event-stream",), **HERE))
async def follow_events(request: Request) -> Response:
    """Follow a sweep: server-sent events `state`, each like the answer of `GET /api/sweeps/{id}`, until it ends."""
    queries.read(request, queries.LANG)
    using, key = services(request), request.path_params["id"]
    language = language_of(request)
    seen = request.headers.get("last-event-id")

    async def look() -> tuple[str, dict[str, Any]]:
        record = await using.disk.run(using.sweeps.get, key)
        condition, at_work = using.sweeps.condition, using.sweeps.at_work
        return states.version(record, condition, at_work), states.state(record, condition, at_work, language)

    version, state = await look()
    if state["ended"] is not None and version == seen:
        # Otherwise a browser would come back for ever.
        return Response(status_code=204)
    headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
    return StreamingResponse(events.stream(look, seen, using.closing), media_type="text/event-stream", headers=headers)


async def _body(request: Request) -> bytes:
    return await bodies.read(request, services(request).settings.max_body_bytes)


def _state(request: Request, record: Record, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    sweeps = services(request).sweeps
    state = states.state(record, sweeps.condition, sweeps.at_work, language_of(request))
    return answers.JSON(state, status, headers=headers)
