"""The lab's beans as a person edits them, and what NumPy makes of those that the page holds."""

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.hands import box_of
from tests.browser.lab import Lab, assert_same_rows, rest
from tests.servers import Server

TICKS = """axis => [...document.querySelectorAll(`#plot-beans .${axis}tick`)].map(tick => {
    const box = tick.getBoundingClientRect();
    const value = Number(tick.textContent.replace("\u2212", "-"));
    return [value, axis === "x" ? box.x + box.width / 2 : box.y + box.height / 2];
})"""


class Beans(Lab):
    """The lab, with its beans to be edited."""

    def edit(self) -> "Beans":
        """Begin to edit, by the button."""
        self.button("Edit beans").click()
        expect(self.page.locator("#plot-beans .editing")).to_be_visible()
        return self.settle()

    def settle(self) -> "Beans":
        """The run that was asked for is there and drawn, with no bean held."""
        self.page.wait_for_function("() => beanBowl.settled")
        self.wait_until_drawn()
        # The step that is shown may be the same as before: what has come is written in the next frame.
        self.page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        return self

    def pixels(self, x: float, y: float) -> tuple[float, float]:
        """Where a bean stands on the page, by the ticks of the axes."""
        at = []
        for axis, value in (("x", x), ("y", y)):
            ticks = np.array(self.page.evaluate(TICKS, axis))
            slope, offset = np.polyfit(ticks[:, 0], ticks[:, 1], 1)
            at.append(float(slope * value + offset))
        return at[0], at[1]

    def click(self, x: float, y: float) -> None:
        self.page.mouse.click(*self.pixels(x, y))
        self.settle()

    @property
    def handle(self) -> Locator:
        return self.slider("Selected bean")

    @property
    def points(self) -> list[list[float]]:
        """The beans of the page's spec, as rows of x and y."""
        dataset = self.spec["dataset"]
        assert dataset["name"] == "points"
        return [[np.ravel(x)[0], y] for x, y in zip(dataset["x"], dataset["y"], strict=True)]

    @property
    def typed(self) -> list[float]:
        """The numbers in the fields of the selected bean, as the next frame has them."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return [float(self.box(f"Bean {axis}").input_value()) for axis in "xy"]

    def carry(self, across: float, down: float) -> None:
        """Take the selected bean and carry it, without letting go."""
        box = box_of(self.handle)
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + across, y + down, steps=6)


def usual_beans() -> list[list[float]]:
    """The beans of the first page, by the recipe of the catalogue."""
    rng = np.random.default_rng(0)
    x = np.sort(rng.random(100))
    y = 0.7 * x + (0.5 - rng.random(100)) / 5 + 0.5
    return [list(pair) for pair in zip(x.tolist(), y.tolist(), strict=True)]


def assert_refitted(lab: Beans, server: Server) -> None:
    """Rows and theory are REST's of the page's spec, and the optimum is the least-squares line through its beans."""
    points = np.array(lab.points)
    assert_same_rows(lab, server.url)
    theory = rest(server.url, lab.spec)["theory"]
    slope, offset = np.polyfit(points[:, 0], points[:, 1], 1)
    assert theory["optimum"] == pytest.approx({"w": slope, "b": offset}, rel=1e-9)
    assert lab.page.evaluate("beanBowl.theory.optimum") == theory["optimum"]
