"""A page with the figures of one run: what it is told to show, and what is drawn on it."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.browser.figures.site import view

ALL = {"batch": {"size": "all"}}
ONE = {"model": "proportional", "dataset": {"name": "proportional-beans"}} | ALL
KINDS = {"beans": "beans", "bowl": "bowl", "loss": "loss"}

# Who draws, for a page that is told so: a graphics card, though it is a processor.
CARD = """() => {
    const { getParameter } = WebGLRenderingContext.prototype;
    WebGLRenderingContext.prototype.getParameter = function (name) {
        return name === 0x9246 ? "Some Card" : getParameter.call(this, name);
    };
}"""
# Keeps a copy of what is written into the buffers of the graphics card.
MIRROR = """() => {
    const { bindBuffer, bufferData, bufferSubData } = WebGLRenderingContext.prototype;
    let bound = null;
    window.mirrors = new Map();
    WebGLRenderingContext.prototype.bindBuffer = function (target, buffer) {
        if (target === this.ARRAY_BUFFER) bound = buffer;
        return bindBuffer.call(this, target, buffer);
    };
    WebGLRenderingContext.prototype.bufferData = function (target, data, usage) {
        if (data instanceof Float32Array) window.mirrors.set(bound, data.slice());
        return bufferData.call(this, target, data, usage);
    };
    WebGLRenderingContext.prototype.bufferSubData = function (target, offset, data) {
        if (data instanceof Float32Array) window.mirrors.get(bound).set(data, offset / 4);
        return bufferSubData.call(this, target, offset, data);
    };
    window.drawn = (trace) => {
        const gd = figures.gd("bowl");
        const scene = gd._fullLayout.scene._scene;
        const plot = scene.traces[gd._fullData[trace].uid].linePlot;
        const floats = window.mirrors.get(plot.buffer.handle).subarray(0, 12 * plot.vertexCount);
        return Array.from({ length: plot.vertexCount }, (_, i) =>
            [0, 1, 2].map((axis) => floats[12 * i + axis] / scene.dataScale[axis]));
    };
}"""


class Figures:
    """A page with the figures of one run."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.run: dict[str, Any] = {}
        page.goto("/")
        page.wait_for_selector("html[data-ready]", state="attached")

    def open(self, spec: dict[str, Any], kinds: dict[str, str] = KINDS, **options: Any) -> "Figures":
        self.run = view(spec)
        self.page.evaluate("([view, kinds, options]) => figures.open(view, kinds, options)", [self.run, kinds, options])
        return self

    def __getitem__(self, column: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array(self.run["rows"][column])

    def show(self, row: int, changes: str = "{}") -> None:
        self.page.evaluate(f"row => figures.show(row, {changes})", row)

    def path(self, place: str, trace: int) -> list[list[float] | None]:
        found: list[list[float] | None] = self.page.evaluate(
            "([place, trace]) => figures.path(place, trace)", [place, trace]
        )
        return found

    def pixels(self, place: str, xs: Any, ys: Any) -> Any:
        values = [np.asarray(xs).tolist(), np.asarray(ys).tolist()]
        return np.array(self.page.evaluate("([place, xs, ys]) => figures.pixels(place, xs, ys)", [place, *values]))

    def camera(self) -> Any:
        return self.page.evaluate("figures.gd('bowl')._fullLayout.scene._scene.getCamera()")

    def text(self, selector: str) -> str:
        return self.page.locator(selector).text_content() or ""

    def at(self, selector: str) -> tuple[float, float]:
        transform = self.page.locator(selector).get_attribute("transform") or ""
        found = re.match(r"translate\(([-\d.]+) ([-\d.]+)\)", transform)
        assert found, transform
        return float(found[1]), float(found[2])


def corners(vertices: Any) -> Any:
    """The points of a strip's segments in order: each has four vertices, two at each end."""
    points = np.array(vertices)
    return np.concatenate([points[:1], points[2::4]])


def drawn_rows(figures: Figures, row: int) -> None:
    """Assert that the bowl's path leads through the rows 0 … row, one after the other, just above the surface."""
    points = corners(figures.page.evaluate("drawn(1)"))
    expected = np.stack([figures["w"], figures["b"]], axis=1)[: row + 1]
    assert points[:, :2] == pytest.approx(expected, abs=1e-5)
    height = np.sqrt(figures["loss"][: row + 1])
    assert np.all(points[:, 2] > height)
    assert points[:, 2] == pytest.approx(height, abs=0.06)
