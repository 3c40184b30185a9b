"""The site of the figures, and pages on it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage
from tests.browser.figures.figures import CARD, MIRROR, Figures
from tests.browser.figures.site import serve


@pytest.fixture(scope="package")
def site() -> Iterator[str]:
    """The address of the site."""
    with serve() as address:
        yield address


@pytest.fixture
def blank(new_page: NewPage, site: str) -> Page:
    """A page with nothing on it, to import modules."""
    page = new_page(base_url=site)
    page.goto("/blank.html")
    return page


@pytest.fixture
def figures(new_page: NewPage, site: str) -> Figures:
    """A page with figures, yet to be opened, and with a graphics card: what there is without one, test_light tells."""
    figures = Figures(new_page(base_url=site))
    figures.page.evaluate(CARD)
    return figures


@pytest.fixture
def mirrored(figures: Figures) -> Figures:
    """The same, with a copy of what the graphics card is given."""
    figures.page.evaluate(MIRROR)
    return figures
