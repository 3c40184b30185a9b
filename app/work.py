"""Threads for what takes longer than the event loop may be held up; a bounded number, with a bounded queue."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from math import inf
from threading import Event, Semaphore
from time import monotonic
from typing import Any, ParamSpec, TypeVar

from starlette.requests import Request

P = ParamSpec("P")
T = TypeVar("T")


class Busy(Exception):
    """Too much is waiting for a thread already."""


class Abandoned(Exception):
    """Nobody waits for the answer any more."""


class TooLong(Exception):
    """It was not done in the seconds that one computation may take."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"more than {seconds:g} s")


class Workers:
    """A bounded pool of threads: more than `waiting` computations in the queue raise Busy.

    patience: seconds that a computation may take of which somebody waits for the end.
    """

    def __init__(self, name: str, threads: int, waiting: int, patience: float = inf) -> None:
        self._name = name
        self._patience = patience
        self._threads = threads
        self._executor: ThreadPoolExecutor | None = None
        self._places = Semaphore(threads + waiting)
        self._abandoned: set[Event] = set()
        self._computing: set[Future[Any]] = set()

    @property
    def busy(self) -> bool:
        """Whether anything is being computed, or waits for a thread."""
        return bool(self._computing)

    async def run(self, compute: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `compute` gives, computed in a thread."""
        if not self._places.acquire(blocking=False):
            raise Busy
        if self._executor is None:
            self._executor = ThreadPoolExecutor(self._threads, thread_name_prefix=self._name)
        future = self._executor.submit(compute, *args, **kwargs)
        self._computing.add(future)
        future.add_done_callback(self._done)
        return await asyncio.wrap_future(future)

    def _done(self, future: "Future[Any]") -> None:
        # The place is free when the thread is done with it, not when somebody stops waiting for it.
        self._computing.discard(future)
        self._places.release()

    async def run_for(self, request: Request, compute: Callable[[Callable[[], bool]], T]) -> T:
        """The same for somebody who may leave: `compute` is given a function that says whether to go on.

        Raises Abandoned when the client has gone or the server stops, TooLong when patience is at its end.
        """
        abandoned = Event()
        self._abandoned.add(abandoned)

        def compute_for_a_while() -> T:
            deadline = monotonic() + self._patience
            try:
                return compute(lambda: not abandoned.is_set() and monotonic() < deadline)
            except Abandoned:
                if abandoned.is_set():
                    raise
                raise TooLong(self._patience) from None

        leaving = asyncio.ensure_future(_gone(request))
        job = asyncio.ensure_future(self.run(compute_for_a_while))
        try:
            await asyncio.wait({job, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not job.done():
                raise Abandoned
            return job.result()
        finally:
            abandoned.set()
            self._abandoned.discard(abandoned)
            leaving.cancel()
            job.cancel()

    def abandon(self) -> None:
        """Let what can be stopped stop."""
        for abandoned in self._abandoned:
            abandoned.set()

    def close(self) -> None:
        """End the threads when they are done, and begin nothing that waits; the next computation makes new ones."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None


async def _gone(request: Request) -> None:
    """Return when the client has closed the connection; the body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
