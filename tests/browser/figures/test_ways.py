"""The fast way of drawing, the slow way, no 3D at all, and figures that come and go."""

import json
from collections.abc import Callable
from typing import Literal

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.figures.figures import ALL, KINDS, ONE, Figures, drawn_rows
from tests.browser.guard import Guard


def test_the_fast_way_is_taken_with_the_plotly_that_is_installed(figures: Figures) -> None:
    figures.open({"steps": 5})
    for place in KINDS:
        expect(figures.page.locator(f"#{place}")).to_have_attribute("data-drawing", "direct")
    figures.open({"steps": 5} | ONE, {"bowl": "parabola"})
    expect(figures.page.locator("#bowl")).to_have_attribute("data-drawing", "direct")
    figures.open({"steps": 5}, {"bowl": "contour"})
    expect(figures.page.locator("#bowl")).to_have_attribute("data-drawing", "direct")


def test_the_slow_way_draws_the_same(figures: Figures) -> None:
    figures.open(ALL | {"optimizer": {"learning_rate": 0.05}, "steps": 20})
    fast = [figures.at(f"#{place} .ball") for place in ("bowl", "loss")]
    lines = figures.path("beans", 1), figures.path("loss", 2)
    figures.open(ALL | {"optimizer": {"learning_rate": 0.05}, "steps": 20}, direct=False)
    figures.page.wait_for_timeout(600)
    for place in KINDS:
        expect(figures.page.locator(f"#{place}")).to_have_attribute("data-drawing", "public")
    slow = [figures.at(f"#{place} .ball") for place in ("bowl", "loss")]
    assert np.array(slow) == pytest.approx(np.array(fast), abs=0.6)
    assert figures.page.evaluate("figures.gd('loss').data[2].y") == pytest.approx(figures["loss"])
    assert np.array(figures.path("beans", 1)) == pytest.approx(np.array(lines[0]), abs=0.6)
    x = figures.page.evaluate("Array.from(figures.gd('bowl').data[1].x)")
    assert [*x[::3], x[-2]] == pytest.approx(figures["w"])


def test_the_slow_way_is_taken_where_a_private_part_is_missing(figures: Figures) -> None:
    figures.page.evaluate("""() => {
        const { react } = Plotly;
        Plotly.react = (gd, ...rest) => react(gd, ...rest).then(() => {
            const own = gd._fullLayout.scene?._scene;
            if (own) gd._fullLayout.scene._scene = Object.create(own, { getCamera: { value: undefined } });
        });
    }""")
    figures.open({"steps": 20}, {"bowl": "bowl", "loss": "loss"})
    figures.page.wait_for_timeout(600)
    expect(figures.page.locator("#bowl")).to_have_attribute("data-drawing", "public")
    expect(figures.page.locator("#loss")).to_have_attribute("data-drawing", "direct")
    assert figures.page.locator("#bowl .ball").is_visible()
    assert len(figures.page.evaluate("Array.from(figures.gd('bowl').data[1].x)")) == 60


@pytest.mark.parametrize(
    "gd",
    [
        "{}",
        "{ _fullLayout: {}, _fullData: [] }",
        "{ _fullLayout: { xaxis: {}, yaxis: {}, scene: {} }, _fullData: [] }",
        "{ _fullLayout: { xaxis: { d2p() {} }, yaxis: { d2p() {} } }, _fullData: [{}], querySelector() {} }",
        "{ _fullLayout: { scene: { _scene: { glplot: {} } } }, _fullData: [] }",
    ],
)
def test_fast_drawing_declines_what_it_does_not_know(figures: Figures, gd: str) -> None:
    assert figures.page.evaluate(
        f"import('/static/js/plots/fast.js').then((fast) => [fast.cartesian({gd}, [1]), fast.scene({gd})])"
    ) == [None, None]


def test_without_webgl_the_bowl_is_seen_from_above(new_page: NewPage, site: str) -> None:
    without = """
        const { getContext } = HTMLCanvasElement.prototype;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
            return /webgl/.test(kind) ? null : getContext.call(this, kind, ...rest);
        };
    """
    figures = Figures(new_page(base_url=site, begin=[without])).open({"steps": 20})
    assert figures.page.evaluate("figures.gd('bowl').data[0].type") == "contour"
    assert figures.text("#bowl .note") == "plot.flat"
    assert figures.page.locator("#bowl .ball").is_visible()


def test_the_path_comes_back_with_the_graphics_card(mirrored: Figures, guard: Callable[[Page], Guard]) -> None:
    guard(mirrored.page).expect("CONTEXT_LOST_WEBGL")
    mirrored.open(ALL | {"optimizer": {"learning_rate": 0.05}, "steps": 20})
    mirrored.page.evaluate("""() => {
        const { gl } = figures.gd("bowl")._fullLayout.scene._scene.glplot;
        gl.getExtension("WEBGL_lose_context").loseContext();
    }""")
    mirrored.page.wait_for_timeout(1500)
    assert mirrored.page.locator("#bowl canvas").count() == 1
    drawn_rows(mirrored, 20)
    mirrored.show(10)
    drawn_rows(mirrored, 10)


def test_a_figure_that_is_destroyed_leaves_nothing(figures: Figures) -> None:
    figures.open({"steps": 20})
    figures.page.evaluate("figures.close()")
    for place in KINDS:
        assert figures.page.locator(f"#{place}").inner_html() == ""
    figures.open(ONE | {"steps": 20}, {"bowl": "parabola"})
    assert figures.page.locator("#bowl canvas").count() == 0


def test_a_figure_draws_once_it_has_a_size(figures: Figures) -> None:
    figures.page.locator("main").evaluate("main => { main.style.display = 'none'; }")
    figures.open({"steps": 20})
    assert figures.page.locator("#bowl canvas").count() == 0
    figures.page.locator("main").evaluate("main => { main.style.display = ''; }")
    figures.page.wait_for_timeout(500)
    assert figures.page.locator("#bowl .ball").is_visible()
    assert figures.text("#beans .equation").startswith("ŷ = ")


def test_figures_name_what_they_show(figures: Figures) -> None:
    figures.open({"steps": 20})
    for place in KINDS:
        # The loss can be read point by point: a group with a slider in it.
        role: Literal["group", "img"] = "group" if place == "loss" else "img"
        expect(figures.page.get_by_role(role, name=f"plot.{place}.description")).to_be_visible()
    titles = json.dumps(figures.page.locator("#bowl .title").all_text_contents())
    assert titles == '["w", "b", "plot.height.root"]'
    figures.open({"steps": 20, "loss": "absolute-error"})
    assert figures.text("#bowl .title >> nth=2") == "plot.height.linear"
