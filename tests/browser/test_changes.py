"""Changing a run on its way, and choosing another one: what is changed counts from the very next step on."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import Lab, assert_same_rows, rest
from tests.servers import Server


@pytest.fixture
def lab(page: Page) -> Lab:
    return Lab(page)


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
