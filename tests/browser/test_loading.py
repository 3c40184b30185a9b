"""Before and without Plotly, WebGL and JavaScript: the page is there at once, and says what is missing."""

import gzip
import re
from collections.abc import Callable
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NewPage
from tests.browser.guard import Guard
from tests.browser.lab import Lab
from tests.servers import Server

PLOTLY = re.compile(r"/static/plotly-.*\.min\.js")
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
PLOTLY_BEGAN = "() => performance.getEntriesByType('resource').find(e => e.name.includes('/plotly-'))?.startTime"


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page as somebody sees it who comes for the first time."""
    return new_page(view="bowl", own=True)


def test_the_page_paints_before_plotly_has_arrived(page: Page) -> None:
    held: list[Route] = []
    page.route(PLOTLY, lambda route: held.append(route))  # noqa: PLW0108 -- Playwright marks its handlers
    page.goto("/")
    lab = Lab(page)
    page.wait_for_function(FIRST_PAINT)
    expect(page.locator("#plot-bowl .skeleton")).to_be_visible()
    expect(lab.choice("Data")).to_be_visible()
    expect(page.locator("#readout [data-name=loss] dd")).to_have_text(re.compile(r"0\.\d+"))
    # The numbers run without the figures; those show the present step when they come.
    lab.play_to(10)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("#plot-bowl:not([aria-busy])")).to_be_attached()
    expect(page.locator(".skeleton")).to_have_count(0)


def test_plotly_is_asked_for_after_the_first_paint(page: Page) -> None:
    Lab(page).open()
    assert page.evaluate(FIRST_PAINT) <= page.evaluate(PLOTLY_BEGAN)


def test_plotly_is_compressed_and_immutable(page: Page, live_server: Server) -> None:
    with page.expect_response(PLOTLY) as caught:
        page.goto("/")
    url = caught.value.url
    with urlopen(Request(url, headers={"Accept-Encoding": "gzip"}), timeout=30) as answer:
        body = answer.read()
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
    assert len(body) < 0.4 * len(gzip.decompress(body))


def test_plotly_that_fails_is_said_and_can_be_loaded_again(page: Page, guard: Callable[[Page], Guard]) -> None:
    guard(page).expect(r"plotly-|ERR_FAILED")
    page.route(PLOTLY, lambda route: route.abort(), times=1)
    page.goto("/")
    expect(page.locator("#plot-bowl .trouble")).to_contain_text("could not be loaded")
    page.get_by_role("button", name="Load again").click()
    expect(page.locator("#plot-bowl:not([aria-busy]) .trouble")).to_have_count(0)
    expect(page.locator("#plot-bowl canvas").first).to_be_attached()


def test_without_javascript_the_page_says_what_it_needs(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/")
    expect(page.locator(".no-script")).to_contain_text("JavaScript")
    expect(page.locator("#lab")).to_be_hidden()


def test_a_hidden_page_keeps_its_rows_and_acknowledges_them(new_page: NewPage) -> None:
    # A hidden page gets no animation frames; here they are held back by hand.
    held_back = """
        let hidden = false;
        const frames = window.requestAnimationFrame.bind(window);
        window.requestAnimationFrame = (call) => hidden ? 0 : frames(call);
        Object.defineProperty(document, "visibilityState", { get: () => hidden ? "hidden" : "visible" });
        window.hide = () => { hidden = true; };
    """
    page = new_page(view="bowl", begin=[held_back])
    lab = Lab(page).open()
    lab.button("Play").click()
    lab.wait_for_step(5)
    page.evaluate("hide()")
    page.wait_for_timeout(1500)
    assert lab.step > 40
