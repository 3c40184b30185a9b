"""Slices, search, one parameter, and all sizes: the linked views beyond the contour."""

import itertools
import json
from typing import Any
from urllib.request import Request, urlopen

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.hands import (
    ARRIVED,
    EVALUATIONS,
    ONE,
    PHONE,
    assert_held,
    assert_started,
    box_of,
    drag,
    open_tab,
    tab,
    view,
)
from tests.browser.lab import Lab
from tests.servers import Server


@pytest.fixture
def lab(new_page: NewPage) -> Lab:
    return Lab(new_page())


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


# Slices drawn in the size of their places; words beyond the edges of a slice, and slices beyond those of the figure.
REDRAWN = """() => [...document.querySelectorAll(".slice")].every(slice =>
    Math.abs(slice.querySelector(".main-svg").clientWidth - slice.clientWidth) < 1)"""
OUTSIDE = """() => [...document.querySelectorAll(".slice")].flatMap(slice =>
    [...slice.querySelectorAll(".slope, .fixed, .xtitle")]
        .map(words => [words, slice])
        .concat([[slice, document.querySelector("#plot-bowl")]])
        .filter(([inner, outer]) => {
            const [part, whole] = [inner, outer].map(item => item.getBoundingClientRect());
            return part.left < whole.left || part.right > whole.right + 0.5 || part.bottom > whole.bottom + 0.5;
        })
        .map(([inner]) => inner.textContent))"""


def test_slices_and_their_words_keep_within_the_figure(lab: Lab) -> None:
    lab.open("/?at=2")
    open_tab(lab, "Slices", "slices")
    for theme, width in itertools.product(("light", "projector"), (1280, 390, 320)):
        lab.page.set_viewport_size({"width": width, "height": 720})
        lab.page.locator(f"[data-theme-choice={theme}]").click()
        lab.page.wait_for_function(REDRAWN)
        lab.page.wait_for_function(f"() => ({OUTSIDE})().length === 0")


def test_slices_say_that_the_ball_has_left_the_bowl(lab: Lab) -> None:
    lab.open("/?batch=all&rate=0.9&at=2")
    open_tab(lab, "Slices", "slices")
    away = lab.page.locator("[data-slice=w] .away")
    expect(away).to_be_hidden()
    lab.enter("Go to step", 44)
    lab.wait_at_step(44)
    expect(away).to_have_text("b is outside the bowl: no slice here")
    lab.button("Reset").click()
    expect(away).to_be_hidden()


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


# A search takes eight seconds for people to follow it; here they pass four times as fast.
FASTER = """() => {
    const frame = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (call) => frame((now) => call(4 * now));
}"""


def test_search_finds_what_the_engine_finds_and_counts(lab: Lab, live_server: Server) -> None:
    lab.open("/?at=40&batch=10")
    open_tab(lab, "Search", "search")
    assert way(lab, "descent")[:2] == ["40", "400"]
    b = float(lab.shown["b"])
    lab.page.evaluate(FASTER)
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
        const seen = { childList: true, characterData: true, subtree: true };
        new MutationObserver(() => counts.push(cell.textContent)).observe(cell, seen);
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
    lab.page.emulate_media(reduced_motion="reduce")  # all at once
    lab.button("Try 100 values of w").click()
    expect(lab.page.locator("#search [role=status]")).to_contain_text("100 evaluations")
    spec = {"model": "proportional", "dataset": {"name": "proportional-beans"}}
    grid = np.array(surface(live_server.url, w=[-1, 2, 100], **spec)["loss"])
    assert way(lab, "search")[2] == f"{grid.min():#.6g}"


def test_from_one_parameter_to_two_and_back(new_page: NewPage) -> None:
    lab = Lab(new_page(view="bowl")).open(ONE)
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
    lab = Lab(new_page(locale=locale, view=kind, begin=["localStorage.theme = 'projector'"])).open("/?at=20")
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
