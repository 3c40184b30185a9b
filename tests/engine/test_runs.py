"""Row k has the same bits however it is asked for; runs end where they must."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.runs import Run
from tests.engine.strategies import specs

LONG: dict[str, dict[str, Any]] = {
    "in order": {"batch": {"size": 7}},
    "all rows": {"batch": {"size": "all"}},
    "shuffled": {"batch": {"size": 7, "order": "shuffled"}},
    "random": {"batch": {"size": 3, "order": "random"}},
    "momentum": {"batch": {"size": 7}, "optimizer": {"name": "momentum"}},
    "adam": {"batch": {"size": 7}, "optimizer": {"name": "adam"}},
    "late period": {"dataset": {"name": "offset-beans", "count": 9000}, "batch": {"size": 2}},
}


def same_bits(left: engine.Trajectory, right: engine.Trajectory) -> bool:
    return (
        left.step.tolist() == right.step.tolist()
        and left.theta.tobytes("C") == right.theta.tobytes("C")
        and left.loss.tobytes() == right.loss.tobytes()
    )


def spec_of(spec: dict[str, Any]) -> engine.RunSpec:
    return engine.RunSpec.from_dict(spec)


@given(specs(), st.data())
def test_any_rows_in_any_order_are_those_of_the_whole_run(spec: dict[str, Any], data: st.DataObject) -> None:
    whole = engine.run(spec_of(spec)).trajectory
    run = Run(spec_of(spec))
    steps = st.integers(0, spec["steps"] + 5)
    for first, last in data.draw(st.lists(st.tuples(steps, steps).map(sorted), min_size=1, max_size=6)):
        rows = run.rows(first, last)
        start = min(first, len(whole) - 1)
        assert same_bits(rows, whole[start : max(last, start) + 1])


@given(specs(most_steps=300), st.integers(1, 90))
def test_rows_taken_in_turn_are_the_whole_run(spec: dict[str, Any], count: int) -> None:
    whole = engine.run(spec_of(spec))
    run, first = Run(spec_of(spec)), 0
    while run.end is None or first <= run.end:
        assert same_bits(run.rows(first, first + count - 1), whole.trajectory[first : first + count])
        first += count
    assert run.end == len(whole.trajectory) - 1
    assert run.outcome_at(first) == whole.outcome


@given(specs(), st.data())
def test_a_change_on_the_way_is_a_change_in_the_spec(spec: dict[str, Any], data: st.DataObject) -> None:
    run = Run(spec_of(spec))
    rate = engine.OPTIMIZERS[spec["optimizer"]["name"]].value.rate
    for step in data.draw(st.lists(st.integers(0, spec["steps"] + 3), max_size=5)):
        run.rows(0, data.draw(st.integers(0, spec["steps"])))
        before = run.rows(0, step)
        run = run.changed(step, {rate: data.draw(st.floats(1e-3, 0.6))})
        assert same_bits(run.rows(0, step)[: len(before)], before)
    fresh = engine.run(spec_of(run.spec.to_dict()))
    assert same_bits(run.rows(0, spec["steps"]), fresh.trajectory)
    assert run.outcome_at(spec["steps"]) == fresh.outcome


@pytest.mark.parametrize("name", LONG)
def test_long_runs_from_anywhere(name: str) -> None:
    spec = spec_of({**LONG[name], "steps": 40_000})
    whole = engine.run(spec).trajectory
    rng = np.random.default_rng(0)
    run = Run(spec)
    for first in (39_990, 128, 127, 129, 0, *rng.integers(0, 40_000, 12).tolist()):
        count = int(rng.choice([1, 5, 64, 65, 300, 5000]))
        assert same_bits(run.rows(first, first + count - 1), whole[first : first + count])


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("step", [0, 1, 63, 129, 2047, 2048, 9001, 40_000])
def test_path_has_all_rows_at_first_and_then_ever_fewer(name: str, step: int) -> None:
    spec = spec_of({**LONG[name], "steps": 40_000})
    whole = engine.run(spec).trajectory
    first, every, widest = 0, 1, 32  # of which 40 000 steps have 1 250
    path = Run(spec).path(step, near=64)
    if step < 2048:
        assert [len(piece) for piece in path] == [step + 1]
        assert same_bits(path[0], whole[: step + 1])
        return
    for piece in path:
        end = step + 1 if every == widest else max(64, 2 * first)
        assert same_bits(piece, whole[first : min(end, step + 1) : every])
        first, every = end, 2 * every
    assert first > step, "it ends no sooner"


def test_rows_of_a_path_do_not_depend_on_how_far_it_goes() -> None:
    run = Run(spec_of({"steps": 40_000}))
    short, long = (np.concatenate([piece.step for piece in run.path(step)]) for step in (3_001, 40_000))
    assert short.tolist() == long[: len(short)].tolist()
    assert len(long) <= 256 + 4 * 128 + 2048


def test_path_of_an_ended_run_ends_with_it() -> None:
    run = Run(spec_of({"optimizer": {"learning_rate": 3}}))
    [path] = run.path(5000)
    assert run.end is not None
    assert path.step.tolist() == list(range(run.end + 1))


def test_bounds_are_cut_to_the_run() -> None:
    run = Run(spec_of({"steps": 10}))
    assert run.rows(-5, 3).step.tolist() == [0, 1, 2, 3]
    assert run.rows(8, 99).step.tolist() == [8, 9, 10]
    assert run.rows(99, 200).step.tolist() == [10]
    assert run.rows(7, 2).step.tolist() == [7]
    assert [piece.step.tolist() for piece in run.path(-3)] == [[0]]
    assert [piece.step.tolist() for piece in run.path(99)] == [list(range(11))]


def test_no_steps_at_all() -> None:
    result = engine.run(spec_of({"steps": 0}))
    assert result.trajectory.step.tolist() == [0]
    assert (result.outcome.status, result.outcome.step) == ("finished", 0)


def test_end_is_unknown_until_it_is_seen() -> None:
    run = Run(spec_of({"steps": 10_000}))
    run.rows(0, 10)
    assert run.end is None
    run.rows(9_999, 10_000)
    assert run.end == 10_000


DIVERGING = {"batch": {"size": "all"}, "optimizer": {"learning_rate": 0.9}}


def test_diverged_run_ends_at_its_last_finite_row() -> None:
    result = engine.run(spec_of(DIVERGING))
    rows = result.trajectory
    assert result.outcome.status == "diverged"
    assert result.outcome.step == rows.last
    assert (rows.loss[:-1] <= 1e12).all()
    assert 1e12 < rows.loss[-1] < np.inf


def test_leap_to_infinity_is_left_out() -> None:
    """Where one step leads from below the bound to what is not finite, the row before is the last."""
    far = {"name": "points", "x": [1e12], "y": [1e12]}
    spec = spec_of({"dataset": far, "start": {"w": 1, "b": 1e6}, "optimizer": {"learning_rate": 1e3}, "steps": 50})
    result = engine.run(spec)
    assert np.isfinite(result.trajectory.theta).all()
    assert result.outcome.status == "diverged"
    assert result.outcome.step - result.trajectory.last in {0, 1}


def test_start_beyond_all_bounds_is_the_only_row() -> None:
    spec = spec_of({"dataset": {"name": "points", "x": [1e12], "y": [-1e12]}})
    result = engine.run(spec)
    assert result.trajectory.step.tolist() == [0]
    assert (result.outcome.status, result.outcome.step) == ("diverged", 0)
    assert result.outcome.sentence == "Diverged at step 0: the loss grew beyond all bounds."


def test_change_saves_a_run_that_was_about_to_diverge() -> None:
    run = Run(spec_of(DIVERGING))
    run.rows(0, 5000)
    assert run.end is not None
    saved = run.changed(run.end - 1, {"learning_rate": 0.5})
    assert saved.end is None
    assert saved.rows(0, 5000).last == 5000
    late = run.changed(run.end, {"learning_rate": 0.5})
    assert late.end == run.end
    assert late.outcome_at(5000).status == "diverged"


def test_stop_rule_is_met_at_the_first_small_gradient() -> None:
    spec = spec_of({"batch": {"size": "all"}, "stop": {"gradient_norm": 1e-4}})
    result = engine.run(spec)
    x, y = spec.data.x[:, 0], spec.data.y
    residual = result.trajectory.theta @ np.array([x, np.ones_like(x)]) - y
    norms = 2 * np.hypot((residual * x).mean(axis=1), residual.mean(axis=1))
    assert result.outcome.status == "converged"
    assert result.outcome.step == result.trajectory.last
    assert norms[-1] <= 1e-4 < norms[:-1].min()


def test_outcome_along_the_way() -> None:
    run = Run(spec_of({"steps": 1000}))
    assert [run.outcome_at(step).status for step in (0, 999, 1000, 2000)] == ["running"] * 2 + ["finished"] * 2
    assert run.outcome_at(500).step == 500


def test_thousands_of_changes_stay_fast() -> None:
    rng = np.random.default_rng(0)
    changes = [
        {"step": 3 * k, "optimizer": {"learning_rate": rate}} for k, rate in enumerate(rng.uniform(0.01, 0.5, 10_000))
    ]
    spec = spec_of({"steps": 30_000, "changes": changes})
    whole = engine.run(spec).trajectory
    assert same_bits(Run(spec).rows(29_000, 29_010), whole[29_000:29_011])
    with pytest.raises(engine.SpecError, match="expected 0 to 10000, got 10001"):
        spec.with_change(29_999, {"learning_rate": 0.1})


def test_seek_far_ahead() -> None:
    run = Run(spec_of({"steps": 10**9}))
    row = run.rows(10**8, 10**8)
    assert row.last == 10**8
    assert row.loss[0] == pytest.approx(run.rows(10**8 + 100, 10**8 + 100).loss[0], rel=1e-13)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 5000), min_size=2, max_size=2, unique=True).map(sorted))
def test_final_is_the_last_row(steps: list[int]) -> None:
    for before, after in pairwise(steps):
        final = engine.run(spec_of({"steps": before})).final
        row = Run(spec_of({"steps": after})).rows(before, before)
        assert final == {name: float(row.column(name)[0]) for name in ("w", "b", "loss")}
