"""What is drawn is what the rows say."""

import math
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.figures.figures import ALL, ONE, Figures, corners, drawn_rows
from tests.browser.figures.site import view


def test_the_path_in_the_bowl_is_the_rows(mirrored: Figures) -> None:
    mirrored.open(ALL | {"optimizer": {"learning_rate": 0.05}, "steps": 20})
    drawn_rows(mirrored, 20)
    assert len(corners(mirrored.page.evaluate("drawn(2)"))) == 21, "all of it is the moving end"


def test_going_back_and_forth_shows_as_much_of_the_path(mirrored: Figures) -> None:
    mirrored.open(ALL | {"optimizer": {"learning_rate": 0.05}, "steps": 20})
    for row in (7, 8, 3, 20, 1):
        mirrored.show(row)
        drawn_rows(mirrored, row)
    mirrored.show(0)
    assert mirrored.page.evaluate("drawn(1)") == []


def test_a_path_is_drawn_anew_after_going_back_and_another_rate(mirrored: Figures) -> None:
    slow = ALL | {"optimizer": {"learning_rate": 0.05}, "steps": 20}
    mirrored.open(slow)
    mirrored.run = view(slow | {"changes": [{"step": 8, "optimizer": {"learning_rate": 0.2}}]})
    rows = {name: column[9:] for name, column in mirrored.run["rows"].items()}
    mirrored.page.evaluate("rows => { figures.view.rows.truncate(9); figures.append(rows); }", rows)
    mirrored.show(20)
    drawn_rows(mirrored, 20)
    assert np.array(mirrored.path("loss", 2)) == pytest.approx(
        mirrored.pixels("loss", mirrored["step"], mirrored["loss"]), abs=0.06
    )


def test_appended_rows_extend_the_path(mirrored: Figures) -> None:
    mirrored.open(ALL | {"optimizer": {"learning_rate": 0.05}, "steps": 30}, {"bowl": "bowl"})
    whole = mirrored.run["rows"]
    mirrored.page.evaluate("figures.view.rows.truncate(1)")
    mirrored.show(0)
    for row in range(1, 31, 3):
        rows = {name: column[row : row + 3] for name, column in whole.items()}
        mirrored.page.evaluate("rows => figures.append(rows)", rows)
        last = row + len(rows["step"]) - 1
        mirrored.show(last)
        drawn_rows(mirrored, last)


def test_a_long_path_is_thinned_and_stays_where_it_is(mirrored: Figures) -> None:
    mirrored.open({"optimizer": {"learning_rate": 0.3}, "steps": 20_000}, {"bowl": "bowl"})
    vertices = np.array(mirrored.page.evaluate("drawn(1)"))
    assert 100 < len(vertices) < 60_000
    every = np.stack([mirrored["w"], mirrored["b"]], axis=1)
    points = vertices[:, :2]
    size = np.array([3.0, 4.0])  # of the window
    for point in every[:: len(every) // 200]:
        assert np.min(np.max(np.abs(points - point) / size, axis=1)) < 2.5 / 1024
    assert points.min(axis=0) == pytest.approx(every.min(axis=0), abs=0.004)
    assert points.max(axis=0) == pytest.approx(every.max(axis=0), abs=0.004)


@pytest.mark.parametrize("kind", ["bowl", "contour"])
def test_a_run_that_leaves_the_picture_is_cut_at_its_edge_and_says_so(mirrored: Figures, kind: str) -> None:
    mirrored.open(ALL | {"optimizer": {"learning_rate": 0.9}, "steps": 60}, {"bowl": kind})
    last = len(mirrored["w"]) - 1
    assert mirrored.page.locator("#bowl .ball").is_hidden()
    assert mirrored.page.locator("#bowl .outside").is_visible()
    assert f"b = {mirrored['b'][last]:#.3g}".replace("-", "−") in mirrored.text("#bowl .outside-text")
    if kind == "bowl":
        w, b, height = np.array(mirrored.page.evaluate("drawn(1)")).T
        assert (w.min(), w.max()) >= (-1 - 1e-5, -np.inf)
        assert w.max() <= 2 + 1e-5
        assert (np.abs(b).max(), height.min()) <= (2 + 1e-5, np.inf)
    mirrored.show(1)
    assert mirrored.page.locator("#bowl .ball").is_visible()
    assert mirrored.page.locator("#bowl .outside").is_hidden()


WINDOW = """() => {
    const { xaxis, yaxis, margin: { l, t } } = figures.gd("bowl").layout;
    return [xaxis.range, yaxis.range, [l, t]];
}"""


def test_the_arrow_stands_on_the_side_where_the_run_is(figures: Figures) -> None:
    """It is at the edge in the direction of the run from the middle, at every step of a divergence."""
    figures.open(ALL | {"optimizer": {"learning_rate": 1.2}, "steps": 20}, {"bowl": "contour"})
    *window, corner = np.array(figures.page.evaluate(WINDOW))
    low, high = np.transpose(window)
    away = (2 * np.stack([figures["w"], figures["b"]], axis=1) - low - high) / (high - low)
    for row in (12, 13, 18, 19):
        figures.show(row)
        edge = (low + high + away[row] / np.abs(away[row]).max() * (high - low)) / 2
        [expected] = figures.pixels("bowl", [edge[0]], [edge[1]])
        assert figures.at("#bowl .outside") == pytest.approx(tuple(expected + corner), abs=0.1)
    assert np.all(np.sign(away[12:]) == -np.sign(away[11:-1])), "it is on the other side with every step"


def test_over_one_parameter_the_arrow_is_at_the_nearest_place(figures: Figures) -> None:
    figures.open(ONE | {"optimizer": {"learning_rate": 4.0}, "steps": 20}, {"bowl": "parabola"})
    *window, corner = np.array(figures.page.evaluate(WINDOW))
    for row in (12, 13, 18, 19):
        figures.show(row)
        near = [np.clip(figures[name][row], *ends) for name, ends in zip(("w", "loss"), window, strict=True)]
        [expected] = figures.pixels("bowl", [near[0]], [near[1]])
        assert figures.at("#bowl .outside") == pytest.approx(tuple(expected + corner), abs=0.1)
    assert {figures["w"][row] > window[0][1] for row in (18, 19)} == {True, False}


def test_the_line_of_the_beans_is_that_of_the_row(figures: Figures) -> None:
    figures.open({"steps": 30}, {"beans": "beans"})
    for row in (0, 30):
        figures.show(row)
        w, b = figures["w"][row], figures["b"][row]
        xs = figures.page.evaluate("figures.gd('beans').layout.xaxis.range")
        expected = figures.pixels("beans", xs, [w * x + b for x in xs])
        assert np.array(figures.path("beans", 1)) == pytest.approx(expected, abs=0.06)
        assert figures.text("#beans .equation") == f"ŷ = {w:.4f}\u2009x + {b:.4f}"


def test_many_beans_are_thinned_and_it_says_so(figures: Figures) -> None:
    figures.open({"steps": 1}, {"beans": "beans"})
    assert figures.page.locator("#beans path.point").count() == 100
    assert figures.page.locator("#beans .note").is_hidden()
    figures.open({"dataset": {"name": "offset-beans", "count": 20_000}, "steps": 1}, {"beans": "beans"})
    assert figures.page.locator("#beans path.point").count() == 0, "painted as one picture"
    assert figures.page.locator("#beans canvas").get_attribute("data-beans") == "5000"
    assert figures.text("#beans .note") == "5\u202f000 of 20\u202f000"
    painted = """() => {
        const { width, height } = document.querySelector("#beans canvas");
        const pixels = document.querySelector("#beans canvas").getContext("2d").getImageData(0, 0, width, height).data;
        return [width, height, pixels.filter((_, i) => i % 4 === 3 && pixels[i] > 0).length];
    }"""
    width, height, inked = figures.page.evaluate(painted)
    assert 0.05 < inked / (width * height) < 0.5
    figures.open({"steps": 1}, {"beans": "beans"})
    assert figures.page.locator("#beans canvas").count() == 0


def test_the_loss_curve_is_the_rows_on_both_scales(figures: Figures) -> None:
    figures.open({"steps": 40}, {"loss": "loss"})
    for scale in ("log", "linear", "log"):
        figures.show(40, f"{{ options: {{ lossScale: '{scale}' }} }}")
        assert figures.page.evaluate("figures.gd('loss')._fullLayout.yaxis.type") == scale
        expected = figures.pixels("loss", figures["step"], figures["loss"])
        assert np.array(figures.path("loss", 2)) == pytest.approx(expected, abs=0.06)
        assert np.all(expected >= 0)


def test_the_cursor_moves_along_the_loss_curve(figures: Figures) -> None:
    figures.open({"steps": 40}, {"loss": "loss"})
    left, top = figures.page.evaluate("(({ l, t }) => [l, t])(figures.gd('loss').layout.margin)")
    for row in (40, 13, 0, 27):
        figures.show(row)
        [[x, y]] = figures.pixels("loss", [row], [figures["loss"][row]])
        assert figures.at("#loss .ball") == pytest.approx((left + x, top + y), abs=0.06)
        assert figures.text("#loss .value") == f"{figures['loss'][row]:#.4g}"
        ahead, done = figures.path("loss", 1), figures.path("loss", 2)
        assert len(done) == row + 1
        assert len(ahead) == (41 if row < 40 else 1), "the rows beyond are drawn pale"


def test_a_long_loss_curve_keeps_its_extremes(figures: Figures) -> None:
    figures.open({"steps": 10_000, "optimizer": {"learning_rate": 0.3}}, {"loss": "loss"})
    path = np.array([point for point in figures.path("loss", 2) if point])
    assert len(path) < 2000
    every = figures.pixels("loss", figures["step"], figures["loss"])
    width = round(every[-1, 0])  # a column of rows for every pixel
    columns = np.floor(figures["step"] / 10_000 * width)
    for column in (0, 1, 2, 50, 200):
        x, inner, outer = column, every[columns == column, 1], every[np.abs(columns - column) <= 1, 1]
        near = path[(path[:, 0] >= x - 0.06) & (path[:, 0] <= x + 1.06), 1]
        assert outer.min() - 0.06 <= near.min() <= inner.min() + 0.06
        assert inner.max() - 0.06 <= near.max() <= outer.max() + 0.06


def test_the_axes_of_the_loss_grow_in_strides(figures: Figures) -> None:
    figures.open({"steps": 1000}, {"loss": "loss"})
    spans = []
    for row in (0, 40, 51, 99, 150, 700):
        figures.page.evaluate("figures.view.rows.truncate(1)")
        figures.page.evaluate(
            "rows => figures.append(rows)", {name: column[: row + 1] for name, column in figures.run["rows"].items()}
        )
        figures.show(row)
        spans.append(figures.page.evaluate("figures.gd('loss').layout.xaxis.range[1]"))
    assert spans == [50, 50, 100, 100, 200, 1000]


def test_a_perfect_fit_has_a_loss_of_zero_and_is_drawn(figures: Figures) -> None:
    points = {"name": "points", "x": [0.0, 1.0], "y": [0.5, 1.5]}
    figures.open({"dataset": points, "start": {"w": 1.0, "b": 0.5}, "steps": 3} | ALL)
    assert figures["loss"].max() == 0
    assert figures.text("#loss .value") == "0.000"
    assert figures.page.locator("#bowl .ball").is_visible()


def test_a_curve_that_ends_at_zero_is_on_its_axis(figures: Figures) -> None:
    """A loss of 0 has no place on a log axis; those before it have."""
    points = {"name": "points", "x": [1.0], "y": [2.0]}
    figures.open({"dataset": points, "steps": 200, "optimizer": {"learning_rate": 0.1}} | ALL)
    losses = figures["loss"][figures["loss"] > 0]
    assert len(losses) < 201
    low, high = figures.page.evaluate("figures.gd('loss').layout.yaxis.range")
    assert 10**low <= losses.min()
    assert 10**high >= losses.max()
    assert figures.text("#bowl .optimum-name") == "plot.optimum.one"


def test_one_parameter_gives_a_parabola_with_its_path(figures: Figures) -> None:
    figures.open(ONE | {"optimizer": {"learning_rate": 0.4}, "steps": 12}, {"bowl": "parabola", "beans": "beans"})
    expected = figures.pixels("bowl", figures["w"], figures["loss"])
    assert np.array(figures.path("bowl", 1)) == pytest.approx(expected, abs=0.06)
    left, top = figures.page.evaluate("(({ l, t }) => [l, t])(figures.gd('bowl').layout.margin)")
    assert figures.at("#bowl .ball") == pytest.approx(tuple(expected[-1] + (left, top)), abs=0.06)
    assert figures.text("#beans .equation") == f"ŷ = {figures['w'][-1]:.4f}\u2009x"


def test_the_contour_map_shows_the_same_path(figures: Figures) -> None:
    figures.open(ALL | {"optimizer": {"learning_rate": 0.05}, "steps": 20}, {"bowl": "contour"})
    expected = figures.pixels("bowl", figures["w"], figures["b"])
    assert np.array(figures.path("bowl", 1)) == pytest.approx(expected, abs=0.06)


def rested(figures: Figures, before: dict[str, Any]) -> dict[str, Any]:
    """The camera once it has left where it was and stands still again."""
    seen = [before]
    for _ in range(100):
        figures.page.wait_for_timeout(100)
        seen.append(figures.camera())
        if seen[-5:] == 5 * [seen[-1]] != 5 * [before]:
            break
    return seen[-1]


def test_another_theme_and_size_keep_the_camera(figures: Figures) -> None:
    figures.open({"steps": 200}, {"bowl": "bowl"})
    first = figures.camera()
    box = figures.page.locator("#bowl").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    figures.page.mouse.move(x, y)
    figures.page.mouse.down()
    for step in range(1, 7):
        figures.page.mouse.move(x + 20 * step, y + 5 * step)
        figures.page.wait_for_timeout(50)
    figures.page.mouse.up()
    turned = rested(figures, first)
    assert turned["eye"]["x"] != pytest.approx(first["eye"]["x"], abs=0.05)
    colours = "figures.gd('bowl').data[0].colorscale[0][1]"
    light = figures.page.evaluate(colours)
    figures.page.evaluate("figures.theme('dark')")
    assert figures.page.evaluate(colours) != light
    figures.page.locator("main").evaluate("main => { main.style.gridTemplateColumns = '400px 500px'; }")
    figures.page.wait_for_function("() => figures.gd('bowl').layout.width === 500")
    figures.show(100)
    for part in ("eye", "center"):
        assert figures.camera()[part] == pytest.approx(turned[part], abs=1e-4)


def test_the_labels_follow_the_scene_that_the_keyboard_turns(figures: Figures) -> None:
    figures.open({"steps": 200}, {"bowl": "bowl"})
    marks = [figures.page.locator(f"#bowl {name} >> nth=0") for name in (".ball", ".title", ".tick")]
    before = [mark.get_attribute("transform") or "" for mark in marks]
    figures.page.locator("#bowl").focus()
    for key in ("ArrowRight", "ArrowUp", "+"):
        figures.page.keyboard.press(key)
    for mark, old in zip(marks, before, strict=True):
        expect(mark).not_to_have_attribute("transform", old)
    figures.page.keyboard.press("0")
    for mark, old in zip(marks, before, strict=True):
        about = re.sub(r"\.\d", r"\\.\\d", re.escape(old).replace(r"\.", "."))
        expect(mark).to_have_attribute("transform", re.compile(about))


def away(figures: Figures) -> float:
    """How far the camera is from what it looks at."""
    camera = figures.camera()
    return math.dist(*([camera[part][axis] for axis in "xyz"] for part in ("eye", "center")))


def test_two_fingers_bring_the_bowl_nearer_and_do_not_turn_it(figures: Figures) -> None:
    figures.open({"steps": 200}, {"bowl": "bowl"})
    box = figures.page.locator("#bowl").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before, usual = figures.camera(), away(figures)
    client = figures.page.context.new_cdp_session(figures.page)

    def touch(kind: str, *apart: float) -> None:
        points = [{"x": x + each, "y": y, "id": i} for i, each in enumerate(apart)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        figures.page.wait_for_timeout(30)

    touch("touchStart", -40)
    touch("touchStart", -40, 40)
    for spread in (44, 50, 60):
        touch("touchMove", -spread, spread)
    touch("touchEnd")
    assert away(figures) == pytest.approx(usual / 1.5)
    for axis in "xyz":
        expected = (before["eye"][axis] - before["center"][axis]) / 1.5
        assert figures.camera()["eye"][axis] - figures.camera()["center"][axis] == pytest.approx(expected)
    touch("touchStart", -40)
    for moved in (-30, -10, 10, 30):
        touch("touchMove", moved)
    touch("touchEnd")
    turned = rested(figures, before)
    assert turned["eye"]["x"] != pytest.approx(before["eye"]["x"] / 1.5, abs=0.02), "one finger turns it"
    client.detach()


def test_the_keyboard_goes_neither_into_the_bowl_nor_out_of_its_sight(figures: Figures) -> None:
    figures.open({"steps": 200}, {"bowl": "bowl"})
    usual = away(figures)
    figures.page.locator("#bowl").focus()
    for key, times in (("-", 3), ("+", 1 / 3)):
        for _ in range(30):
            figures.page.keyboard.press(key)
        assert away(figures) == pytest.approx(usual * times)
    figures.page.keyboard.press("-")
    assert away(figures) == pytest.approx(usual * 1.1 / 3)


def test_the_labels_stand_where_plotly_draws(figures: Figures) -> None:
    """The optimum's ring in pixels is the projection of its point by Plotly's own matrices."""
    figures.open({"steps": 1}, {"bowl": "bowl"})
    theory = figures.run["run"]["theory"]
    x, y = figures.page.evaluate(
        """([w, b, loss]) => {
            const scene = figures.gd("bowl")._fullLayout.scene._scene;
            const { model, view, projection } = scene.glplot.cameraParams;
            const point = [w, b, Math.sqrt(loss)].map((value, i) => value * scene.dataScale[i]).concat(1);
            const times = (m, v) => [0, 1, 2, 3].map((i) => v.reduce((sum, x, k) => sum + m[4 * k + i] * x, 0));
            const [cx, cy, , cw] = times(projection, times(view, times(model, point)));
            const { width, height } = scene.container.getBoundingClientRect();
            return [(0.5 + (0.5 * cx) / cw) * width, (0.5 - (0.5 * cy) / cw) * height];
        }""",
        [theory["optimum"]["w"], theory["optimum"]["b"], theory["optimum_loss"]],
    )
    assert figures.at("#bowl .optimum") == pytest.approx((x, y), abs=3)
