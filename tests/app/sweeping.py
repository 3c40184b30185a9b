"""What tests of sweeps share: requests, and what is done with them over REST."""

import time
from collections.abc import Callable
from typing import Any

import httpx2

PATIENCE = 90.0

# Hours of work, in parts that cannot be interrupted from inside.
SLOW = {"dataset": {"count": 50_000}, "optimizer": {"name": "adam"}, "batch": {"size": "all"}, "steps": 1_000_000}
ENDLESS = {"base": SLOW, "vary": {"seed": {"from": 0, "to": 99, "count": 100}}}


def submit(rest: httpx2.Client, request: Any) -> str:
    """Begin a sweep: its id."""
    answer = rest.post("/api/sweeps", json=request)
    assert answer.status_code == 202, answer.text
    key: str = answer.json()["id"]
    assert answer.headers["location"] == f"/api/sweeps/{key}"
    return key


def has_ended(state: dict[str, Any]) -> bool:
    return state["ended"] is not None


def is_finished(state: dict[str, Any]) -> bool:
    finished: bool = state["state"] == "finished"
    return finished


def wait(rest: httpx2.Client, key: str, until: Callable[[dict[str, Any]], bool] = has_ended) -> dict[str, Any]:
    """The first state of a sweep that is as wanted."""
    deadline = time.monotonic() + PATIENCE
    while True:
        state: dict[str, Any] = rest.get(f"/api/sweeps/{key}").json()
        if until(state):
            return state
        assert time.monotonic() < deadline, state
        time.sleep(0.02)
