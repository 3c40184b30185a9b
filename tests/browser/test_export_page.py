"""The exported page: one file, opened from the disk, with no server and no network."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import engine
from app import exports
from app.exports import Options
from engine import RunSpec
from tests.browser.conftest import NewPage, Screenshot

DIVERGING: dict[str, Any] = {"batch": {"size": "all"}, "optimizer": {"learning_rate": 0.9}, "steps": 400}
LONG: dict[str, Any] = {"steps": 10_000, "changes": [{"step": 5000, "optimizer": {"learning_rate": 0.01}}]}
ONE: dict[str, Any] = {"model": "proportional", "dataset": {"name": "proportional-beans"}, "steps": 50}

PATIENCE = 30_000  # milliseconds; drawing is done by the processor

Open = Callable[..., Page]


@pytest.fixture
def opened(new_page: NewPage, tmp_path: Path) -> Open:
    """Give `opened(content, lang="zh", …)`: the exported page of a run, drawn."""

    def open_page(content: dict[str, Any], viewport: dict[str, int] | None = None, **options: Any) -> Page:
        path = tmp_path / "run.html"
        path.write_bytes(exports.export(RunSpec.from_dict(content), "html", Options(**options)))
        page = new_page(base_url=path.as_uri(), own=True, **({"viewport": viewport} if viewport else {}))
        page.goto(path.as_uri())
        for name in ("beans", "bowl", "loss"):
            expect(page.locator(f"#{name} .plot-container")).to_be_visible(timeout=PATIENCE)
        return page

    return open_page


def numbers(page: Page) -> dict[str, float]:
    """The numbers that the page shows."""
    cells = page.locator("#numbers dd")
    return {str(cell.get_attribute("data-name")): float(cell.inner_text()) for cell in cells.all()}


@pytest.mark.parametrize(("content", "lang", "theme"), [(LONG, "en", "light"), (ONE, "zh", "projector")])
def test_the_page_shows_the_run(opened: Open, screenshot: Screenshot, content: Any, lang: str, theme: str) -> None:
    page = opened(content, lang=lang, theme=theme)
    assert numbers(page) == engine.run(RunSpec.from_dict(content)).final
    screenshot(page, f"export-{lang}-{theme}")
    assert page.locator("html").get_attribute("data-theme") == theme
    assert ("损失" in page.inner_text("#numbers")) == (lang == "zh")
    assert len(page.content()) < 3_000_000


def test_every_row_can_be_shown(opened: Open) -> None:
    page = opened(ONE)
    rows = engine.run(RunSpec.from_dict(ONE)).trajectory
    slider = page.get_by_role("slider", name="Timeline")
    slider.fill("0")
    assert numbers(page) == {"w": rows.theta[0, 0], "loss": rows.loss[0]}
    slider.press("ArrowRight")
    assert numbers(page) == {"w": rows.theta[1, 0], "loss": rows.loss[1]}
    assert page.inner_text("#step") == "step 1 of 50"


def test_the_run_plays(opened: Open) -> None:
    page = opened(ONE)
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").click()
    assert 0 <= int(page.get_by_role("slider", name="Timeline").input_value()) < 50
    page.keyboard.press("Escape")
    page.get_by_role("slider", name="Timeline").fill("35")  # a whole run takes twelve seconds
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("slider", name="Timeline")).to_have_value("50", timeout=PATIENCE)
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_long_run_is_thinned_and_says_so(opened: Open) -> None:
    page = opened(LONG)
    assert "of 10\u202f000 steps shown" in page.inner_text("header")
    assert int(page.get_by_role("slider", name="Timeline").get_attribute("max") or 0) < 4000
    assert page.inner_text("#rate") == "a = 0.01"
    assert page.locator("#changes option").count() == 1
    page.get_by_role("slider", name="Timeline").fill("0")
    assert page.inner_text("#rate") == "a = 0.1"


def test_a_diverged_run_ends_with_the_sentence(opened: Open, screenshot: Screenshot) -> None:
    page = opened(DIVERGING, lang="en", theme="dark", viewport={"width": 390, "height": 844})
    assert page.inner_text("#sentence").startswith("Diverged at step 44: 0.90 > 0.756")
    screenshot(page, "export-diverged")
    page.get_by_role("slider", name="Timeline").fill("3")
    assert page.inner_text("#sentence") == ""


def test_nothing_that_is_given_can_end_the_script() -> None:
    content = {"dataset": {"name": "points", "x": [0.5, 1], "y": [1, 2]}, "steps": 3}
    html = exports.export(RunSpec.from_dict(content), "html").decode()
    story = html.split('id="story">')[1].split("</script>")[0]
    assert "<" not in story
