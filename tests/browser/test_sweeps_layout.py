"""Where things stand on the page of sweeps, whatever is said there and whatever its size."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, Screenshot
from tests.browser.test_sweeps import begin, drawn


def test_a_complaint_leaves_its_row_steady(page: Page) -> None:
    page.goto("/sweeps")
    boxes = page.locator(".values.of-range input, .values.of-range .segmented")
    tops = "items => items.map(item => item.getBoundingClientRect().y)"
    before = boxes.evaluate_all(tops)
    assert len(set(before)) <= 2, "fields in one line, the choice of the spacing a border below it"
    page.get_by_label("from", exact=True).fill("x")
    page.get_by_label("from", exact=True).press("Enter")
    expect(page.locator(".complaint")).to_be_visible()
    assert boxes.evaluate_all(tops) == before


def test_what_is_wrong_with_a_whole_range_is_said(page: Page) -> None:
    page.goto("/sweeps")
    page.get_by_label("and", exact=True).select_option(label="Method")
    expect(page.locator("#cost")).to_contain_text("optimizer.learning_rate: unknown key")


def test_the_colours_of_a_map_stand_beside_it_at_every_size(page: Page) -> None:
    begin(page, "/sweeps?steps=5000&vary=optimizer.learning_rate:0.001..1x9log;batch.size:1,10,all&goal=0.001")
    page.locator("[data-theme-choice=projector]").click()
    page.locator("[data-picture=map]").click()
    for width in (390, 1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for place in (page.locator("#picture-0"), page.locator("#picture-1")):
            expect(place.locator(".colorbar")).to_be_visible()
            page.wait_for_timeout(300)
            around, cells, bar = (
                item.bounding_box() for item in (place, place.locator(".nsewdrag"), place.locator(".colorbar"))
            )
            assert around is not None
            assert cells is not None
            assert bar is not None
            assert cells["x"] + cells["width"] <= bar["x"] + 1, width
            assert bar["x"] + bar["width"] <= around["x"] + around["width"] + 1, width


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_it_fits_the_screen_in_every_theme(page: Page, theme: str, screenshot: Screenshot) -> None:
    page.goto("/sweeps")
    page.locator(f"[data-theme-choice={theme}]").click()
    begin(page)
    drawn(page)
    size: dict[str, Any] = page.evaluate(
        "({ x: document.documentElement.scrollWidth, y: document.documentElement.scrollHeight })"
    )
    assert size == {"x": 1280, "y": 720}
    screenshot(page, f"sweeps-{theme}")


def test_it_fits_a_phone(new_page: NewPage, screenshot: Screenshot) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    begin(page)
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    small = page.evaluate(
        "[...document.querySelectorAll('main button, main select, main input.box')].filter((e) => e.offsetParent"
        " && !e.disabled && e.getBoundingClientRect().height < 24).map((e) => e.outerHTML)"
    )
    assert small == []
    screenshot(page, "sweeps-phone")
