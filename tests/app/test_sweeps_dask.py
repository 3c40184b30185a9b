"""The same sweeps on a Dask cluster of several worker processes, one of which is killed on the way."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx2
import pytest

from app.jobs.plan import read
from app.settings import Settings
from tests.app.sweeping import is_finished
from tests.app.test_sweeps_survive import MANY, has_done, submit, undisturbed_many, wait
from tests.servers import Server, free_port

pytest.importorskip("distributed", reason="needs the extra: pip install 'beanbowl[cluster]'")
START = 30.0
FEW = MANY | {"vary": MANY["vary"] | {"optimizer.name": ["gradient-descent", "adam"]}}  # six parts


def process(folder: Path, program: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{program}", *arguments]
    with (folder / "dask.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)


class Cluster:
    """A scheduler and worker processes of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.scheduler = self.start_scheduler()
        self.workers = [self.start_worker() for _ in range(3)]

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        here = ["--host", "127.0.0.1", "--port", self.address.rpartition(":")[2]]
        return process(self.folder, "scheduler", *here, "--no-dashboard", "--no-jupyter")

    def start_worker(self) -> subprocess.Popen[bytes]:
        plain = ["--no-nanny", "--no-dashboard", "--nthreads", "1", "--memory-limit", "0"]
        return process(self.folder, "worker", self.address, *plain, "--local-directory", str(self.folder))

    def close(self) -> None:
        for each in (*self.workers, self.scheduler):
            each.kill()
            each.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("dask"))
    yield made
    made.close()


def test_a_sweep_on_a_cluster_survives_its_workers_and_its_server(
    cluster: Cluster, start_server: Callable[..., Server]
) -> None:
    server = start_server(dask=cluster.address, log_level="info")
    key = submit(server, MANY)
    wait(server, key, partial(has_done, 20))
    killed = cluster.workers[0]
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    wait(server, key, partial(has_done, 60))
    server.restart()
    wait(server, key, is_finished)

    with httpx2.Client(base_url=server.url) as rest:
        found = rest.get(f"/api/sweeps/{key}/results").json()
    assert found == undisturbed_many()
    done = [line for line in server.log_text().splitlines() if " is done" in line]
    # One part may have been written when the server was killed, and not yet told of.
    assert len(read(MANY, Settings()).parts) - 1 <= len(done) == len(set(done))


def test_a_scheduler_that_goes_away_is_waited_for(cluster: Cluster, start_server: Callable[..., Server]) -> None:
    server = start_server(dask=cluster.address)
    key = submit(server, FEW)
    wait(server, key, partial(has_done, 1))
    cluster.close()
    state = wait(server, key, lambda state: state["state"] == "waiting-for-workers")
    assert "workers" in state["sentence"]
    with ExitStack() as stack:
        cluster.scheduler = cluster.start_scheduler()
        cluster.workers = [cluster.start_worker() for _ in range(2)]
        stack.callback(cluster.close)
        wait(server, key, is_finished)


def test_a_server_begins_without_its_cluster(start_server: Callable[..., Server]) -> None:
    server = start_server(dask=f"tcp://127.0.0.1:{free_port()}")
    key = submit(server, MANY)
    began = time.monotonic()
    assert wait(server, key, lambda state: state["state"] == "waiting-for-workers")["done_runs"] == 0
    with httpx2.Client(base_url=server.url) as rest:
        assert rest.delete(f"/api/sweeps/{key}").json()["state"] == "cancelled"
    assert time.monotonic() - began < START
