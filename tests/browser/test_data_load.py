"""Beans of one's own, as a table: pasted, uploaded, dropped; and the run on the screen until they are used."""

import csv
import json
import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.beans import Beans, assert_refitted
from tests.browser.conftest import NewPage
from tests.browser.lab import rest
from tests.browser.test_menu import choose
from tests.servers import Server

DROP = """([name, text]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], name));
    for (const type of ["dragover", "drop"]) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
}"""

PASTE = """text => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.querySelector("#load-text").dispatchEvent(event);
}"""


# The pixels between the title of the upright axis of a figure and its ticks.
TITLE_GAP = """place => {
    const ticks = [...document.querySelectorAll(`${place} .ytick text`)];
    const left = Math.min(...ticks.map(tick => tick.getBoundingClientRect().left));
    return left - document.querySelector(`${place} .ytitle`).getBoundingClientRect().right;
}"""


@pytest.fixture
def lab(page: Page) -> Beans:
    return Beans(page)


def paste(lab: Beans, text: str) -> None:
    if not lab.page.locator("#load").is_visible():
        lab.button("Paste or upload").click()
    lab.box("Beans as CSV").fill(text)


def use(lab: Beans, count: int) -> None:
    lab.button("Use these beans").click()
    lab.page.wait_for_function("n => beanBowl.settled && beanBowl.spec.dataset.y?.length === n", arg=count)
    lab.settle()


def test_a_table_is_pasted_and_used_as_it_is(lab: Beans, live_server: Server) -> None:
    lab.open("/?at=25&batch=all")
    for separator in ",;\t":
        paste(lab, f"area{separator}price\n1.5{separator}2\n-2{separator}0.25\n\n4{separator}1e-1\n")
        expect(lab.page.locator("#load-found")).to_contain_text("3 beans: area from −2 to 4, price from 0.1 to 2.")
        expect(lab.page.locator("#load-preview")).to_contain_text("areaprice1.52-20.25")
    assert lab.step == 25, "nothing has happened yet"
    assert lab.spec["dataset"]["name"] == "offset-beans"
    use(lab, 3)
    assert lab.points == [[1.5, 2], [-2, 0.25], [4, 0.1]]
    assert lab.step == 0
    assert_refitted(lab, live_server)
    expect(lab.page.locator("#plot-beans .xtitle")).to_have_text("area")
    expect(lab.page.locator("#plot-beans .ytitle")).to_have_text("price")
    # Whoever gets the link reads the same names.
    lab.page.wait_for_function("() => location.search.endsWith('&x-name=area&y-name=price')")
    lab.page.reload()
    expect(lab.page.locator("#plot-beans .xtitle")).to_have_text("area")
    expect(lab.page.locator("#plot-beans .ytitle")).to_have_text("price")
    assert lab.points == [[1.5, 2], [-2, 0.25], [4, 0.1]]


def test_names_go_with_their_beans(lab: Beans) -> None:
    lab.open("/?batch=all")
    paste(lab, "area,price\n1.5,2\n-2,0.25\n4,0.1\n")
    use(lab, 3)
    expect(lab.page.locator("#plot-beans .xtitle")).to_have_text("area")
    lab.page.keyboard.press("Control+z")
    lab.page.wait_for_function("() => beanBowl.spec.dataset.name === 'offset-beans'")
    expect(lab.page.locator("#plot-beans .xtitle")).to_have_text("size")


def test_columns_can_be_chosen_by_name(lab: Beans) -> None:
    lab.open()
    paste(lab, "bean,size,age,toxicity\nkidney,1,10,0.5\nbroad,2,20,0.75\n")
    expect(lab.choice("Column for x")).to_have_value("1")
    expect(lab.choice("Column for y")).to_have_value("2")
    lab.choice("Column for y").select_option("toxicity")
    expect(lab.page.locator("#load-found")).to_contain_text("toxicity from 0.5 to 0.75")
    lab.choice("Column for x").select_option("bean")
    expect(lab.page.locator("#load-wrong")).to_have_text("Line 2, column bean: “kidney” is not a number.")
    expect(lab.button("Use these beans")).to_be_disabled()
    lab.choice("Column for x").select_option("age")
    # Another row of the same table leaves the choice as it is.
    text = lab.box("Beans as CSV").input_value()
    lab.box("Beans as CSV").fill(text.rstrip() + "\n")
    expect(lab.choice("Column for x")).to_have_value(
        lab.choice("Column for x").locator("option", has_text="age").get_attribute("value") or ""
    )
    use(lab, 2)
    assert lab.points == [[10, 0.5], [20, 0.75]]


def test_what_is_wrong_is_said_with_its_line_and_the_run_stays(lab: Beans) -> None:
    lab.open("/?rate=0.3&at=17")
    before = (lab.spec, lab.shown, lab.step)
    for text, said in {
        "size,toxicity\n0.1,0.2\n0.3,abc\n": "Line 3, column toxicity: “abc” is not a number.",
        "0.1,0.2\n0.3\n": "Line 2: expected 2 values, as in most lines, got 1.",
        "0.1;0.2\n;0.3\n": "Line 2: the value in column 1 is missing.",
        "5\n6\n": "Line 1: only one column was found; two are needed, separated by comma, tab or semicolon.",
        "x,y\n": "Line 1 is a header, and no rows follow it.",
    }.items():
        paste(lab, text)
        expect(lab.page.locator("#load-wrong")).to_have_text(said)
        expect(lab.button("Use these beans")).to_be_disabled()
    lab.page.evaluate(PASTE, "1,2\n" * 100_001)
    said = "Line 100\u202f001: at most 100\u202f000 rows can be used, and there are 100\u202f001."
    expect(lab.page.locator("#load-wrong")).to_have_text(said)
    expect(lab.button("Use these beans")).to_be_disabled()
    lab.box("Beans as CSV").press("Escape")
    expect(lab.page.locator("#load")).to_be_hidden()
    assert (lab.spec, lab.shown, lab.step) == before


def test_another_table_offers_its_own_columns(lab: Beans) -> None:
    """Also one with as many of them as the one before."""
    lab.open("/")
    paste(lab, "size,tox,rest\n1,2,3\n4,5,6\n")
    expect(lab.choice("Column for x")).to_have_value("0")
    paste(lab, "bean,size,tox\nred,1,2\nblack,3,4\n")
    expect(lab.choice("Column for x")).to_have_value("1")
    expect(lab.choice("Column for y")).to_have_value("2")
    expect(lab.button("Use these beans")).to_be_enabled()


def test_the_button_uses_the_text_that_is_there(lab: Beans) -> None:
    """However soon it is pressed after a key; a long text is read when there are no more keys for a moment."""
    lab.open("/?at=5")
    paste(lab, "1,2\n3,4\n")
    press = "text => { const field = document.querySelector('#load-text'); field.value = text;"
    press += "field.dispatchEvent(new Event('input')); document.querySelector('#load-use').click(); }"
    lab.page.evaluate(press, "size,tox\n1,abc\n")
    expect(lab.page.locator("#load-wrong")).to_have_text("Line 2, column tox: “abc” is not a number.")
    paste(lab, "1,2\n3,4\n")
    expect(lab.button("Use these beans")).to_be_enabled()
    lab.page.evaluate(press, "1,2\n" * 5000)
    lab.page.wait_for_function("() => beanBowl.settled && beanBowl.spec.dataset.y?.length === 5000")


def test_large_numbers_are_not_scaled_and_the_rate_is_said_to_be_too_large(lab: Beans, live_server: Server) -> None:
    lab.open("/?batch=all")
    lab.page.evaluate(DROP, ["houses.csv", "area;price\n50;100000,5\n80;180000\n120;310000\n"])
    expect(lab.page.locator("#load-name")).to_have_text("houses.csv")
    use(lab, 3)
    assert lab.points == [[50, 100000.5], [80, 180000], [120, 310000]]
    assert_refitted(lab, live_server)
    limit = rest(live_server.url, lab.spec)["theory"]["learning_rate_limit"]
    notice = lab.page.locator("#notices")
    expect(notice).to_contain_text("not scaled")
    found = re.search(r"must stay below ([\d.e−+]+\d), and it is 0.1", notice.text_content() or "")
    assert found
    assert float(found[1].replace("−", "-")) == pytest.approx(limit, rel=0.01)
    for place in ("plot-beans", "plot-bowl [data-kind=contour]"):
        assert lab.page.evaluate(TITLE_GAP, f"#{place}") >= 0, "the title of the axis keeps clear of long numbers"
    # What it speaks of stays in reach.
    for width in (1280, 390):
        lab.page.set_viewport_size({"width": width, "height": 720})
        for tab in ("Slices", "Contour"):
            lab.page.get_by_role("tab", name=tab).click(timeout=5000)
        expect(notice).to_be_in_viewport()
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    # Said once, of the beans and the rate there are, and no longer than it holds.
    lab.enter("Learning rate, exact value", 0.2)
    expect(notice).to_contain_text("and it is 0.2:")
    expect(notice.locator("li")).to_have_count(1)
    lab.enter("Learning rate, exact value", limit / 2)
    expect(notice).to_be_hidden()


def test_100_000_rows_are_used_whole_and_drawn_thinned(lab: Beans, tmp_path: Path) -> None:
    rng = random.Random(4)
    rows = [[rng.random() * 3, rng.gauss(1, 1)] for _ in range(100_000)]
    table = tmp_path / "many.csv"
    with table.open("w", newline="") as file:
        csv.writer(file).writerows([["size", "toxicity"], *rows])
    lab.open("/?rate=0.01")
    lab.button("Paste or upload").click()
    lab.page.locator("#load-file").set_input_files(table)
    expect(lab.page.locator("#load-found")).to_contain_text("100\u202f000 beans")
    use(lab, 100_000)
    assert json.dumps(lab.points) == json.dumps(rows)
    expect(lab.page.locator("#plot-beans .note")).to_have_text("5\u202f000 of 100\u202f000 beans drawn")
    lab.play_to(20)
    w, b = 0.1, 0.1
    for x, y in rows[: lab.step]:
        slope = 2 * (w * x + b - y)
        w, b = w - 0.01 * slope * x, b - 0.01 * slope
    found = lab.rows
    assert [found[name][lab.step] for name in "wb"] == pytest.approx([w, b], rel=1e-12)
    assert [float(lab.shown[name].replace("−", "-")) for name in "wb"] == pytest.approx([w, b], rel=1e-6)
    choose(lab.page, "Share", "Copy link")
    expect(lab.page.locator("#share-left-out")).to_be_visible()
    link = lab.page.get_by_role("textbox", name="Link to this run").input_value()
    assert link.endswith(f"/?left-out=data&rate=0.01&at={lab.step}")


def test_a_reload_has_beans_that_no_link_has_room_for(lab: Beans, new_page: NewPage) -> None:
    lab.open("/?rate=0.01")
    rows = [[i / 1000 + 1e-9, 2.5 - i / 700] for i in range(1000)]
    paste(lab, "price,weight\n" + "\n".join(f"{x!r},{y!r}" for x, y in rows))
    use(lab, 1000)
    lab.play_to(20)
    lab.page.wait_for_function("() => location.search.includes('at=')")
    step = lab.step
    lab.page.reload()
    lab.page.wait_for_function("() => window.beanBowl?.cursor >= 0")
    assert lab.points == rows
    assert lab.step == step
    expect(lab.page.locator("#plot-beans .xtitle")).to_have_text("price")
    expect(lab.page.locator("#notices")).to_be_hidden()
    # Another change keeps the others; and who has the address alone is told that it leaves them out.
    lab.enter("Learning rate, exact value", 0.02)
    lab.page.wait_for_function("() => location.search.includes('rate=0.02') || location.search.includes('changes=')")
    lab.page.reload()
    lab.page.wait_for_function("() => window.beanBowl?.cursor >= 0")
    assert lab.points == rows
    other = new_page()
    other.goto(lab.page.url)
    expect(other.locator("#notices")).to_contain_text("leaves out the data")


def test_the_beans_on_the_screen_are_saved(lab: Beans, tmp_path: Path) -> None:
    lab.open("/?data=points&x=0.5,1e-7,3&y=1,-2,0.30000000000000004")
    lab.button("Paste or upload").click()
    with lab.page.expect_download() as download:
        lab.button("Save the beans on the screen").click()
    download.value.save_as(tmp_path / "beans.csv")
    with (tmp_path / "beans.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["size", "toxicity"]
    assert [[float(cell) for cell in row] for row in rows] == lab.points


def test_a_narrow_phone_has_room_for_the_names_of_columns(lab: Beans) -> None:
    lab.page.set_viewport_size({"width": 320, "height": 640})
    lab.open()
    paste(lab, "area of the house,price in thousands\n1.5,2\n3,4\n")
    expect(lab.page.locator("#load-preview")).to_be_visible()
    assert lab.page.locator("#load").evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
