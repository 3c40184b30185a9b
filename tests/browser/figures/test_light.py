"""Where a processor draws in place of a graphics card, the bowl is the same with less to draw."""

from typing import Any

import numpy as np
import pytest

from tests.browser.conftest import NewPage
from tests.browser.figures.figures import ALL, MIRROR, Figures

CELLS = 120  # along each side of the refined grid
FLOATS = 10  # of a vertex of gl-surface3d: its place in the grid, then its coordinates, height and normal

# What is drawn with how many vertices, and which ones where they are chosen; who draws is called as wished.
WATCHED = """
window.counts = [];
window.chosen = [];
for (const name of ["drawArrays", "drawElements"]) {
    const draw = WebGLRenderingContext.prototype[name];
    WebGLRenderingContext.prototype[name] = function (mode, ...rest) {
        window.counts.push([name, name === "drawArrays" ? rest[1] : rest[0]]);
        return draw.call(this, mode, ...rest);
    };
}
const { bufferData, getParameter } = WebGLRenderingContext.prototype;
WebGLRenderingContext.prototype.bufferData = function (target, data, usage) {
    if (target === this.ELEMENT_ARRAY_BUFFER && data instanceof Uint32Array) window.chosen = Array.from(data);
    return bufferData.call(this, target, data, usage);
};
WebGLRenderingContext.prototype.getParameter = function (name) {
    return name === 0x9246 ? "%s" : getParameter.call(this, name);
};
"""
VERTICES = """() => {
    const gd = figures.gd("bowl");
    const scene = gd._fullLayout.scene._scene;
    const { surface } = scene.traces[gd._fullData[0].uid];
    return Array.from(mirrors.get(surface._coordinateBuffer.handle));
}"""
REDRAWN = """() => {
    window.counts = [];
    const { glplot } = figures.gd("bowl")._fullLayout.scene._scene;
    glplot.redraw();
    return { counts, width: glplot.canvas.width / glplot.canvas.clientWidth, error: glplot.gl.getError() };
}"""


def opened(new_page: NewPage, site: str, artist: str) -> Figures:
    page = new_page(base_url=site, own=True)
    page.add_init_script(f"({MIRROR})()")
    page.add_init_script(WATCHED % artist)
    return Figures(page).open(ALL | {"steps": 20})


def redrawn(figures: Figures) -> Any:
    told = figures.page.evaluate(REDRAWN)
    assert told["error"] == 0
    return told


def test_a_card_draws_the_refined_surface_finely(new_page: NewPage, site: str) -> None:
    told = redrawn(opened(new_page, site, "Some Card"))
    assert ["drawArrays", 6 * CELLS**2] in told["counts"]
    assert told["width"] == 2


@pytest.mark.parametrize(
    "artist", ["ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device), SwiftShader driver)", "llvmpipe"]
)
def test_a_processor_draws_the_whole_surface_with_a_quarter_of_the_triangles(
    new_page: NewPage, site: str, artist: str
) -> None:
    figures = opened(new_page, site, artist)
    told = redrawn(figures)
    chosen = figures.page.evaluate("chosen")
    assert len(chosen) == 6 * (CELLS // 2) ** 2
    assert ["drawElements", len(chosen)] in told["counts"]
    assert max(count for _, count in told["counts"]) == len(chosen)
    assert told["width"] == 1
    places = np.array(figures.page.evaluate(VERTICES)).reshape(-1, FLOATS)[:, :2]
    triangles = places[chosen].reshape(-1, 3, 2)
    assert (triangles % 2 == 0).all(), "the points that the server sent"
    across, along = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    areas = np.abs(across[:, 0] * along[:, 1] - across[:, 1] * along[:, 0]) / 2
    assert (areas == 2).all()
    assert areas.sum() == CELLS**2, "and no place is left out or drawn twice"


def test_another_surface_is_drawn_lightly_too(new_page: NewPage, site: str) -> None:
    figures = opened(new_page, site, "llvmpipe")
    figures.open(ALL | {"steps": 20, "loss": "absolute-error"})
    assert max(count for _, count in redrawn(figures)["counts"]) == 6 * (CELLS // 2) ** 2
