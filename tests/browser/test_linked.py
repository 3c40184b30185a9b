"""The views are one: whatever a hand does to one of them, all the others follow, with the engine's numbers."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.hands import assert_held, assert_started, box_of, drag, loss_at, numbers, open_tab, tab, view
from tests.browser.lab import Lab, assert_same_rows, rest
from tests.servers import Server


@pytest.fixture
def lab(new_page: NewPage) -> Lab:
    return Lab(new_page())


def test_the_tabs_are_chosen_by_mouse_and_keyboard_and_remembered(new_page: NewPage) -> None:
    lab = Lab(new_page(view="bowl")).open()
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


def test_what_a_start_is_called_follows_the_hand(lab: Lab, live_server: Server) -> None:
    """Beside a path left behind, the run shown has its start for a name."""
    lab.open("/?at=20")
    open_tab(lab, "Contour", "contour")
    lab.slider("Right handle of the line").press("ArrowUp")
    lab.page.wait_for_function("() => beanBowl.settled && beanBowl.spec.start.w !== 0.1")
    drag(lab, view(lab, "contour").locator("[data-hand=ball]"), 90, 60)
    theta = assert_held(lab)
    name = view(lab, "contour").locator(".companion-name").first
    expect(name).to_have_text(re.compile(rf"w = {theta['w']:g}, b = {theta['b']:g}".replace("-", "[-\u2212]")))
    lab.page.mouse.up()
    assert_started(lab, live_server, theta)


def test_a_drag_that_is_given_up_changes_nothing(lab: Lab, live_server: Server) -> None:
    lab.open("/?at=20")
    open_tab(lab, "Contour", "contour")
    shown = lab.shown
    ball = view(lab, "contour").locator("[data-hand=ball]")
    drag(lab, ball, 40, -40)
    assert_held(lab)
    ball.press("Escape")
    lab.page.mouse.up()
    expect(lab.caption).not_to_contain_text("A new start")
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
