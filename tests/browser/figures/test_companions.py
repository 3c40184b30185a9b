"""Other runs beside the one shown: what is drawn of them is what their rows say."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import FloatRect, Locator, expect

from tests.browser.figures.figures import ALL, ONE, Figures, corners
from tests.browser.figures.site import view

PLACES = {"beans": "beans", "bowl": "contour", "loss": "loss"}
OTHERS = (
    {"optimizer": {"learning_rate": 0.05}, "batch": {"size": "all"}, "steps": 40},
    {"optimizer": {"name": "adam", "learning_rate": 0.1}, "steps": 200},
    {"optimizer": {"name": "momentum", "learning_rate": 0.05}, "batch": {"size": 10}, "steps": 40},
)


def company(*specs: dict[str, Any], kind: str = "lane") -> list[dict[str, Any]]:
    """Companions of the runs of some specs."""
    return [
        {"key": f"k{i}", "label": f"Run {i}", "kind": kind, "hue": i + 2, "rows": view(spec)["rows"]}
        for i, spec in enumerate(specs)
    ]


def accompany(figures: Figures, others: list[dict[str, Any]], *cursors: int) -> None:
    figures.page.evaluate("([others, cursors]) => figures.accompany(others, cursors)", [others, list(cursors)])


def beside(figures: Figures, place: str, key: str) -> Any:
    found = figures.page.evaluate("([place, key]) => figures.beside(place, key)", [place, key])
    return np.array([point for point in found if point])


def margin(figures: Figures, place: str) -> Any:
    return np.array(figures.page.evaluate(f"(({{ l, t }}) => [l, t])(figures.gd('{place}').layout.margin)"))


def test_each_companion_is_drawn_in_every_flat_view(figures: Figures) -> None:
    figures.open(ALL | {"optimizer": {"learning_rate": 0.02}, "steps": 40}, PLACES)
    others, cursors = company(*OTHERS), (40, 150, 7)
    accompany(figures, others, *cursors)
    for other, row in zip(others, cursors, strict=True):
        rows = {name: np.array(column) for name, column in other["rows"].items()}
        w, b = rows["w"][: row + 1], rows["b"][: row + 1]
        path = beside(figures, "bowl", other["key"])
        place = figures.pixels("bowl", w, b) + margin(figures, "bowl")
        assert path[0] == pytest.approx(place[0], abs=0.06)
        assert path[-1] == pytest.approx(place[-1], abs=0.6)
        curve = beside(figures, "loss", other["key"])
        losses = figures.pixels("loss", rows["step"][: row + 1], rows["loss"][: row + 1])
        assert curve[[0, -1]] == pytest.approx(losses[[0, -1]], abs=0.06)
        assert (curve.min(axis=0), curve.max(axis=0)) == (
            pytest.approx(losses.min(axis=0), abs=0.06),
            pytest.approx(losses.max(axis=0), abs=0.06),
        )
        ends = beside(figures, "beans", other["key"]) - margin(figures, "beans")
        left, right = (figures.pixels("beans", [x], [w[-1] * x + b[-1]])[0] for x in (0.0, 1.0))
        slope = (right[1] - left[1]) / (right[0] - left[0])
        assert (ends[1][1] - ends[0][1]) / (ends[1][0] - ends[0][0]) == pytest.approx(slope, abs=0.01)
        assert ends[0][1] + slope * (left[0] - ends[0][0]) == pytest.approx(left[1], abs=0.3)
    span = figures.page.evaluate("figures.gd('loss').layout.xaxis.range[1]")
    assert span >= 150, "the axis holds the steps of all of them"


def test_a_path_goes_back_and_forth_with_its_cursor(figures: Figures) -> None:
    figures.open({"steps": 5}, {"bowl": "contour", "loss": "loss"})
    [other] = company({"optimizer": {"name": "adam", "learning_rate": 0.02}, "batch": {"size": "all"}, "steps": 500})
    accompany(figures, [other], 0)
    rows = {name: np.array(column) for name, column in other["rows"].items()}
    for row in (63, 64, 65, 300, 100, 0, 200, -1, 50):
        figures.show(5, f"{{ companions: figures.view.companions.map((one) => ({{ ...one, cursor: {row} }})) }}")
        path, curve = beside(figures, "bowl", "k0"), beside(figures, "loss", "k0")
        if row < 1:
            assert len(path) == 0
            assert len(curve) == row + 1
            continue
        steps = rows["step"][: row + 1]
        expected = figures.pixels("bowl", rows["w"][: row + 1], rows["b"][: row + 1]) + margin(figures, "bowl")
        assert path[[0, -1]] == pytest.approx(expected[[0, -1]], abs=0.6)
        for point in path:
            assert np.min(np.abs(expected - point).max(axis=1)) < 1
        end = figures.pixels("loss", steps, rows["loss"][: row + 1])[-1]
        assert curve[-1] == pytest.approx(end, abs=0.06)


def test_companions_of_one_parameter_stand_on_the_parabola(figures: Figures) -> None:
    figures.open(ONE | {"steps": 10}, {"bowl": "parabola"})
    [other] = company(ONE | {"optimizer": {"learning_rate": 0.02}, "steps": 10})
    accompany(figures, [other], 10)
    expected = figures.pixels("bowl", other["rows"]["w"], other["rows"]["loss"]) + margin(figures, "bowl")
    assert beside(figures, "bowl", "k0")[[0, -1]] == pytest.approx(expected[[0, -1]], abs=0.06)
    assert figures.at("#bowl .companion-ball") == pytest.approx(tuple(expected[-1]), abs=0.06)


def test_the_paths_of_companions_are_lines_of_the_bowl(mirrored: Figures) -> None:
    mirrored.open(ALL | {"optimizer": {"learning_rate": 0.05}, "steps": 20}, {"bowl": "bowl"})
    others = company(*(spec | {"steps": 20} for spec in OTHERS[:2]))
    accompany(mirrored, others, 20, 12)
    for trace, (other, row) in enumerate(zip(others, (20, 12), strict=True), 5):
        points = corners(mirrored.page.evaluate(f"drawn({trace})"))
        expected = np.stack([other["rows"]["w"], other["rows"]["b"]], axis=1)[: row + 1]
        for place in expected:
            assert np.min(np.abs(points[:, :2] - place).max(axis=1)) < 1e-5
    expect(mirrored.page.locator("#bowl .companion-ball:visible")).to_have_count(2)
    accompany(mirrored, others[1:], 12)
    expect(mirrored.page.locator("#bowl .companion-ball")).to_have_count(1)
    assert mirrored.page.evaluate("figures.gd('bowl').data.length") == 6


def box_of(locator: Locator) -> FloatRect:
    """Where an element stands."""
    box = locator.bounding_box()
    assert box is not None
    return box


def test_names_stand_beside_their_balls_and_not_upon_each_other(figures: Figures) -> None:
    figures.open(ALL | {"steps": 300}, {"bowl": "contour", "loss": "loss"})
    specs = [ALL | {"optimizer": {"learning_rate": rate}, "steps": 300} for rate in (0.1, 0.11, 0.12)]
    others = company(*specs, *specs)
    figures.page.evaluate("figures.view.name = 'the run shown'")
    accompany(figures, others, *[300] * 6)
    for place in ("bowl", "loss"):
        names = figures.page.locator(f"#{place} .companion-name:visible")
        assert names.all_text_contents() == ["the run shown", *(other["label"] for other in others)]
        boxes = [box_of(name) for name in names.all()]
        for one, other in combinations(boxes, 2):
            beside = one["x"] + one["width"] <= other["x"] + 2 or other["x"] + other["width"] <= one["x"] + 2
            assert beside or abs(one["y"] - other["y"]) > 10, "all are at the same place, so one below the other"
        panel = box_of(figures.page.locator(f"#{place}"))
        assert all(panel["x"] <= box["x"] and box["x"] + box["width"] <= panel["x"] + panel["width"] for box in boxes)


def test_names_leave_the_curves_their_room(figures: Figures) -> None:
    figures.open(ALL | {"steps": 20}, {"loss": "loss"})
    others = company(*(ALL | {"optimizer": {"learning_rate": rate}, "steps": 20} for rate in (0.01, 0.3, 0.05)))
    assert min(others, key=lambda other: other["rows"]["loss"][20]) is others[1]
    assert others[1]["rows"]["loss"][20] < figures["loss"][20]
    wide = " 0.001 and a word or two that no picture has room for"
    names = figures.page.locator("#loss .companion-name:visible")

    def called(*labels: str) -> None:
        figures.page.evaluate("name => { figures.view.name = name; }", labels[0])
        for other, label in zip(others, labels[1:], strict=True):
            other["label"] = label
        accompany(figures, others, 20, 20, 20)
        gd = "figures.gd('loss')"
        width, right = figures.page.evaluate(f"[{gd}.layout.width, {gd}.layout.margin.r]")
        assert right <= 0.3 * width + 0.01

    called("batch" + wide, "Adam" + wide, "Momentum" + wide, "Nesterov" + wide)
    expect(names).to_have_text(["batch", "Adam", "Momentum", "Nesterov"])
    # What differs in its numbers alone needs them; then those that count most have names.
    called("batch 1" + wide, "batch 2" + wide, "batch 3" + wide, "batch 4" + wide)
    expect(names).to_have_text(["batch 1" + wide, "batch 3" + wide])


def test_long_counts_of_steps_are_told_briefly(figures: Figures) -> None:
    figures.open(ALL | {"steps": 20000}, {"loss": "loss"})
    axis = figures.page.evaluate("figures.gd('loss').layout.xaxis")
    assert (axis["ticktext"][0], axis["ticktext"][-1], axis["tickangle"]) == ("0", "20k", 0)
    assert [float(text.replace("k", "e3")) for text in axis["ticktext"]] == axis["tickvals"]


def test_a_companion_that_flies_out_leaves_the_axes_as_they_are(figures: Figures) -> None:
    figures.open(ALL | {"steps": 60}, PLACES)
    wild = company({"optimizer": {"learning_rate": 0.9}, "batch": {"size": "all"}, "steps": 60})
    last = len(wild[0]["rows"]["loss"]) - 1
    assert wild[0]["rows"]["loss"][last] > 1e6
    accompany(figures, wild, last)
    top = figures.page.evaluate("figures.gd('loss').layout.yaxis.range[1]")
    assert 10**top < 100 * figures["loss"][0]
    expect(figures.page.locator("#bowl .companion-ball")).to_be_hidden()
    text = figures.page.evaluate("document.querySelector('main').innerHTML")
    assert "NaN" not in text


def test_ghosts_are_pale_and_dashed(figures: Figures) -> None:
    figures.open(ALL | {"steps": 20}, {"bowl": "contour"})
    accompany(figures, company(OTHERS[0], kind="ghost"), 20)
    line = figures.page.locator("#bowl .companion > g").last
    expect(line).to_have_attribute("stroke-dasharray", "5 4")
    expect(line).to_have_attribute("stroke", figures.page.evaluate("figures.context().theme.muted"))


VISIONS = {  # Machado, Oliveira and Fernandes 2009, severity 1
    "usual": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> Any:
    value = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(rgb: Any) -> Any:
    ratio = rgb @ XYZ.T / XYZ.sum(axis=1)
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_the_colours_of_lanes_stay_apart_for_every_eye(figures: Figures, theme: str) -> None:
    figures.page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    tokens = figures.page.evaluate("figures.context().theme")
    colours = np.array([linear(tokens[f"lane-{hue}"]) for hue in range(1, 9)])
    for name, vision in VISIONS.items():
        seen = lab(np.clip(colours @ np.array(vision).T, 0, 1))
        apart = np.linalg.norm(seen[:, None] - seen, axis=-1) + 1000 * np.eye(8)
        assert apart.min() > 25, (name, np.unravel_index(apart.argmin(), apart.shape), apart.min())
    light, panel = colours @ XYZ[1], linear(tokens["panel"]) @ XYZ[1]
    contrast = (np.maximum(light, panel) + 0.05) / (np.minimum(light, panel) + 0.05)
    assert contrast.min() > 3
