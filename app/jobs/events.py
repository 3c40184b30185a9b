"""Progress as server-sent events: a state whenever there is news, until the sweep has ended."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from app.answers import dumps

LOOK = 0.25  # seconds between looks
KEEP_ALIVE = 15.0  # seconds of silence after which a proxy might think that the connection is dead
RETRY_MILLISECONDS = 1000


async def stream(
    look: Callable[[], Awaitable[tuple[str, dict[str, Any]]]], seen: str | None, closing: asyncio.Event
) -> AsyncIterator[bytes]:
    """Events of a sweep until it ends or the server closes.

    `look` gives the version of the state and the state; `seen` is the version that the client has (Last-Event-ID).
    """
    yield b"retry: %d\n\n" % RETRY_MILLISECONDS
    said = monotonic()
    while not closing.is_set():
        version, state = await look()
        if version != seen:
            yield b"id: %b\nevent: state\ndata: %b\n\n" % (version.encode(), dumps(state))
            seen, said = version, monotonic()
        elif monotonic() - said > KEEP_ALIVE:
            yield b": still here\n\n"
            said = monotonic()
        if state["ended"] is not None:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(closing.wait(), LOOK)
