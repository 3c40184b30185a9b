"""The views are one: whatever a hand does to one of them, all the others follow, with the engine's numbers."""

import json
import re
from typing import Any
from urllib.request import Request, urlopen

import numpy as np
import pytest
from playwright.sync_api import FloatRect, Locator, expect

from tests.browser.conftest import NewPage
from tests.browser.lab import Lab, assert_same_rows, rest
from tests.servers import Server

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ONE = "/?model=proportional&data=proportional-beans"
NUMBER = r"−?[\d.]+(?:e[+−]\d+)?"
ARRIVED = """([x, y]) => {
    const box = document.querySelector("[data-kind=contour] [data-hand=ball]").getBoundingClientRect();
    return Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) < 3;
}"""
EVALUATIONS = "() => document.querySelector('[data-way=search] td').textContent.replace(/\\D/g, '')"


@pytest.fixture
def lab(new_page: NewPage) -> Lab:
    return Lab(new_page())


def tab(lab: Lab, name: str) -> Locator:
    return lab.page.get_by_role("tab", name=name, exact=True)


def open_tab(lab: Lab, name: str, kind: str) -> None:
    tab(lab, name).click()
    expect(view(lab, kind).locator(".main-svg").first).to_be_attached()


def view(lab: Lab, kind: str) -> Locator:
    return lab.page.locator(f"[data-kind={kind}]")


def numbers(text: str | None) -> dict[str, float]:
    """The numbers of "w = 0.41, b = 0.52, loss 0.0123457", wherever they stand in a text."""
    found = re.findall(rf"\b(w|b|loss)(?: =)? ({NUMBER})", text or "")
    assert found, text
    return {name: float(value.rstrip(".").replace("−", "-")) for name, value in found}


def box_of(place: Locator) -> FloatRect:
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    return box


def drag(lab: Lab, handle: Locator, across: float, down: float) -> None:
    """Take a handle and carry it, without letting go."""
    box = box_of(handle)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    lab.page.mouse.move(x, y)
    lab.page.mouse.down()
    lab.page.mouse.move(x + across, y + down, steps=4)


def loss_at(lab: Lab, theta: dict[str, float]) -> float:
    """The engine's loss at a point: that of the row 0 of a run that starts there."""
    url = re.sub(r"(https?://[^/]+).*", r"\1", lab.page.url)
    row: float = rest(url, lab.spec | {"start": theta, "steps": 1})["trajectory"]["loss"][0]
    return row


def assert_held(lab: Lab) -> dict[str, float]:
    """A start is held: readout, caption and panel say the same, and the engine agrees with every digit of the loss."""
    expect(lab.caption).to_contain_text("A new start")
    said = numbers(lab.caption.text_content())
    theta = {name: value for name, value in said.items() if name != "loss"}
    shown = lab.shown
    assert {name: float(text.replace("−", "-")) for name, text in shown.items()} == said
    for name, value in theta.items():
        expect(lab.box(f"Start {'weight' if name == 'w' else 'bias'}")).to_have_value(f"{value:g}")
    assert f"{loss_at(lab, theta):#.6g}" == shown["loss"]
    return theta


def assert_started(lab: Lab, server: Server, theta: dict[str, float]) -> None:
    """The run that was let go there has begun, and its numbers are the engine's."""
    lab.page.wait_for_function("theta => JSON.stringify(beanBowl.spec.start) === JSON.stringify(theta)", arg=theta)
    lab.wait_at_step(0)
    expect(lab.page.locator("#readout [data-name=loss] dd")).to_have_text(repr(loss_at(lab, theta)))
    assert_same_rows(lab, server.url)


def test_the_tabs_are_chosen_by_mouse_and_keyboard_and_remembered(lab: Lab) -> None:
    lab.open()
    expect(tab(lab, "Bowl")).to_have_attribute("aria-selected", "true")
    open_tab(lab, "Contour", "contour")
    expect(view(lab, "bowl")).to_be_hidden()
    expect(lab.page.locator("#plot-bowl")).to_have_attribute("aria-labelledby", "view-contour")
    tab(lab, "Contour").press("ArrowRight")
    expect(tab(lab, "Slices")).to_be_focused()
    expect(tab(lab, "Slices")).to_have_attribute("aria-selected", "true")
    tab(lab, "Slices").press("End")
    tab(lab, "Search").press("ArrowRight")
    tab(lab, "Bowl").press("ArrowRight")
    expect(view(lab, "contour")).to_be_visible()
    assert lab.step == 0, "the arrows were the tabs'"
    lab.open()
    expect(tab(lab, "Contour")).to_have_attribute("aria-selected", "true")
    expect(view(lab, "contour")).to_be_visible()
    expect(view(lab, "bowl")).to_have_count(0)


def test_the_contour_shows_the_run_as_the_bowl_does(lab: Lab) -> None:
    lab.open("/?at=30")
    open_tab(lab, "Contour", "contour")
    path = view(lab, "contour").locator("path.js-line").first
    expect(path).to_have_attribute("d", re.compile(r"(L[^L]+){30}"))
    ball, optimum = view(lab, "contour").locator(".ball"), view(lab, "contour").locator(".optimum")
    expect(ball).to_be_visible()
    expect(optimum).to_be_visible()
    before = ball.get_attribute("transform")
    lab.button("Step").click()
    lab.wait_at_step(31)
    expect(path).to_have_attribute("d", re.compile(r"(L[^L]+){31}"))
    assert ball.get_attribute("transform") != before


def test_pointing_at_the_contour_shows_that_line_on_the_beans(lab: Lab) -> None:
    lab.open("/?at=30")
    open_tab(lab, "Contour", "contour")
    ghost, words = lab.page.locator("#plot-beans .ghost"), lab.page.locator("#plot-beans .ghost-text")
    expect(ghost).to_be_hidden()
    box = box_of(view(lab, "contour"))
    lab.page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.4 * box["height"])
    expect(ghost).to_be_visible()
    said = numbers(words.text_content())
    assert f"{loss_at(lab, {'w': said['w'], 'b': said['b']}):#.6g}" == f"{said['loss']:#.6g}"
    expect(view(lab, "contour").locator(".look-text")).to_have_text(words.text_content() or "")
    line = {name: float(ghost.get_attribute(name) or "nan") for name in ("x1", "y1", "x2", "y2")}
    assert (line["y2"] < line["y1"]) == (said["w"] > 0), "it rises with w"
    assert lab.step == 30
    lab.page.mouse.move(box["x"] - 40, box["y"])
    expect(ghost).to_be_hidden()


def test_a_cross_hair_does_it_by_keyboard(lab: Lab) -> None:
    lab.open()
    open_tab(lab, "Contour", "contour")
    cross = lab.slider("Point to look at")
    cross.focus()
    words = lab.page.locator("#plot-beans .ghost-text")
    expect(words).to_contain_text("w = 0.1, b = 0.1")
    cross.press("ArrowRight")
    cross.press("Shift+ArrowUp")
    expect(words).to_contain_text("w = 0.11, b = 0.2,")
    expect(cross).to_have_attribute("aria-valuetext", words.text_content() or "")
    assert numbers(words.text_content())["loss"] == float(f"{loss_at(lab, {'w': 0.11, 'b': 0.2}):.6g}")
    tab(lab, "Contour").focus()
    expect(words).to_be_hidden()
    assert lab.spec["start"] == {"w": 0.1, "b": 0.1}


def test_dragging_the_ball_moves_the_line_and_sets_the_start(lab: Lab, live_server: Server) -> None:
    lab.open("/?at=20")
    open_tab(lab, "Contour", "contour")
    line = lab.page.locator("#plot-beans path.js-line").first
    before = line.get_attribute("d")
    drag(lab, view(lab, "contour").locator("[data-hand=ball]"), 90, 60)
    theta = assert_held(lab)
    assert line.get_attribute("d") != before
    expect(lab.page.locator("#plot-beans .equation")).to_have_text(
        f"ŷ = {theta['w']:.4f}\u2009x {'+' if theta['b'] >= 0 else '−'} {abs(theta['b']):.4f}".replace("-", "−")
    )
    expect(lab.page.locator("#step-now")).to_have_text("0")
    lab.page.mouse.up()
    assert_started(lab, live_server, theta)
    lab.button("Step").click()
    lab.wait_at_step(1)
    assert_same_rows(lab, live_server.url)


def test_a_drag_that_is_given_up_changes_nothing(lab: Lab, live_server: Server) -> None:
    lab.open("/?at=20")
    open_tab(lab, "Contour", "contour")
    shown = lab.shown
    ball = view(lab, "contour").locator("[data-hand=ball]")
    drag(lab, ball, 40, -40)
    assert_held(lab)
    ball.press("Escape")
    lab.page.mouse.up()
    expect(lab.caption).to_contain_text("Paused")
    assert lab.shown == shown
    assert lab.step == 20
    assert_same_rows(lab, live_server.url)


def test_the_ball_moves_by_arrow_keys(lab: Lab, live_server: Server) -> None:
    lab.open()
    open_tab(lab, "Contour", "contour")
    ball = view(lab, "contour").locator("[data-hand=ball]")
    ball.focus()
    lab.page.keyboard.down("ArrowRight")
    assert assert_held(lab) == {"w": 0.11, "b": 0.1}
    expect(ball).to_have_attribute("aria-valuetext", re.compile(r"w = 0\.11, b = 0\.1, loss "))
    lab.page.keyboard.up("ArrowRight")
    assert_started(lab, live_server, {"w": 0.11, "b": 0.1})
    expect(ball).to_be_focused()
    ball.press("PageDown")
    assert_started(lab, live_server, {"w": 0.11, "b": 0})
    ball.press("ArrowUp")
    ball.press("ArrowUp")
    assert_started(lab, live_server, {"w": 0.11, "b": 0.02})


def test_a_run_that_plays_goes_on_from_where_the_ball_is_put(lab: Lab, live_server: Server) -> None:
    lab.open()
    open_tab(lab, "Contour", "contour")
    lab.button("Play").click()
    lab.wait_for_step(10)
    drag(lab, view(lab, "contour").locator("[data-hand=ball]"), -70, -50)
    assert_held(lab)
    expect(lab.button("Play")).to_be_visible()
    lab.page.mouse.up()
    lab.page.wait_for_function("() => beanBowl.spec.start.w < 0.1 && beanBowl.status === 'playing'")
    lab.wait_for_step(5)
    lab.button("Pause").click()
    lab.wait_for_status("paused")
    assert_same_rows(lab, live_server.url)


@pytest.mark.parametrize(("name", "end"), [("line-left", 0), ("line-right", 1)])
def test_dragging_a_handle_of_the_line_moves_the_ball(lab: Lab, live_server: Server, name: str, end: int) -> None:
    lab.open()
    open_tab(lab, "Contour", "contour")
    ball = view(lab, "contour").locator(".ball")
    before = ball.get_attribute("transform")
    data = rest(live_server.url, lab.spec)["spec"]["dataset"]
    assert data["name"] == "offset-beans"
    xs = np.sort(np.random.default_rng(0).random(100))[[0, -1]]
    heights = 0.1 * xs + 0.1
    drag(lab, lab.page.locator(f"[data-hand={name}]"), 0, -60)
    theta = assert_held(lab)
    moved = theta["w"] * xs + theta["b"]
    assert moved[1 - end] == pytest.approx(heights[1 - end], abs=0.002), "the other end stays"
    assert moved[end] > heights[end] + 0.1
    assert ball.get_attribute("transform") != before
    lab.page.mouse.up()
    assert_started(lab, live_server, theta)


def test_a_handle_of_the_line_moves_by_arrow_keys(lab: Lab, live_server: Server) -> None:
    lab.open()
    right = lab.slider("Right handle of the line")
    right.focus()
    before = float(right.get_attribute("aria-valuenow") or "nan")
    lab.page.keyboard.down("ArrowUp")
    theta = assert_held(lab)
    assert float(right.get_attribute("aria-valuenow") or "nan") == pytest.approx(before + 0.01, abs=0.002)
    assert numbers(right.get_attribute("aria-valuetext")) | theta == numbers(right.get_attribute("aria-valuetext"))
    lab.page.keyboard.up("ArrowUp")
    assert_started(lab, live_server, theta)


def test_slices_have_the_slopes_of_the_gradient(lab: Lab) -> None:
    lab.open("/?at=40")
    open_tab(lab, "Slices", "slices")
    expect(view(lab, "bowl")).to_be_visible()
    rng = np.random.default_rng(0)
    x = np.sort(rng.random(100))
    y = 0.7 * x + (0.5 - rng.random(100)) / 5 + 0.5
    for step in (40, 41):
        lab.wait_at_step(step)
        w, b = (float(lab.shown[name]) for name in ("w", "b"))
        residual = w * x + b - y
        slopes = {"w": np.mean(2 * residual * x), "b": np.mean(2 * residual)}
        for name, fixed in (("w", b), ("b", w)):
            slice_ = lab.page.locator(f"[data-slice={name}]")
            expect(slice_.locator(".slope")).to_contain_text(f"∂loss/∂{name} = {slopes[name]:#.4g}".replace("-", "−"))
            expect(slice_.locator(".fixed")).to_contain_text(f"{fixed:.6g}".replace("-", "−"))
            expect(slice_.locator(".ball")).to_be_visible()
            expect(slice_.locator(".tangent")).to_be_visible()
        lab.button("Step").click()


def test_the_ball_of_a_slice_moves_along_it(lab: Lab, live_server: Server) -> None:
    lab.open()
    open_tab(lab, "Slices", "slices")
    drag(lab, lab.slider("Ball, along w"), 40, 0)
    theta = assert_held(lab)
    assert theta["w"] > 0.2
    assert theta["b"] == 0.1
    lab.page.mouse.up()
    assert_started(lab, live_server, theta)
    along_b = lab.slider("Ball, along b")
    along_b.press("ArrowUp")
    assert_started(lab, live_server, theta | {"b": 0.11})


def surface(url: str, **body: Any) -> dict[str, Any]:
    request = Request(f"{url}/api/surface", json.dumps(body).encode(), {"content-type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def way(lab: Lab, name: str) -> list[str]:
    return [text.replace("\u202f", "") for text in lab.page.locator(f"[data-way={name}] td").all_text_contents()]


def test_search_finds_what_the_engine_finds_and_counts(lab: Lab, live_server: Server) -> None:
    lab.open("/?at=40&batch=10")
    open_tab(lab, "Search", "search")
    assert way(lab, "descent")[:2] == ["40", "400"]
    b = float(lab.shown["b"])
    lab.button("Try 100 values of w").click()
    found = lab.page.locator("#search [role=status]")
    expect(found).to_contain_text("100 evaluations")
    grid = np.array(surface(live_server.url, w=[-1, 2, 100], b=b)["loss"])
    assert way(lab, "search") == ["100", "10000", f"{grid.min():#.6g}"]
    lab.button("Try 100 × 100 of w and b").press("Enter")
    lab.page.wait_for_function(f"() => {{ const n = Number(({EVALUATIONS})()); return n > 100 && n < 10000; }}")
    expect(found).to_contain_text("10\u202f000 evaluations", timeout=60_000)
    answer = surface(live_server.url, w=[-1, 2, 100], b=[-2, 2, 100])
    grid = np.array(answer["loss"])
    row, column = np.unravel_index(grid.argmin(), grid.shape)
    assert way(lab, "search") == ["10000", "1000000", f"{grid.min():#.6g}"]
    expect(found).to_contain_text(f"w = {answer['w'][column]:.4g}, b = {answer['b'][row]:.4g}")
    expect(view(lab, "search").locator(".best-text")).to_have_text(f"lowest found {grid.min():#.6g}")
    expect(lab.page.locator("#search .note")).to_contain_text("10 000 for w and b")
    assert way(lab, "descent")[2] == f"{float(lab.shown['loss']):#.6g}"
    # What was found is of this loss: another one makes it void.
    lab.choice("Loss").select_option("absolute-error")
    lab.page.wait_for_function("() => beanBowl.spec.loss === 'absolute-error'")
    expect(lab.page.locator("[data-way=search] td").first).to_have_text("0")


def test_search_does_not_move_where_motion_is_not_wanted(new_page: NewPage) -> None:
    lab = Lab(new_page(reduced_motion="reduce")).open()
    open_tab(lab, "Search", "search")
    lab.page.evaluate("""() => {
        window.counts = [];
        const cell = document.querySelector("[data-way=search] td");
        new MutationObserver(() => counts.push(cell.textContent)).observe(cell, { childList: true });
    }""")
    lab.button("Try 100 × 100 of w and b").click()
    expect(lab.page.locator("[data-way=search] td").first).to_have_text("10\u202f000")
    assert lab.page.evaluate("() => counts.length") == 1


def test_one_parameter_has_a_parabola_with_a_ball_and_one_handle(lab: Lab, live_server: Server) -> None:
    lab.open(ONE)
    expect(tab(lab, "Parabola")).to_have_attribute("aria-selected", "true")
    expect(tab(lab, "Slices")).to_be_hidden()
    expect(lab.page.locator("[data-hand=line-left]")).to_be_hidden()
    drag(lab, view(lab, "parabola").locator("[data-hand=ball]"), 80, 30)
    theta = assert_held(lab)
    assert theta["w"] > 0.3
    lab.page.mouse.up()
    assert_started(lab, live_server, theta)
    drag(lab, lab.page.locator("[data-hand=line-right]"), 0, 40)
    lower = assert_held(lab)
    assert lower["w"] < theta["w"]
    lab.page.mouse.up()
    assert_started(lab, live_server, lower)
    box = box_of(view(lab, "parabola"))
    lab.page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.5 * box["height"])
    expect(lab.page.locator("#plot-beans .ghost-text")).to_contain_text("w = 1.")
    open_tab(lab, "Search", "scan")
    lab.button("Try 100 values of w").click()
    expect(lab.page.locator("#search [role=status]")).to_contain_text("100 evaluations")
    spec = {"model": "proportional", "dataset": {"name": "proportional-beans"}}
    grid = np.array(surface(live_server.url, w=[-1, 2, 100], **spec)["loss"])
    assert way(lab, "search")[2] == f"{grid.min():#.6g}"


def test_from_one_parameter_to_two_and_back(lab: Lab) -> None:
    lab.open(ONE)
    lab.choice("Model").select_option("line")
    expect(view(lab, "bowl")).to_be_visible()
    open_tab(lab, "Slices", "slices")
    expect(lab.page.locator("[data-hand=line-left]")).to_be_visible()
    lab.choice("Model").select_option("proportional")
    expect(view(lab, "parabola")).to_be_visible()
    expect(lab.page.locator("[data-hand=line-left]")).to_be_hidden()


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("kind", ["contour", "slices", "search"])
def test_every_view_fits_the_projector(new_page: NewPage, kind: str, locale: str) -> None:
    lab = Lab(new_page(locale=locale))
    lab.page.add_init_script(f"localStorage.setItem('view', '{kind}'); localStorage.setItem('theme', 'projector');")
    lab.open("/?at=20")
    size = lab.page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [1280, 720]
    box = box_of(lab.page.locator("#plot-bowl"))
    assert box["height"] > 300


def test_touch_drags_the_ball_on_a_phone(new_page: NewPage, live_server: Server) -> None:
    lab = Lab(new_page(**PHONE)).open()
    tab(lab, "Contour").tap()
    ball = view(lab, "contour").locator("[data-hand=ball]")
    box = box_of(ball)
    assert min(box["width"], box["height"]) >= 44
    assert lab.page.evaluate("document.documentElement.scrollWidth") == 390
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = lab.page.context.new_cdp_session(lab.page)

    def at(kind: str, points: list[tuple[float, float]]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": a, "y": b} for a, b in points]})

    at("touchStart", [(x, y)])
    for k in range(1, 5):
        at("touchMove", [(x + 12 * k, y - 6 * k)])
    lab.page.wait_for_function(ARRIVED, arg=[x + 48, y - 24])
    theta = assert_held(lab)
    at("touchEnd", [])
    assert_started(lab, live_server, theta)
