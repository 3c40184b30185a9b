"""Real Chromium for the tests of this folder, and pages that fail their test on any complaint.

Playwright's loop runs in the main thread as long as its driver does, so the driver lives for this folder only
(scope "package") and the tests here are plain functions; asynchronous tests have their place in tests/app.
"""

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.guard import Guard
from tests.browser.pages import Pages
from tests.servers import Server

PICTURES = Path("build/screenshots")
failed = pytest.StashKey[bool]()
guards: dict[BrowserContext, Guard] = {}

NewPage = Callable[..., Page]
Screenshot = Callable[[Page, str], Path]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this folder."""
    executable = find_chromium()
    assert executable is not None, "there is no Chromium: 'make chromium' installs one"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def pages(browser: Browser) -> Pages:
    """The pages that the tests of this folder share."""
    return Pages(browser)


@pytest.fixture
def new_page(pages: Pages, request: pytest.FixtureRequest, screenshot: Screenshot) -> Iterator[NewPage]:
    """Give `new_page(base_url=…, locale="zh-CN", …)`: a page in a context of its own, 1280×720, guarded.

    The keywords are those of Playwright's `Browser.new_context`; without `base_url` it is the live server's. The lab
    opens on the tab `view`: the contour, for a processor needs seconds to draw the bowl without a graphics card.
    In every document, the scripts `begin` run before its own. Earlier tests may have used the page; a test that wants
    it to know nothing, or does to it what cannot be undone, asks for one of its `own`.
    """
    taken: list[tuple[Page, bool]] = []

    def open_page(*, view: str = "contour", begin: Sequence[str] = (), own: bool = False, **options: Any) -> Page:
        if "base_url" not in options:
            live: Server = request.getfixturevalue("live_server")
            options["base_url"] = live.url
        page = pages.take(view, begin, options, anew=own)
        guards[page.context] = Guard(page.context, options["base_url"])
        taken.append((page, own))
        return page

    yield open_page

    problems = []
    for number, (page, own) in enumerate(taken):
        has_failed = request.node.stash.get(failed, False)
        if has_failed and not page.is_closed():
            screenshot(page, f"failed-{request.node.name}-{number}")
        guard = guards.pop(page.context)
        problems += guard.problems
        guard.release()
        if own or has_failed or page.is_closed():
            pages.throw_away(page)
        else:
            pages.give_back(page)
    assert not problems, "the page complained:\n" + "\n".join(problems)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """An empty page that knows the live server: `page.goto("/")`."""
    return new_page()


@pytest.fixture
def guard() -> Callable[[Page], Guard]:
    """Give the guard of a page, to tell it what to expect: `guard(page).expect("ERR_CONNECTION_REFUSED")`."""
    return lambda page: guards[page.context]


@pytest.fixture
def screenshot() -> Screenshot:
    """Give `screenshot(page, name)`: a picture in build/screenshots, for a person to look at."""

    def take(page: Page, name: str) -> Path:
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = (PICTURES / re.sub(r"[^\w-]+", "-", name)).with_suffix(".png")
        page.screenshot(path=path)
        return path

    return take


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether the test failed, so that its pages are photographed before they close."""
    report = yield
    item.stash[failed] = item.stash.get(failed, False) or report.failed
    return report
