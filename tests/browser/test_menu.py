"""Share and Export in the header: the run on the screen, at its step, as a link, a script and every kind of file."""

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Download, Locator, Page, Route, expect

from app.exports.recipe import DIGITS
from tests.browser.conftest import NewPage, Screenshot
from tests.browser.guard import Guard
from tests.browser.lab import Lab, rest
from tests.servers import Server

CHANGED = "rate=0.3&batch=10&order=shuffled&changes=5:rate=0.2;20:rate=0.1;90:rate=0.05&at=31"
SLOW = 60_000  # milliseconds; a film on a busy machine
WITHOUT_CLIPBOARD = (
    "Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => false;"
)


def item(page: Page, name: str) -> Locator:
    """An item of the open menu, by the beginning of its name."""
    return page.get_by_role("menuitem", name=re.compile(f"^{re.escape(name)}"))


def choose(page: Page, menu: str, name: str) -> None:
    """Open a menu and choose an item."""
    page.get_by_role("button", name=menu, exact=True).click()
    item(page, name).click()


def export(page: Page, name: str) -> Download:
    """Choose a format; the file that the browser then gets."""
    with page.expect_download(timeout=SLOW) as download:
        choose(page, "Export", name)
    expect(page.locator("#export-said")).to_have_text(f"{download.value.suggested_filename} is ready.")
    page.keyboard.press("Escape")
    return download.value


def numbers(shown: dict[str, str]) -> dict[str, float]:
    """The numbers under the timeline."""
    return {name: float(text.replace("\u2212", "-")) for name, text in shown.items()}


def to_print(shown: dict[str, str]) -> dict[str, str]:
    """The numbers under the timeline with the digits that a script prints."""
    return {name: f"{value:#.{DIGITS}g}" for name, value in numbers(shown).items()}


def printed(script: str, folder: Path) -> dict[str, str]:
    """The numbers that a script prints in the end, run where nothing but NumPy is needed."""
    path = folder / "run.py"
    path.write_text(script)
    done = subprocess.run([sys.executable, "-I", path], capture_output=True, text=True, check=True)
    found = dict(re.findall(r"^(\w+) = (\S+)$", done.stdout, re.MULTILINE))
    assert found.pop("step") == "31"
    return found


def test_the_copied_link_opens_the_same_run_at_the_same_step(new_page: NewPage, screenshot: Screenshot) -> None:
    page = new_page(color_scheme="dark")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lab = Lab(page).open(f"/?{CHANGED}")
    lab.button("Step").click()
    lab.wait_at_step(32)
    choose(page, "Share", "Copy link")
    expect(page.locator("#share-said")).to_have_text("Copied")
    screenshot(page, "menu-share-dark")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.get_by_role("textbox", name="Link to this run").input_value()
    assert link.endswith("at=32")
    other = Lab(new_page()).open(link)
    assert (other.step, other.spec, other.shown) == (lab.step, lab.spec, lab.shown)


def test_without_a_clipboard_the_link_is_selected(new_page: NewPage) -> None:
    page = new_page(begin=[WITHOUT_CLIPBOARD])
    Lab(page).open("/?rate=0.3&at=7")
    choose(page, "Share", "Copy link")
    expect(page.locator("#share-said")).to_contain_text("Ctrl+C")
    field = page.get_by_role("textbox", name="Link to this run")
    expect(field).to_be_focused()
    assert page.evaluate("getSelection().toString()") == field.input_value()
    assert field.input_value().endswith("/?rate=0.3&at=7")


def test_a_link_without_its_data_says_so(page: Page, new_page: NewPage) -> None:
    many = ",".join(f"{i / 1000:.3f}1" for i in range(500))
    lab = Lab(page).open(f"/?data=points&x={many}&y={many}&rate=0.3")
    assert len(lab.spec["dataset"]["x"]) == 500
    choose(page, "Share", "Copy link")
    expect(page.locator("#share-left-out")).to_be_visible()
    link = page.get_by_role("textbox", name="Link to this run").input_value()
    assert link.endswith("/?left-out=data&rate=0.3")
    other = Lab(new_page()).open(link)
    expect(other.page.get_by_role("alert")).to_contain_text("leaves out the data")
    assert other.spec["optimizer"]["learning_rate"] == 0.3


def test_the_copied_script_prints_the_numbers_of_the_page(page: Page, tmp_path: Path, screenshot: Screenshot) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lab = Lab(page).open(f"/?{CHANGED}")
    choose(page, "Share", "Copy as NumPy")
    dialog = page.get_by_role("dialog", name="This run in NumPy")
    expect(dialog.get_by_role("status")).to_have_text("Copied")
    screenshot(page, "menu-script")
    script = page.evaluate("navigator.clipboard.readText()")
    assert script == dialog.get_by_role("textbox").input_value()
    assert printed(script, tmp_path) == to_print(lab.shown)
    page.evaluate("navigator.clipboard.writeText('')")
    dialog.get_by_role("button", name="Copy").click()
    page.wait_for_function("async text => await navigator.clipboard.readText() === text", arg=script)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(lab.button("Share")).to_be_focused()


def test_light_files_hold_the_run_up_to_the_step_shown(page: Page, live_server: Server, tmp_path: Path) -> None:
    lab = Lab(page).open(f"/?{CHANGED}")
    shown = numbers(lab.shown)

    table = export(page, "CSV")
    assert table.suggested_filename == "bean-bowl-offset-beans-gradient-descent.csv"
    rows = list(csv.DictReader(table.path().read_text().splitlines()))
    last = {name: float(value) for name, value in rows[-1].items()}
    assert {name: float(f"{value:.{DIGITS}g}") for name, value in last.items()} == {"step": 31, **shown}
    trajectory = rest(live_server.url, lab.spec)["trajectory"]
    assert last == {name: trajectory[name][31] for name in last}

    assert printed(export(page, "NumPy script").path().read_text(), tmp_path) == to_print(lab.shown)
    notebook = json.loads(export(page, "Notebook").path().read_text())
    assert notebook["nbformat"] == 4
    html = export(page, "HTML").path().read_text()
    assert html.startswith("<!doctype html>")
    assert 'data-theme="light"' in html


def test_the_whole_run_can_be_chosen(page: Page) -> None:
    Lab(page).open("/?steps=50&at=10")
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_role("menuitemradio", name="Up to step 10")).to_be_checked()
    page.get_by_role("menuitemradio", name="All 50 steps").click()
    expect(page.get_by_role("menuitemradio", name="All 50 steps")).to_be_checked()
    page.keyboard.press("Escape")
    assert export(page, "CSV").path().read_text().splitlines()[-1].startswith("50,")


def test_a_picture_takes_the_theme_and_the_language(new_page: NewPage, screenshot: Screenshot) -> None:
    page = new_page(locale="zh-CN", color_scheme="dark", viewport={"width": 390, "height": 844})
    Lab(page).open("/?at=40")
    page.get_by_role("button", name="导出", exact=True).click()
    screenshot(page, "menu-export-phone-dark")
    with page.expect_request("**/api/exports/png?theme=dark") as asked, page.expect_download(timeout=SLOW) as download:
        item(page, "PNG").click()
    assert asked.value.headers["accept-language"] == "zh"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    expect(page.locator("#export-said")).to_contain_text("已就绪")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_film_says_how_far_it_is_and_can_be_cancelled(
    page: Page, guard: Callable[[Page], Guard], screenshot: Screenshot
) -> None:
    guard(page).expect("ERR_ABORTED")
    Lab(page).open("/?steps=3000")
    choose(page, "Export", "GIF")
    expect(page.locator("#export-said")).to_have_text("GIF is being made…")
    bar = page.get_by_role("progressbar", name="Progress of the export")
    expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^\d+$"), timeout=SLOW)
    screenshot(page, "menu-export-progress")
    expect(item(page, "CSV")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#export-said")).to_have_text("Cancelled.")
    expect(bar).to_be_hidden()
    expect(item(page, "GIF")).to_be_focused()


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (503, '{"errors": [{"path": "", "message": "too much is going on"}]}', "Not possible: too much is going on."),
        (429, '{"detail": "slowly, please", "status": 429}', "Not possible: slowly, please."),
        (502, "<html>", "The server could not do that. Try again."),
    ],
)
def test_a_refusal_is_a_sentence(
    page: Page, guard: Callable[[Page], Guard], status: int, body: str, sentence: str
) -> None:
    guard(page).expect(f"answer {status}|status of {status}")

    def refuse(route: Route) -> None:
        route.fulfill(status=status, content_type="application/problem+json", body=body)

    page.route("**/api/exports/*", refuse)
    Lab(page).open()
    choose(page, "Export", "CSV")
    expect(page.locator("#export-said")).to_have_text(sentence)
    expect(item(page, "CSV")).not_to_have_attribute("aria-disabled", "true")
    choose(page, "Share", "Copy as NumPy")
    expect(page.locator("#script-said")).to_have_text(sentence)
    expect(page.locator("#script-copy")).to_be_disabled()


def test_the_menus_by_keyboard(page: Page, screenshot: Screenshot) -> None:
    lab = Lab(page).open("/?at=12")
    share, export_button = lab.button("Share"), lab.button("Export")
    share.focus()
    page.keyboard.press("Enter")
    expect(item(page, "Copy link")).to_be_focused()
    expect(share).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(share).to_be_focused()
    expect(share).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    expect(item(page, "Notebook")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitemradio", name="Up to step 12")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("h")
    expect(item(page, "HTML")).to_be_focused()
    screenshot(page, "menu-export")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("i")
    assert lab.step == 12
    expect(page.locator("#inspector")).to_be_hidden()
    page.mouse.click(640, 300)
    expect(export_button).to_have_attribute("aria-expanded", "false")
    expect(item(page, "HTML")).to_be_hidden()


def test_files_call_the_columns_as_the_page_does(page: Page) -> None:
    Lab(page).open("/?data=points&x=0,1,2&y=1,3,5&steps=9&x-name=height&y-name=weight%20%26%20more")
    script = export(page, "NumPy script")
    assert "# The points: x is height, y is weight & more." in script.path().read_text()
