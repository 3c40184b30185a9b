"""Where things stand: everything in sight on a projector, one column on a phone, nothing on top of anything else."""

import itertools
from typing import Any

import pytest
from playwright.sync_api import FloatRect, expect

from tests.browser.conftest import NewPage
from tests.browser.lab import Lab

LAB = {"width": 1280, "height": 720}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# The visible controls of a part of the page and their boxes; what is inside a figure is the figure's business.
BOXES = """part => [...part.querySelectorAll("button, select, input, .plot, .caption p, #readout dd")]
    .filter(item => item.checkVisibility({ visibilityProperty: true }) && !item.parentElement.closest(".plot"))
    .map(item => [
        item.id || item.getAttribute("aria-label") || item.textContent,
        item.getBoundingClientRect().toJSON(),
    ])
    .filter(([, box]) => box.width > 1)"""
# What is written on a control or beside it, where it is wider than its place.
CUT_OFF = """() => [...document.querySelectorAll("button, .field > label, .count")]
    .filter(item => item.checkVisibility({ visibilityProperty: true }) && !item.closest(".opener"))
    .filter((item) => {
        const words = document.createRange();
        words.selectNodeContents(item);
        const [inner, outer] = [words.getBoundingClientRect(), item.getBoundingClientRect()];
        return inner.left < outer.left - 1 || inner.right > outer.right + 1;
    })
    .map(item => item.textContent)"""
# The choices that would not be read to their end in their box, nor names of fields.
CUT_SHORT = """() => {
    const pen = document.createElement("canvas").getContext("2d");
    const width = (text, { fontSize, fontFamily }) => {
        pen.font = `${fontSize} ${fontFamily}`;
        return pen.measureText(text).width;
    };
    const room = (item, { paddingLeft, paddingRight }) =>
        item.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    const choices = [...document.querySelectorAll("select")]
        .filter(select => select.checkVisibility())
        .flatMap((select) => {
            const style = getComputedStyle(select);
            return [...select.options].map(({ text }) => text).filter(text => width(text, style) > room(select, style));
        });
    const names = [...document.querySelectorAll(".field > label")]
        .filter(label => label.checkVisibility() && label.scrollWidth > label.clientWidth)
        .map(label => label.textContent);
    return [...choices, ...names];
}"""
TEXT_BOX = """item => {
    const words = document.createRange();
    words.selectNodeContents(item);
    return words.getBoundingClientRect().toJSON();
}"""
PARTS = """parts => parts.map(part =>
    [...document.querySelectorAll(part)].map(item => item.getBoundingClientRect().toJSON()))"""
SLACK = 0.6  # pixels: borders on fractions of pixels


def boxes(lab: Lab, within: str) -> list[tuple[str, FloatRect]]:
    return [(name, box) for name, box in lab.page.locator(within).evaluate(BOXES)]


def overlap(a: FloatRect, b: FloatRect) -> bool:
    across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
    upright = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
    return across > SLACK and upright > SLACK


def assert_nothing_overlaps(lab: Lab, parts: tuple[str, ...] = (".bar", "#lab", ".transport")) -> None:
    for part in parts:
        found = boxes(lab, part)
        assert found, part
        for (name, box), (other, second) in itertools.combinations(found, 2):
            assert not overlap(box, second), f"{name} lies on {other}"


@pytest.mark.parametrize("method", ["gradient-descent", "momentum", "adam"])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_the_lab_needs_no_scrolling(new_page: NewPage, method: str, locale: str) -> None:
    lab = Lab(new_page(viewport=LAB, locale=locale)).open(f"/?method={method}&changes=5:rate=0.02&at=12")
    for theme in ("light", "dark", "projector"):
        lab.page.locator(f"[data-theme-choice={theme}]").click()
        expect(lab.page.locator("html")).to_have_attribute("data-theme", theme)
        size = lab.page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size == [LAB["width"], LAB["height"]], theme
        for name, box in boxes(lab, "body"):
            assert box["x"] >= 0, (theme, name)
            assert box["x"] + box["width"] <= LAB["width"], (theme, name)
            assert box["y"] + box["height"] <= LAB["height"], (theme, name)
        assert_nothing_overlaps(lab)


def test_no_width_scrolls_sideways_or_stacks_controls(new_page: NewPage) -> None:
    lab = Lab(new_page()).open("/?method=adam&at=3000")
    for width in (320, 390, 768, 999, 1000, 1024, 1366, 1920):
        lab.page.set_viewport_size({"width": width, "height": 900})
        assert lab.page.evaluate("document.documentElement.scrollWidth") == width
        assert_nothing_overlaps(lab)


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_words_fit_their_controls(new_page: NewPage, locale: str) -> None:
    lab = Lab(new_page(locale=locale)).open("/?method=adam&at=3000")
    for width, theme in itertools.product((320, 390, 1280), ("light", "projector")):
        lab.page.set_viewport_size({"width": width, "height": 720})
        lab.page.locator(f"[data-theme-choice={theme}]").click()
        expect(lab.page.locator("html")).to_have_attribute("data-theme", theme)
        assert lab.page.evaluate(CUT_OFF) == [], (width, theme)
        assert lab.page.evaluate(CUT_SHORT) == [], (width, theme)


# What is wider than the box that it is in, of the numbers inside a step.
BEYOND = """() => [...document.querySelectorAll("#inspect-content .rows, #inspect-content .equation")]
    .filter(item => item.scrollWidth > item.clientWidth + 1)
    .map(item => `${item.className} ${item.textContent.slice(0, 60)}`)"""


@pytest.mark.parametrize("theme", ["light", "projector"])
def test_all_numbers_inside_a_step_are_in_sight(new_page: NewPage, theme: str) -> None:
    lab = Lab(new_page()).open("/?batch=all&at=200")
    lab.page.locator(f"[data-theme-choice={theme}]").click()
    lab.page.keyboard.press("i")
    for width, height in ((1280, 720), (390, 844)):
        lab.page.set_viewport_size({"width": width, "height": height})
        for step in (200, 0, 3, 200):
            lab.slider("Timeline").fill(str(step))
            lab.wait_at_step(step)
            expect(lab.page.locator("#inspect-title")).to_contain_text(str(step))
            lab.page.wait_for_timeout(150)
            assert lab.page.evaluate(BEYOND) == [], (width, step)


@pytest.mark.parametrize(("view", "words"), [("contour", ".outside-text"), ("search", ".best-text")])
def test_words_at_a_mark_stay_within_the_axes(new_page: NewPage, view: str, words: str) -> None:
    # It leaves the picture at the lower left; all values of w are tried where b is far above the best.
    address = "/?rate=0.9&batch=all&steps=100&at=22" if view == "contour" else "/?b=1.95&at=0"
    lab = Lab(new_page(view=view, reduced_motion="reduce")).open(address)
    lab.page.locator("[data-theme-choice=projector]").click()
    if view == "search":
        lab.button("Try 100 values of w").click()
    for width in (1280, 390):
        lab.page.set_viewport_size({"width": width, "height": 844})
        shown = lab.page.locator(f"[data-kind={view}] {words}")
        expect(shown).to_be_visible()
        lab.page.wait_for_timeout(300)
        box, axes = shown.bounding_box(), lab.page.locator(f"[data-kind={view}] .nsewdrag").bounding_box()
        assert box is not None
        assert axes is not None
        assert axes["x"] <= box["x"], width
        assert box["x"] + box["width"] <= axes["x"] + axes["width"], width


def test_what_a_search_costs_lies_under_nothing(new_page: NewPage) -> None:
    lab = Lab(new_page(view="search")).open("/?at=100")
    lab.button("Try 100 × 100 of w and b").click()
    lab.page.keyboard.press("i")
    for width, theme in itertools.product((390, 1000, 1280), ("light", "projector")):
        lab.page.set_viewport_size({"width": width, "height": 720})
        lab.page.locator(f"[data-theme-choice={theme}]").click()
        # In one go, for the search goes on.
        cells, buttons, [around] = lab.page.evaluate(PARTS, [".search td, .search th", ".ways button", ".bowl"])
        assert cells
        assert buttons
        for cell, button in itertools.product(cells, buttons):
            assert not overlap(cell, button), (width, theme)
            assert cell["right"] <= around["right"], (width, theme)


def test_a_phone_has_one_column_and_play_in_reach(new_page: NewPage) -> None:
    lab = Lab(new_page(**PHONE, view="bowl")).open()
    assert lab.page.evaluate("document.documentElement.scrollWidth") == 390
    places = [lab.page.locator(f".{name}").bounding_box() for name in ("bowl", "panel", "beans", "loss")]
    for upper, lower in itertools.pairwise(places):
        assert upper is not None
        assert lower is not None
        assert upper["y"] + upper["height"] <= lower["y"]
        assert upper["width"] > 350
    play = lab.button("Play").bounding_box()
    assert play is not None
    assert min(play["width"], play["height"]) >= 44
    assert play["y"] + play["height"] <= 844
    lab.button("Play").tap()
    lab.wait_for_step(10)
    lab.page.locator(".loss").scroll_into_view_if_needed()
    expect(lab.button("Pause")).to_be_in_viewport()
    lab.button("Pause").tap()
    assert_nothing_overlaps(lab)


@pytest.mark.parametrize("theme", ["light", "projector"])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_a_low_screen_shows_the_figure_beside_what_one_drags(new_page: NewPage, locale: str, theme: str) -> None:
    lab = Lab(new_page(locale=locale)).open("/?steps=1000000&at=300")
    lab.page.locator(f"[data-theme-choice={theme}]").click()
    for width, height in ((640, 360), (667, 375), (844, 390), (1000, 500)):
        lab.page.set_viewport_size({"width": width, "height": height})
        for tab in ("controls", "race", "inspector", "controls"):
            lab.page.locator(f"#tab-{tab}").click()
            assert lab.page.evaluate("document.documentElement.scrollWidth") == width, (width, tab)
            assert_nothing_overlaps(lab, (".bar", ".transport"))
        [transport], [plot], [caption], [rate] = lab.page.evaluate(
            PARTS, [".transport", "#plot-bowl", ".bowl .caption", "#field-optimizer-learning-rate"]
        )
        assert plot["width"] > 250, width
        assert plot["height"] > 130, width
        assert plot["right"] <= rate["left"], "side by side"
        assert max(caption["bottom"], rate["bottom"]) <= transport["top"] <= height - 44, "in sight at once"


def test_reduced_motion_is_honoured(new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce", own=True)
    page.route("**/plotly-*", lambda _: None)
    page.goto("/")
    assert page.evaluate("getComputedStyle(document.querySelector('.skeleton')).animationName") == "none"
    page.unroute_all(behavior="ignoreErrors")


def test_numbers_do_not_shift_what_stands_beside_them(new_page: NewPage) -> None:
    lab = Lab(new_page()).open()
    place = lab.page.locator("#readout [data-name=loss]")
    seen = set()
    for _ in range(8):
        lab.button("Step").click()
        box = place.bounding_box()
        assert box is not None
        seen.add(round(box["x"]))
    assert len(seen) == 1


def test_another_sentence_leaves_the_bowl_where_it_is(new_page: NewPage) -> None:
    lab = Lab(new_page(viewport=LAB)).open("/?method=adam&batch=10&order=shuffled")
    words, bowl = lab.caption, lab.page.locator("#plot-bowl")
    before = words.bounding_box(), bowl.bounding_box()
    lab.page.locator("#timeline").press("End")
    lab.wait_for_status("finished")
    expect(lab.button("Start again")).to_be_visible()
    after = words.bounding_box(), bowl.bounding_box()
    assert before[0] is not None
    assert after[0] is not None
    assert after[0]["height"] > 1.5 * before[0]["height"]  # it takes two lines
    assert after[1] == before[1]


def assert_title_is_clear(lab: Lab, figure: str) -> None:
    """Of what stands beside it."""
    title = lab.page.locator(f"#{figure}-title").evaluate(TEXT_BOX)
    choices = lab.page.locator(f".{figure} > header").locator("button:visible, [role=tablist]").first.bounding_box()
    assert choices is not None
    assert title["right"] + 6 < choices["x"], figure


@pytest.fixture
def small_projector(new_page: NewPage) -> Lab:
    """A run that has diverged, on a projector of the least size."""
    page = new_page(viewport={"width": 1024, "height": 768})
    lab = Lab(page).open("/?batch=1&rate=0.7&at=10000")
    page.locator("[data-theme-choice=projector]").click()
    lab.wait_for_status("diverged")
    expect(lab.button("Start again with 0.3")).to_be_visible()
    return lab


def test_a_long_sentence_has_room_beside_its_button_or_above_it(small_projector: Lab) -> None:
    lines = small_projector.caption.evaluate("p => p.offsetHeight / parseFloat(getComputedStyle(p).lineHeight)")
    assert lines < 4.5
    assert_nothing_overlaps(small_projector)


def test_what_figures_say_stays_within_them_on_a_small_projector(small_projector: Lab) -> None:
    page = small_projector.page
    for words, figure in ((".equation", "#plot-beans"), (".value", "#plot-loss"), (".lowest", "#plot-loss")):
        inner, outer = page.locator(f"{figure} {words}").bounding_box(), page.locator(figure).bounding_box()
        assert inner is not None
        assert outer is not None
        assert outer["x"] <= inner["x"], words
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"], words
    for figure in ("beans", "bowl"):
        assert_title_is_clear(small_projector, figure)


def test_the_table_of_a_race_fits_a_small_projector(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 1024, "height": 768})
    lab = Lab(page).open("/?batch=all&at=150&race=momentum;adam;gradient-descent:rate=0.9")
    page.locator("[data-theme-choice=projector]").click()
    expect(page.locator("tr[data-status=diverged]")).to_be_visible()
    assert page.locator(".race-scroll").evaluate("box => box.scrollWidth - box.clientWidth") <= 1
    for figure in ("beans", "bowl"):
        assert_title_is_clear(lab, figure)
