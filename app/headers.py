"""Headers that every response carries."""

from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware, IdentityResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.negotiation import header, takes_gzip

# Plotly and Swagger UI set styles of their own on elements; scripts come from our own files alone, and none from text.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
)
SECURITY_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
NO_CACHE = "no-cache"
# What gains nothing by being compressed once more.
COMPRESSED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "image/png", "image/gif", "video/mp4")
_ADDED = [(name.encode(), value.encode()) for name, value in (SECURITY_HEADERS | {"cache-control": NO_CACHE}).items()]
_NAMES = {name for name, _ in _ADDED}
IMMUTABLE = "public, max-age=31536000, immutable"


class Compression(GZipMiddleware):
    """Middleware that compresses for who takes it; Starlette's own takes `gzip;q=0` for a wish."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, minimum_size=1000, compresslevel=1, exclude_content_types=COMPRESSED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application within does, compressed if that is wanted."""
        if scope["type"] == "http" and not takes_gzip(header(scope, b"accept-encoding")):
            plain = IdentityResponder(self.app, self.minimum_size, exclude_content_types=self.exclude_content_types)
            await plain(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class Headers:
    """Middleware that adds the security headers to every response, and no-cache to one that says nothing of caching."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application within does, with the headers added."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                own = message.get("headers", ())
                named = {name for name, _ in own}
                missing = _ADDED if _NAMES.isdisjoint(named) else [each for each in _ADDED if each[0] not in named]
                message["headers"] = [*own, *missing]
            await send(message)

        await self.app(scope, receive, send_with_headers)
