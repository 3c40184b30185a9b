"""Where a processor draws in place of a graphics card, the bowl has less to draw, and its lines lie before it."""

import json
from typing import Any

import numpy as np
import pytest

from tests.browser.conftest import NewPage
from tests.browser.figures.figures import ALL, MIRROR, Figures
from tests.browser.figures.test_companions import accompany, company

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
# The places in the grid of all vertices that there are, and the vertices that are chosen: as text, which comes sooner.
VERTICES = """(floats) => {
    const gd = figures.gd("bowl");
    const scene = gd._fullLayout.scene._scene;
    const { surface } = scene.traces[gd._fullData[0].uid];
    const places = mirrors.get(surface._coordinateBuffer.handle).filter((_, i) => i % floats < 2);
    return JSON.stringify({ places: Array.from(places), chosen });
}"""
REDRAWN = """() => {
    window.counts = [];
    const { glplot } = figures.gd("bowl")._fullLayout.scene._scene;
    glplot.redraw();
    return { counts, width: glplot.canvas.width / glplot.canvas.clientWidth, error: glplot.gl.getError() };
}"""
# What a point of the scene is multiplied by to be seen: 4 × 4, row by row; and how large the picture is.
SEEN = """() => {
    const scene = figures.gd("bowl")._fullLayout.scene._scene;
    const { model, view, projection } = scene.glplot.cameraParams;
    const { width, height } = scene.container.getBoundingClientRect();
    const matrices = [projection, view, model].map((matrix) => Array.from(matrix));
    return { matrices, scale: scene.dataScale, size: [width, height] };
}"""
SHEET = """trace => [...document.querySelectorAll(`#bowl .sheet [data-trace="${trace}"] path`)].flatMap(
    (path) => [...(path.getAttribute("d") ?? "").matchAll(/[ML]([-\\d.e]+),([-\\d.e]+)/g)]
        .map(([, x, y]) => [Number(x), Number(y)])
)"""
ROWS = ALL | {"optimizer": {"learning_rate": 0.05}, "steps": 20}  # steps so short that each is one piece


def projected(figures: Figures, w: Any, b: Any, z: Any) -> Any:
    """Where points of the scene are seen, in pixels, by the matrices that Plotly draws with."""
    told = figures.page.evaluate(SEEN)
    projection, view, model = (np.array(matrix).reshape(4, 4).T for matrix in told["matrices"])
    points = np.stack([w, b, z]) * np.array(told["scale"])[:, np.newaxis]
    x, y, _, depth = projection @ view @ model @ np.vstack([points, np.ones(points.shape[1])])
    width, height = told["size"]
    return np.stack([(0.5 + 0.5 * x / depth) * width, (0.5 - 0.5 * y / depth) * height], axis=1)


def expected_path(figures: Figures, last: int) -> Any:
    """The rows 0 … last, seen a little above the surface."""
    w, b, loss = (figures[name][: last + 1] for name in ("w", "b", "loss"))
    lift = 0.012 * figures.page.evaluate("figures.gd('bowl').layout.scene.zaxis.range[1]")
    return projected(figures, w, b, np.sqrt(loss) + lift)


def on_sheet(figures: Figures, trace: int) -> Any:
    """The points of a line on the sheet, each piece beginning where the one before it ends."""
    points = np.array(figures.page.evaluate(SHEET, trace)).reshape(-1, 2)
    return points[[0, *(np.flatnonzero(np.abs(np.diff(points, axis=0)).sum(axis=1)) + 1)]] if len(points) else points


def opened(new_page: NewPage, site: str, artist: str) -> Figures:
    page = new_page(base_url=site, begin=[f"({MIRROR})()", WATCHED % artist])
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
    vertices = json.loads(figures.page.evaluate(VERTICES, FLOATS))
    chosen = vertices["chosen"]
    assert len(chosen) == 6 * (CELLS // 2) ** 2
    assert ["drawElements", len(chosen)] in told["counts"]
    assert max(count for _, count in told["counts"]) == len(chosen)
    assert told["width"] == 1
    places = np.array(vertices["places"]).reshape(-1, 2)
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


def test_the_path_lies_before_the_scene_where_its_rows_are(new_page: NewPage, site: str) -> None:
    figures = opened(new_page, site, "llvmpipe").open(ROWS)
    for row in (20, 7, 13, 20):
        figures.show(row)
        assert on_sheet(figures, 1) == pytest.approx(expected_path(figures, row), abs=0.6)
    tail = on_sheet(figures, 2)
    assert tail[0] == pytest.approx(expected_path(figures, 20)[-1], abs=0.6), "the tail is behind the ball"
    figures.show(0)
    assert len(on_sheet(figures, 1)) == 0
    assert figures.page.evaluate("figures.gd('bowl').data.length") == 1, "there is but the surface in the scene"


def test_the_path_follows_the_scene_that_is_turned(new_page: NewPage, site: str) -> None:
    figures = opened(new_page, site, "llvmpipe").open(ROWS)
    before = on_sheet(figures, 1)
    figures.page.locator("#bowl").focus()
    for key in ("ArrowRight", "ArrowUp", "+"):
        figures.page.keyboard.press(key)
    figures.show(20)
    now = on_sheet(figures, 1)
    assert np.abs(now - before).max() > 5
    assert now == pytest.approx(expected_path(figures, 20), abs=0.6)
    figures.page.evaluate("figures.theme('dark')")
    assert on_sheet(figures, 1) == pytest.approx(now, abs=0.6)


def test_other_rows_draw_nothing_in_the_scene(new_page: NewPage, site: str) -> None:
    figures = opened(new_page, site, "llvmpipe").open(ROWS)
    figures.page.evaluate("window.counts = []")
    for row, status in ((3, "paused"), (20, "playing"), (11, "paused")):
        figures.show(row, f"{{ status: '{status}' }}")
    assert figures.page.evaluate("counts") == []
    assert on_sheet(figures, 1) == pytest.approx(expected_path(figures, 11), abs=0.6)


def test_slices_lie_on_the_sheet(new_page: NewPage, site: str) -> None:
    figures = opened(new_page, site, "llvmpipe").open(ROWS)
    assert [len(on_sheet(figures, trace)) for trace in (3, 4)] == [0, 0]
    figures.show(9, "{ options: { lossScale: 'log', view: 'slices' } }")
    along_w, along_b = (on_sheet(figures, trace) for trace in (3, 4))
    assert len(along_w) == len(along_b) == 41
    ball = np.array(figures.at("#bowl .ball"))
    for line in (along_w, along_b):
        assert np.hypot(*(line - ball).T).min() < 8, "both lead through the ball"
    figures.show(9, "{ options: { lossScale: 'log', view: 'bowl' } }")
    assert [len(on_sheet(figures, trace)) for trace in (3, 4)] == [0, 0]


def test_other_runs_lie_on_the_sheet_below_it(new_page: NewPage, site: str) -> None:
    figures = opened(new_page, site, "llvmpipe").open(ROWS)
    others = company({**ROWS, "start": {"w": 1.5}}, {**ROWS, "start": {"b": 1.0}})
    accompany(figures, others, 20, 4)
    figures.show(20)
    for trace, other, row in ((5, others[0], 20), (6, others[1], 4)):
        path, dot = on_sheet(figures, trace), np.array(figures.at(f"#bowl .companion-ball >> nth={trace - 5}"))
        assert len(path) > row
        assert path[-1] == pytest.approx(dot, abs=0.6)
        assert other["rows"]["step"][-1] == 20
    order = "[...document.querySelectorAll('#bowl .sheet > g')].map((line) => line.dataset.trace)"
    assert figures.page.evaluate(order) == ["6", "5", "4", "3", "2", "1"]


@pytest.mark.parametrize("artist", ["Some Card", "llvmpipe"])
def test_a_scene_that_stands_is_drawn_no_more(new_page: NewPage, site: str, artist: str) -> None:
    """Plotly's camera is half a second on its way, in a curve, to where it stands after a layout."""
    figures = opened(new_page, site, artist).open(ROWS)
    matrices = figures.page.evaluate(SEEN)["matrices"]
    figures.page.evaluate("window.counts = []")
    figures.page.wait_for_timeout(700)
    assert figures.page.evaluate("counts") == []
    assert figures.page.evaluate(SEEN)["matrices"] == matrices
    eye = figures.page.evaluate("figures.gd('bowl').layout.scene.camera.eye")
    assert figures.camera()["eye"] == pytest.approx(eye, abs=1e-6)
