"""The page of sweeps in Chromium: set up and watched, its pictures, and its runs opened in the lab."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Screenshot
from tests.browser.lab import PATIENCE

RUN = "/sweeps?steps=300&batch=all"
TWO = "&vary=optimizer.learning_rate:0.01..2x12log;batch.size:1,all&goal=0.01"
DONE = 60_000  # milliseconds, of a busy machine


def begin(page: Page, address: str = RUN + TWO) -> None:
    """Start what an address sets up, and wait for its end."""
    page.goto(address)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#status")).to_have_attribute("data-state", "finished", timeout=DONE)


def points(page: Page, picture: int) -> int:
    """How many runs a picture shows, marks of those that failed included."""
    found: int = page.evaluate(
        "id => document.getElementById(id).firstElementChild.data"
        ".flatMap(({ y }) => [...y]).filter(Number.isFinite).length",
        f"picture-{picture}",
    )
    return found


def drawn(page: Page) -> None:
    page.wait_for_function("() => document.querySelectorAll('.plot .plot-container').length === 2")
    expect(page.locator("#best li").first).to_be_visible()


def test_a_sweep_is_set_up_begun_and_drawn(page: Page, screenshot: Screenshot) -> None:
    page.goto("/sweeps")
    page.get_by_label("Steps", exact=True).fill("200")
    page.get_by_label("Steps", exact=True).press("Enter")
    page.get_by_label("values", exact=True).fill("20")
    page.get_by_label("values", exact=True).press("Enter")
    page.get_by_label("and", exact=True).select_option("batch.size")
    expect(page.locator("#cost")).to_contain_text("60 runs, 12\u202f000 steps")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#status")).to_have_attribute("data-state", "finished", timeout=DONE)
    expect(page.locator("#state-words")).to_have_text("All 60 runs are done.")
    drawn(page)
    page.wait_for_function(
        "() => document.getElementById('picture-0').firstElementChild.data.flatMap(({ y }) => [...y]).length >= 60"
    )
    assert points(page, 0) == 60
    assert points(page, 1) == 60
    expect(page.locator("#legend li")).to_contain_text(["Batch size", "1", "10", "all"])
    expect(page.locator("#legend")).to_contain_text("limit 0.60")
    expect(page.locator("#best li")).to_have_count(5)
    screenshot(page, "sweeps")
    assert re.fullmatch(r".*/sweeps\?sweep=\w+", page.url)


def test_a_click_on_a_point_opens_that_run_in_the_lab(page: Page) -> None:
    begin(page, "/sweeps?steps=300&batch=all&vary=optimizer.learning_rate:0.05,0.1,0.2,0.5&goal=0.01")
    drawn(page)
    point = page.locator("#picture-0 .scatterlayer .points path").nth(2)
    point.hover(force=True)
    expect(page.locator("#picture-0 .tip")).to_contain_text("Learning rate 0.2")
    point.click(force=True)
    page.wait_for_url(re.compile(r"/\?"), timeout=PATIENCE)
    page.wait_for_function("() => globalThis.beanBowl?.connection === 'open'")
    spec = page.evaluate("beanBowl.spec")
    assert spec["optimizer"] == {"name": "gradient-descent", "learning_rate": 0.2}
    assert (spec["batch"]["size"], spec["steps"]) == ("all", 300)


def test_the_best_runs_are_links_into_the_lab(page: Page) -> None:
    begin(
        page,
        "/sweeps?vary=optimizer.name:momentum,adam;optimizer.learning_rate:0.01,0.1&goal=0.01&steps=300&momentum=0.5",
    )
    link = page.locator("#best a").first
    name, rate = re.fullmatch(r"(\w+) · Learning rate (\S+)", link.inner_text()).groups()  # type: ignore[union-attr]
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/\?"), timeout=PATIENCE)
    page.wait_for_function("() => globalThis.beanBowl?.connection === 'open'")
    optimizer = page.evaluate("beanBowl.spec.optimizer")
    assert (optimizer["name"], optimizer["learning_rate"]) == (name.lower(), float(rate))


def test_two_keys_can_be_seen_as_a_map(page: Page, screenshot: Screenshot) -> None:
    begin(page, "/sweeps?steps=100&vary=optimizer.learning_rate:0.01..2x30log;start.w:-1..2x15linear&goal=0.01")
    drawn(page)
    shown = "type => document.getElementById('picture-0').firstElementChild?.data?.[0].type === type"
    page.wait_for_function(shown, arg="heatmap")
    screenshot(page, "sweeps-map")
    for name, kind in (("curves", "scatter"), ("map", "heatmap")):
        page.get_by_role("button", name=name).click()
        page.wait_for_function(shown, arg=kind)
        page.reload()
        page.wait_for_function(shown, arg=kind)
        assert f"&picture={name}" in page.url
    box = page.locator("#picture-0 .nsewdrag").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 5)
    page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + 5)
    page.wait_for_url(re.compile(r"/\?"), timeout=PATIENCE)
    page.wait_for_function("() => globalThis.beanBowl?.connection === 'open'")
    assert page.evaluate("beanBowl.spec.start.w") == 2


def test_what_an_address_gets_wrong_is_named(page: Page) -> None:
    page.goto("/sweeps?steps=300&rate=fast&goal=1&goal=0.5&picture=pie")
    notices = page.locator("#notices")
    expect(notices.locator("li")).to_have_text(
        [
            "The address says goal more than once: the last one counts, “0.5”.",
            "The address says rate = “fast”, which is not possible: 0.1 is used.",
            "The address says picture = “pie”, which is not possible: ignored.",
        ]
    )
    page.get_by_role("button", name="中文").click()
    expect(notices.locator("li").first).to_have_text("地址中 goal 出现了不止一次：以最后一个“0.5”为准。")
    notices.get_by_role("button").click()
    expect(notices).to_be_hidden()


def test_what_cannot_be_is_said_beside_its_field(page: Page) -> None:
    page.goto("/sweeps")
    expect(page.locator("#start")).to_be_enabled()
    page.get_by_label("from", exact=True).fill("-1")
    page.get_by_label("from", exact=True).press("Enter")
    expect(page.locator("[data-name='vary.optimizer.learning_rate.from']")).to_contain_text(
        "expected 1e-30 to 1000, got -1"
    )
    expect(page.locator("#start")).to_be_disabled()
    page.get_by_label("from", exact=True).fill("0.01")
    page.get_by_label("from", exact=True).press("Enter")
    expect(page.locator("#start")).to_be_enabled()
    page.get_by_role("button", name="list").click()
    page.locator("input.box[id='field-vary-optimizer-learning-rate']").fill("0.1, fast")
    page.keyboard.press("Enter")
    expect(page.locator("[data-name='vary.optimizer.learning_rate']")).to_contain_text(
        'expected a finite number, got "fast"'
    )
    page.get_by_label("Goal: excess loss").fill("0")
    page.keyboard.press("Enter")
    expect(page.locator("[data-name='goal.excess_loss']")).to_contain_text("expected more than 0, got 0")
    page.get_by_label("Steps", exact=True).fill("0.5")
    page.keyboard.press("Enter")
    expect(page.locator("[data-name='steps']")).to_contain_text("expected an integer, got 0.5")
    page.get_by_label("Steps", exact=True).fill("")
    page.keyboard.press("Enter")
    expect(page.locator("[data-name='steps']")).to_contain_text("expected an integer, got nothing")


def test_another_sweep_begins_with_no_picture(page: Page) -> None:
    begin(page)
    drawn(page)
    page.get_by_label("Method", exact=True).select_option("adam")
    for name, value in {"Steps": "1000000", "values": "400"}.items():
        page.get_by_label(name, exact=True).fill(value)
        page.get_by_label(name, exact=True).press("Enter")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".plot .plot-container")).to_have_count(0)
    expect(page.locator("#empty")).to_have_text("The picture comes with the first results.")
    expect(page.locator("#status")).to_have_attribute("data-state", "running")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#empty")).to_have_text("It ended before there were results to draw.")
    page.get_by_label("Steps", exact=True).fill("300")
    page.get_by_label("Steps", exact=True).press("Enter")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#status")).to_have_attribute("data-state", "finished", timeout=DONE)
    drawn(page)


def test_the_language_of_the_address_goes_along_to_the_lab(page: Page) -> None:
    page.goto("/sweeps?lang=zh&steps=300")
    expect(page.locator("#start")).to_be_enabled()
    page.get_by_role("link", name="实验室").click()
    page.wait_for_function("() => globalThis.beanBowl?.connection === 'open'")
    assert page.url.endswith("/?steps=300&lang=zh")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_the_run_goes_along_between_lab_and_sweeps(page: Page) -> None:
    page.goto("/?rate=0.3&batch=10&steps=400")
    page.wait_for_function("() => globalThis.beanBowl?.connection === 'open'")
    page.get_by_role("link", name="Sweeps").click()
    page.wait_for_url(re.compile("/sweeps"))
    expect(page.get_by_label("Learning rate, exact value")).to_have_value("0.3")
    expect(page.get_by_label("Steps", exact=True)).to_have_value("400")
    page.get_by_label("Steps", exact=True).fill("500")
    page.get_by_label("Steps", exact=True).press("Enter")
    page.get_by_role("link", name="Lab").click()
    page.wait_for_function("() => globalThis.beanBowl?.connection === 'open'")
    assert page.evaluate("[beanBowl.spec.steps, beanBowl.spec.batch.size]") == [500, 10]


def test_the_table_can_be_taken_home(page: Page) -> None:
    begin(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    text = download.value.path().read_text()
    assert download.value.suggested_filename.endswith(".csv")
    assert len(text.splitlines()) == 25


def test_everything_is_said_in_chinese_too(page: Page, screenshot: Screenshot) -> None:
    begin(page)
    page.get_by_role("button", name="中文").click()
    expect(page.locator("h2", has_text="最佳运行")).to_be_visible()
    expect(page.locator("#start")).to_have_text("开始")
    expect(page.locator("#state-words")).to_have_text("24 次运行全部完成。")
    expect(page.locator("#best")).to_contain_text("学习率")
    expect(page.locator("#legend")).to_contain_text("全部")
    page.wait_for_function("() => document.querySelector('#picture-0').textContent.includes('学习率')")
    visible: str = page.evaluate(
        "[...document.querySelectorAll('h1, h2, p, label, button, option, li, text')]"
        ".map((e) => e.textContent).join(' ')"
    )
    strange = set(re.findall(r"[A-Za-z]{4,}", visible)) - {"JSON", "NDJSON", "RMSprop", "Adagrad", "Adam", "Nesterov"}
    assert strange == set()
    screenshot(page, "sweeps-chinese")


def test_it_is_used_by_keyboard_alone(page: Page) -> None:
    page.goto(RUN + TWO)
    expect(page.locator("#start")).to_be_enabled()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "start":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#state-words")).to_have_text("All 24 runs are done.", timeout=DONE)
    unnamed = page.evaluate(
        "[...document.querySelectorAll('main :is(input, select, button)')].filter((e) => !(e.labels?.length"
        " || e.ariaLabel || e.textContent.trim())).map((e) => e.outerHTML)"
    )
    assert unnamed == []
