"""Theory on the rate's own track: zones, ticks and sentences for the data and method on the screen."""

import math
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.lab import Lab
from tests.engine.oracles import beans

LOW, HIGH = 1e-5, 10.0


@pytest.fixture
def lab(new_page: NewPage) -> Lab:
    return Lab(new_page())


def curvature(seed: int = 0) -> tuple[float, float]:
    """The eigenvalues of 2/n X̃ᵀX̃, from the formula for two rows."""
    x, _ = beans("offset-beans", 100, seed)
    square, mean = 2 * sum(value * value for value in x) / 100, 2 * sum(x) / 100
    middle, spread = (square + 2) / 2, math.hypot((square - 2) / 2, mean)
    return middle - spread, middle + spread


def zones(lab: Lab) -> dict[str, float]:
    """Where each zone begins on the track, as a rate."""
    low, high = (float(lab.slider("Learning rate").get_attribute(name) or "") for name in ("min", "max"))
    starts = lab.page.locator("[data-name='optimizer.learning_rate'] .zones i").evaluate_all(
        "pieces => pieces.map(piece => [piece.dataset.kind, parseFloat(piece.style.left) / 100])"
    )
    return {kind: 10 ** (low + share * (high - low)) for kind, share in starts}


def test_zones_are_those_of_the_curvature(lab: Lab) -> None:
    lab.open("/?batch=all")
    least, most = curvature()
    painted = zones(lab)
    assert list(painted) == ["crawling", "good", "oscillating", "diverging"]
    assert painted["good"] == pytest.approx((1 - 0.01 ** (1 / 1000)) / least, rel=1e-3)
    assert painted["oscillating"] == pytest.approx(2 / (least + most), rel=1e-3)
    assert painted["diverging"] == pytest.approx(2 / most, rel=1e-3)
    key = lab.page.locator("[data-name='optimizer.learning_rate'] .note")
    for said in ("crawls < 0.0331", "good, best 0.718", "oscillates > 0.718", "diverges > 0.756"):
        expect(key).to_contain_text(said)
    expect(lab.slider("Learning rate")).to_have_attribute("aria-valuetext", "0.1, good")
    # Other data have another bowl.
    lab.enter("Data seed", 7)
    least, most = curvature(7)
    expect(key).to_contain_text(f"diverges > {2 / most:.3g}")
    assert zones(lab)["diverging"] == pytest.approx(2 / most, rel=1e-3)


def test_sentences_follow_the_rate(lab: Lab) -> None:
    lab.open("/?batch=all&at=3")
    least, most = curvature()
    rate = "Learning rate, exact value"
    lab.enter(rate, 0.001)
    steps = f"{math.ceil(math.log(0.01) / math.log(1 - 0.001 * least)):,}".replace(",", r"\s")
    expect(lab.caption).to_have_text(re.compile(rf"^Crawling: at rate 0.001 .* steps to 1 % of it: {steps}\.$"))
    expect(lab.slider("Learning rate")).to_have_attribute("aria-valuetext", "0.001, crawls")
    lab.enter(rate, 0.7)
    expect(lab.caption).to_contain_text(f"Above {1 / most:.3g} its steepest part flips its sign every step")
    lab.enter(rate, 0.74)
    shrinking = 100 * (1 - (0.74 * most - 1))
    expect(lab.caption).to_contain_text("Oscillating: 0.74 > 0.718: the error flips its sign every step, shrinking by")
    expect(lab.caption).to_contain_text(f"{shrinking:.3g} %")
    expect(lab.slider("Learning rate")).to_have_attribute("aria-valuetext", "0.74, oscillates")
    lab.enter(rate, 0.9)
    expect(lab.caption).to_contain_text(
        f"Diverging: 0.90 > 0.756: every step multiplies the error by {0.9 * most - 1:.3g}"
    )
    lab.button("Play").click()
    lab.wait_for_status("diverged")
    expect(lab.caption).to_contain_text("Diverged at step")


def test_a_method_without_a_limit_says_so(lab: Lab) -> None:
    lab.open("/?method=adam")
    field = lab.page.locator("[data-name='optimizer.learning_rate']")
    expect(field).to_contain_text("no limit is known for this setting")
    expect(field.locator(".zones i")).to_have_count(0)
    lab.choice("Method").select_option("momentum")
    expect(field.locator(".zones i")).not_to_have_count(0)
    expect(field).not_to_contain_text("no limit is known")
    lab.choice("Order").select_option("shuffled")
    expect(field).to_contain_text("no limit is known for this setting")


def test_a_loss_without_theory_says_so_in_chinese(new_page: NewPage) -> None:
    lab = Lab(new_page(locale="zh-CN")).open("/?loss=absolute-error")
    expect(lab.page.locator("[data-name='optimizer.learning_rate']")).to_contain_text("没有已知的上限")
