"""Responses with files: compressed where the client takes it, cached as their address allows, 304 if nothing is new."""

import asyncio
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from app.headers import IMMUTABLE, NO_CACHE
from app.negotiation import takes_gzip
from app.resources import Resource, digest


async def respond(request: Request, resource: Resource, *, immutable: bool) -> Response:
    """The file; `immutable` where its address holds its hash."""
    headers = {
        "cache-control": IMMUTABLE if immutable else NO_CACHE,
        "etag": f'"{resource.hash}"',
        "vary": "Accept-Encoding",
    }
    if unchanged(request, headers["etag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    content = resource.content
    if resource.compressible and takes_gzip(request.headers.get("accept-encoding")):
        # Only the first time takes long; a thread, for Plotly is large.
        content = await asyncio.to_thread(lambda: resource.compressed)
        headers["content-encoding"] = "gzip"
    return Response(content, headers=headers, media_type=resource.media_type)


def page(request: Request, html: str, headers: dict[str, str]) -> Response:
    """A page that was made for this request: never taken from a cache without asking."""
    tag = f'"{digest(html.encode())}"'
    headers = headers | {"cache-control": NO_CACHE, "etag": tag}
    if unchanged(request, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(html, headers=headers, media_type="text/html")


def unchanged(request: Request, tag: str) -> bool:
    """Whether the client has what it asks for already."""
    held = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    return tag in held or "*" in held
