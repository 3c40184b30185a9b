"""Playing, stepping and seeking: what the page shows is what REST computes."""

import re
from math import log10

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.lab import Lab, assert_same_rows, rest
from tests.servers import Server

LATE = 200  # milliseconds
LATE_ANSWERS = f"""
    const listen = WebSocket.prototype.addEventListener;
    WebSocket.prototype.addEventListener = function (kind, heard, ...more) {{
        const late = kind === "message" ? (event) => setTimeout(() => heard(event), {LATE}) : heard;
        listen.call(this, kind, late, ...more);
    }};
"""


@pytest.fixture
def lab(page: Page) -> Lab:
    return Lab(page)


@pytest.mark.parametrize("view", ["bowl", "contour"])
def test_play_moves_all_three_figures(new_page: NewPage, live_server: Server, view: str) -> None:
    lab = Lab(new_page(view=view)).open()
    places = [lab.page.locator(f"#plot-{name}") for name in ("beans", "bowl", "loss")]
    before = [place.screenshot() for place in places]
    expect(lab.caption).to_contain_text("Press Play")
    lab.button("Play").click()
    expect(lab.button("Pause")).to_be_visible()
    lab.wait_for_step(30)
    lab.button("Pause").click()
    lab.wait_for_status("paused")
    after = [place.screenshot() for place in places]
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert_same_rows(lab, live_server.url)


def test_the_numbers_shown_are_those_of_rest(lab: Lab, live_server: Server) -> None:
    lab.open("/?batch=10&order=shuffled&seed=3")
    lab.play_to(40)
    step = lab.step
    row = rest(live_server.url, lab.spec)["trajectory"]
    expect(lab.page.locator("#step-now")).to_have_text(str(step))
    assert lab.shown == {name: f"{row[name][step]:#.8g}" for name in ("w", "b", "loss")}
    expect(lab.page.locator("#readout [data-name=loss] dd")).to_have_attribute("title", repr(row["loss"][step]))


def test_the_speed_slider_stands_at_its_speed_however_soon_the_page_is_there(new_page: NewPage) -> None:
    page = new_page(begin=["performance.now = () => 100"])
    lab = Lab(page).open()
    expect(page.locator("#speed-now")).to_have_text("60 steps/s")
    assert float(lab.slider("Speed").input_value()) == pytest.approx(log10(60), abs=0.01)


def test_step_step_back_and_reset(lab: Lab, live_server: Server) -> None:
    lab.open()
    expect(lab.button("Step back")).to_be_disabled()
    for step in (1, 2, 3):
        lab.button("Step").click()
        lab.wait_at_step(step)
    third = lab.shown
    lab.button("Step back").click()
    lab.wait_at_step(2)
    assert lab.shown != third
    lab.button("Step").click()
    lab.wait_at_step(3)
    assert lab.shown == third
    assert_same_rows(lab, live_server.url)
    lab.button("Reset").click()
    lab.wait_at_step(0)
    assert lab.rows["step"] == [0]
    expect(lab.caption).to_contain_text("Press Play")


def test_timeline_seeks_beyond_what_was_played(lab: Lab, live_server: Server) -> None:
    lab.open()
    lab.slider("Timeline").fill("9000")
    lab.wait_at_step(9000)
    row = rest(live_server.url, lab.spec)["trajectory"]
    assert lab.shown["loss"] == f"{row['loss'][9000]:#.8g}"
    lab.button("Step").click()
    lab.wait_at_step(9001)
    assert lab.shown["w"] == f"{row['w'][9001]:#.8g}"
    lab.slider("Timeline").fill("0")
    lab.wait_at_step(0)


def test_dragging_the_timeline_while_playing_goes_on_from_there(lab: Lab, live_server: Server) -> None:
    lab.open()
    lab.button("Play").click()
    lab.wait_for_step(30)
    box = lab.slider("Timeline").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    lab.page.mouse.move(box["x"] + 10, middle)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + box["width"] / 2, middle, steps=4)
    lab.page.mouse.up()
    lab.wait_for_step(4900)
    lab.page.wait_for_function("() => beanBowl.status === 'playing'")
    at = lab.step
    lab.wait_for_step(at + 10)
    lab.button("Pause").click()
    lab.wait_for_status("paused")
    rows, expected = lab.rows, rest(live_server.url, lab.spec)["trajectory"]
    for step, w in zip(rows["step"], rows["w"], strict=True):
        assert w == expected["w"][int(step)]


def test_the_sentence_is_of_the_step_under_the_hand(lab: Lab) -> None:
    lab.open("/?steps=200&batch=all&at=200")
    expect(lab.caption).to_contain_text("All 200 steps done")
    box = lab.slider("Timeline").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    lab.page.mouse.move(box["x"] + box["width"] / 2, middle)
    lab.page.mouse.down()
    expect(lab.page.locator("#step-now")).not_to_have_text("200")
    expect(lab.caption).to_contain_text("At rate 0.1 every step shrinks the error")
    expect(lab.page.locator("#again")).to_be_hidden()
    lab.page.mouse.up()
    lab.wait_for_status("paused")


def test_divergence_is_explained_with_its_numbers(lab: Lab, live_server: Server) -> None:
    lab.open("/?rate=0.9&batch=all")
    lab.button("Play").click()
    lab.wait_for_status("diverged")
    expect(lab.caption).to_have_text(
        re.compile(r"Diverged at step \d+: 0\.90 > 0\.756: every step multiplies the error by 1\.38")
    )
    expect(lab.button("Play")).to_be_visible()
    assert_same_rows(lab, live_server.url)
    lab.page.get_by_role("button", name="Start again with 0.71").click()
    lab.wait_at_step(0)
    expect(lab.box("Learning rate, exact value")).to_have_value("0.71")


def test_finished_and_converged_say_so(lab: Lab) -> None:
    lab.open("/?steps=20&at=20")
    expect(lab.caption).to_contain_text("All 20 steps done")
    lab.wait_for_status("finished")
    expect(lab.button("Step")).to_be_disabled()
    lab.button("Step back").click()
    lab.wait_at_step(19)
    expect(lab.button("Step")).to_be_enabled()
    lab.enter("Stop at gradient", "0.01")
    lab.choice("Batch size").select_option("all")
    lab.enter("Steps", 5000)
    lab.wait_at_step(0)
    lab.set_speed(5)
    lab.button("Play").click()
    lab.wait_for_status("converged")
    expect(lab.caption).to_contain_text("Converged at step")


def test_a_second_press_takes_back_the_first_before_the_server_has_answered(new_page: NewPage) -> None:
    page = new_page(begin=[LATE_ANSWERS])
    lab = Lab(page).open()
    lab.button("Play").click()
    page.keyboard.press(" ")
    expect(lab.button("Play")).to_be_visible()
    page.wait_for_timeout(4 * LATE)
    assert lab.status == "paused"
    stands = lab.step
    page.wait_for_timeout(4 * LATE)
    assert lab.step == stands
    for _ in range(3):
        page.keyboard.press(" ")
    expect(lab.button("Pause")).to_be_visible()
    lab.wait_for_step(stands + 30)
    assert lab.status == "playing"


def test_play_at_the_end_plays_again_from_the_start(lab: Lab) -> None:
    lab.open("/?steps=40&at=40")
    lab.wait_for_status("finished")
    lab.button("Play").click()
    # As if it had not been seen: an axis for all of a long run would leave no room for its beginning.
    playing = "beanBowl.status === 'playing' && beanBowl.rows.step[beanBowl.cursor] < 40 && beanBowl.rows.length < 41"
    lab.page.wait_for_function(f"() => {playing}")
    lab.wait_for_status("finished")
    assert lab.step == 40


def test_one_parameter_is_a_parabola(lab: Lab, live_server: Server) -> None:
    lab.open("/?model=proportional&data=proportional-beans")
    expect(lab.page.locator("#bowl-title")).to_have_text("Loss over w")
    lab.play_to(10)
    assert set(lab.shown) == {"w", "loss"}
    assert_same_rows(lab, live_server.url)


def test_speed_reaches_from_one_step_a_second_to_flat_out(lab: Lab) -> None:
    lab.open("/?steps=200000")
    lab.set_speed(0)
    expect(lab.page.locator("#speed-now")).to_have_text("1 step/s")
    lab.button("Play").click()
    lab.wait_for_step(2)
    assert lab.step < 10
    lab.slider("Speed").press("End")
    expect(lab.page.locator("#speed-now")).to_have_text("flat out")
    lab.wait_for_status("finished")
    assert lab.step == 200_000


def test_beans_far_from_one_are_offered_a_rate_that_they_can_take(lab: Lab) -> None:
    lab.open("/?data=points&x=1000000,1200000,1500000,900000&y=1,2,3,1.5&batch=all&steps=200&at=200")
    lab.wait_for_status("diverged")
    lab.page.locator("#again").click()
    lab.wait_for_status("paused")
    assert lab.spec["optimizer"]["learning_rate"] == 3.6e-13
    lab.page.locator("#timeline").press("End")
    lab.wait_for_status("finished")
    loss = lab.rows["loss"]
    assert loss[-1] < loss[0] / 1e9
