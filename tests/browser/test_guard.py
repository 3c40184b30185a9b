"""The guard itself: a watchman that sleeps would make every browser test worthless."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage
from tests.browser.guard import Guard
from tests.browser.pages import Pages


class Handler(SimpleHTTPRequestHandler):
    """Files, one of which is long in coming."""

    def do_GET(self) -> None:
        if self.path == "/late.html":
            time.sleep(0.3)
        super().do_GET()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of one page that does nothing wrong."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text('<!doctype html><link rel="icon" href="data:,"><title>quiet</title>')
    for name in ("late", "renamed"):
        shutil.copy(folder / "index.html", folder / f"{name}.html")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder))
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


def test_a_page_that_is_used_again_is_as_good_as_new(pages: Pages, site: str) -> None:
    told = """() => [
        window.begun, localStorage.view, localStorage.theme, innerWidth,
        ...["dark", "light"].filter((scheme) => matchMedia(`(prefers-color-scheme: ${scheme})`).matches),
    ]"""
    begin = ["window.begun = true", "localStorage.theme = 'dark'"]
    small = {"base_url": site, "color_scheme": "dark", "viewport": {"width": 300, "height": 200}}
    first = pages.take("slices", begin, small)
    first.goto("/")
    assert first.evaluate(told) == [True, "slices", "dark", 300, "dark"]
    pages.give_back(first)
    second = pages.take("bowl", [], {"base_url": site})
    assert second is first
    second.goto("/")
    assert second.evaluate(told) == [None, "bowl", None, 1280, "light"]
    pages.throw_away(second)


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


GIVE_UP = """() => {
    const patience = new AbortController();
    fetch("/never", { signal: patience.signal }).catch(() => 0);
    setTimeout(() => patience.abort(), 50);
}"""


ASK = """() => {
    globalThis.patience = new AbortController();
    fetch("/never", { signal: patience.signal }).catch(() => 0);
}"""


@pytest.fixture
def waiting(new_page: NewPage, site: str) -> Page:
    """A page that is never answered when it asks for `/never`."""
    page = new_page(base_url=site, own=True)
    page.route("**/never", lambda _: None)
    page.goto("/")
    return page


@pytest.mark.parametrize(
    ("asks", "leave"),
    [
        (True, "location.reload()"),
        (False, "location.href = '/late.html'; setTimeout(() => fetch('/never').catch(() => 0), 100)"),
    ],
    ids=["asked before", "asked while the next is on its way"],
)
def test_what_the_end_of_a_page_ends_is_no_misdeed(
    waiting: Page, guard: Callable[[Page], Guard], asks: bool, leave: str
) -> None:
    if asks:
        # A page that leaves at once may never have sent what it asked for.
        with waiting.expect_request("**/never"):
            waiting.evaluate(ASK)
    with waiting.expect_event("requestfailed", lambda request: request.url.endswith("/never")):
        waiting.evaluate(f"{leave}; history.replaceState(null, '', '/renamed.html'); 0")
    waiting.wait_for_load_state()
    assert guard(waiting).problems == []


def test_a_page_that_stays_after_all_is_held_to_what_it_gives_up(waiting: Page, guard: Callable[[Page], Guard]) -> None:
    waiting.route("**/nothing", lambda route: route.fulfill(status=204))
    own = guard(waiting)
    own.expect("nothing")
    waiting.evaluate(ASK)
    with waiting.expect_event("requestfailed", lambda request: request.url.endswith("/nothing")):
        waiting.evaluate("location.href = '/nothing'; 0")
    for give_up in ("patience.abort()", GIVE_UP):
        with waiting.expect_event("requestfailed"):
            waiting.evaluate(give_up)
    assert [line.rsplit("/", 1)[1] for line in own.problems] == ["never net::ERR_ABORTED"] * 2
    own.expect("never")


def test_what_a_page_gives_up_while_it_is_there_is_a_misdeed(waiting: Page, guard: Callable[[Page], Guard]) -> None:
    for again in (False, True):
        with waiting.expect_event("requestfailed"):
            waiting.evaluate(GIVE_UP)
        if not again:
            waiting.reload()
    own = guard(waiting)
    assert [line.rsplit("/", 1)[1] for line in own.problems] == ["never net::ERR_ABORTED"] * 2
    own.expect("never")
