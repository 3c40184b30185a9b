"""The guard itself: a watchman that sleeps would make every browser test worthless."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage
from tests.browser.guard import Guard


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A site of one page that does nothing wrong."""
    (tmp_path / "index.html").write_text('<!doctype html><link rel="icon" href="data:,"><title>quiet</title>')
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=tmp_path))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_quiet_page_passes(new_page: NewPage, site: str, guard: Callable[[Page], Guard]) -> None:
    page = new_page(base_url=site)
    page.goto("/")
    assert page.title() == "quiet"
    assert guard(page).problems == []


def test_webgl_is_there(new_page: NewPage, site: str) -> None:
    page = new_page(base_url=site)
    page.goto("/")
    assert page.evaluate("document.createElement('canvas').getContext('webgl2') !== null")


@pytest.mark.parametrize(
    ("misdeed", "problem"),
    [
        ("console.log('hello')", "console.log: hello"),
        ("console.warn('careful')", "console.warning: careful"),
        ("setTimeout(() => { throw new Error('broken') })", "page error: broken"),
        ("fetch('/nowhere')", "answer 404: GET .*/nowhere"),
        ("fetch('http://elsewhere.test/').catch(() => 0)", "request to another host: http://elsewhere.test/"),
        ("new WebSocket('ws://elsewhere.test/') && 0", "request to another host: ws://elsewhere.test/"),
    ],
)
def test_a_misdeed_is_seen(
    new_page: NewPage, site: str, guard: Callable[[Page], Guard], misdeed: str, problem: str
) -> None:
    page = new_page(base_url=site)
    page.goto("/")
    page.evaluate(misdeed)
    page.wait_for_timeout(100)
    own = guard(page)
    assert any(re.search(problem, line) for line in own.problems), own.problems
    own.expect(problem)
    own.expect(r"^console\.error|^failed request")  # the browser's own words on what the test provokes
    assert own.problems == []
