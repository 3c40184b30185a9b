"""The lab with a watch on its event loop: `GET /watched` says for how long it was blocked, and what memory was needed.

Called as `beanbowl` is: `python -m tests.benchmarks.watched serve --port 8000`.
"""

import asyncio
import resource
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from app import cli
from app.main import create_app
from app.settings import Settings

TICK = 0.001


class Watch:
    """By how much a task that only sleeps is late, and how much of that the loop's own thread was computing."""

    def __init__(self) -> None:
        self.late: list[tuple[float, float]] = []

    async def run(self) -> None:
        """Look every millisecond."""
        while True:
            began, own = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK)
            late = time.perf_counter() - began - TICK
            self.late.append((late, min(late, time.thread_time() - own)))

    def read(self) -> dict[str, float]:
        """The worst, in seconds, and how often it was more than 20 ms; then begin anew."""
        late, self.late = self.late or [(0.0, 0.0)], []
        return {
            "worst": max(wall for wall, _ in late),
            "worst_own": max(own for _, own in late),
            "over": sum(wall > 0.02 for wall, _ in late),
            "over_own": sum(own > 0.02 for _, own in late),
            "looks": len(late),
            "peak_server": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }


def watched(using: Settings | None = None) -> FastAPI:
    """The application with its watch."""
    app = create_app(using)
    watch = Watch()
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(served: FastAPI) -> AsyncIterator[Any]:
        async with inner(served) as state:
            task = asyncio.create_task(watch.run())
            yield state
            task.cancel()

    app.router.lifespan_context = lifespan
    app.add_api_route("/watched", watch.read, methods=["GET"], include_in_schema=False)
    return app


if __name__ == "__main__":
    vars(cli)["create_app"] = watched
    raise SystemExit(cli.main(sys.argv[1:]))
