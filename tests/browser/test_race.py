"""A race: up to eight methods or settings from one start, on one clock; their numbers are REST's and a plain loop's."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.racing import Racing, raced
from tests.engine import oracles
from tests.servers import Server


def test_the_numbers_of_lanes_are_rest_s_and_those_of_a_loop(new_page: NewPage, live_server: Server) -> None:
    lab = Racing(new_page()).open("/?batch=all&rate=0.05&steps=400&at=37").race()
    lab.add("Adam").enter("Learning rate", 0.02)
    lab.button("Done").click()
    lab.add("Momentum")
    lab.choice("Batch size").select_option("10")
    lab.choice("Order").select_option(label="Shuffled")
    lab.settle(3)
    expect(lab.page.locator(".race-table th[scope=row] .lane-name")).to_have_text(
        ["batch 0.05", "Adam 0.02", "Momentum 0.01 mini-batch 10"]
    )
    settings: tuple[dict[str, Any], ...] = (
        {},
        {"optimizer": {"name": "adam", "learning_rate": 0.02}},
        {"optimizer": {"name": "momentum"}, "batch": {"size": 10, "order": "shuffled"}},
    )
    for step in (37, 38, 400, 0):
        if step == 38:
            lab.button("Step").click()
        elif step != 37:
            lab.slider("Timeline").fill(str(step))
        lab.wait_at_step(step)
        for row, change in zip(lab.table, settings, strict=True):
            expected, answer = raced(live_server.url, lab.spec | change, step)
            assert row == {"name": row["name"]} | expected
            loop = oracles.descend(answer["spec"], step)[-1, -1]
            assert float(row["loss"].replace("−", "-")) == pytest.approx(loop, rel=1e-3)
        lowest = min(lab.table, key=lambda row: float(row["loss"].replace("−", "-")))
        if step > 0:
            expect(lab.page.locator("td[data-column=loss][data-best]")).to_have_text(lowest["loss"])
    # Every figure holds every lane.
    for place in ("beans", "loss"):
        expect(lab.page.locator(f"#plot-{place} .companion")).to_have_count(2)
    lab.page.locator("#view-contour").click()
    expect(lab.page.locator("[data-kind=contour] .companion")).to_have_count(2)
    expect(lab.page.locator("[data-kind=contour] .companion-name").first).to_have_text("batch 0.05")


@pytest.mark.parametrize(
    ("preset", "names"),
    [
        ("SGD · mini-batch · batch", ["SGD", "mini-batch", "batch"]),
        ("All methods", ["SGD", "Fixed step", "Momentum", "Nesterov", "Adagrad", "RMSprop", "Adam"]),
    ],
)
def test_in_large_type_too_the_loss_names_every_lane(new_page: NewPage, preset: str, names: list[str]) -> None:
    lab = Racing(new_page()).open("/?steps=3000").race()
    lab.page.locator("[data-theme-choice=projector]").click()
    lab.button(preset).click()
    lab.settle(len(names))
    for step in (0, 5, 3000):
        lab.slider("Timeline").fill(str(step))
        lab.wait_at_step(step)
        expect(lab.page.locator("#plot-loss .companion-name:visible")).to_have_text(names)


def test_in_the_slices_every_lane_stands_at_its_own_loss(new_page: NewPage, live_server: Server) -> None:
    lab = Racing(new_page()).open("/?steps=500&at=9&batch=all&race=momentum:rate=0.02;fixed-step:step=0.02").race()
    lab.settle(3)
    lab.page.locator("#view-slices").click()
    methods = ({"name": "momentum", "learning_rate": 0.02}, {"name": "fixed-step", "step": 0.02})
    answers = [raced(live_server.url, lab.spec | {"optimizer": method}, 9)[1] for method in methods]
    for own in "wb":
        expect(lab.page.locator(f"[data-slice={own}] .companion-ball").last).to_be_visible()
        shown = lab.page.evaluate(
            """own => {
                const slice = document.querySelector(`[data-slice=${own}]`);
                const { xaxis, yaxis } = slice.querySelector(".js-plotly-plot")._fullLayout;
                return [...slice.querySelectorAll(".companion-ball")].map((ball) => {
                    const { e, f } = ball.transform.baseVal.consolidate().matrix;
                    return [xaxis.p2d(e - xaxis._offset), yaxis.p2d(f - yaxis._offset)];
                });
            }""",
            own,
        )
        expected = [[answer["trajectory"][name][9] for name in (own, "loss")] for answer in answers]
        # Half a pixel of a picture some hundred pixels wide and high.
        np.testing.assert_allclose(shown, expected, atol=0.03)


def test_many_lanes_are_named_in_the_bowl_above_the_slices_alone(new_page: NewPage) -> None:
    lab = Racing(new_page(view="slices")).open("/?at=9&batch=all&race=momentum;nesterov").race()
    names = lab.page.locator("[data-slice] .companion-name:visible")
    expect(names).to_have_count(6)
    lab.add("Adam")
    expect(names).to_have_count(0)
    expect(lab.page.locator("[data-kind=bowl] .companion-name:visible")).to_have_count(4)


def test_lanes_at_different_steps_are_not_compared(new_page: NewPage) -> None:
    """Of a million steps the lanes hold one in 50."""
    lab = Racing(new_page()).open("/?steps=1000000&race=adam;momentum&at=10").race()
    lab.settle(3)
    assert [row["at"] for row in lab.table] == ["10", "0", "0"]
    best = lab.page.locator("td[data-column=loss][data-best]")
    expect(best).to_have_count(0)
    lab.enter("Go to step", 100)
    lab.wait_at_step(100)
    assert [row["at"] for row in lab.table] == ["100"] * 3
    expect(best).to_have_count(1)


def test_by_rows_seen_every_lane_has_looked_at_as_much_data(new_page: NewPage, live_server: Server) -> None:
    lab = Racing(new_page()).open("/?steps=2500&at=530&goal=0.01").race()
    lab.button("SGD · mini-batch · batch").click()
    lab.settle(3)
    assert [row["at"] for row in lab.table] == ["530"] * 3
    lab.button("rows seen").click()
    expect(lab.page.locator("th[data-column=at]")).to_have_text("rows")
    lab.settle(3)
    assert [row["name"] for row in lab.table] == ["SGD 0.1", "mini-batch 10 0.1", "batch 0.1"]
    reached: list[int | None] = []
    for row, size, step in zip(lab.table, (1, 10, 100), (530, 53, 5), strict=True):
        spec = lab.spec | {"batch": {"size": size, "order": "sequential"}, "steps": 2500 // size}
        expected, answer = raced(live_server.url, spec, step, goal=0.01)
        assert row["loss"] == expected["loss"]
        assert row["at"] == str(size * step)
        loop = oracles.descend(answer["spec"], answer["outcome"]["step"])[:, -1] - answer["theory"]["optimum_loss"]
        reached.append(next((size * int(at) for at in np.flatnonzero(loop <= 0.01)), None))
        assert row["goal"] == (str(reached[-1]) if reached[-1] is not None and reached[-1] <= 530 else "–")
        assert row["outcome"] == "under way"
    # What is still to come at 530 is told once the clock has come to it.
    assert any(at is not None and at > 530 for at in reached)
    lab.slider("Timeline").fill("2500")
    lab.wait_at_step(2500)
    lab.settle(3)
    expect(lab.page.locator("td[data-column=outcome]")).to_have_text(["finished"] * 3)
    assert [row["goal"] for row in lab.table] == ["–" if at is None else str(at) for at in reached]
    # Batches that do not go into the data: the last one of an epoch sees what is left.
    lab.button("batch 0.1").click()
    lab.choice("Batch size").select_option("20")
    lab.slider("Timeline").fill("119")
    lab.wait_at_step(119)
    lab.settle(3)
    assert lab.table[2]["at"] == "100"
    assert lab.page.locator("#plot-loss .xtitle").text_content() == "rows of data seen"


def test_the_clock_goes_on_when_the_run_on_the_screen_has_ended(new_page: NewPage, live_server: Server) -> None:
    address = (
        "/?batch=all&rate=0.5&stop=1e-6&steps=3000&at=140&race=gradient-descent:rate=0.05;gradient-descent:rate=0.1"
    )
    lab = Racing(new_page()).open(address).race().settle(3)
    lab.set_speed(3.5)
    lab.button("Play").click()
    # Until the last lane has converged.
    last = raced(live_server.url, lab.spec | {"optimizer": {"learning_rate": 0.05}}, 3000)[1]["outcome"]["step"]
    expect(lab.page.locator("#step-now")).to_have_text(f"{last:,}".replace(",", "\u202f"))
    assert lab.status == "converged"
    assert lab.step < 160
    assert lab.slider("Timeline").get_attribute("max") == str(last)
    expect(lab.button("Play")).to_be_visible()
    expect(lab.button("Step")).to_be_disabled()
    assert [row["outcome"] for row in lab.table] == ["converged"] * 3
    assert [row["at"] for row in lab.table][:2] == [str(lab.step), str(last)]
    lab.button("Step back").click()
    expect(lab.page.locator("#step-now")).to_have_text(f"{last - 1:,}".replace(",", "\u202f"))
    lab.slider("Timeline").fill("300")
    expect(lab.page.locator("#step-now")).to_have_text("300")
    expected, _ = raced(live_server.url, lab.spec | {"optimizer": {"learning_rate": 0.05}}, 300)
    expect(lab.page.locator(".race-table tbody tr").nth(1).locator("[data-column=loss]")).to_have_text(expected["loss"])
    # A link to a step beyond the end leads there again.
    lab.page.wait_for_function("() => location.search.includes('at=300')")
    lab.open(lab.page.url).race().settle(3)
    expect(lab.page.locator("#step-now")).to_have_text("300")
    lab.page.keyboard.press("Home")
    lab.wait_at_step(0)
    assert {row["at"] for row in lab.table} == {"0"}


def test_a_lane_that_equals_the_run_on_the_screen_has_its_numbers(new_page: NewPage) -> None:
    lab = Racing(new_page()).open("/?batch=all&rate=0.3&steps=60&at=20").race()
    lab.button("Same, other setting").click()
    lab.settle(2)
    expect(lab.page.locator("#plot-loss .companion")).to_have_count(1)
    for step in (20, 0, 60):
        lab.slider("Timeline").fill(str(step))
        lab.wait_at_step(step)
        expect(lab.page.locator("td[data-column=at]")).to_have_text([str(step)] * 2)
        own, lane = lab.table
        assert own == lane
        assert (own["outcome"] == "finished") is (step == 60)
        expect(lab.page.locator("td[data-column=loss][data-best]")).to_have_count(0)


def test_a_set_of_lanes_adds_only_those_that_are_not_there(new_page: NewPage) -> None:
    lab = Racing(new_page()).open("/?steps=300").race()
    lab.add("Fixed step").settle(2)
    for name, lanes in (("SGD · mini-batch · batch", 4), ("All methods", 8)):
        lab.button(name).click()
        lab.settle(lanes)
        if lanes < 8:
            lab.button(name).click()
            lab.settle(lanes)
    names = [row["name"] for row in lab.table]
    assert len(set(names)) == len(names)
    for name in names[-2:]:
        lab.page.locator(".lane-name", has_text=name).first.click()
        lab.button("Remove lane").click()
    lab.settle(6)
    lab.button("All methods").click()
    lab.settle(8)
    assert [row["name"] for row in lab.table] == names


def test_eight_lanes_are_the_most(new_page: NewPage) -> None:
    lab = Racing(new_page()).open("/?batch=all&steps=300").race()
    for _ in range(2):
        lab.button("All methods").click()
        lab.settle(7)
    lab.button("Same, other setting").click()
    lab.enter("Learning rate", 0.3)
    expect(lab.page.locator(".lane-name").last).to_have_text("batch 0.3")
    lab.settle(8)
    assert len(set(lab.page.locator(".swatch").evaluate_all("all => all.map(each => each.style.background)"))) == 8
    for name in ("Same, other setting", "All methods", "SGD · mini-batch · batch"):
        expect(lab.button(name)).to_be_disabled()
    expect(lab.choice("Add a method")).to_be_disabled()
    expect(lab.panel.get_by_role("status")).to_have_text("8 lanes are the most.")
    size = lab.page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [1280, 720]
    lab.button("Remove lane").click()
    lab.settle(7)
    expect(lab.button("All methods")).to_be_enabled()
    lab.button("Clear").click()
    expect(lab.page.locator(".race-table")).to_be_hidden()
    expect(lab.page.locator(".companion")).to_have_count(0)


def test_a_lane_that_diverges_or_is_refused_says_so_and_leaves_the_others(
    new_page: NewPage, live_server: Server
) -> None:
    lab = Racing(new_page()).open("/?batch=all&steps=200&at=150&race=gradient-descent:rate=0.9;adam").race().settle(3)
    expected, answer = raced(live_server.url, lab.spec | {"optimizer": {"learning_rate": 0.9}}, 150)
    wild = lab.lane("batch 0.9")
    assert wild == {"name": "batch 0.9"} | expected
    assert (wild["outcome"], wild["goal"]) == ("diverged", "–")
    # An arrow with its name points to where it is.
    expect(lab.page.locator("[data-kind=contour] .companion-outside:visible")).to_have_count(1)
    expect(lab.page.locator("[data-kind=contour] .companion-name", has_text="batch 0.9")).to_be_visible()
    outcome = lab.page.locator("tr[data-status=diverged] [data-column=outcome]")
    assert outcome.get_attribute("title") == answer["outcome"]["sentence"]
    written = re.sub(r"base64,[^\"]*", "", lab.page.locator("#lab").inner_html())
    assert "NaN" not in written
    top = lab.page.evaluate("document.querySelector('#plot-loss .view > div').layout.yaxis.range[1]")
    assert 10**top < 100 * answer["trajectory"]["loss"][0]
    lab.button("Adam 0.001").click()
    lab.enter("Learning rate", "fast")
    expect(lab.page.locator("#race .complaint")).to_contain_text("expected a finite number")
    assert lab.table[2]["outcome"] == "refused"
    assert lab.table[1] == wild
    lab.enter("Learning rate", 0.01)
    expect(lab.page.locator("#race .complaint")).to_have_count(0)
    expect(lab.page.locator(".race-table tbody tr").nth(2).locator("[data-column=outcome]")).to_have_text("under way")


def test_the_address_holds_the_race(new_page: NewPage) -> None:
    lab = Racing(new_page()).open("/?steps=500&at=44").race()
    lab.add("Adam").enter("Learning rate", 0.1)
    lab.choice("Batch size").select_option("all")
    lab.button("Done").click()
    lab.add("Momentum")
    lab.button("rows seen").click()
    lab.enter("Goal: excess at most", 0.02)
    lab.page.wait_for_function("() => location.search.includes('goal')")
    lab.settle(3)
    query = lab.page.url.split("?")[1]
    assert query == "steps=500&at=44&race=adam:batch=all,rate=0.1;momentum&clock=rows&goal=0.02"
    other = Racing(new_page()).open(f"/?{query}").settle(3)
    expect(other.panel).to_be_visible()
    assert other.table == lab.table
    assert other.page.locator("[data-clock=rows]").get_attribute("aria-pressed") == "true"


def test_what_an_address_gets_wrong_is_named_and_left_out(new_page: NewPage) -> None:
    lanes = "adm:rate=1;adam:rate=fast;momentum:rate=0.02;adam:batch=0"
    lab = Racing(new_page()).open(f"/?race={lanes}&clock=sand&goal=-1").race().settle(2)
    assert [row["name"] for row in lab.table] == ["SGD 0.1", "Momentum 0.02"]
    notices = lab.page.locator("#notices li").all_text_contents()
    for wrong in ("adm:rate=1", "adam:rate=fast", "adam:batch=0", "sand", "-1"):
        assert any(f"“{wrong}”" in notice for notice in notices)


def test_a_long_lane_is_held_in_part_and_says_so(new_page: NewPage, live_server: Server) -> None:
    lab = Racing(new_page()).open("/?batch=all&steps=50000&at=778&race=gradient-descent:rate=0.001").race().settle(2)
    expect(lab.panel.get_by_role("status")).to_contain_text("of batch 0.001 one step in 3")
    expected, _ = raced(live_server.url, lab.spec | {"optimizer": {"learning_rate": 0.001}}, 777)
    assert lab.table[1] == {"name": "batch 0.001"} | expected
    _, answer = raced(live_server.url, lab.spec | {"optimizer": {"learning_rate": 0.001}}, 777)
    excess = np.array(answer["trajectory"]["loss"]) - answer["theory"]["optimum_loss"]
    reached = int(np.flatnonzero(excess <= 1e-3)[0])
    assert reached % 3 > 0, "a row that is not held would have been missed"
    goal = lab.page.locator(".race-table tbody tr").nth(1).locator("[data-column=goal]")
    for step, told in ((reached - 1, "–"), (reached, str(reached))):
        lab.slider("Timeline").fill(str(step))
        lab.wait_at_step(step)
        expect(goal).to_have_text(f"{int(told):,}".replace(",", "\u202f") if told != "–" else told)


def test_the_race_by_keyboard_in_chinese_and_on_a_phone(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN")
    lab = Racing(page).open("/?batch=all&steps=200&at=20")
    page.get_by_role("tab", name="设置").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="竞赛")).to_be_focused()
    method = page.get_by_role("combobox", name="添加方法")
    method.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    lab.settle(2)
    lane = page.locator("button.lane-name")
    expect(lane).to_have_attribute("aria-expanded", "true")
    rate = page.get_by_role("textbox", name="学习率")
    rate.focus()
    page.keyboard.press("ArrowUp")
    expect(lane).to_have_text("全批量 0.2")
    lab.settle(2)
    expect(rate).to_be_focused()
    page.get_by_role("button", name="完成").focus()
    page.keyboard.press("Enter")
    expect(lane).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="移除赛道").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".race-table")).to_be_hidden()
    page.get_by_role("button", name="所有方法").click()
    lab.settle(7)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    table = page.get_by_role("table", name="竞赛的各条赛道")
    expect(table.get_by_role("columnheader")).to_have_text(["赛道", "步", "损失", "超出", "达标步", "状态"])
    expect(table.get_by_role("rowheader")).to_have_count(7)
