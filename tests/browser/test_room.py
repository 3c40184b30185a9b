"""What stands in the figures and beside the timeline has its room, and leaves others theirs."""

import itertools

import pytest
from playwright.sync_api import FloatRect, expect

from tests.browser.conftest import NewPage
from tests.browser.lab import Lab
from tests.browser.racing import Racing
from tests.browser.test_layout import LAB, PARTS, overlap


def leave_paths(lab: Lab, *rates: float) -> None:
    """Go back and change the rate, each time from a step that is one earlier."""
    for k, rate in enumerate(rates):
        lab.enter("Go to step", 20 - k)
        lab.wait_at_step(20 - k)
        lab.enter("Learning rate, exact value", rate)
        lab.page.wait_for_function("at => beanBowl.spec.changes.at(-1)?.step === at", arg=20 - k)
        lab.enter("Go to step", 30)
        lab.wait_at_step(30)


def test_paths_left_behind_are_one_line_that_says_that_it_goes_on(new_page: NewPage) -> None:
    lab = Lab(new_page(viewport=LAB)).open("/?batch=all&at=30")
    height = lab.page.locator(".transport").evaluate("bar => bar.offsetHeight")
    leave_paths(lab, 0.2, 0.3, 0.4, 0.5)
    bar = lab.page.locator("#branches")
    assert lab.page.locator(".transport").evaluate("bar => bar.offsetHeight") == height, "the figures stay as they are"
    for width, size in ((1280, 720), (1024, 768), (844, 390), (640, 360), (390, 844)):
        lab.page.set_viewport_size({"width": width, "height": size})
        bar.evaluate("bar => { bar.scrollLeft = 0; }")
        expect(bar).to_have_attribute("data-after", "")
        expect(bar).not_to_have_attribute("data-before", "")
        line, numbers = bar.bounding_box(), lab.page.locator("#readout").bounding_box()
        assert line is not None
        assert numbers is not None
        assert not overlap(line, numbers), width
        assert line["height"] < 45, width
        # By keyboard each of them comes out of the fade.
        bar.locator("button").first.focus()
        for each in bar.locator(".return").all():
            expect(each).to_be_focused()
            start = each.bounding_box()
            assert start is not None
            assert line["x"] <= start["x"] < line["x"] + line["width"] - 60, width
            lab.page.keyboard.press("Tab")
            lab.page.keyboard.press("Tab")
        expect(bar).not_to_have_attribute("data-after", "")
        expect(bar).to_have_attribute("data-before", "")


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_beans_have_room_on_a_projector_while_they_are_edited(new_page: NewPage, locale: str) -> None:
    lab = Lab(new_page(viewport=LAB, locale=locale)).open("/?batch=all&at=10")
    lab.page.locator("[data-theme-choice=projector]").click()
    lab.page.locator("#edit-beans").click()
    lab.page.locator("#bean-before").click()
    expect(lab.page.locator("#bean-which")).to_contain_text("100")
    expect(lab.page.locator("#bean-delete")).to_be_enabled()
    for width, lines in ((1280, 1), (1024, 2)):
        lab.page.set_viewport_size({"width": width, "height": 720})
        # What is heard alone takes no room.
        [bar], [plot], [title], [undo] = lab.page.evaluate(
            PARTS, ["#bean-bar", "#plot-beans", "#beans-title", "#beans-undo"]
        )
        assert bar["height"] < 30 * lines, width
        assert plot["height"] > (210 if lines == 1 else 175), width
        assert title["right"] < undo["left"], width
    # What is wrong is seen.
    lab.page.locator("#bean-x").fill("long")
    lab.page.locator("#bean-x").press("Enter")
    expect(lab.page.locator("#bean-said[data-wrong]")).to_be_in_viewport(ratio=1)


def test_names_of_paths_have_true_minus_signs_and_no_loose_end(new_page: NewPage) -> None:
    lab = Lab(new_page(viewport=LAB)).open("/?w=-0.5&b=-0.25&batch=all&at=30")
    lab.slider("Left handle of the line").press("ArrowUp")
    chip = lab.page.locator("#branches .return")
    expect(chip).to_contain_text("w = −0.5, b = −0.25")
    expect(chip).to_have_accessible_name(
        "Return to the path with w = −0.5, b = −0.25 after step 0; it had come to step 30"
    )
    lab.wait_at_step(0)
    names = lab.page.locator("#plot-loss .companion-name")
    expect(names).to_have_count(2)
    for figure in ("#plot-loss", "[data-kind=contour]"):
        for name in lab.page.locator(f"{figure} .companion-name").all_text_contents():
            assert "-" not in name
            assert not name.endswith("=")


# Whether one of these lies on one of those, of what is seen; a rim of letters is not counted.
COVERED = """([these, those]) => {
    const boxes = (what) => [...document.querySelectorAll(what)]
        .filter(item => item.checkVisibility())
        .map(item => item.getBoundingClientRect());
    return boxes(these).some(one => boxes(those).some(other =>
        Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
        Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 4));
}"""
NAMES = "[data-kind=contour] .companion-name"


def test_names_of_many_lanes_leave_the_optimum_to_be_seen(new_page: NewPage) -> None:
    lanes = "fixed-step;momentum;nesterov;adagrad;rmsprop;adam;gradient-descent:rate=0.3"
    lab = Racing(new_page()).open(f"/?batch=10&at=30&race={lanes}").race()
    lab.settle(8)
    for theme in ("light", "projector"):
        lab.page.locator(f"[data-theme-choice={theme}]").click()
        for step in (0, 15, 30, 373):
            lab.slider("Timeline").fill(str(step))
            lab.wait_at_step(step)
            expect(lab.page.locator(f"{NAMES}:visible")).to_have_count(8)
            ring = "[data-kind=contour] .optimum circle:nth-child(2)"
            assert not lab.page.evaluate(COVERED, [NAMES, ring]), (theme, step)


def test_beside_one_lane_the_optimum_and_the_lowest_loss_are_still_named(new_page: NewPage) -> None:
    lab = Racing(new_page()).open("/?batch=all&at=3&race=momentum").race()
    lab.settle(2)
    for step in (3, 150, 1000):
        lab.slider("Timeline").fill(str(step))
        lab.wait_at_step(step)
        for words in ("[data-kind=contour] .optimum-name", "#plot-loss .lowest"):
            expect(lab.page.locator(words)).to_be_visible()
            assert not lab.page.evaluate(COVERED, [".companion-name", words]), (step, words)
    lab.add("Adam")
    for words in (".optimum-name", ".lowest"):
        expect(lab.page.locator(words).and_(lab.page.locator(":visible"))).to_have_count(0)


def test_handles_of_the_line_leave_the_numbers_of_the_axes_to_be_read(new_page: NewPage) -> None:
    lab = Lab(new_page(viewport=LAB)).open("/?rate=0.9&batch=all&at=30")
    for theme in ("light", "projector"):
        lab.page.locator(f"[data-theme-choice={theme}]").click()
        expect(lab.page.locator("html")).to_have_attribute("data-theme", theme)
        lab.page.wait_for_timeout(100)
        handles, numbers = lab.page.evaluate(PARTS, ['.beans .hand[data-hand^="line"]', "#plot-beans .xtick text"])
        assert len(handles) == 2
        assert len(numbers) > 1
        for handle, number in itertools.product(handles, numbers):
            ring: FloatRect = {"x": handle["x"] + 8, "y": handle["y"] + 8, "width": 14, "height": 14}
            assert not overlap(ring, number), theme


# How many beans are where the equation is, and points along the line.
THROUGH_THE_EQUATION = """() => {
    const plot = document.querySelector("#plot-beans");
    const { data: [beans], _fullLayout: { xaxis, yaxis } } = plot.querySelector(".js-plotly-plot");
    const words = plot.querySelector(".equation").getBoundingClientRect();
    const corner = plot.getBoundingClientRect();
    const within = ([x, y]) => {
        const [left, top] = [corner.left + xaxis._offset + xaxis.d2p(x), corner.top + yaxis._offset + yaxis.d2p(y)];
        return left > words.left && left < words.right && top > words.top + 3 && top < words.bottom - 3;
    };
    const { rows: { columns: { w, b } }, cursor } = beanBowl;
    const along = Array.from({ length: 400 }, (_, i) => xaxis.range[0] + (xaxis.range[1] - xaxis.range[0]) * i / 399);
    const line = along.map(x => [x, w[cursor] * x + (b?.[cursor] ?? 0)]);
    return [...Array.from(beans.x, (x, i) => [x, beans.y[i]]), ...line].filter(within).length;
}"""


def test_nothing_goes_through_the_equation_where_a_corner_is_free(new_page: NewPage) -> None:
    lab = Lab(new_page(viewport=LAB)).open("/?batch=all&at=1")
    lab.page.locator("[data-theme-choice=projector]").click()
    starts = ["", "&w=-1&b=1", "&w=1.9&b=-1.5", "&w=0&b=0.02", "&rate=0.9&steps=30", "&w=0&b=1.3"]
    for address in [*starts, "&data=proportional-beans&model=proportional"]:
        lab.open(f"/?batch=all&at=2{address}")
        for step in (2, 1, 0):
            lab.slider("Timeline").fill(str(step))
            lab.wait_at_step(step)
            assert lab.page.evaluate(THROUGH_THE_EQUATION) == 0, (address, step)


def test_a_lost_connection_leaves_the_ways_to_other_pages_in_sight(new_page: NewPage) -> None:
    lab = Lab(new_page()).open()
    for width, language in itertools.product((320, 390, 768), ("en", "zh")):
        lab.page.set_viewport_size({"width": width, "height": 844})
        lab.page.locator(f"[data-language={language}]").click()
        expect(lab.page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-Hans")
        # As it is said when the server is gone (test_resume.py).
        lab.page.evaluate("""() => {
            document.querySelector("#connection-words").textContent = "Connection lost. Trying again …";
            document.querySelector("#connection").hidden = false;
        }""")
        [said], ways, [name] = lab.page.evaluate(PARTS, ["#connection", ".places a", ".wordmark"])
        assert said["height"] > 20
        for other in (*ways, name):
            assert not overlap(said, other), (width, language)


def test_the_equation_stands_still_while_the_line_swings(new_page: NewPage) -> None:
    lab = Lab(new_page()).open("/?rate=0.755&batch=all")
    lab.button("Play").click()
    seen = lab.page.evaluate(
        """async () => {
            const seen = [];
            for (let i = 0; i < 60; i += 1) {
                await new Promise(requestAnimationFrame);
                const words = document.querySelector("#plot-beans .equation");
                seen.push([beanBowl.rows.step[beanBowl.cursor], words.getAttribute("transform")]);
            }
            return seen;
        }"""
    )
    assert len({step for step, _ in seen}) > 10, "or this tests nothing"
    assert sum(before != after for (_, before), (_, after) in itertools.pairwise(seen)) <= 1


def test_the_name_of_the_optimum_is_clear_of_the_numbers_of_the_bowl(new_page: NewPage) -> None:
    lab = Lab(new_page(viewport=LAB, view="slices", begin=["localStorage.theme = 'projector'"]))
    lab.open("/?batch=10&rate=0.3&at=71")
    ticks = lab.page.locator("#plot-bowl .axes .tick:visible")
    expect(ticks.first).to_be_visible()
    name = lab.page.locator("#plot-bowl .optimum-name:visible").first.bounding_box()
    assert name is not None
    for tick in ticks.all():
        box = tick.bounding_box()
        assert box is not None
        assert not overlap(name, box), tick.text_content()
