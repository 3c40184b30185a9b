"""Playing, stepping, seeking and changing: what the page shows is what REST computes."""

import re
from math import log10

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.lab import Lab, assert_same_rows, rest
from tests.servers import Server


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
    page = new_page(own=True)
    page.add_init_script("performance.now = () => 100")
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


AT_ONCE = """([name, value, then]) => {
    const box = document.querySelector(`[aria-label="${name}"]`);
    box.value = value;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    if (then === "Reset") document.querySelector("#reset").click();
    else dispatchEvent(new Event(then));
}"""


def test_reset_knows_of_a_change_that_the_server_has_not_answered(lab: Lab, live_server: Server) -> None:
    lab.open("/?at=20")
    lab.page.evaluate(AT_ONCE, ["Learning rate, exact value", "0.5", "Reset"])
    lab.wait_at_step(0)
    lab.page.wait_for_function("() => beanBowl.spec.optimizer.learning_rate === 0.5")
    lab.play_to(10)
    assert lab.spec["changes"] == []
    assert_same_rows(lab, live_server.url)


def test_a_change_that_the_connection_swallows_counts_when_it_is_back(lab: Lab, live_server: Server) -> None:
    lab.open("/?at=20")
    lab.slider("Timeline").fill("12")
    lab.wait_at_step(12)
    lab.page.evaluate(AT_ONCE, ["Learning rate, exact value", "0.5", "offline"])
    lab.wait_for_connection("open")
    lab.page.wait_for_function("() => beanBowl.spec.changes.length === 1 && beanBowl.status === 'paused'")
    lab.play_to(25)
    assert lab.spec["changes"] == [{"step": 12, "optimizer": {"learning_rate": 0.5}}]
    assert_same_rows(lab, live_server.url)


def test_moving_the_rate_changes_the_very_next_step(lab: Lab, live_server: Server) -> None:
    lab.open()
    lab.button("Play").click()
    lab.wait_for_step(20)
    lab.slider("Learning rate").press("ArrowRight")
    lab.page.wait_for_function("() => beanBowl.spec.changes.length === 1")
    changed = lab.spec["changes"][0]
    lab.wait_for_step(changed["step"] + 20)
    lab.enter("Learning rate, exact value", 0.5)
    lab.page.wait_for_function("() => beanBowl.spec.changes.length === 2")
    lab.wait_for_step(lab.spec["changes"][1]["step"] + 20)
    lab.button("Pause").click()
    lab.wait_for_status("paused")
    assert changed["step"] >= 20
    assert changed["optimizer"]["learning_rate"] > 0.1
    assert lab.spec["optimizer"]["learning_rate"] == 0.1
    assert_same_rows(lab, live_server.url)
    expect(lab.page.locator("#marks i")).to_have_count(2)


def test_a_change_while_paused_is_the_next_steps(lab: Lab, live_server: Server) -> None:
    lab.open()
    lab.play_to(15)
    at = lab.step
    lab.enter("Learning rate, exact value", 0.3)
    lab.page.wait_for_function("() => beanBowl.spec.changes.length === 1")
    assert lab.spec["changes"] == [{"step": at, "optimizer": {"learning_rate": 0.3}}]
    lab.button("Step").click()
    lab.wait_at_step(at + 1)
    assert_same_rows(lab, live_server.url)


def test_going_back_and_changing_begins_another_future(lab: Lab, live_server: Server) -> None:
    lab.open("/?changes=10:rate=0.2;30:rate=0.4")
    lab.play_to(40)
    lab.slider("Timeline").fill("20")
    lab.wait_at_step(20)
    expect(lab.box("Learning rate, exact value")).to_have_value("0.2")
    assert len(lab.rows["step"]) > 40, "what lies ahead is kept as long as it is true"
    lab.enter("Learning rate, exact value", 0.05)
    lab.page.wait_for_function("() => beanBowl.spec.changes.at(-1).step === 20")
    assert lab.rows["step"][-1] == 20
    lab.play_to(50)
    assert_same_rows(lab, live_server.url)


def test_the_rate_shown_is_the_one_in_force(lab: Lab) -> None:
    lab.open("/?changes=10:rate=0.2&at=30")
    rate = lab.box("Learning rate, exact value")
    expect(rate).to_have_value("0.2")
    lab.slider("Timeline").fill("5")
    expect(rate).to_have_value("0.1")
    lab.slider("Timeline").fill("10")
    expect(rate).to_have_value("0.2")
    lab.button("Reset").click()
    lab.wait_at_step(0)
    expect(rate).to_have_value("0.2")


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


def test_play_at_the_end_plays_again_from_the_start(lab: Lab) -> None:
    lab.open("/?steps=40&at=40")
    lab.wait_for_status("finished")
    lab.button("Play").click()
    # As if it had not been seen: an axis for all of a long run would leave no room for its beginning.
    playing = "beanBowl.status === 'playing' && beanBowl.rows.step[beanBowl.cursor] < 40 && beanBowl.rows.length < 41"
    lab.page.wait_for_function(f"() => {playing}")
    lab.wait_for_status("finished")
    assert lab.step == 40


def test_a_longer_run_goes_on_where_it_was(lab: Lab, live_server: Server) -> None:
    lab.open("/?steps=30&at=30")
    lab.wait_for_status("finished")
    lab.enter("Steps", 60)
    lab.wait_for_status("paused")
    assert lab.step == 30
    lab.button("Play").click()
    lab.wait_for_status("finished")
    assert lab.step == 60
    assert lab.shown["w"] == f"{rest(live_server.url, lab.spec)['final']['w']:#.8g}"


@pytest.mark.parametrize(
    ("name", "value", "path"),
    [
        ("Data", "proportional-beans", ("dataset", "name")),
        ("Model", "proportional", ("model",)),
        ("Loss", "absolute-error", ("loss",)),
        ("Method", "adam", ("optimizer", "name")),
        ("Batch size", "all", ("batch", "size")),
        ("Order", "random", ("batch", "order")),
    ],
)
def test_a_choice_begins_a_new_run_and_goes_on_playing(
    lab: Lab, live_server: Server, name: str, value: str, path: tuple[str, ...]
) -> None:
    lab.open()
    lab.button("Play").click()
    lab.wait_for_step(25)
    lab.choice(name).select_option(value)
    lab.page.wait_for_function(
        "([path, value]) => path.reduce((spec, key) => spec[key], beanBowl.spec) === value", arg=[path, value]
    )
    assert lab.status == "playing"
    lab.wait_for_step(10)
    lab.button("Pause").click()
    lab.wait_for_status("paused")
    assert_same_rows(lab, live_server.url)


def test_parameters_chosen_by_hand_stay_when_the_method_changes(lab: Lab) -> None:
    lab.open()
    lab.choice("Method").select_option("momentum")
    rate = lab.box("Learning rate, exact value")
    expect(rate).to_have_value("0.01")
    lab.enter("Learning rate, exact value", 0.02)
    lab.choice("Method").select_option("adam")
    expect(rate).to_have_value("0.02")
    lab.choice("Method").select_option("fixed-step")
    expect(lab.slider("Step size")).to_be_visible()
    expect(rate).to_have_count(0)


def test_one_parameter_is_a_parabola(lab: Lab, live_server: Server) -> None:
    lab.open("/?model=proportional&data=proportional-beans")
    expect(lab.page.locator("#bowl-title")).to_have_text("Loss over w")
    lab.play_to(10)
    assert set(lab.shown) == {"w", "loss"}
    assert_same_rows(lab, live_server.url)


def test_a_refused_value_is_named_at_its_field_and_nothing_is_lost(lab: Lab) -> None:
    lab.open()
    lab.play_to(10)
    at = lab.step
    lab.enter("Learning rate, exact value", 5000)
    complaint = lab.page.locator("[data-name='optimizer.learning_rate'] .complaint")
    expect(complaint).to_have_text("expected 1e-30 to 1000, got 5000")
    expect(lab.box("Learning rate, exact value")).to_have_value("5000")
    lab.enter("Beans", "many")
    expect(lab.page.locator("[data-name='dataset.count'] .complaint")).to_contain_text("many")
    assert lab.step == at
    assert lab.spec["optimizer"]["learning_rate"] == 0.1
    lab.enter("Beans", 50)
    expect(complaint).to_have_count(0)
    lab.page.wait_for_function("() => beanBowl.spec.dataset.count === 50")


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


def test_a_field_that_stays_keeps_what_is_being_typed(lab: Lab) -> None:
    lab.open()
    seed = lab.box("Data seed").element_handle()
    assert seed is not None
    seed.fill("5")
    choose = "select => { select.value = 'proportional-beans'; select.dispatchEvent(new Event('change')); }"
    lab.choice("Data").evaluate(choose)
    lab.page.wait_for_function("() => beanBowl.spec.dataset.name === 'proportional-beans'")
    lab.page.wait_for_timeout(100)
    assert seed.input_value() == "5"
    lab.page.keyboard.press("Enter")  # in the very same box
    lab.page.wait_for_function("() => beanBowl.spec.dataset.seed === 5")


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
