"""Inside the step: every number shown is REST's, and what a plain loop makes of the same batch."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.inside import Inside, brief, padded, told
from tests.browser.lab import rest
from tests.servers import Server

RUNS = {
    "sgd": "/?at=30",
    "sgd on one parameter": "/?model=proportional&data=proportional-beans&at=150",
    "mini-batch": "/?batch=10&order=shuffled&seed=3&at=44",
    "random": "/?batch=3&order=random&at=7",
    "batch": "/?batch=all&n=10&at=5",
    "absolute error": "/?loss=absolute-error&batch=4&at=12",
    "momentum": "/?method=momentum&batch=5&at=20&changes=10:momentum=0.5",
    "nesterov": "/?method=nesterov&at=20",
    "adagrad": "/?method=adagrad&lr_decay=0.1&at=9",
    "rmsprop": "/?method=rmsprop&batch=2&at=9",
    "adam": "/?method=adam&batch=10&order=shuffled&at=61",
    "fixed-step": "/?method=fixed-step&batch=10&at=33",
}


@pytest.fixture
def lab(page: Page) -> Inside:
    return Inside(page)


@pytest.mark.parametrize("run", RUNS)
def test_every_number_is_right(lab: Inside, live_server: Server, run: str) -> None:
    lab.open(RUNS[run])
    lab.look()
    know = told(lab, live_server.url)
    single = len(know.batch) == 1
    # Forward and backward.
    assert lab.equations("loss")[0].endswith(f"={brief(know.loss)}")
    for name, slope in zip(know.names, know.gradient, strict=True):
        assert lab.equations(f"g_{name}")[0].endswith(f"={brief(slope)}")
    if single:
        assert lab.equations("r")[0].endswith(f"={brief(know.residuals[0])}")
        assert brief(know.x[0]) in lab.equations("y_hat")[0]
    if len(know.names) == 2:
        w, b = map(brief, know.gradient)
        assert lab.equations("g")[0].endswith(f"=({w},0)+(0,{b})=({w},{b})")
    # The move: from the run's own row to the run's own row, with every digit in the title.
    [move] = [line for line in lab.lines if line["target"] == "theta"]
    ends = zip(move["equations"], move["titles"], know.names, know.theta, know.after, strict=True)
    for equation, title, name, before, after in ends:
        assert equation.startswith(f"{name}←{brief(before)}")
        assert equation.endswith(f"={brief(after)}")
        assert title.startswith(f"{name} ← {before!r}".replace("-", "−"))
        assert title.endswith(f"= {after!r}".replace("-", "−"))
    # What the method remembers.
    for symbol, memory in (("v", "buffer"), ("m", "mean"), ("s", "squares")):
        for equation, method in zip(lab.equations(symbol), know.methods, strict=False):
            assert equation.endswith(f"={brief(getattr(method, memory))}")
    # The rows of the batch, and their mean.
    rows = zip(know.batch, know.x, know.y, know.residuals, know.own, strict=True)
    assert lab.table == [
        [str(i), padded(x), padded(y), padded(y + r), padded(r), *map(padded, own)] for i, x, y, r, own in rows
    ]
    mean = lab.page.locator(".rows tfoot td").all_text_contents()
    assert mean[-len(know.names) :] == [padded(slope) for slope in know.gradient]
    # The graph.
    graph = lab.page.locator(".graph text").all_text_contents()
    for value in (*know.theta, know.loss, *know.gradient):
        assert brief(value) in graph


def test_the_lines_are_the_methods_own(lab: Inside) -> None:
    lab.open("/?method=momentum&at=3")
    lab.look()
    code = [line["code"] for line in lab.lines]
    assert code[0] == "y_hat = w * x + b"
    assert code[-2:] == ["v = momentum * v + g", "theta = theta - learning_rate * v"]
    assert lab.equations("v")[0].startswith("vw←0.9⋅")


def test_fixed_step_says_why_it_goes_that_way(lab: Inside) -> None:
    lab.open("/?method=fixed-step&at=0")
    lab.look()
    assert lab.equations("theta")[0] == f"w←0.1+0.01{lab.equations('g_w')[0].rpartition('=')[2]}≤0=0.11"


def test_by_mouse(lab: Inside, live_server: Server) -> None:
    lab.open("/?batch=10&at=10")
    lab.page.get_by_role("tab", name="Inside this step").click()
    lab.settle()
    know = told(lab, live_server.url)
    expect(lab.panel.locator("output")).to_have_text("all 10 together")
    lab.button("Next bean").click()
    expect(lab.panel.locator("output")).to_have_text(f"bean {know.batch[0]} · 1 of 10")
    assert lab.equations("r")[0].endswith(f"={brief(know.residuals[0])}")
    lab.page.locator(".rows tbody tr:not(.space)").nth(6).click()
    expect(lab.panel.locator("output")).to_have_text(f"bean {know.batch[6]} · 7 of 10")
    assert lab.equations("loss")[0].endswith(f"={brief(know.residuals[6] ** 2)}")
    assert lab.equations("g_w")[0].endswith(f"={brief(know.own[6][0])}")
    # The move is that of the mean, whatever row is looked at.
    assert f"0.1⋅{brief(know.gradient[0])}" in lab.equations("theta")[0].replace("(", "").replace(")", "")
    expect(lab.page.locator(".residual")).to_have_text(f"r = {brief(know.residuals[6])}")
    lab.page.locator(".rows tfoot tr").click()
    expect(lab.panel.locator("output")).to_have_text("all 10 together")
    lab.button("Previous bean").click()
    expect(lab.panel.locator("output")).to_have_text(f"bean {know.batch[9]} · 10 of 10")
    lab.page.get_by_role("tab", name="Settings").click()
    expect(lab.panel).to_be_hidden()
    expect(lab.choice("Method")).to_be_visible()
    expect(lab.page.locator(".lit")).to_be_hidden()


def test_by_keyboard(lab: Inside) -> None:
    lab.open("/?batch=all&at=10")
    lab.page.get_by_role("tab", name="Settings").focus()
    lab.page.keyboard.press("ArrowRight")
    expect(lab.page.get_by_role("tab", name="Inside this step")).to_be_focused()
    expect(lab.panel).to_be_visible()
    lab.settle()
    lab.page.keyboard.press("Tab")
    expect(lab.panel).to_be_focused()
    lab.page.keyboard.press("Tab")
    expect(lab.button("Previous bean")).to_be_focused()
    lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Enter")
    expect(lab.panel.locator("output")).to_have_text("bean 0 · 1 of 100")
    assert lab.table[0][0] == "0"
    table = lab.page.get_by_role("region", name="Rows of the batch")
    table.focus()
    lab.page.keyboard.press("End")
    last = lab.page.locator(".rows tbody tr:not(.space):not([hidden])").last
    expect(last.locator("td, th").first).to_have_text("99")
    assert lab.table[-1][0] == "99"
    lab.page.keyboard.press("ArrowRight")
    lab.wait_at_step(11)
    lab.settle()
    lab.page.keyboard.press("i")
    expect(lab.panel).to_be_hidden()
    lab.page.keyboard.press("i")
    expect(lab.panel).to_be_visible()


def test_in_chinese(new_page: NewPage) -> None:
    lab = Inside(new_page(locale="zh-CN"))
    lab.open("/?batch=10&at=10").page.get_by_role("tab", name="这一步的内部").click()
    lab.settle()
    expect(lab.page.locator("#inspect-title")).to_have_text("第 10 → 11 步")
    expect(lab.page.locator("#inspect-seen")).to_have_text("看 100 粒豆豆中的 10 粒")
    assert lab.page.locator(".phase h3").all_text_contents() == ["前向传播", "反向传播", "移动"]
    lab.page.get_by_role("button", name="下一粒豆豆").click()
    expect(lab.panel.locator("output")).to_have_text("豆豆 0 · 第 1 / 10 粒")
    lab.page.get_by_role("button", name="English").click()
    expect(lab.page.locator("#inspect-title")).to_have_text("Step 10 → 11")
    assert lab.page.locator(".phase h3").all_text_contents() == ["Forward", "Backward", "Move"]
    expect(lab.page.locator(".rows thead th").first).to_have_text("bean")


def test_a_change_of_the_rate_is_seen_at_once(lab: Inside) -> None:
    lab.open("/?at=10")
    lab.look()
    assert "−0.1⋅" in lab.equations("theta")[0]
    lab.page.get_by_role("tab", name="Settings").click()
    lab.enter("Learning rate, exact value", 0.3)
    lab.page.wait_for_function("() => beanBowl.spec.changes.length === 1")
    lab.page.get_by_role("tab", name="Inside this step").click()
    expect(lab.page.locator(".line[data-target=theta] math").first).to_contain_text("−0.3⋅")
    lab.button("Step back").click()
    lab.wait_at_step(9)
    lab.settle()
    assert "−0.1⋅" in lab.equations("theta")[0]


def test_at_the_end_the_last_step_is_told(lab: Inside, live_server: Server) -> None:
    lab.open("/?steps=20&at=20")
    lab.page.keyboard.press("i")
    expect(lab.page.locator("#inspect-title")).to_have_text("The last step: 19 → 20")
    after = rest(live_server.url, lab.spec)["final"]["w"]
    assert lab.equations("theta")[0].endswith(f"={brief(after)}")


def test_a_run_without_steps_says_so(lab: Inside) -> None:
    lab.open("/?steps=0")
    lab.page.keyboard.press("i")
    expect(lab.page.locator("#inspect-title")).to_have_text("This run has no steps to look into.")


def test_all_digits_are_there_to_compute_with(lab: Inside, live_server: Server) -> None:
    """Four digits of each number make another last digit; all of them make the very number."""
    lab.open("/?at=12")
    lab.look()
    rows = rest(live_server.url, lab.spec)["trajectory"]
    toggle, digits = lab.button("All digits"), lab.page.locator(".digits:visible")
    expect(digits).to_have_count(0)
    toggle.focus()
    lab.page.keyboard.press("Enter")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    for step in (12, 13):
        said = lab.page.locator("[data-phase=move] .digits").all_text_contents()
        for name, text in zip("wb", said, strict=True):
            before, rate, slope, after = re.findall(r"(?:(?<=\()−)?\d[\d.]*(?:e−?\d+)?", text)
            made = float(before) - float(rate) * float(slope.replace("−", "-"))
            assert made == float(after) == rows[name][step + 1], text
        row = [float(cell.replace("−", "-")) for cell in lab.table[0][1:]]
        know = told(lab, live_server.url)
        assert row[:2] == [know.x[0], know.y[0]]
        assert row[3:] == pytest.approx([know.residuals[0], *know.own[0]], rel=1e-14)
        if step == 12:
            lab.button("Step").click()
            lab.wait_at_step(13)
            expect(lab.page.locator("#inspect-title")).to_have_text("Step 13 → 14")
    toggle.click()
    expect(digits).to_have_count(0)
