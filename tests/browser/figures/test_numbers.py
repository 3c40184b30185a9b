"""Numbers on the page have the digits that Python prints."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page

TIES = [0.5, 1.5, 2.5, 0.125, 0.375, 2.675, 1.005, 0.15, 0.25, 4503599627370497.5, 9.5, 99.5, 0.0009765625, 12345.5]
EDGES = [0.0, -0.0, 1.0, 1e-5, 9.9999e-5, 1e-4, 99999.5, 999999.5, 1e15, 1e16, 1e21, 1.5e22, 1e300, 5e-324, 123456789.0]


def values() -> list[float]:
    """Ties, edges, and numbers of every size, of both signs."""
    rng = np.random.default_rng(0)
    random = rng.normal(size=400) * 10.0 ** rng.integers(-12, 13, 400)
    dyadic = rng.integers(-4096, 4096, 200) / 2.0 ** rng.integers(0, 12, 200)
    return [sign * value for value in [*TIES, *EDGES, *map(float, random), *map(float, dyadic)] for sign in (1, -1)]


def written(blank: Page, call: str, numbers: list[float]) -> list[str]:
    found: list[str] = blank.evaluate(
        f"xs => import('/static/js/numbers.js').then((numbers) => xs.map((x) => numbers.{call}))", numbers
    )
    return found


@pytest.mark.parametrize("decimals", [0, 1, 2, 4, 6])
def test_fixed(blank: Page, decimals: int) -> None:
    expected = [f"{x:.{decimals}f}".replace("-", "−") for x in values()]
    assert written(blank, f"fixed(x, {decimals})", values()) == expected


@pytest.mark.parametrize("digits", [1, 2, 3, 4, 6, 10])
def test_significant(blank: Page, digits: int) -> None:
    expected = [re.sub(r"\.(?=e|$)", "", f"{x:#.{digits}g}").replace("-", "−") for x in values()]
    assert written(blank, f"significant(x, {digits})", values()) == expected


@pytest.mark.parametrize("digits", [1, 3, 4, 6])
def test_short(blank: Page, digits: int) -> None:
    expected = [f"{x:.{digits}g}".replace("-", "−") for x in values()]
    assert written(blank, f"short(x, {digits})", values()) == expected


def test_repr(blank: Page) -> None:
    assert written(blank, "repr(x)", values()) == [repr(x) for x in values()]


def test_count(blank: Page) -> None:
    numbers = [0, 7, 999, 1000, 12345, 1_000_000, -1234567]
    expected = [f"{x:,}".replace(",", "\u202f").replace("-", "−") for x in numbers]
    assert written(blank, "count(x)", [float(x) for x in numbers]) == expected


def test_what_is_not_finite(blank: Page) -> None:
    for call, infinite in (
        ("fixed(x, 2)", "−∞"),
        ("significant(x, 2)", "−∞"),
        ("short(x, 2)", "−∞"),
        ("repr(x)", "-inf"),
    ):
        assert written(blank, call, [float("nan"), float("-inf")]) == ["nan", infinite]
