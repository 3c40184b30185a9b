"""Spare time: what nobody has asked for yet is computed where nobody waits for it, and only so much of it."""

import threading
import time
from math import inf
from typing import Any

import anyio
import pytest
from starlette.testclient import TestClient

from app.live.session import Session
from app.live.spare import MEASURED, MOST_SESSIONS, PER_RUN, QUIET, SELDOM, SOON, Load, Spare
from app.main import create_app
from app.settings import Settings
from app.work import Workers


def load(*, sessions: int = 1, share: float = 0.0) -> Load:
    """Of a server whose event loop computes in so much of its time."""
    clock = iter(range(1000))
    return Load(lambda: sessions, (), lambda: share * next(clock))


def test_an_idle_server_leaves_time() -> None:
    assert load().leaves_time(100.0)
    assert load(sessions=MOST_SESSIONS).leaves_time(100.0)


def test_many_sessions_leave_none() -> None:
    assert not load(sessions=MOST_SESSIONS + 1).leaves_time(100.0)


@pytest.mark.parametrize(("share", "leaves"), [(0.4, True), (0.6, False)])
def test_an_event_loop_that_is_busy_leaves_none(share: float, leaves: bool) -> None:
    busy = load(share=share)
    busy.leaves_time(100.0)
    for second in range(1, 4):
        assert busy.leaves_time(100.0 + second) is leaves
        # Looked at again at once, it is what it was a moment ago.
        assert busy.leaves_time(100.0 + second + MEASURED / 2) is leaves


@pytest.mark.anyio
async def test_a_thread_that_computes_leaves_none() -> None:
    workers, began, go = Workers("test", 2, 2), threading.Event(), threading.Event()
    watched = Load(lambda: 1, (workers,), lambda: 0.0)

    def compute() -> None:
        began.set()
        go.wait()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(workers.run, compute)
        await anyio.to_thread.run_sync(began.wait)
        assert not watched.leaves_time(100.0)
        go.set()
    assert watched.leaves_time(101.0)
    workers.close()


def test_a_session_waits_until_its_viewer_is_quiet_and_has_so_much_for_a_run() -> None:
    spare = Spare(load())
    assert spare.due(heard=100.0) == 100.0 + QUIET
    spare.took(PER_RUN / 2)
    assert spare.due(heard=100.0) == 100.0 + QUIET
    spare.took(PER_RUN / 2)
    assert spare.due(heard=100.0) == inf
    spare.restart()
    assert spare.due(heard=200.0) == 200.0 + QUIET


def test_where_there_is_no_time_it_is_tried_ever_more_seldom() -> None:
    spare, now = Spare(load(sessions=MOST_SESSIONS + 1)), 100.0
    pauses = []
    for _ in range(10):
        assert not spare.given(now)
        pauses.append(spare.due(heard=0.0) - now)
        now = spare.due(heard=0.0)
    assert pauses[:2] == [SOON, 2 * SOON]
    assert pauses[-1] == SELDOM


def test_a_run_that_stands_open_is_looked_into_to_its_end_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions: list[Session] = []
    init = Session.__init__

    def noted(session: Session, *args: Any, **settings: Any) -> None:
        init(session, *args, **settings)
        sessions.append(session)

    monkeypatch.setattr(Session, "__init__", noted)
    with TestClient(create_app(Settings())) as client, client.websocket_connect("/api/live?format=json") as live:
        live.send_json({"type": "start", "spec": {"steps": 3000, "optimizer": {"name": "adam"}}})
        kinds = [live.receive_json()["type"] for _ in range(3)]
        assert kinds == ["ready", "step", "state"]
        deadline = time.monotonic() + 20
        while sessions[0].could_look_ahead and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not sessions[0].could_look_ahead
        live.send_json({"type": "step"})
        assert [live.receive_json()["type"] for _ in range(2)] == ["step", "state"]
        # The client would cut a connection off that has not ended yet.
        live.close()
        while "beanbowl_live_sessions 0.0" not in client.get("/metrics").text and time.monotonic() < deadline:
            time.sleep(0.01)
    assert len(sessions) == 1
