"""Sweeps outlive what happens to servers and disks: kill -9, a second server, a full disk."""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest

from app import tabular
from app.jobs import plan as plans
from app.jobs import tables
from app.jobs.compute import compute, unpack
from app.settings import Settings
from tests.app import sweeping
from tests.app.sweeping import PATIENCE, is_finished
from tests.processes import children_of, is_alive
from tests.servers import Server

# Some twenty parts, each of which takes a fraction of a second.
MANY: dict[str, dict[str, Any]] = {
    "base": {"steps": 250_000, "loss": "absolute-error"},
    "vary": {
        "optimizer.name": ["gradient-descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam"],
        "batch.order": ["sequential", "shuffled", "random"],
        "start.w": {"from": -1, "to": 2, "count": 10},
    },
}


@pytest.fixture
def undisturbed() -> dict[str, list[Any]]:
    """What the sweep comes to."""
    return undisturbed_many()


@cache
def undisturbed_many() -> dict[str, list[Any]]:
    """What the sweep comes to, computed part by part without any server, and once for all modules that ask."""
    plan = plans.read(MANY, Settings())
    return as_json(plan, [compute(plan.base, part.values, plan.goal) for part in plan.parts])


def as_json(plan: plans.Plan, results: list[bytes]) -> dict[str, list[Any]]:
    """The whole table as REST gives it, from the results of all parts."""
    shape = [len(values) for values in plan.vary.values()]
    rows = np.concatenate([tables.rows_of(part, shape) for part in plan.parts])
    found: dict[str, list[Any]] = json.loads(
        b"".join(tabular.json(tables.table(plan, rows, list(map(unpack, results)))))
    )
    return found


def client(server: Server) -> httpx2.Client:
    return httpx2.Client(base_url=server.url, timeout=30)


def submit(server: Server, request: Any) -> str:
    with client(server) as rest:
        return sweeping.submit(rest, request)


def wait(server: Server, key: str, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    with client(server) as rest:
        return sweeping.wait(rest, key, until)


def table(server: Server, key: str) -> dict[str, list[Any]]:
    with client(server) as rest:
        answer = rest.get(f"/api/sweeps/{key}/results")
        assert answer.status_code == 200, answer.text
        found: dict[str, list[Any]] = answer.json()
        return found


def has_done(runs: int, state: dict[str, Any]) -> bool:
    return bool(state["done_runs"] >= runs)


def parts_done(log: str) -> list[int]:
    return [int(number) for number in re.findall(r"part (\d+) of \d+ is done", log)]


def until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE
    while any(is_alive(pid) for pid in pids):
        assert time.monotonic() < deadline, "workers outlive their server"
        time.sleep(0.02)


def test_a_killed_server_goes_on_where_it_was(
    start_server: Callable[..., Server], undisturbed: dict[str, list[Any]]
) -> None:
    server = start_server(sweep_workers=2, log_level="info")
    key = submit(server, MANY)
    for least in (10, 60):
        wait(server, key, partial(has_done, least))
        workers = [child for child, _ in children_of(server.pid)]
        assert workers
        server.restart()
        until_gone(workers)
    state = wait(server, key, is_finished)
    assert (state["done_runs"], state["progress"]) == (180, 1.0)
    assert table(server, key) == undisturbed
    done = parts_done(server.log_text())
    assert sorted(done) == sorted(set(done)), "a finished part was done again"
    assert len(done) >= 15, "the sweep was over before the server was killed"


def test_stopping_is_not_held_up_by_sweeps(start_server: Callable[..., Server]) -> None:
    endless = {
        "base": {
            "dataset": {"count": 50_000},
            "optimizer": {"name": "adam"},
            "batch": {"size": "all"},
            "steps": 1_000_000,
        }
    }
    server = start_server(sweep_workers=2)
    key = submit(server, endless | {"vary": {"seed": [0, 1, 2, 3]}})
    with client(server) as rest, rest.stream("GET", f"/api/sweeps/{key}/events") as events:
        news = events.iter_text()
        next(news)
        time.sleep(0.5)
        workers = [child for child, _ in children_of(server.pid)]
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 2.5
        with contextlib.suppress(httpx2.HTTPError):
            list(news)
    until_gone(workers)


def test_two_servers_of_one_folder_share_the_work_without_doing_it_twice(
    start_server: Callable[..., Server], undisturbed: dict[str, list[Any]], tmp_path: Path
) -> None:
    first, second = (start_server(data=tmp_path, sweep_workers=1, log_level="info") for _ in range(2))
    keys = [submit(first, MANY), submit(second, MANY)]
    wait(second, keys[0], partial(has_done, 20))
    first.kill()
    for key in keys:
        wait(second, key, is_finished)
        assert table(second, key) == undisturbed
    done = re.findall(r"sweep (\w+): part (\d+) of", first.log_text() + second.log_text())
    assert len(done) == len(set(done))
    assert parts_done(first.log_text())
    assert parts_done(second.log_text())
    with client(second) as rest:
        assert rest.delete(f"/api/sweeps/{keys[0]}").json()["state"] == "finished"


def test_a_sweep_can_be_cancelled_at_the_server_that_does_not_work_on_it(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    first, second = (start_server(data=tmp_path, sweep_workers=1) for _ in range(2))
    key = submit(first, MANY)
    wait(second, key, partial(has_done, 1))
    with client(second) as rest:
        assert rest.delete(f"/api/sweeps/{key}").json()["state"] == "cancelled"
    after = submit(first, {"base": {"steps": 10}, "vary": {"seed": [0, 1]}})
    wait(first, after, is_finished)
    assert wait(first, key, lambda _: True)["state"] == "cancelled"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 600 kB."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "none", str(disk)], check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


LARGE = {"base": {"steps": 1}, "vary": {"seed": list(range(1200)), "optimizer.name": ["momentum", "adam", "rmsprop"]}}


def test_a_full_disk_is_waited_for(start_server: Callable[..., Server], small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    server = start_server(data=small_disk, sweep_workers=1, log_level="info")
    first = submit(server, {"base": {"steps": 5}, "vary": {"seed": [0, 1]}})
    wait(server, first, is_finished)
    # Without a buffer: what a full disk refused would be tried again on closing.
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    ballast.write_bytes(bytes(max(0, ballast.stat().st_size - 60_000)))
    key = submit(server, LARGE)
    state = wait(server, key, lambda state: state["state"] == "waiting-for-space")
    assert "disk is full" in state["sentence"]
    with client(server) as rest:
        assert rest.get(f"/api/sweeps/{first}").json()["state"] == "finished", "what there was can be read"
        refused = rest.post("/api/sweeps", json=LARGE)
        assert refused.status_code == 507
        assert int(refused.headers["retry-after"]) > 0
        assert rest.post("/api/runs", json={"steps": 5}).status_code == 200
    done_before = parts_done(server.log_text())
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    wait(server, key, is_finished)
    assert len(table(server, key)["w"]) == 3600
    done = parts_done(server.log_text())
    assert done[: len(done_before)] == done_before
    assert len(done) == len(done_before) + len(set(done[len(done_before) :]))


def test_a_full_allowance_is_waited_for_and_survives_kill(start_server: Callable[..., Server], tmp_path: Path) -> None:
    server = start_server(data=tmp_path, max_data_bytes=150_000, sweep_workers=1)
    key = submit(server, LARGE)
    wait(server, key, lambda state: state["state"] == "waiting-for-space")
    server.kill()
    roomier = start_server(data=tmp_path, sweep_workers=1)
    wait(roomier, key, is_finished)
    assert len(table(roomier, key)["w"]) == 3600


def test_workers_die_with_a_server_that_is_killed(start_server: Callable[..., Server]) -> None:
    server = start_server(sweep_workers=2)
    key = submit(server, MANY)
    wait(server, key, partial(has_done, 1))
    workers = [child for child, _ in children_of(server.pid)]
    assert len(workers) >= 2
    os.kill(server.pid, signal.SIGKILL)
    until_gone(workers)
