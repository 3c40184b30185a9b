"""How often one client may have something computed: a bucket of tokens for each address."""

from collections import OrderedDict
from math import ceil
from time import monotonic

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app import errors
from app.errors import Refused
from app.texts import problem

BURST = 10.0  # seconds' worth of requests may come at once
MOST_CLIENTS = 10_000  # that are remembered; who came last the longest ago is forgotten


class Buckets:
    """`rate` tokens a second flow into a client's bucket, which holds `BURST` seconds' worth and one at the least."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._size = max(1.0, BURST * rate)
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, now: float) -> float:
        """Take a token: 0, or the seconds until there is one."""
        level, before = self._levels.pop(client, (self._size, now))
        level = min(self._size, level + (now - before) * self._rate)
        taken = level >= 1
        self._levels[client] = (level - 1 if taken else level, now)
        if len(self._levels) > MOST_CLIENTS:
            self._levels.popitem(last=False)
        return 0.0 if taken else (1 - level) / self._rate


class Rates:
    """Middleware that answers 429 to a client who has more computed than `rate` allows."""

    def __init__(self, app: ASGIApp, rate: float) -> None:
        self.app = app
        self._rate = rate
        self._buckets = Buckets(rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application within does, unless the client has asked too often."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith("/api/"):
            host, _ = scope["client"] or ("", 0)
            wait = self._buckets.take(host, monotonic())
            if wait > 0:
                refused = Refused(
                    429, problem("", "too-often", limit=f"{self._rate:g}"), headers={"retry-after": str(ceil(wait))}
                )
                await errors.respond(Request(scope), refused)(scope, receive, send)
                return
        await self.app(scope, receive, send)
