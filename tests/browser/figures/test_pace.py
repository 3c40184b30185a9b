"""A bowl that is slow to draw: the rest of the page does not wait for it, and it ends at the right picture."""

import pytest
from playwright.sync_api import Page

from tests.browser.figures.figures import ALL, Figures, drawn_rows

# A clock whose frames come every 16 ms, after a drawing `takes` ms later; in each of them something is asked for.
DRAWINGS = """async ({ takes, frames, always }) => {
    const { createPace } = await import("/static/js/plots/pace.js");
    let time = 0;
    let then = [];
    let busy = 0;
    let wanted = -1;
    let shown = -1;
    const times = [];
    let asking = false;
    let atOnce = 0;
    const draw = () => { times.push(time); shown = wanted; busy = takes; atOnce += asking; };
    const pace = createPace(draw, { now: () => time, nextFrame: (next) => then.push(next) });
    const frame = (ask) => {
        time += 16 + busy;
        busy = 0;
        const due = then;
        then = [];
        due.forEach((next) => next());
        asking = true;
        if (ask) pace.ask(always);
        asking = false;
    };
    for (let i = 0; i < frames; i += 1) { wanted = i; frame(true); }
    const late = pace.behind;
    let rest = 0;
    while (then.length > 0) { frame(false); rest += 1; }
    return { times, shown, wanted, late, behind: pace.behind, rest, atOnce };
}"""

# Each drawing of the scene takes as long as it does without a graphics card, or longer; `scenes` counts them.
SLOW = """() => {
    window.scenes = 0;
    const { clear } = WebGLRenderingContext.prototype;
    WebGLRenderingContext.prototype.clear = function (mask) {
        clear.call(this, mask);
        window.scenes += 1;
        const end = performance.now() + 60;
        while (performance.now() < end);
    };
}"""
JUMP = """async ([rows, status]) => {
    const before = scenes;
    for (const row of rows) {
        Object.assign(figures.view, { cursor: row, status });
        figures.update();
        await new Promise(requestAnimationFrame);
    }
    figures.view.status = "paused";
    return scenes - before;
}"""
UPDATE = """async () => {
    const before = scenes;
    for (let i = 0; i < 10; i += 1) {
        figures.update();
        await new Promise(requestAnimationFrame);
    }
    return scenes - before;
}"""


@pytest.fixture
def slow(mirrored: Figures) -> Figures:
    mirrored.open(ALL | {"optimizer": {"learning_rate": 0.05}, "steps": 20})
    mirrored.page.evaluate(SLOW)
    return mirrored


@pytest.mark.parametrize("always", [True, False])
def test_what_is_drawn_quickly_is_drawn_in_every_frame(blank: Page, always: bool) -> None:
    told = blank.evaluate(DRAWINGS, {"takes": 4, "frames": 60, "always": always})
    assert len(told["times"]) == told["atOnce"] == 60
    assert not told["late"]


def test_what_is_drawn_slowly_leaves_time_and_ends_with_the_latest(blank: Page) -> None:
    told = blank.evaluate(DRAWINGS, {"takes": 50, "frames": 60, "always": False})
    assert 5 <= len(told["times"]) <= 15, "a few, and not none until all is over"
    assert told["late"], "or this tests nothing"
    assert told["atOnce"] <= 2, "once it is known to be slow, the frame that asks is shown before"
    assert (told["shown"], told["behind"]) == (told["wanted"], False)
    assert told["rest"] < 20, "it looks at frames no longer than it must"


def test_each_picture_of_a_run_that_plays_is_drawn_however_slow(blank: Page) -> None:
    assert len(blank.evaluate(DRAWINGS, {"takes": 50, "frames": 60, "always": True})["times"]) == 60


def test_a_slow_bowl_follows_jumps_now_and_then_and_arrives_at_the_last(slow: Figures) -> None:
    rows = [7 * i % 20 for i in range(40)] + [13]
    assert slow.page.evaluate(JUMP, [rows, "paused"]) < len(rows) / 2
    slow.page.wait_for_function("() => !document.querySelector('[data-behind]')")
    drawn_rows(slow, 13)
    ball = slow.at("#bowl .ball")
    slow.show(0)
    assert slow.at("#bowl .ball") != ball
    slow.show(13)
    assert slow.at("#bowl .ball") == ball


def test_a_slow_bowl_that_plays_is_drawn_in_every_frame(slow: Figures) -> None:
    rows = list(range(20))
    assert slow.page.evaluate(JUMP, [rows, "playing"]) >= len(rows) - 2
    drawn_rows(slow, 19)


def test_the_bowl_is_not_drawn_again_for_what_does_not_show_in_it(slow: Figures) -> None:
    slow.show(13)
    slow.page.wait_for_timeout(500)
    assert slow.page.evaluate(UPDATE) == 0
