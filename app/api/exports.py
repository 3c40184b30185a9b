"""POST /api/exports/{format}: a spec → the run as a file, or how far it is and then the file."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from time import monotonic
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app import answers, errors, exports, negotiation, openapi, queries
from app.api.services import read_body, services
from app.errors import Refused, language_of
from app.exports import FORMATS, Format
from app.exports.running import Said
from app.texts import problem
from app.work import Abandoned, Busy
from engine import RunSpec, SpecError

router = APIRouter()

EVENTS = "text/event-stream"
EVERY = 0.1  # seconds between two events of progress


def _handler(kind: Format) -> Callable[[Request], Awaitable[Response]]:
    async def write(request: Request) -> Response:
        options = kind.read({**queries.read(request, *kind.options), "lang": language_of(request)})
        form = _form(request, kind)
        spec = await read_body(request, RunSpec.from_dict)
        options.check(spec)
        if not kind.available:
            raise Refused(501, problem("", "needs-extra", type=kind.name, extra="export"))
        said = services(request).exports.make(spec, kind.name, options)
        name = exports.file_name(spec, kind.name)
        headers = {"cache-control": "no-store", "vary": "Accept, Accept-Language"}
        if form == EVENTS:
            return StreamingResponse(_events(request, said, name, kind), headers=headers, media_type=EVENTS)
        first = await _first(request, said)
        headers["content-disposition"] = f'attachment; filename="{name}"'
        return StreamingResponse(_pieces(first, said), headers=headers, media_type=kind.media_type)

    return write


def _form(request: Request, kind: Format) -> str:
    """The file itself or events, as Accept says; Refused with 406 if neither is acceptable."""
    offered = (kind.media_type.partition(";")[0], EVENTS)
    chosen = negotiation.media_type(request.headers.get("accept"), offered)
    if chosen is None:
        raise Refused(406, problem("", "not-acceptable", expected=", ".join(offered)))
    return chosen


async def _first(request: Request, said: Said) -> bytes:
    """The first piece of the file; Abandoned if the client leaves before there is one."""
    leaving = asyncio.ensure_future(_gone(request))
    working = asyncio.ensure_future(_next_piece(said))
    try:
        await asyncio.wait({leaving, working}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
    finally:
        leaving.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait({working})
            await said.aclose()
    raise Abandoned


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _next_piece(said: Said) -> bytes:
    async for news in said:
        if isinstance(news, bytes):
            return news
    return b""


async def _pieces(first: bytes, said: Said) -> AsyncIterator[bytes]:
    async with aclosing(said):
        yield first
        async for news in said:
            if isinstance(news, bytes):
                yield news


async def _events(request: Request, said: Said, name: str, kind: Format) -> AsyncIterator[bytes]:
    """What is said, as server-sent events."""
    told = 0.0
    async with aclosing(said):
        try:
            async for news in said:
                if isinstance(news, bytes):
                    yield _event("piece", b64encode(news))
                elif monotonic() - told > EVERY:
                    told = monotonic()
                    yield _event("progress", answers.dumps({"done": news[0], "total": news[1]}))
        except (SpecError, Refused, Busy) as error:
            refused = errors.explained(error)
            yield _event(
                "problem", answers.dumps(errors.members(refused.status, refused.problems, language_of(request)))
            )
        else:
            yield _event("end", answers.dumps({"name": name, "type": kind.media_type}))


def _event(name: str, data: bytes) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), data)


def _described(kind: Format) -> dict[str, Any]:
    """What OpenAPI says of a kind."""
    text = (
        f"Give the run as a file: {kind.help} With `Accept: {EVENTS}` the answer is server-sent events: `progress` "
        "(done, total), `piece` (of the file, in base64) and in the end `end` (name, type) or `problem`."
    )
    forms = (kind.media_type.partition(";")[0], EVENTS)
    said = openapi.operation(None, kind.options, body="RunSpec", forms=forms, wrong=(406, 501))
    return {"name": f"export_{kind.name}", "summary": f"Export {kind.name}", "description": text, **said}


for _kind in FORMATS.values():
    router.add_api_route(f"/api/exports/{_kind.name}", _handler(_kind), methods=["POST"], **_described(_kind))
