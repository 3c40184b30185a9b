"""Which rows a step sees, against a generator that is drawn from in turn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.batches import ORDERS, Batches
from engine.kept import Kept
from engine.replay import Replay
from tests.engine import oracles


def in_turn(n: int, size: int | str, order: str, seed: int, steps: int) -> list[list[int]]:
    drawn = oracles.batches(n, size, order, seed)
    return [next(drawn) for _ in range(steps)]


@given(
    st.integers(1, 40),
    st.sampled_from(list(ORDERS)),
    st.integers(0, 3),
    st.lists(st.integers(0, 999), min_size=1, max_size=20),
    st.data(),
)
def test_rows_of_any_step_first(n: int, order: str, seed: int, steps: list[int], data: st.DataObject) -> None:
    size: int | str = data.draw(st.just("all") | st.integers(1, n))
    expected = in_turn(n, size, order, seed, 1000)
    batches = Batches(n, size, order, seed)
    for step in steps:
        rows = batches.rows(step)
        assert (list(range(n)) if rows is None else rows.tolist()) == expected[step]


@given(st.integers(1, 20), st.sampled_from(list(ORDERS)), st.data())
def test_span_is_the_rows_of_its_steps(n: int, order: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, n))
    first = data.draw(st.integers(0, 200))
    last = data.draw(st.integers(first + 1, first + 100))
    rows, begins = Batches(n, size, order, 7).span(first, last)
    expected = in_turn(n, size, order, 7, last)[first:]
    assert [piece.tolist() for piece in np.split(rows, begins[1:])] == expected


@pytest.mark.parametrize("order", ORDERS)
def test_large_draws_meet(order: str) -> None:
    """Where one draw ends and the next begins, no row is lost."""
    expected = in_turn(50_000, 20_000, order, 1, 9)
    batches = Batches(50_000, 20_000, order, 1)
    for step in (8, 0, 3, 2, 7):
        rows = batches.rows(step)
        assert rows is not None
        assert rows.tolist() == expected[step]


def test_all_rows_whatever_the_order() -> None:
    assert all(Batches(5, "all", order, 0).rows(3) is None for order in ORDERS)
    assert Batches(5, 5, "sequential", 0).rows(3) is None
    assert Batches(5, 5, "shuffled", 0).rows(3) is not None
    assert [Batches(7, size, "sequential", 0).per_epoch for size in (1, 3, 7, "all")] == [7, 3, 1, 1]


def test_replay_skips_no_draw() -> None:
    rng = np.random.default_rng(5)
    expected = [rng.permutation(4).tolist() for _ in range(40_000)]
    replay = Replay(lambda rng: rng.permutation(4), seed=5)
    order = [0, 39_999, 17, 16, 15, 20_000, 20_001, 19_999, 39_998, 1, 0]
    assert [replay(i).tolist() for i in order] == [expected[i] for i in order]


@pytest.mark.parametrize("first", [0, 3])
def test_kept_things_are_few_and_near(first: int) -> None:
    near, last = 16, 10_000
    kept = Kept(first, str(first), near=near)
    count, at = 0, first
    while at <= last:
        if kept.due(at):
            kept.keep(at, str(at))
            count += 1
        at = max(at + 1, kept.next_due(at + 1))
    assert count <= near + near // 2 * (last // near).bit_length()
    assert kept.before(first) == (first, str(first))
    for at in range(first, last + 1):
        place, thing = kept.before(at)
        assert at - 2 * at // near <= place <= at
        assert thing == str(place)
    assert kept.before(10 * last)[0] > last - 2 * last // near


def test_the_way_so_far_is_kept_at_every_power_of_two() -> None:
    kept = Kept(0, 0, near=16)
    for at in range(10_000):
        if kept.due(at):
            kept.keep(at, at)
    for every in (1, 2, 8, 64, 512):
        assert all(kept.before(at) == (at, at) for at in range(0, min(16 * every, 10_000), every))
