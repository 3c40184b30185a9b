"""Language, theme and keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.lab import Lab, assert_same_rows
from tests.servers import Server


@pytest.fixture
def lab(page: Page) -> Lab:
    return Lab(page)


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_switching_the_language_keeps_the_run(lab: Lab, live_server: Server) -> None:
    lab.open()
    lab.button("Play").click()
    lab.wait_for_step(20)
    lab.button("中文").click()
    expect(lab.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(lab.page).to_have_title(re.compile("豆豆碗"))
    at = lab.step
    lab.wait_for_step(at + 20)
    lab.button("暂停").click()
    lab.wait_for_status("paused")
    expect(lab.slider("学习率")).to_be_visible()
    assert_same_rows(lab, live_server.url)
    text = lab.page.locator("body").inner_text()
    rest = re.sub(r"EN|Adam|Nesterov|Adagrad|RMSprop|SGD|[wbanmŷxθgβvεα]", "", text)
    assert not re.findall(r"[A-Za-z]{3,}", rest), text
    lab.button("EN, English").click()
    expect(lab.button("Play")).to_be_visible()
    assert lab.step >= at + 20


@pytest.mark.parametrize("switched", [False, True])
def test_what_is_wrong_is_said_in_the_language_of_the_page(new_page: NewPage, switched: bool) -> None:
    lab = Lab(new_page()).open("/" if switched else "/?lang=zh")
    if switched:
        lab.button("中文").click()
    lab.enter("学习率，精确值", -1)
    complaint = lab.page.locator("[data-name='optimizer.learning_rate'] .complaint")
    expect(complaint).to_have_text("应在 1e-30 与 1000 之间，实为 -1")
    lab.enter("学习率，精确值", "")
    expect(complaint).to_have_text("应为有限的数，实为 空")
    lab.button("EN, English").click()
    expect(complaint).to_have_text("expected a finite number, got nothing")


def test_the_language_is_remembered(lab: Lab) -> None:
    lab.open()
    lab.button("中文").click()
    expect(lab.page).to_have_title(re.compile("豆豆碗"))
    lab.page.reload()
    expect(lab.page).to_have_title(re.compile("豆豆碗"))
    expect(lab.page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_a_chinese_browser_sees_chinese_at_once(new_page: NewPage) -> None:
    page = new_page(locale="zh-CN")
    Lab(page).open()
    expect(page.get_by_role("button", name="播放", exact=True)).to_be_visible()
    expect(page.locator("#caption-words")).to_contain_text("播放")


def test_divergence_is_explained_in_chinese(new_page: NewPage) -> None:
    lab = Lab(new_page(locale="zh-CN")).open("/?rate=0.9&batch=all")
    lab.button("播放").click()
    lab.wait_for_status("diverged")
    expect(lab.caption).to_contain_text("0.90 > 0.756")
    expect(lab.caption).not_to_contain_text("every")


def test_themes_are_chosen_and_remembered(lab: Lab) -> None:
    lab.open()
    light = ground(lab.page)
    lab.button("Dark").click()
    dark = ground(lab.page)
    lab.button("Projector").click()
    projector = ground(lab.page)
    assert len({light, dark, projector}) == 3
    assert projector == "rgb(255, 255, 255)"
    lab.play_to(5)
    lab.page.reload()
    assert ground(lab.page) == projector
    expect(lab.button("Projector")).to_have_attribute("aria-pressed", "true")


def test_the_system_decides_until_a_theme_is_chosen(new_page: NewPage) -> None:
    page = new_page(color_scheme="dark")
    lab = Lab(page).open()
    dark = ground(page)
    expect(lab.button("Dark")).to_have_attribute("aria-pressed", "true")
    page.emulate_media(color_scheme="light")
    expect(lab.button("Light")).to_have_attribute("aria-pressed", "true")
    assert ground(page) != dark
    lab.button("Dark").click()
    assert ground(page) == dark
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    lab.play_to(5)
    assert ground(page) == dark, "what was chosen stays"


def test_no_frame_is_painted_in_another_theme_than_the_chosen(new_page: NewPage) -> None:
    watch = (
        "document.addEventListener('readystatechange', () => {"
        "  window.early ??= document.documentElement.dataset.theme;"
        "})"
    )
    lab = Lab(new_page(begin=[watch])).open()
    lab.button("Dark").click()
    lab.page.reload()
    assert lab.page.evaluate("early") == "dark"


def test_the_run_by_keyboard(lab: Lab) -> None:
    lab.open()
    press = lab.page.keyboard.press
    press("ArrowRight")
    lab.wait_at_step(1)
    press("ArrowRight")
    lab.wait_at_step(2)
    press("ArrowLeft")
    lab.wait_at_step(1)
    press(" ")
    lab.wait_for_step(20)
    press(" ")
    lab.wait_for_status("paused")
    press("Home")
    lab.wait_at_step(0)


def test_keys_belong_to_the_control_that_has_the_focus(lab: Lab) -> None:
    lab.open()
    lab.box("Beans").focus()
    for key in ("ArrowLeft", "End", " ", "Backspace", "r", "Backspace", "ArrowLeft", "Home"):
        lab.page.keyboard.press(key)
    expect(lab.page.get_by_role("tab", name="Settings")).to_have_attribute("aria-selected", "true")
    lab.slider("Learning rate").press("ArrowRight")
    lab.page.wait_for_function("() => beanBowl.spec.changes.length === 1")
    assert lab.step == 0
    assert lab.status == "paused"
    # A slider has no use for Space, nor for letters.
    for panel in ("Inside this step", "Settings"):
        lab.page.keyboard.press("i")
        expect(lab.page.get_by_role("tab", name=panel)).to_have_attribute("aria-selected", "true")
    lab.slider("Learning rate").focus()
    lab.page.keyboard.press(" ")
    lab.wait_for_step(5)
    lab.page.keyboard.press(" ")
    lab.wait_for_status("paused")
    lab.page.keyboard.press("Home")
    lab.button("Reset").click()
    lab.wait_at_step(0)
    # Nor has a button that was only clicked: that is pressed again by those who came to it by keyboard.
    for clicked in ("linear", "excess", "Dark"):
        before = lab.step
        lab.button(clicked).click()
        lab.page.keyboard.press(" ")
        lab.wait_for_step(before + 3)
        lab.page.keyboard.press(" ")
        lab.wait_for_status("paused")
    expect(lab.button("linear")).to_have_attribute("aria-pressed", "true")
    lab.button("Play").click()
    lab.page.keyboard.press(" ")
    lab.wait_for_status("paused")
    lab.button("Reset").click()
    lab.wait_at_step(0)
    lab.page.keyboard.press("Tab")
    # Space presses a button that has the focus, and only that.
    lab.button("Step").focus()
    lab.page.keyboard.press(" ")
    lab.wait_at_step(1)
    assert lab.status == "paused"


def test_everything_is_reached_by_tab_and_its_focus_seen(lab: Lab) -> None:
    lab.open()
    seen = []
    for _ in range(60):
        lab.page.keyboard.press("Tab")
        name, visible = lab.page.evaluate(
            """() => {
                const e = document.activeElement;
                if (e === document.body) return ["", true];
                const label = e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent;
                const { outlineStyle } = getComputedStyle(e);
                // The focus on a slider is shown on its thumb, which scripts cannot look at.
                const seen = e.type === "range" ? e.matches(":focus-visible") : outlineStyle !== "none";
                return [label.trim(), seen];
            }"""
        )
        if not name or name in seen:
            break
        seen.append(name)
        assert visible, f"the focus on {name} cannot be seen"
    for name in (
        "中文",
        "EN, English",
        "Projector",
        "log",
        "Data",
        "Learning rate a",
        "Play",
        "Step",
        "Timeline",
        "Speed",
    ):
        assert name in seen


def test_arrow_keys_move_the_number_in_a_box(lab: Lab) -> None:
    lab.open()
    box = lab.box("Data seed")
    box.press("ArrowUp")
    lab.page.wait_for_function("() => beanBowl.spec.dataset.seed === 1")
    rate = lab.box("Learning rate, exact value")
    rate.press("ArrowDown")
    expect(rate).to_have_value("0.09")
    rate.fill("7")
    rate.press("Escape")
    expect(rate).to_have_value("0.09")


def test_pointing_at_a_control_explains_it(lab: Lab) -> None:
    lab.open()
    foot = lab.page.locator("#controls .help")
    expect(foot).to_contain_text("against the slope")
    lab.choice("Batch size").hover()
    expect(foot).to_contain_text("rows each update sees")
    lab.page.mouse.move(600, 300)
    expect(foot).to_contain_text("against the slope")
    expect(lab.slider("Learning rate")).to_have_accessible_description("How far one step goes for a slope of 1.")


def test_loss_scale_is_switched(lab: Lab) -> None:
    lab.open()
    lab.play_to(20)
    before = lab.page.locator("#plot-loss").screenshot()
    lab.button("linear").click()
    expect(lab.button("linear")).to_have_attribute("aria-pressed", "true")
    lab.page.wait_for_timeout(500)
    assert lab.page.locator("#plot-loss").screenshot() != before
