"""Going back and changing something leaves a path behind: a ghost in every view, to compare with and to return to."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import NewPage
from tests.browser.lab import Lab, rest
from tests.servers import Server

RATE = "Learning rate, exact value"


@pytest.fixture
def lab(new_page: NewPage) -> Lab:
    return Lab(new_page())


def go_to(lab: Lab, step: int) -> None:
    lab.enter("Go to step", step)
    lab.wait_at_step(step)


def change(lab: Lab, rate: float, at: int) -> None:
    go_to(lab, at)
    lab.enter(RATE, rate)
    lab.page.wait_for_function("at => beanBowl.spec.changes.at(-1)?.step === at", arg=at)


def paths(lab: Lab) -> Locator:
    return lab.page.get_by_role("group", name="Paths left behind").get_by_role("button", name="Return to the path")


def assert_shown(lab: Lab, url: str, spec: dict[str, Any], step: int) -> None:
    """The page stands at a step of this run, with REST's digits."""
    assert {key: lab.spec[key] for key in ("optimizer", "changes")} == {
        key: spec[key] for key in ("optimizer", "changes")
    }
    row = rest(url, spec)["trajectory"]
    assert lab.step == step
    assert lab.shown == {name: f"{row[name][step]:#.8g}" for name in ("w", "b", "loss")}
    held = lab.page.evaluate("Object.values(beanBowl.rows.columns).map((column) => column[beanBowl.cursor])")
    assert held == [row[name][step] for name in ("w", "b", "loss")], "to the last bit"


def test_the_old_path_stays_as_a_ghost_and_can_be_returned_to(lab: Lab, live_server: Server) -> None:
    lab.open("/?batch=all&at=60&view=contour")
    old = lab.spec
    change(lab, 0.3, at=20)
    new = lab.spec
    assert lab.rows["step"][-1] == 20
    expect(paths(lab)).to_have_count(1)
    expect(paths(lab)).to_have_accessible_name("Return to the path with a = 0.1 after step 20; it had come to step 60")
    expect(lab.page.locator("#marks b")).to_have_count(1)
    expect(lab.page.locator("#marks i")).to_have_attribute("title", "From step 20: Learning rate = 0.3")
    go_to(lab, 45)
    assert_shown(lab, live_server.url, new, 45)

    # There and back: each time the other one is the ghost, and the numbers are REST's.
    paths(lab).click()
    lab.wait_at_step(60)
    assert_shown(lab, live_server.url, old, 60)
    expect(lab.page.locator("#marks i")).to_have_count(0)
    expect(lab.box(RATE)).to_have_value("0.1")
    expect(paths(lab)).to_have_accessible_name("Return to the path with a = 0.3 after step 20; it had come to step 45")
    paths(lab).focus()
    paths(lab).press("Enter")
    lab.wait_at_step(45)
    assert_shown(lab, live_server.url, new, 45)
    expect(lab.page.locator("#marks i")).to_have_count(1)
    rows = rest(live_server.url, new)["trajectory"]
    assert {name: column[:46] for name, column in lab.rows.items()} == {
        name: rows[name][:46] for name in ("step", "w", "b", "loss")
    }
    # It goes on from there.
    lab.button("Step").click()
    lab.wait_at_step(46)
    assert_shown(lab, live_server.url, new, 46)


def test_a_ghost_is_drawn_in_every_view(lab: Lab, live_server: Server) -> None:
    lab.open("/?batch=all&at=60")
    old = rest(live_server.url, lab.spec)["trajectory"]
    change(lab, 0.3, at=20)
    for place in ("beans", "loss"):
        expect(lab.page.locator(f"#plot-{place} .companions .companion")).to_have_count(1)
    expect(lab.page.locator("#plot-bowl .companion-ball")).to_be_visible()
    for name in ("a = 0.1", "a = 0.3"):
        expect(lab.page.locator("#plot-loss .companion-name", has_text=name)).to_be_visible()
    # The curve of the old path ends where its own loss is.
    drawn = lab.page.locator("#plot-loss .companion path").last.get_attribute("d") or ""
    x, y = (float(part) for part in drawn.replace("M", "L").split("L")[-1].split(","))
    place = """([step, loss]) => {
        const { xaxis, yaxis } = document.querySelector("#plot-loss .js-plotly-plot")._fullLayout;
        return [xaxis.d2p(step), yaxis.d2p(loss)];
    }"""
    assert [x, y] == pytest.approx(lab.page.evaluate(place, [60, old["loss"][60]]), abs=0.2)
    lab.page.get_by_role("tab", name="Contour").click()
    expect(lab.page.locator("[data-kind=contour] .companion")).to_have_count(1)
    lab.page.get_by_role("button", name="Forget the path with a = 0.1 after step 20").click()
    expect(lab.page.locator(".view .companion")).to_have_count(0)
    expect(lab.page.get_by_role("group", name="Paths left behind")).to_be_hidden()
    expect(lab.page.locator("#marks b")).to_have_count(0)
    assert lab.step == 20


def test_only_what_had_gone_beyond_is_left_behind(lab: Lab) -> None:
    lab.open("/?batch=all")
    lab.play_to(15)
    lab.enter(RATE, 0.2)
    lab.page.wait_for_function("() => beanBowl.spec.changes.length === 1")
    expect(paths(lab)).to_have_count(0)
    at = lab.step
    lab.button("Step back").click()
    lab.wait_at_step(at - 1)
    # Several changes in one go, as a drag of the slider makes them, leave one path behind.
    for _ in range(3):
        lab.slider("Learning rate").press("ArrowRight")
    lab.page.wait_for_function("at => beanBowl.spec.changes.at(-1).step === at - 1", arg=at)
    expect(paths(lab)).to_have_count(1)


def test_four_paths_are_kept_and_new_data_clear_them(lab: Lab) -> None:
    lab.open("/?batch=all&at=30")
    for k in range(6):
        change(lab, round(0.2 + 0.1 * k, 1), at=20 - k)
        go_to(lab, 30)
    expect(paths(lab)).to_have_count(4)
    expect(paths(lab).last).to_have_attribute("title", re.compile(r"\(4 are kept: the next .* takes its place\)"))
    expect(paths(lab).first).to_contain_text("a = 0.1 → 0.6")
    expect(lab.page).to_have_url(re.compile("rate=0.7&at=30"))
    assert "0.6" not in lab.page.url, "a link is of the run shown alone"
    lab.choice("Data").select_option("proportional-beans")
    expect(paths(lab)).to_have_count(0)
    expect(lab.page.locator("#plot-loss .companion")).to_have_count(0)


def test_another_method_and_other_batches_leave_the_path_behind(lab: Lab, live_server: Server) -> None:
    lab.open("/?batch=10&at=30")
    old = lab.spec
    lab.choice("Method").select_option("momentum")
    lab.page.wait_for_function("() => beanBowl.settled && beanBowl.spec.optimizer.name === 'momentum'")
    expect(paths(lab)).to_have_accessible_name(
        "Return to the path with Gradient descent after step 0; it had come to step 30"
    )
    lab.play_to(12)
    lab.choice("Batch size").select_option("all")
    lab.page.wait_for_function("() => beanBowl.settled && beanBowl.spec.batch.size === 'all'")
    expect(paths(lab)).to_have_count(2)
    expect(paths(lab).first).to_contain_text("mini-batch 10")
    lab.play_to(9)
    paths(lab).last.click()
    lab.wait_at_step(30)
    assert lab.spec["batch"] == old["batch"]
    assert_shown(lab, live_server.url, old, 30)
    expect(paths(lab).last).to_contain_text("Momentum")
    # In another language they have other names.
    lab.page.locator("[data-language=zh]").click()
    expect(lab.page.locator("#branches .return").last).to_contain_text("动量")
    lab.page.locator("[data-language=en]").click()
    expect(paths(lab).last).to_contain_text("Momentum")
    # Over another bowl they would be lines without a meaning.
    lab.choice("Loss").select_option("absolute-error")
    expect(paths(lab)).to_have_count(0)


def test_the_rate_offered_after_a_divergence_leaves_the_path_that_diverged(lab: Lab) -> None:
    lab.open("/?batch=all&rate=0.9&at=1000")
    lab.box("Go to step").fill("1000")
    expect(lab.page.get_by_role("alert").filter(has_text="The run ended at step 4")).to_be_visible()
    lab.box("Go to step").press("Escape")
    lab.page.get_by_role("button", name="Start again with").click()
    expect(paths(lab)).to_have_count(1)
    expect(paths(lab)).to_contain_text("a = 0.9")


def test_a_mark_beyond_the_end_is_left_out(lab: Lab) -> None:
    """A path that was left late in the run, beside one that ends early."""
    lab.open("/?batch=all&steps=2000&at=1500")
    change(lab, 0.5, at=1000)
    lab.button("Reset").click()
    lab.wait_at_step(0)
    forks = lab.page.locator("#marks b")
    expect(forks).to_have_count(2)
    lab.enter(RATE, 2)
    lab.button("Play").click()
    lab.wait_for_status("diverged")
    expect(forks).to_have_count(1)
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_long_run_leaves_its_path_though_its_rows_have_gone(lab: Lab, live_server: Server) -> None:
    """A jump back over a thinned path brings another one: what lay beyond is a ghost all the same."""
    lab.open("/?steps=100000&at=100000&batch=10&order=shuffled&rate=0.02")
    old = lab.spec
    change(lab, 0.3, at=1234)
    assert lab.rows["step"][-1] == 1234
    expect(paths(lab)).to_have_accessible_name(
        "Return to the path with a = 0.02 after step 1\u202f234; it had come to step 100\u202f000"
    )
    paths(lab).click()
    lab.wait_at_step(100_000)
    assert_shown(lab, live_server.url, old, 100_000)


def test_back_to_the_start_and_another_rate_is_a_comparison_too(lab: Lab, live_server: Server) -> None:
    lab.open("/?batch=all")
    old = lab.spec
    lab.play_to(20)
    last = lab.step
    lab.button("Reset").click()
    lab.wait_at_step(0)
    expect(paths(lab)).to_have_count(0)
    lab.enter(RATE, 0.5)
    expect(paths(lab)).to_have_accessible_name(
        f"Return to the path with a = 0.1 after step 0; it had come to step {last}"
    )
    lab.play_to(10)
    lab.button("Reset").click()
    lab.wait_at_step(0)
    expect(paths(lab)).to_have_count(1)
    paths(lab).click()
    lab.wait_at_step(last)
    assert_shown(lab, live_server.url, old, last)


def test_a_reset_leaves_the_path_with_its_changes_behind(lab: Lab, live_server: Server) -> None:
    lab.open("/?batch=all&at=50")
    change(lab, 0.5, at=50)
    go_to(lab, 80)
    old = lab.spec
    lab.page.keyboard.press("Home")
    lab.wait_at_step(0)
    assert lab.spec["changes"] == []
    assert lab.spec["optimizer"]["learning_rate"] == 0.5
    expect(paths(lab)).to_have_accessible_name(
        "Return to the path with a = 0.1 → 0.5 after step 0; it had come to step 80"
    )
    lab.button("Reset").click()
    go_to(lab, 30)
    assert_shown(lab, live_server.url, lab.spec, 30)
    expect(paths(lab)).to_have_count(1)
    paths(lab).click()
    lab.wait_at_step(80)
    assert_shown(lab, live_server.url, old, 80)


def test_another_rate_at_the_end_is_that_of_the_run_that_play_starts(lab: Lab, live_server: Server) -> None:
    """No update is left that it could be for, so the run begins anew, and the one that has ended is a ghost."""
    lab.open("/?batch=all&steps=40&at=40")
    lab.wait_for_status("finished")
    old = lab.spec
    # As a drag of the slider asks: faster than the server answers.
    for _ in range(3):
        lab.slider("Learning rate").press("ArrowRight")
    lab.enter(RATE, 0.7)
    lab.page.wait_for_url("**/*rate=0.7*")
    lab.wait_at_step(0)
    expect(paths(lab)).to_have_count(1)
    expect(paths(lab)).to_have_accessible_name("Return to the path with a = 0.1 after step 0; it had come to step 40")
    lab.button("Play").click()
    lab.wait_for_status("finished")
    lab.wait_until_drawn()
    assert_shown(lab, live_server.url, lab.spec, 40)
    plain = rest(live_server.url, {**old, "optimizer": {"name": "gradient-descent", "learning_rate": 0.7}})
    assert lab.rows["w"] == plain["trajectory"]["w"]
    assert "changes" not in lab.page.url
    paths(lab).click()
    expect(paths(lab)).to_have_accessible_name("Return to the path with a = 0.7 after step 0; it had come to step 40")
    lab.wait_until_drawn()
    assert_shown(lab, live_server.url, old, 40)


def test_another_start_leaves_the_path_behind(lab: Lab, live_server: Server) -> None:
    lab.open("/?batch=all&at=30&rate=0.2")
    old = lab.spec
    handle = lab.slider("Left handle of the line")
    handle.focus()
    handle.press("ArrowUp")
    lab.page.wait_for_function("b => beanBowl.settled && beanBowl.spec.start.b !== b", arg=old["start"]["b"])
    lab.wait_at_step(0)
    new = lab.spec
    expect(paths(lab)).to_have_count(1)
    expect(paths(lab)).to_have_accessible_name(
        f"Return to the path with w = {old['start']['w']}, b = {old['start']['b']} after step 0; it had come to step 30"
    )
    go_to(lab, 20)
    assert_shown(lab, live_server.url, new, 20)
    paths(lab).click()
    lab.wait_at_step(30)
    assert_shown(lab, live_server.url, old, 30)
    assert lab.spec["start"] == old["start"]
