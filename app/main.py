"""The application, put together."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import __version__, errors, openapi, settings
from app.api import catalog, exports, health, runs, surface, sweeps, theory, updates
from app.api.services import Services
from app.direct import Direct
from app.exports.running import Exports
from app.headers import Compression, Headers
from app.jobs.service import Sweeps
from app.live import socket
from app.metrics import Counting, Metrics
from app.pages import Pages
from app.rates import Rates
from app.remembered import Remembered
from app.routing import NamedRoute
from app.settings import Settings
from app.work import Workers

# Each with the heading that it stands under in the documentation.
_RESOURCES = (
    (runs, "One run"),
    (updates, "One run"),
    (theory, "One run"),
    (surface, "One run"),
    (exports, "One run"),
    (sweeps, "Many runs"),
    (catalog, "The server"),
    (health, "The server"),
)
RUNS_KEPT = 20_000_000  # bytes


def create_app(using: Settings | None = None) -> FastAPI:
    """The lab with the given settings, or those of the environment."""
    using = using or Settings(**settings.from_environment(os.environ))
    pages = Pages(using)
    workers = Workers("computing", using.threads, using.max_waiting, using.max_seconds)
    services = Services(
        using,
        workers,
        Sweeps(using),
        Workers("disk", using.threads, using.max_waiting),
        asyncio.Event(),
        Exports(using, workers),
        Remembered(RUNS_KEPT),
    )
    live = socket.Live(using, workers)
    metrics = Metrics(lambda: live.sessions)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warming = asyncio.create_task(asyncio.to_thread(pages.warm))
        await asyncio.to_thread(services.sweeps.resume)
        yield
        await warming
        services.exports.close()
        services.workers.close()
        services.disk.close()
        await asyncio.to_thread(services.sweeps.close)
        live.close()

    app = FastAPI(
        title="Bean Bowl",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        # What the server does is counted by `Metrics`; nothing is sent to anybody, and no request asks whether to.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.services = services
    for resource, of in _RESOURCES:
        app.include_router(resource.router, tags=[of])
    app.add_api_websocket_route("/api/live", live.serve)
    app.router.routes.extend([*pages.routes(), NamedRoute("/metrics", metrics.serve)])
    app.add_middleware(Compression)
    app.add_middleware(Direct, path=runs.PATH, answer=runs.run)
    if using.client_rate > 0:
        app.add_middleware(Rates, rate=using.client_rate)
    app.add_middleware(Headers)
    app.add_middleware(Counting, metrics=metrics)
    errors.install(app, pages.missing)
    openapi.install(app, using)
    return app
