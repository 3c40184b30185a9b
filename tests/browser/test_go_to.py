"""A step that is typed: however far it is, it is shown with REST's digits, and the way to it tells of itself."""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import WebSocket, expect

from tests.browser.conftest import NewPage
from tests.browser.lab import Lab, rest
from tests.browser.test_branches import assert_shown
from tests.servers import Server

# The sentence, as long as the page stands at the start.
ON_THE_WAY = """() => {
    const said = document.querySelector("#caption-words").textContent;
    return beanBowl.rows.step[beanBowl.cursor] === 0 && said.startsWith("On the way") && said;
}"""


@pytest.fixture
def lab(new_page: NewPage) -> Lab:
    return Lab(new_page())


def test_a_long_way_to_a_step_says_how_far_it_has_come(lab: Lab, live_server: Server) -> None:
    lab.open("/?steps=120000&n=2000&method=adam&batch=2000&order=random")
    lab.enter("Go to step", 120_000)
    # Looked at in every frame: it is soon over.
    said = lab.page.wait_for_function(ON_THE_WAY).json_value()
    assert "to step 120\u202f000" in said
    done = int(re.findall(r"[\d\u202f]+(?= are done)", said)[0].replace("\u202f", ""))
    assert 0 < done < 120_000
    lab.wait_at_step(120_000)
    expect(lab.caption).not_to_contain_text("On the way")
    assert_shown(lab, live_server.url, lab.spec, 120_000)


def test_a_hand_near_the_timeline_sends_the_server_ahead(new_page: NewPage) -> None:
    page = new_page()
    sent: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(str(frame)))

    page.on("websocket", listen)
    lab = Lab(page)
    lab.open("/?steps=1000000")
    assert not [each for each in sent if '"ahead"' in each], "nobody wants to jump yet"
    page.locator("#timeline").hover()
    lab.box("Go to step").focus()
    lab.enter("Go to step", 999_999)
    lab.wait_at_step(999_999)
    kinds = [json.loads(each)["type"] for each in sent]
    assert kinds.count("ahead") == 2
    assert kinds.index("ahead") < kinds.index("seek")
    page.remove_listener("websocket", listen)


def test_a_typed_step_is_the_one_of_rest(lab: Lab, live_server: Server) -> None:
    """Jumps all over a run of a million steps, by mouse and by key."""
    lab.open("/?steps=1000000&batch=1&order=shuffled&rate=0.05")
    row = rest(live_server.url, lab.spec)["trajectory"]
    box = lab.box("Go to step")
    box.click()
    for text, step in (("1e6", 1_000_000), ("500 000", 500_000), ("7", 7), ("999,999", 999_999), ("123456", 123_456)):
        box.fill(text)
        box.press("Enter")
        lab.wait_at_step(step)
        assert lab.shown == {name: f"{row[name][step]:#.8g}" for name in ("w", "b", "loss")}
    # After Enter the keys of the page are the page's again.
    expect(box).not_to_be_focused()
    lab.page.keyboard.press("ArrowRight")
    lab.wait_at_step(123_457)
    lab.page.keyboard.press("ArrowLeft")
    lab.wait_at_step(123_456)
    wrong = lab.page.get_by_role("alert").filter(has_text="Expected a whole number from 0 to 1\u202f000\u202f000.")
    for text in ("12.5", "abc", "-1", "1000001"):
        box.fill(text)
        expect(wrong).to_be_visible()
        expect(box).to_have_attribute("aria-invalid", "true")
        box.press("Enter")
        expect(box).to_be_focused()
    assert lab.step == 123_456
    box.press("Escape")
    expect(wrong).to_be_hidden()
    expect(box).not_to_be_focused()
    expect(box).not_to_have_attribute("aria-invalid", "true")
    lab.page.keyboard.press("g")
    expect(box).to_be_focused()
    expect(box).to_have_value("123456")
    # Play goes on from where one has jumped to.
    box.fill("1000")
    box.press("Enter")
    lab.wait_at_step(1000)
    lab.button("Play").click()
    lab.wait_for_step(1030)
    lab.button("Pause").click()
    lab.wait_for_status("paused")
    rows = lab.rows
    at = rows["step"].index(1001)
    assert np.array_equal(rows["w"][at : at + 29], row["w"][1001:1030])
