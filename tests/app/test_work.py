"""Threads for what takes long: bounded, left when nobody waits, and there again after an end."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request

from app.work import Abandoned, Busy, TooLong, Workers


def request(receive: Callable[[], Awaitable[dict[str, Any]]]) -> Request:
    return Request({"type": "http", "method": "POST", "path": "/", "headers": []}, receive)


async def never() -> dict[str, Any]:
    await asyncio.sleep(60)
    raise AssertionError("the test takes too long")


@pytest.mark.anyio
async def test_what_is_computed_comes_back() -> None:
    workers = Workers("test", 2, 2)
    assert await workers.run(lambda x, y: x + y, 1, y=2) == 3
    with pytest.raises(ZeroDivisionError):
        await workers.run(lambda: 1 // 0)
    workers.close()


@pytest.mark.anyio
async def test_a_full_queue_says_so_and_empties_again() -> None:
    workers, go = Workers("test", 1, 2), threading.Event()
    waiting = [asyncio.create_task(workers.run(go.wait, 30)) for _ in range(3)]
    await asyncio.sleep(0.05)
    with pytest.raises(Busy):
        await workers.run(int)
    # Who stops waiting in the queue frees a place; who is being computed does not until it is done.
    waiting[2].cancel()
    await asyncio.sleep(0.05)
    last = asyncio.create_task(workers.run(int))
    await asyncio.sleep(0.05)
    with pytest.raises(Busy):
        await workers.run(int)
    go.set()
    assert await asyncio.gather(*waiting[:2], last) == [True, True, 0]
    assert await workers.run(int) == 0
    workers.close()


@pytest.mark.anyio
async def test_failures_leave_no_place_taken() -> None:
    workers = Workers("test", 1, 0)
    for _ in range(20):
        with pytest.raises(ValueError, match="invalid literal"):
            await workers.run(int, "x")
        workers.close()
    assert await workers.run(int, "5") == 5
    workers.close()


def spin(go_on: Callable[[], bool]) -> str:
    """Compute for ever, unless it is told not to."""
    while go_on():
        time.sleep(0.001)
    return "left"


@pytest.mark.anyio
@pytest.mark.parametrize("who", ["client", "server"])
async def test_what_nobody_waits_for_is_left(who: str) -> None:
    workers, ended = Workers("test", 1, 0), threading.Event()

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.05 if who == "client" else 60)
        return {"type": "http.disconnect"}

    def compute(go_on: Callable[[], bool]) -> str:
        try:
            if spin(go_on) == "left":
                raise Abandoned
            return "done"
        finally:
            ended.set()

    asked = asyncio.create_task(workers.run_for(request(receive), compute))
    await asyncio.sleep(0.02)
    if who == "server":
        workers.abandon()
    with pytest.raises(Abandoned):
        await asked
    assert await asyncio.to_thread(ended.wait, 5)
    workers.close()


@pytest.mark.anyio
async def test_patience_has_an_end() -> None:
    workers = Workers("test", 1, 0, patience=0.05)

    def compute(go_on: Callable[[], bool]) -> None:
        spin(go_on)
        raise Abandoned

    with pytest.raises(TooLong):
        await workers.run_for(request(never), compute)
    workers.close()


@pytest.mark.anyio
async def test_who_waits_gets_the_answer() -> None:
    workers = Workers("test", 1, 0)
    assert await workers.run_for(request(never), lambda go_on: go_on()) is True
    workers.close()
