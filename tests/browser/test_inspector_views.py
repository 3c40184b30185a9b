"""The inspector in motion, and what it adds to the figures: beans lit up, arrows on the contour."""

import json
import re

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.conftest import NewPage
from tests.browser.inside import Inside, told
from tests.browser.lab import rest
from tests.servers import Server


@pytest.fixture
def lab(page: Page) -> Inside:
    return Inside(page)


WALK = [(line, "forward") for line in ("y_hat", "r", "loss")]
WALK += [(line, "backward") for line in ("slope", "g_w", "g_b", "g")] + [("theta", "move")]
NOTE_MARKS = """() => {
    window.marked = [];
    const note = ({ target }) => {
        if (!target.matches(".line[data-active]")) return;
        marked.push([target.dataset.target, document.documentElement.dataset.phase]);
    };
    new MutationObserver((changes) => changes.forEach(note)).observe(
        document.getElementById("inspector"), { subtree: true, attributeFilter: ["data-active"] },
    );
}"""


def as_number(text: str) -> float:
    return float(text.replace("\u2212", "-"))


def marked(lab: Inside) -> list[tuple[str, str]]:
    return [(line, phase) for line, phase in lab.page.evaluate("window.marked")]


# What the panel says in each of many frames: its title, which bean it names, the first row's bean, and some equations.
SEEN_WHILE_PLAYING = """async (targets) => {
    const equation = (target) => document.querySelector(`.line[data-target="${target}"] math`).textContent;
    const seen = [];
    for (let i = 0; i < 120; i += 1) {
        await new Promise(requestAnimationFrame);
        await new Promise(painted => setTimeout(painted));
        seen.push({
            title: document.getElementById("inspect-title").textContent,
            seen: document.getElementById("inspect-seen").textContent,
            bean: document.querySelector(".rows tbody tr:not(.space, [hidden])").cells[0].textContent,
            residual: document.querySelector(".rows tbody tr:not(.space, [hidden])").cells[4].textContent,
            beside: document.querySelector("#plot-beans .lit .residual").textContent,
            cut: [...document.querySelectorAll(".line .equation")]
                .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.textContent),
            equations: targets.map(equation),
        });
    }
    return seen;
}"""


def test_after_a_step_by_hand_every_line_has_its_turn(lab: Inside) -> None:
    lab.open("/?at=5")
    lab.look()
    lab.page.evaluate(NOTE_MARKS)
    lab.button("Step").click()
    lab.page.wait_for_function("count => window.marked.length >= count", arg=len(WALK))
    assert marked(lab) == WALK


def test_while_it_plays_slowly_the_line_in_action_is_marked(lab: Inside) -> None:
    lab.open("/?at=5")
    lab.look()
    lab.set_speed(0)
    lab.page.evaluate(NOTE_MARKS)
    lab.button("Play").click()
    lab.wait_for_step(8)
    lab.button("Pause").click()
    lab.wait_for_status("paused")
    # The next step begins the walk again, on a busy machine before its end.
    walks: list[list[tuple[str, str]]] = []
    for mark in marked(lab):
        if mark == WALK[0]:
            walks.append([])
        walks[-1].append(mark)
    assert len(walks) >= 3
    assert all(walk == WALK[: len(walk)] for walk in walks)
    assert any(len(walk) > 1 for walk in walks)


def test_nothing_walks_where_motion_is_not_wanted(new_page: NewPage) -> None:
    lab = Inside(new_page(reduced_motion="reduce"))
    lab.open("/?at=5")
    lab.look()
    lab.button("Step").click()
    lab.wait_at_step(6)
    lab.settle()
    expect(lab.page.locator(".line[data-active]")).to_have_count(0)


def test_a_playing_page_asks_a_few_times_a_second(new_page: NewPage) -> None:
    page = new_page()
    asked: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: asked.append(1) if '"inspect"' in str(frame) else None)

    page.on("websocket", listen)
    lab = Inside(page)
    lab.open("/?batch=all")
    assert asked == [], "nobody looks inside yet"
    lab.look()
    lab.set_speed(3)
    lab.button("Play").click()
    lab.wait_for_step(100)
    asked.clear()
    began = page.evaluate("performance.now()")
    page.wait_for_timeout(1000)
    seconds = (page.evaluate("performance.now()") - began) / 1000
    assert 1 <= len(asked) <= 10 * seconds + 2
    lab.button("Pause").click()
    lab.wait_for_status("paused")
    lab.settle()
    page.remove_listener("websocket", listen)


@pytest.mark.parametrize(
    ("place", "targets"),
    [
        ("/?steps=20000&batch=1", ["r", "slope"]),
        ("/?steps=20000&batch=3&order=shuffled&method=adam", ["g_w", "g"]),
        ("/?steps=20000&batch=3&order=shuffled&method=adam", ["g_w", "m"]),
    ],
)
def test_what_is_told_while_it_plays_is_of_one_step(lab: Inside, place: str, targets: list[str]) -> None:
    """Where frames are short, each part is made in a frame of its own; none is shown before all are ready."""
    lab.open(place)
    lab.look()
    lab.page.get_by_role("button", name="Play").click()
    seen = lab.page.evaluate(SEEN_WHILE_PLAYING, targets)
    assert len({each["title"] for each in seen}) > 4, "or this tests nothing"
    for each in seen:
        made, used = each["equations"]
        assert made.rpartition("=")[2] in used, each
        assert each["cut"] == [], "nothing of an equation is out of sight"
        if "batch=1" in place:
            assert f"bean {each['bean']}," in each["seen"], each
            # The figures are of the same step.
            said, beside = (
                float(text.replace("r = ", "").replace("\u2212", "-")) for text in (each["residual"], each["beside"])
            )
            assert said == pytest.approx(beside, rel=1e-3), each


def test_beans_in_use_are_lit_with_their_residuals(lab: Inside, live_server: Server) -> None:
    lab.open("/?batch=10&order=shuffled&at=10")
    lab.look()
    know = told(lab, live_server.url)
    expect(lab.page.locator(".lit")).to_be_visible()
    segments = re.findall(r"M([-\d.]+),([-\d.]+)V([-\d.]+)", lab.page.locator(".residuals").get_attribute("d") or "")
    assert len(segments) == 10
    # As many pixels for one unit of toxicity in each of them.
    scales = [(float(line) - float(bean)) / -r for (_, bean, line), r in zip(segments, know.residuals, strict=True)]
    assert min(scales) > 0 or max(scales) < 0
    large = [scale for scale, r in zip(scales, know.residuals, strict=True) if abs(r) > 0.05]
    assert max(large) == pytest.approx(min(large), rel=0.05)


def test_arrows_on_the_contour_are_honest(lab: Inside, live_server: Server) -> None:
    lab.open("/?batch=10&at=5")
    lab.page.locator("#view-contour").click()
    lab.look()
    know = told(lab, live_server.url)
    expect(lab.page.locator(".arrows")).to_be_visible()
    rule = lab.page.locator(".arrows .key-text").first.text_content() or ""
    factor = float(re.findall(r"−([\d.]+) ·", rule)[0])
    assert lab.page.locator(".arrows .key-text:visible").all_text_contents()[1:] == [
        "each bean by itself", "all beans", "mean of 10",
    ]  # fmt: skip
    shafts = {
        name: [
            [float(end) - float(start) for start, end in zip(each[:2], each[2:], strict=True)]
            for each in re.findall(
                r"M([-\d.]+),([-\d.]+)L([-\d.]+),([-\d.]+)(?=M|$)", lab.page.locator(selector).get_attribute("d") or ""
            )
        ]
        for name, selector in (("each", ".arrows-each"), ("batch", ".arrows-batch"), ("mean", ".arrow-mean"))
    }
    assert [len(shafts[name]) for name in ("each", "batch")] == [100, 10]
    # Pixels for one unit of the axes: the plot is 3 wide and 4 high.
    width, height = lab.page.evaluate("""() => {
        const ground = document.querySelector("[data-kind=contour] .bglayer .bg") ??
            document.querySelector("[data-kind=contour] .nsewdrag");
        return [ground.getBBox().width / 3, ground.getBBox().height / 4];
    }""")
    w, b = know.gradient
    [mean] = shafts["mean"][:1]
    assert mean == pytest.approx([-factor * w * width, factor * b * height], abs=1.5)
    for shaft, (own_w, own_b) in zip(shafts["batch"], know.own, strict=True):
        assert shaft == pytest.approx([-factor * own_w * width, factor * own_b * height], abs=1.5)


def test_the_stream_and_rest_say_the_same(new_page: NewPage, live_server: Server) -> None:
    page = new_page()
    lab, messages = Inside(page), list[str]()

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: messages.append(str(frame)))

    page.on("websocket", listen)
    lab.open("/?batch=3&at=12")
    lab.look()
    update = json.loads(next(text for text in messages if '"type":"update"' in text))["update"]
    assert update["step"] == 12
    row = rest(live_server.url, lab.spec)["trajectory"]
    assert update["before"] == {name: row[name][12] for name in "wb"}
    page.remove_listener("websocket", listen)


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["lab", "phone"])
def test_nothing_scrolls_sideways(new_page: NewPage, locale: str, size: tuple[int, int]) -> None:
    lab = Inside(new_page(viewport={"width": size[0], "height": size[1]}, locale=locale))
    lab.open("/?method=adam&batch=10&order=shuffled&at=300")
    lab.look()
    for theme in ("light", "dark", "projector"):
        lab.page.locator(f"[data-theme-choice={theme}]").click()
        expect(lab.page.locator("html")).to_have_attribute("data-theme", theme)
        assert lab.page.evaluate("document.documentElement.scrollWidth") == size[0], theme
        if size[0] == 1280:
            assert lab.page.evaluate("document.documentElement.scrollHeight") == size[1], theme
        for part in ("#inspector", "#inspect-content", ".rows"):
            inner, outer = lab.page.locator(part).evaluate("e => [e.scrollWidth, e.clientWidth]")
            assert inner <= outer, (theme, part)
