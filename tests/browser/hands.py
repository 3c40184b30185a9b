"""How the tests of the linked views take hold of them, and what must be true while they do."""

import re
from typing import Any

from playwright.sync_api import FloatRect, Locator, expect

from tests.browser.lab import Lab, assert_same_rows, rest
from tests.servers import Server

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ONE = "/?model=proportional&data=proportional-beans"
NUMBER = r"−?[\d.]+(?:e[+−]\d+)?"
ARRIVED = """([x, y]) => {
    const box = document.querySelector("[data-kind=contour] [data-hand=ball]").getBoundingClientRect();
    return Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) < 3;
}"""
EVALUATIONS = "() => document.querySelector('[data-way=search] td').textContent.replace(/\\D/g, '')"


def tab(lab: Lab, name: str) -> Locator:
    return lab.page.get_by_role("tab", name=name, exact=True)


def open_tab(lab: Lab, name: str, kind: str) -> None:
    tab(lab, name).click()
    expect(view(lab, kind).locator(".main-svg").first).to_be_attached()


def view(lab: Lab, kind: str) -> Locator:
    return lab.page.locator(f"[data-kind={kind}]")


def numbers(text: str | None) -> dict[str, float]:
    """The numbers of "w = 0.41, b = 0.52, loss 0.0123457", wherever they stand in a text."""
    found = re.findall(rf"\b(w|b|loss)(?: =)? ({NUMBER})", text or "")
    assert found, text
    return {name: float(value.rstrip(".").replace("−", "-")) for name, value in found}


def box_of(place: Locator) -> FloatRect:
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    return box


def drag(lab: Lab, handle: Locator, across: float, down: float) -> None:
    """Take a handle and carry it, without letting go."""
    box = box_of(handle)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    lab.page.mouse.move(x, y)
    lab.page.mouse.down()
    lab.page.mouse.move(x + across, y + down, steps=4)


def loss_at(lab: Lab, theta: dict[str, float]) -> float:
    """The engine's loss at a point: that of the row 0 of a run that starts there."""
    url = re.sub(r"(https?://[^/]+).*", r"\1", lab.page.url)
    row: float = rest(url, lab.spec | {"start": theta, "steps": 1})["trajectory"]["loss"][0]
    return row


def assert_held(lab: Lab) -> dict[str, float]:
    """A start is held: readout, caption and panel say the same, and the engine agrees with every digit of the loss."""
    expect(lab.caption).to_contain_text("A new start")
    said = numbers(lab.caption.text_content())
    theta = {name: value for name, value in said.items() if name != "loss"}
    shown = lab.shown
    assert {name: float(text.replace("−", "-")) for name, text in shown.items()} == said
    for name, value in theta.items():
        expect(lab.box(f"Start {'weight' if name == 'w' else 'bias'}")).to_have_value(f"{value:g}")
    assert f"{loss_at(lab, theta):#.6g}" == shown["loss"]
    return theta


def assert_started(lab: Lab, server: Server, theta: dict[str, float]) -> None:
    """The run that was let go there has begun, and its numbers are the engine's."""
    lab.page.wait_for_function("theta => JSON.stringify(beanBowl.spec.start) === JSON.stringify(theta)", arg=theta)
    lab.wait_at_step(0)
    expect(lab.page.locator("#readout [data-name=loss] dd")).to_have_text(f"{loss_at(lab, theta):#.8g}")
    assert_same_rows(lab, server.url)
