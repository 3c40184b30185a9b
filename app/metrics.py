"""GET /metrics: what the server does, for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats)."""

from collections.abc import Callable
from functools import cache
from http import HTTPMethod, HTTPStatus
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What a client can make up without end is counted under one name: addresses where nothing is, and methods.
NOWHERE, OTHER = "none", "other"
METHODS = frozenset(HTTPMethod)


class Metrics:
    """The counters of one application."""

    def __init__(self, sessions: Callable[[], int]) -> None:
        """`sessions` says how many live sessions are open."""
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._answers = Counter("beanbowl_answers", "Answers over HTTP", labels, registry=self._registry)
        self._seconds = Histogram(
            "beanbowl_answer_seconds", "Seconds until an answer began", ("route",), registry=self._registry
        )
        live = Gauge("beanbowl_live_sessions", "Live sessions that are open", registry=self._registry)
        live.set_function(sessions)
        ProcessCollector(registry=self._registry)
        # There are few: methods and statuses are, and so are routes.
        self._counters = cache(self._counters_of)

    def note(self, scope: Scope, status: int, seconds: float) -> None:
        """Count an answer."""
        found = scope.get("route")
        route = found.path if found is not None and status != HTTPStatus.NOT_FOUND else NOWHERE
        method = scope["method"] if scope["method"] in METHODS else OTHER
        answers, times = self._counters(method, route, status)
        answers.inc()
        times.observe(seconds)

    def _counters_of(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        return self._answers.labels(method, route, str(status)), self._seconds.labels(route)

    async def serve(self, _: Request) -> Response:
        """All of them as text."""
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


class Counting:
    """Middleware that has every answer counted, by the route that gave it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application within does."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()

        async def count(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.note(scope, message["status"], perf_counter() - began)
            await send(message)

        await self.app(scope, receive, count)
