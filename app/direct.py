"""The straight way to what is asked for often: to be led there takes longer than the answer."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app import errors
from app.headers import Compression
from app.negotiation import header, takes_gzip

Answer = Callable[[Request], Awaitable[Response]]


class Direct:
    """Middleware that has POST requests to one path answered at once, as the application within would.

    It stands before `Compression`, and compresses what that would; the route itself stays in the application, for its
    documentation and for other methods.
    """

    def __init__(self, app: ASGIApp, path: str, answer: Answer) -> None:
        self.app = app
        self.path = path
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application within does."""
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] != self.path or scope["root_path"]:
            await self.app(scope, receive, send)
            return
        scope["route"] = self  # by whose path it is counted
        request = Request(scope, receive, send)
        try:
            response = await self._answer(request)
        except errors.EXPLAINED as error:
            response = errors.respond(request, errors.explained(error))
        if takes_gzip(header(scope, b"accept-encoding")):
            await Compression(response)(scope, receive, send)
        else:
            response.raw_headers.append((b"vary", b"Accept-Encoding"))
            await response(scope, receive, send)
