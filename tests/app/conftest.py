"""A client for REST and viewers of the live stream, all on the shared live server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest

from tests.app.viewer import Viewer
from tests.servers import Server


@pytest.fixture
def rest(live_server: Server) -> Iterator[httpx2.Client]:
    """A client whose addresses begin at the live server."""
    with httpx2.Client(base_url=live_server.url, timeout=60) as client:
        yield client


@pytest.fixture
def watch(live_server: Server) -> Iterator[Callable[..., Viewer]]:
    """Give `watch()`, `watch(as_json=True)`: a viewer, who leaves when the test ends."""
    with ExitStack() as stack:

        def open_viewer(**options: Any) -> Viewer:
            return stack.enter_context(Viewer(live_server.live_url, **options))

        yield open_viewer
