"""The loss view: smoothed, above the lowest possible loss, read and pinned; against formulas on the rows held."""

import itertools
import re

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Locator, Position, expect

from tests.browser.conftest import NewPage
from tests.browser.lab import Lab
from tests.engine.oracles import beans

Floats = npt.NDArray[np.float64]

# Where a point of the figure's axes is, in pixels from their corner, by Plotly's own conversion.
PLACES = """([xs, ys]) => {
    const { xaxis, yaxis } = document.querySelector("#plot-loss .js-plotly-plot")._fullLayout;
    return xs.map((x, i) => [xaxis.d2p(x), yaxis.d2p(ys[i])]);
}"""
# The lines of the figure from the last one: the smoothed curve, the curve up to the row shown.
CURVE = """(trace) => [...document.querySelectorAll("#plot-loss .js-line")].at(trace).getAttribute("d")"""
SMOOTH, DONE = -1, -2


@pytest.fixture
def lab(new_page: NewPage) -> Lab:
    return Lab(new_page())


def smoothed(values: Floats, factor: float) -> Floats:
    """m ← βm + (1 − β)l from 0, divided by 1 − βⁿ after n values."""
    found, mean = [], 0.0
    for n, value in enumerate(values, 1):
        mean = factor * mean + (1 - factor) * value
        found.append(mean / (1 - factor**n))
    return np.array(found)


def least() -> float:
    x, y = beans("offset-beans", 100, 0)
    (w, b), *_ = np.linalg.lstsq(np.column_stack([x, np.ones(100)]), y)
    return float(np.mean((w * np.array(x) + b - y) ** 2))


def reader(lab: Lab) -> Locator:
    return lab.page.get_by_role("slider", name="Point on the loss curve")


def said(lab: Lab) -> dict[str, float]:
    """What the reader says, by name."""
    text = reader(lab).get_attribute("aria-valuetext") or ""
    return {
        name: float(value) for name, value in re.findall(r"(\w[\w ]*?) ([-\d.e+]+)(?=,|$)", text.replace("\u202f", ""))
    }


def vertices(lab: Lab, trace: int) -> Floats:
    lab.page.wait_for_function(f"trace => ({CURVE})(trace).length > 50", arg=trace)
    path: str = lab.page.evaluate(CURVE, trace)
    return np.array([[float(part) for part in point.split(",")] for point in re.findall(r"[-\d.]+,[-\d.]+", path)])


def test_the_smoothed_curve_is_the_bias_corrected_mean(lab: Lab) -> None:
    lab.open("/?at=40&batch=10")
    lab.slider("Timeline").fill("0")
    lab.play_to(40)
    loss = np.array(lab.rows["loss"])
    for factor in (0.5, 0.9, 0.99):
        lab.slider("Smoothing").fill(str(factor))
        expect(lab.page.locator("#smoothing-now")).to_have_text(f"{factor:.2f}")
        at = lab.step
        expected = smoothed(loss, factor)
        reader(lab).focus()
        reader(lab).press("Home")
        expect(reader(lab)).to_have_attribute("aria-valuetext", re.compile("step 0.*smoothed"))
        assert said(lab)["smoothed"] == pytest.approx(loss[0], rel=1e-15), "the first value is itself"
        for _ in range(3):
            reader(lab).press("Shift+ArrowRight")
        assert said(lab) == pytest.approx({"step": 30, "loss": loss[30], "smoothed": expected[30]}, rel=1e-12)
        drawn = vertices(lab, SMOOTH)
        places = np.array(lab.page.evaluate(PLACES, [list(range(at + 1)), expected[: at + 1].tolist()]))
        # The line visits every smoothed value; a pixel's column holds one row at this length.
        assert drawn[0] == pytest.approx(places[0], abs=0.06)
        assert drawn[-1] == pytest.approx(places[-1], abs=0.06)
        assert np.abs(np.interp(places[:, 0], drawn[:, 0], drawn[:, 1]) - places[:, 1]).max() < 0.2
    lab.slider("Smoothing").fill("0")
    expect(lab.page.locator("#smoothing-now")).to_have_text("off")
    expect(reader(lab)).not_to_have_attribute("aria-valuetext", re.compile("smoothed"))


def test_thinned_rows_are_smoothed_over_their_strides(lab: Lab) -> None:
    lab.open("/?steps=100000&at=50000&batch=all&rate=0.001")
    rows = lab.rows
    step, loss = np.array(rows["step"]), np.array(rows["loss"])
    assert np.diff(step).max() > 1, "a long path comes thinned"
    lab.slider("Smoothing").fill("0.99")
    mean = weight = 0.0
    expected = []
    for stride, value in zip([1, *np.diff(step)], loss, strict=True):
        # As many values as steps, each of them the row's.
        kept = 0.99**stride
        mean, weight = kept * mean + (1 - kept) * value, kept * weight + 1 - kept
        expected.append(mean / weight)
    reader(lab).focus()
    expect(reader(lab)).to_have_attribute("aria-valuetext", re.compile("smoothed"))
    for key, row in (("Home", 0), ("ArrowRight", 1), ("Shift+ArrowRight", 11), ("End", len(step) - 1)):
        reader(lab).press(key)
        assert said(lab) == pytest.approx({"step": step[row], "loss": loss[row], "smoothed": expected[row]}, rel=1e-12)


def test_a_thinned_curve_says_so_and_is_as_dense_at_its_end(lab: Lab) -> None:
    """One bean a step: with ever fewer rows, a loss that stays as rough would seem to calm down."""
    lab.open("/?steps=100000&batch=1&at=100000")
    said = lab.page.locator("#plot-loss .thinned")
    expect(said).to_have_text("one in 64 drawn")
    steps = np.array(lab.rows["step"])
    gaps = np.diff(steps[steps >= 16_384])
    assert set(gaps[:-1]) == {64}
    x = np.array([float(at) for at in re.findall(r"[ML]([\d.]+),", lab.page.evaluate(CURVE, DONE) or "")])
    quarters = np.histogram(x, 4, (0, x.max()))[0][1:]
    assert quarters.min() > 0.8 * quarters.max()
    lab.enter("Go to step", 1000)
    lab.wait_at_step(1000)
    expect(said).to_have_text("one in 64 drawn")  # what lies ahead is drawn as before
    lab.button("Reset").click()
    lab.enter("Steps", 1000)
    lab.page.wait_for_function("() => beanBowl.settled && beanBowl.spec.steps === 1000")
    expect(said).to_be_hidden()


def test_excess_is_the_loss_above_the_optimum(lab: Lab) -> None:
    lab.open("/?batch=all&rate=0.7&at=60")
    lab.button("excess").click()
    expect(lab.button("excess")).to_have_attribute("aria-pressed", "true")
    expect(lab.page.locator("#plot-loss")).to_contain_text("excess loss")
    rows = lab.rows
    excess = np.array(rows["loss"]) - least()
    reader(lab).focus()
    reader(lab).press("Home")
    assert said(lab) == pytest.approx({"step": 0, "excess loss": excess[0]}, rel=1e-9)
    reader(lab).press("End")
    assert said(lab) == pytest.approx({"step": 60, "excess loss": excess[60]}, rel=1e-6)
    curve = vertices(lab, DONE)
    places = np.array(lab.page.evaluate(PLACES, [rows["step"], excess.tolist()]))
    assert np.abs(np.interp(places[:, 0], curve[:, 0], curve[:, 1]) - places[:, 1]).max() < 0.5
    shown = lab.page.locator("#plot-loss .value").text_content() or ""
    assert float(shown.replace("\u2212", "-")) == pytest.approx(excess[60], rel=1e-3)


def test_where_the_optimum_is_unknown_there_is_no_excess(lab: Lab) -> None:
    lab.open("/?batch=all&at=5")
    lab.button("excess").click()
    expect(lab.page.locator("#plot-loss")).to_contain_text("excess loss")
    lab.choice("Loss").select_option("absolute-error")
    expect(lab.button("excess")).to_be_disabled()
    expect(lab.button("loss")).to_have_attribute("aria-pressed", "true")
    expect(lab.page.locator("#plot-loss")).not_to_contain_text("excess loss")


# How far two texts of the figure lie upon each other, across and upright.
COMMON = """() => {
    const box = name => document.querySelector(`#plot-loss ${name}`).getBoundingClientRect();
    const common = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
    const [value, lowest] = [box(".value"), box(".lowest")];
    return [common(value, lowest, "left", "right"), common(value, lowest, "top", "bottom")];
}"""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_value_never_lies_on_the_lowest_possible_loss(lab: Lab, language: str, width: int) -> None:
    lab.page.set_viewport_size({"width": width, "height": 720})
    lab.open(f"/?rate=0.1&batch=1&steps=3000&at=3000&lang={language}")
    lab.page.locator("[data-theme-choice=projector]").click()
    for scale in ("log", "linear"):
        lab.page.locator(f"[data-loss-scale={scale}]").click()
        for step in (3000, 1200, 600, 60, 0):
            lab.page.locator("#timeline").fill(str(step))
            lab.wait_at_step(step)
            lab.page.wait_for_timeout(100)
            assert min(lab.page.evaluate(COMMON)) <= 0, (scale, step)


def pins(lab: Lab) -> list[str]:
    texts = lab.page.locator("#plot-loss .pin-value:visible").all_text_contents()
    return [text.replace("\u202f", "") for text in texts]


def test_hover_says_the_digits_of_the_row_and_a_click_pins_them(lab: Lab) -> None:
    lab.open("/?batch=all&at=50")
    lab.wait_until_drawn()
    loss = lab.rows["loss"]
    area = reader(lab)
    box = area.bounding_box()
    assert box is not None

    def point(step: int) -> Position:
        return {"x": box["width"] * step / 50, "y": box["height"] / 2}

    area.hover(position=point(20))
    expect(lab.page.locator("#plot-loss .read-step")).to_have_text("step 20")
    expect(lab.page.locator("#plot-loss .read-value")).to_have_text(f"loss {loss[20]!r}")
    area.click(position=point(20))
    area.click(position=point(35))
    assert pins(lab) == [f"{step}: {loss[step]:#.6g}" for step in (20, 35)]
    lab.page.mouse.move(5, 5)
    expect(lab.page.locator("#plot-loss .read-step")).to_be_hidden()
    assert len(pins(lab)) == 2, "pins stay"
    area.click(position=point(20))
    assert pins(lab) == [f"35: {loss[35]:#.6g}"]
    # They say what the run has there: another rate, other values.
    lab.enter("Learning rate, exact value", 0.5)
    lab.button("Reset").click()
    lab.wait_at_step(0)
    expect(lab.page.locator("#plot-loss .pin-value:visible")).to_have_count(0)
    lab.play_to(40)
    assert lab.rows["loss"][35] != loss[35]
    expect(lab.page.locator("#plot-loss .pin-value:visible")).to_have_text(f"35: {lab.rows['loss'][35]:#.6g}")


def test_the_curve_is_read_by_keyboard(lab: Lab) -> None:
    lab.open("/?batch=all&at=50")
    loss = lab.rows["loss"]
    area = reader(lab)
    area.focus()
    area.press("ArrowLeft")
    assert said(lab) == {"step": 49, "loss": loss[49]}
    assert lab.step == 50, "the run stays where it is"
    area.press("Enter")
    assert "pinned" in (area.get_attribute("aria-valuetext") or "")
    for _ in range(5):
        area.press("Shift+ArrowLeft")
        area.press("Enter")
    assert pins(lab) == [f"{step}: {loss[step]:#.6g}" for step in (29, 19, 9, 0)], "the last four"
    area.press("Delete")
    assert len(pins(lab)) == 3
    area.press("Escape")
    assert pins(lab) == []


def test_pins_are_whole_and_clear_of_the_value(lab: Lab) -> None:
    lab.open("/?rate=0.3&at=190")
    area = lab.page.locator("#plot-loss .reader")
    area.focus()
    for step in (185, 145):
        for _ in range(lab.step - step if step == 185 else 40):
            lab.page.keyboard.press("ArrowLeft")
        lab.page.keyboard.press("Enter")
    figure = lab.page.locator("#plot-loss").bounding_box()
    assert figure is not None
    boxes = [text.bounding_box() for text in lab.page.locator("#plot-loss .pin-value:visible, #plot-loss .value").all()]
    assert len(boxes) == 3
    for box in boxes:
        assert box is not None
        assert figure["x"] <= box["x"]
        assert box["x"] + box["width"] <= figure["x"] + figure["width"]
    for one, other in itertools.combinations(boxes, 2):
        assert one is not None
        assert other is not None
        across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
        upright = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
        # A box has room for accents, which digits leave free.
        assert across <= 0 or upright < 0.4 * one["height"]
