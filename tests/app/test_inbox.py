"""Nothing that arrives is left lying: who waits is woken, whenever it came."""

from math import inf

import anyio
import pytest

from app.live.inbox import Inbox
from app.live.messages import Change, Play, Seek

pytestmark = pytest.mark.anyio


async def test_what_came_after_the_last_look_wakes_at_once() -> None:
    inbox = Inbox()
    assert inbox.take(lambda _: True) is None
    # As while rows are computed, between the look and the wait.
    await inbox.put(Seek(100))
    with anyio.fail_after(5):
        await inbox.wait(inf)
    assert inbox.take(lambda _: True) == Seek(100)


async def test_what_cannot_be_accepted_yet_does_not_keep_awake() -> None:
    inbox = Inbox()
    await inbox.put(Change({"learning_rate": 0.2}))
    assert inbox.take(lambda _: False) is None
    with anyio.move_on_after(0.1) as waited:
        await inbox.wait(inf)
    assert waited.cancelled_caught
    await inbox.put(Play())
    with anyio.fail_after(5):
        await inbox.wait(inf)


async def test_a_time_wakes_too() -> None:
    inbox = Inbox()
    assert inbox.take(lambda _: True) is None
    with anyio.fail_after(5):
        await inbox.wait(anyio.current_time() + 0.01)
