"""The parts that figures are made of: thinning, clipping, ticks, grids."""

import itertools
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

WINDOW = {"x": [-1.0, 2.0], "y": [-2.0, 2.0]}


def call(blank: Page, module: str, body: str, argument: Any = None) -> Any:
    """Evaluate a function's body in which the module is `own` and the argument is `given`."""
    script = f"(given) => import('/static/js/plots/{module}.js').then((own) => {{ {body} }})"
    return blank.evaluate(script, argument)


def test_clipping_keeps_the_part_within_the_window(blank: Page) -> None:
    rng = np.random.default_rng(1)
    scales = np.array([1.0, 10.0, 1e6, 1e150])
    segments = (rng.normal(size=(400, 4)) * rng.choice(scales, (400, 1))).tolist()
    segments += [[0, 0, 0, 5], [0, 5, 0, 9], [-1, -2, 2, 2], [1, 1, 1, 1], [7, 7, 7, 7]]
    found = call(
        blank,
        "trail",
        "return given.segments.map((segment) => own.clip(given.window, ...segment));",
        {"segments": segments, "window": WINDOW},
    )
    shares = np.linspace(0, 1, 200_001)
    for (x0, y0, x1, y1), part in zip(segments, found, strict=True):
        x, y = x0 + (x1 - x0) * shares, y0 + (y1 - y0) * shares
        within = (x >= -1) & (x <= 2) & (y >= -2) & (y <= 2)
        if part is None:
            assert not within[1:-1].any()
        elif within.any():
            first, last = np.flatnonzero(within)[[0, -1]]
            step = max(abs(x1 - x0), abs(y1 - y0)) / 200_000 + 1e-12
            assert part == pytest.approx([x[first], y[first], x[last], y[last]], abs=2 * step)
        if part is not None:
            assert -1 <= min(part[::2]) <= max(part[::2]) <= 2
            assert -2 <= min(part[1::2]) <= max(part[1::2]) <= 2


def test_a_trail_visits_what_the_rows_visit_and_nothing_else(blank: Page) -> None:
    rng = np.random.default_rng(2)
    w = np.cumsum(rng.normal(size=5000)) * 0.05
    b = np.cumsum(rng.normal(size=5000)) * 0.05
    count, rebuilt, ends, segments = call(
        blank,
        "trail",
        """const rows = { version: 0, columns: { w: Float64Array.from(given.w), b: Float64Array.from(given.b) } };
        const trail = own.createTrail(given.window, ["w", "b"], 100000);
        const rebuilt = [trail.extend(rows, 2000), trail.extend(rows, 4999), trail.extend(rows, 100)];
        const ends = given.w.map((_, row) => trail.upTo(row));
        return [trail.count, rebuilt, ends, Array.from(trail.segments.subarray(0, 4 * trail.count))];""",
        {"w": w.tolist(), "b": b.tolist(), "window": WINDOW},
    )
    assert rebuilt == [True, False, False]
    assert ends == sorted(ends)
    assert ends[-1] == count
    points = np.array(segments).reshape(-1, 2, 2)
    inside = (np.abs(w - 0.5) <= 1.5) & (np.abs(b) <= 2)
    for row in np.flatnonzero(inside[1:] & inside[:-1])[::20] + 1:
        near = np.abs(points[: ends[row]] - [[w[row - 1], b[row - 1]], [w[row], b[row]]]) / [3, 4]
        assert near.max(axis=(1, 2)).min() <= 1 / 1024 + 1e-9, "the segment, or one between the same cells, is drawn"


def test_a_trail_with_too_many_segments_gets_coarser(blank: Page) -> None:
    rng = np.random.default_rng(3)
    rows = {"w": rng.uniform(-1, 2, 20_000).tolist(), "b": rng.uniform(-2, 2, 20_000).tolist(), "window": WINDOW}
    count, changed = call(
        blank,
        "trail",
        """const rows = { version: 0, columns: { w: Float64Array.from(given.w), b: Float64Array.from(given.b) } };
        const trail = own.createTrail(given.window, ["w", "b"], 500);
        trail.extend(rows, 0);
        return [(trail.extend(rows, 19999), trail.count), trail.extend(rows, 19999)];""",
        rows,
    )
    assert 50 < count <= 500
    assert changed is False


@pytest.mark.parametrize("pieces", [[0, 999], [0, 1, 2, 500, 999]])
def test_an_envelope_keeps_first_lowest_highest_and_last_of_each_column(blank: Page, pieces: list[int]) -> None:
    loss = np.random.default_rng(4).normal(size=1000)
    x, y, settled = call(
        blank,
        "envelope",
        """const loss = Float64Array.from(given.loss);
        const rows = { step: Float64Array.from(loss.keys()), columns: { loss } };
        const envelope = own.createEnvelope("loss");
        envelope.restart(1000, 40);
        const settled = given.pieces.map((row) => {
            const before = [...envelope.x.slice(0, envelope.settled), ...envelope.y.slice(0, envelope.settled)];
            const kept = envelope.settled;
            envelope.extend(rows, row);
            const after = [...envelope.x.slice(0, kept), ...envelope.y.slice(0, kept)];
            return before.every((value, i) => value === after[i]) && envelope.settled <= envelope.count;
        });
        const drawn = (column) => Array.from(column.subarray(0, envelope.count));
        return [drawn(envelope.x), drawn(envelope.y), settled];""",
        {"loss": loss.tolist(), "pieces": pieces},
    )
    assert all(settled)
    expected: list[int] = []
    for start in range(0, 1000, 25):
        column = loss[start : start + 25]
        rows = {start, start + int(column.argmin()), start + int(column.argmax()), start + 24}
        expected += sorted(rows)
    assert x == expected
    assert y == loss[expected].tolist()


def test_refining_is_exact_for_a_squared_error(blank: Page) -> None:
    w, b = np.linspace(-1, 2, 61), np.linspace(-2, 2, 61)

    def value(w: Any, b: Any) -> Any:
        return 0.3 * (w - 0.7) ** 2 + 1.1 * (w - 0.7) * (b - 0.5) + 1.2 * (b - 0.5) ** 2 + 0.0036

    grid = {"x": w.tolist(), "y": b.tolist(), "z": value(w[None, :], b[:, None]).tolist()}
    fine = call(blank, "grid", "return own.refine(given);", grid)
    x, y = np.linspace(-1, 2, 121), np.linspace(-2, 2, 121)
    assert fine["x"] == pytest.approx(x)
    assert np.array(fine["z"]) == pytest.approx(value(x[None, :], y[:, None]), abs=1e-13)


def test_a_grid_is_read_between_its_points(blank: Page) -> None:
    grid = {"x": [0.0, 1.0, 2.0], "y": [0.0, 2.0], "z": [[0.0, 1.0, 4.0], [2.0, 3.0, 6.0]]}
    points = [[0, 0], [0.5, 0], [1.5, 1], [2, 2], [-3, 0], [9, 9]]
    body = "const read = own.reader(given.grid); return given.points.map((point) => read(...point));"
    assert call(blank, "grid", body, {"grid": grid, "points": points}) == [0, 0.5, 3.5, 6, 0, 6]


def test_ticks_are_round_and_within(blank: Page) -> None:
    cases = [([-1, 2], 5), ([0, 0.0037], 5), ([-19.4, 2.26], 5), ([999, 1001], 4), ([0, 1e6], 3)]
    found = call(blank, "scales", "return given.map((each) => own.ticks(...each));", cases)
    assert found == [
        [-1, 0, 1, 2],
        [0, 0.001, 0.002, 0.003],
        [-15, -10, -5, 0],
        [999, 999.5, 1000, 1000.5, 1001],
        [0, 500_000, 1_000_000],
    ]


def test_ticks_of_a_log_axis_say_their_values(blank: Page) -> None:
    """Whatever the range: 2·10¹⁰ is not 10¹⁰, and 5·10¹⁰ not 10¹¹."""
    ranges = [(1e10, 9e10), (3e-6, 2e-5), (0.003, 0.9), (400, 6000), (1e-30, 1e30), (2e-310, 1e-300)]
    powers = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    found = call(blank, "scales", "return given.map(own.logTicks);", ranges)
    for (low, high), marks in zip(ranges, found, strict=True):
        assert 1 < len(marks) <= 8
        for mark in marks:
            assert low <= mark["value"] <= high
            text = re.sub("^10(?=[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])", "1·10", mark["text"])
            read = float(re.sub("·10(.+)", lambda found: f"e{found[1].translate(powers)}", text))
            assert read == pytest.approx(mark["value"], rel=1e-12)


def test_a_loss_axis_holds_its_losses_and_grows_in_strides(blank: Page) -> None:
    body = """return given.map(([scale, ...losses]) => {
        let range = [Infinity, 0];
        return losses.map((each) => (range = own.widened(range, each, scale)));
    });"""
    runs: list[list[Any]] = [
        ["log", [0.5, 0.5], [0.1, 0.4], [1e-6, 1e-6], [1e-6, 3.0], [0.0, 1.0]],
        ["linear", [0.5, 0.5], [0.1, 0.4], [0.1, 0.54], [0.0, 1e12]],
        ["log", [0.0, 0.0]],
        ["linear", [0.0, 0.0]],
    ]
    for run, ranges in zip(runs, call(blank, "lossaxes", body, runs), strict=True):
        least, most = np.inf, 0.0
        shown = (np.inf, -np.inf)
        for losses, (low, high) in zip(run[1:], ranges, strict=True):
            least, most = min(least, losses[0]), max(most, losses[1])
            assert low < high
            assert high >= most
            assert low <= least or (run[0] == "log" and least == 0)
            assert low <= shown[0]
            assert high >= shown[1]
            shown = low, high


def test_thinned_beans_are_spread_evenly_and_keep_those_that_reach_furthest(blank: Page) -> None:
    script = """
        const made = (n, of) => Array.from({ length: n }, (_, i) => of(i));
        const data = (n, x, y) => ({ x: made(n, (i) => [x(i)]), y: made(n, y) });
        const rising = (n) => data(n, (i) => i, (i) => i);
        const hidden = data(1000, (i) => ({ 123: -5, 124: 5 })[i] ?? 0, (i) => ({ 777: 9, 778: -9 })[i] ?? 0);
        return [own.thinned(rising(4), 9), own.thinned(rising(1000), 5), own.thinned(hidden, 100)];"""
    few, rising, hidden = call(blank, "beans", script)
    assert few == [0, 1, 2, 3]
    assert (len(rising), rising[0], rising[-1]) == (5, 0, 999)
    assert {123, 124, 777, 778} < set(hidden)
    assert hidden == sorted(set(hidden)), "each of them once, in order"
    assert len(hidden) == 100
    gaps = [right - left for left, right in itertools.pairwise(hidden)]
    assert max(gaps) <= 12, "spread evenly"
