"""What all tests share: a live server, servers to order, and the profile of the property tests."""

import os
import signal
from collections.abc import Callable, Generator, Iterator
from typing import Any

import hypothesis
import pytest

from tests.servers import Server, run, running

LOG_TAIL = 6_000  # characters of a server's log shown with a failed test

# Machines of different speed must agree: no time limit for an example, and in CI always the same examples.
hypothesis.settings.register_profile("beanbowl", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("beanbowl")

# A shell's background jobs, which the tests may be one of, are born deaf to Ctrl-C, and so would be what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def anyio_backend() -> str:
    """Run tests marked `anyio` on asyncio, the loop that uvicorn runs."""
    return "asyncio"


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The lab with its default settings, one for the whole session: a test must not harm it."""
    with run(tmp_path_factory.mktemp("live_server")) as server:
        yield server


@pytest.fixture
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Give `start_server(frames_per_second=30, …)`: a server of the test's own, to kill and to restart."""
    own: list[Server] = []

    def start(**settings: Any) -> Server:
        server = Server(tmp_path_factory.mktemp("server") / "server.log", **settings)
        own.append(server)
        running.append(server)
        return server.start()

    try:
        yield start
        for server in own:
            server.stop()
    finally:
        for server in own:
            running.remove(server)
            server.kill()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the servers had to say with every failed test."""
    report = yield
    if report.failed:
        for server in running:
            report.sections.append((f"log of {server.url}", server.log_text()[-LOG_TAIL:]))
    return report
