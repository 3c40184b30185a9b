"""Beans of one's own, by hand: added, moved, deleted, taken back; and always the engine's numbers for them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.beans import Beans, assert_refitted, usual_beans
from tests.browser.conftest import NewPage
from tests.browser.hands import PHONE
from tests.browser.lab import Lab
from tests.servers import Server


@pytest.fixture
def lab(new_page: NewPage) -> Beans:
    return Beans(new_page())


def test_a_click_adds_a_bean_and_a_link_takes_it_along(lab: Beans, new_page: NewPage, live_server: Server) -> None:
    lab.open("/?n=12&at=40")
    before = lab.shown
    lab.edit().click(0.5, 0.3)
    assert len(lab.points) == 13
    assert lab.points[-1] == pytest.approx([0.5, 0.3], abs=0.01)
    assert lab.typed == lab.points[-1], "it is selected"
    assert lab.step == 40
    assert lab.shown != before, "the line follows"
    assert_refitted(lab, live_server)
    lab.page.wait_for_function("() => location.search.includes('data=points')")
    other = Lab(new_page()).open(lab.page.url.removeprefix(live_server.url))
    assert (other.spec, other.step, other.shown) == (lab.spec, lab.step, lab.shown)


def test_a_drag_moves_a_bean_and_everything_follows_before_it_is_let_go(lab: Beans, live_server: Server) -> None:
    lab.open("/?at=100&batch=all").edit()
    before = lab.shown
    lab.page.mouse.click(*lab.pixels(*usual_beans()[50]))
    start = lab.typed
    assert start in usual_beans(), "a bean that is only pressed does not move"
    assert lab.spec["dataset"]["name"] == "offset-beans"
    lab.carry(30, 60)
    lab.page.wait_for_function("() => beanBowl.spec.dataset.name === 'points'")
    assert lab.shown != before, "the run follows the hand"
    held = lab.typed
    assert held[0] > start[0]
    assert held[1] < start[1]
    lab.page.mouse.up()
    lab.settle()
    expected = usual_beans()
    expected[expected.index(start)] = held
    assert lab.points == expected, "all others stay as they were, bit for bit"
    assert lab.step == 100
    assert_refitted(lab, live_server)
    lab.carry(-40, 20)
    lab.page.wait_for_function("held => Number(document.querySelector('#bean-x').value) < held", arg=held[0])
    lab.handle.press("Escape")
    lab.page.mouse.up()
    lab.settle()
    assert lab.points == expected, "given up"
    lab.button("Undo").click()
    lab.page.wait_for_function("() => beanBowl.spec.dataset.name === 'offset-beans'")
    lab.settle()
    assert lab.shown == before
    expect(lab.button("Undo")).to_be_disabled()


def test_all_of_it_by_keyboard(lab: Beans, live_server: Server) -> None:
    lab.open("/?n=5")
    page = lab.page
    page.keyboard.press("e")
    lab.button("Next bean").press("Enter")
    first = lab.typed
    lab.handle.focus()
    page.keyboard.press("n")
    second = lab.typed
    assert second != first
    page.keyboard.press("p")
    page.keyboard.press("ArrowUp")
    lab.settle()
    assert lab.points[:2] == [[pytest.approx(first[0], abs=0.001), pytest.approx(first[1] + 0.01, abs=0.001)], second]
    expect(lab.handle).to_have_attribute("aria-valuetext", re.compile(r"bean 1: x = .*, y = "))
    lab.enter("Bean x", "0,75")
    lab.settle()
    lab.enter("Bean y", -2)
    lab.settle()
    assert lab.points[0] == [0.75, -2]
    assert_refitted(lab, live_server)
    lab.enter("Bean y", "two")
    expect(page.locator("#bean-said")).to_have_text("“two” is not a number: y stays -2.")
    assert lab.points[0] == [0.75, -2]
    lab.box("Bean y").press("Escape")
    lab.handle.focus()
    page.keyboard.press("a")
    lab.settle()
    assert lab.points[5] == [0.75, -2]
    for left in (5, 4, 3, 2, 1):
        page.keyboard.press("Delete")
        page.wait_for_function("left => beanBowl.settled && beanBowl.spec.dataset.y.length === left", arg=left)
    page.keyboard.press("Delete")
    expect(page.locator("#bean-said")).to_have_text("One bean must stay: without any there is nothing to learn.")
    assert len(lab.points) == 1
    for _ in range(4):
        page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+z")
    lab.settle()
    assert len(lab.points) == 4
    assert_refitted(lab, live_server)


def test_the_keys_of_the_beans_work_as_soon_as_they_are_edited(lab: Beans, live_server: Server) -> None:
    lab.open("/?n=5")
    lab.page.keyboard.press("e")
    expect(lab.page.locator("#plot-beans .editing")).to_be_visible()
    lab.page.keyboard.press("n")
    expect(lab.handle).to_be_focused()
    expect(lab.handle).to_have_attribute("aria-valuetext", re.compile("bean 1: "))
    lab.button("Edit beans").click()
    lab.edit().page.keyboard.press("p")
    expect(lab.handle).to_be_focused()
    expect(lab.handle).to_have_attribute("aria-valuetext", re.compile("bean 5: "))
    lab.button("Edit beans").click()
    lab.edit().page.keyboard.press("a")
    lab.page.wait_for_function("() => beanBowl.settled && beanBowl.spec.dataset.y?.length === 6")
    expect(lab.handle).to_be_focused()
    lab.page.keyboard.press("ArrowUp")
    lab.settle()
    assert lab.typed == lab.points[5]
    assert_refitted(lab, live_server)
    # In a box a letter is a letter, and without editing it is nothing.
    lab.box("Bean x").press("a")
    # There, Escape takes it back; anywhere else among the beans it ends to edit.
    lab.box("Bean x").press("Escape")
    expect(lab.page.locator("#plot-beans .editing")).to_be_visible()
    lab.handle.press("Escape")
    expect(lab.page.locator("#plot-beans .editing")).to_have_count(0)
    expect(lab.button("Edit beans")).to_be_focused()
    lab.page.keyboard.press("a")
    assert len(lab.settle().points) == 6


def test_own_points_begin_as_the_beans_on_the_screen_and_can_be_fetched_back(lab: Beans, live_server: Server) -> None:
    lab.open("/?at=30&batch=20&rate=0.3")
    before = lab.shown
    lab.choice("Data").select_option("points")
    lab.page.wait_for_function("() => beanBowl.spec.dataset.name === 'points'")
    lab.settle()
    assert lab.points == usual_beans()
    assert (lab.step, lab.shown) == (30, before)
    lab.edit().click(0.2, 1.2)
    own = lab.points
    lab.choice("Data").select_option("proportional-beans")
    lab.page.wait_for_function("() => beanBowl.spec.dataset.name === 'proportional-beans'")
    lab.settle()
    lab.button("Undo").click()
    lab.page.wait_for_function("() => beanBowl.spec.dataset.name === 'points'")
    lab.settle()
    assert lab.points == own
    assert_refitted(lab, live_server)


def test_a_run_that_plays_goes_on_with_the_other_beans(lab: Beans, live_server: Server) -> None:
    lab.open().edit()
    lab.button("Play").click()
    lab.wait_for_step(30)
    lab.page.mouse.click(*lab.pixels(0.4, 0.2))
    lab.page.wait_for_function("() => beanBowl.spec.dataset.name === 'points' && beanBowl.status === 'playing'")
    lab.wait_for_step(lab.step + 20)
    lab.carry(40, -20)
    lab.page.wait_for_function("() => beanBowl.status === 'paused'")
    lab.page.mouse.up()
    lab.wait_for_status("playing")
    lab.button("Pause").click()
    lab.wait_for_status("paused")
    lab.settle()
    assert len(lab.points) == 101
    assert_refitted(lab, live_server)


def test_fingers_edit_beans_on_a_phone(new_page: NewPage, live_server: Server) -> None:
    lab = Beans(new_page(**PHONE))
    lab.open("/?n=8")
    lab.button("Edit beans").tap()
    expect(lab.page.locator("#plot-beans .editing")).to_be_visible()
    lab.page.locator("#plot-beans").evaluate("plot => plot.scrollIntoView({ block: 'center' })")
    lab.page.touchscreen.tap(*lab.pixels(0.5, 0.1))
    lab.page.wait_for_function("() => beanBowl.settled && beanBowl.spec.dataset.y?.length === 9")
    assert lab.typed == lab.points[-1]
    lab.button("Delete bean").tap()
    lab.page.wait_for_function("() => beanBowl.settled && beanBowl.spec.dataset.y.length === 8")
    assert_refitted(lab, live_server)
