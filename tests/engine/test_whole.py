"""A whole short run by one call of machine code has the bits of the run that is looked for row by row."""

import itertools
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine import Run, RunSpec, composer, whole
from engine.affinekernels import AffineKernel
from engine.composed import HEAD
from engine.matrices import dominant, dominant_of
from engine.outcome import Status
from tests.engine.strategies import RATES

KINDS = list(itertools.product(engine.MODELS, sorted(RATES)))


@pytest.fixture(scope="module", autouse=True)
def machine_code() -> None:
    """Have it for every kind, as after many requests."""
    for model, name in KINDS:
        spec = RunSpec.from_dict({"model": model, "optimizer": {"name": name}, "steps": 40})
        by = composer.composer_for(engine.MODELS[model].value, spec.method, tuple(spec.optimizer.params))
        if by.kernel is None:
            by._kernel.made = AffineKernel(engine.MODELS[model].value, spec.method, tuple(spec.optimizer.params))


def row_by_row(spec: RunSpec) -> tuple[engine.Trajectory, engine.Outcome]:
    run = Run(spec)
    rows = run.rows(0, spec.steps)
    return rows, run.outcome_at(rows.last)


def assert_same(ours: Any, theirs: Any) -> None:
    assert np.array_equal(ours, theirs)
    assert np.array_equal(np.signbit(ours), np.signbit(theirs))


@pytest.mark.parametrize("kind", KINDS)
@given(st.data())
@settings(max_examples=40)
def test_the_bits_are_those_of_the_run(kind: tuple[str, str], data: st.DataObject) -> None:
    """Rates beyond every limit, too: those runs are left to `Run`."""
    n = data.draw(st.integers(1, 300))
    spec = RunSpec.from_dict(
        {
            "dataset": {"name": "offset-beans", "count": n, "seed": n},
            "model": kind[0],
            "optimizer": {"name": kind[1], "learning_rate": data.draw(st.floats(1e-5, 2))},
            "batch": {"size": data.draw(st.just("all") | st.integers(1, n))},
            "start": {"w": data.draw(st.floats(-3, 3))},
            "steps": data.draw(st.integers(0, 4200)),
        }
    )
    result = engine.run(spec)
    rows, outcome = row_by_row(spec)
    assert_same(result.trajectory.theta, rows.theta)
    assert_same(result.trajectory.loss, rows.loss)
    assert_same(result.trajectory.step, rows.step)
    assert result.outcome == outcome
    ours = whole.whole_rows(spec)
    assert ours is None or outcome.status is Status.FINISHED


@pytest.mark.parametrize("kind", KINDS)
def test_a_short_run_is_made_at_once(kind: tuple[str, str]) -> None:
    spec = RunSpec.from_dict({"model": kind[0], "optimizer": {"name": kind[1], "learning_rate": 0.01}, "steps": 1000})
    assert whole.whole_rows(spec) is not None


@pytest.mark.parametrize(
    "other",
    [
        {"steps": HEAD},
        {"steps": 5000},
        {"stop": {"gradient_norm": 1e-3}},
        {"changes": [{"step": 9, "optimizer": {"learning_rate": 0.05}}]},
        {"batch": {"order": "shuffled"}},
        {"optimizer": {"name": "adam"}},
        {"loss": "absolute-error"},
        {"optimizer": {"learning_rate": 10}},
    ],
)
def test_others_are_left_to_the_run(other: dict[str, Any]) -> None:
    assert whole.whole_rows(RunSpec.from_dict({"steps": 1000, **other})) is None


def test_threads_do_not_disturb_each_other() -> None:
    """All share the room that machine code works in, and let it grow."""
    specs = [
        RunSpec.from_dict(
            {"steps": 100 + 97 * i, "dataset": {"count": 5 + 3 * i}, "optimizer": {"learning_rate": 0.01 + i / 1000}}
        )
        for i in range(24)
    ]
    expected = [row_by_row(spec)[0].loss for spec in specs]
    wrong: list[int] = []

    def compute(first: int) -> None:
        for turn in range(200):
            i = (first + turn) % len(specs)
            rows = whole.whole_rows(specs[i])
            if rows is None or not np.array_equal(rows[-1], expected[i]):
                wrong.append(i)

    threads = [threading.Thread(target=compute, args=[7 * i]) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


ENTRIES = st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([0.0, -0.0, 1.0, 1e308, -1e308, 1e-308])


@given(st.integers(1, 4).flatmap(lambda k: st.lists(st.lists(ENTRIES, min_size=k, max_size=k), min_size=k, max_size=k)))
@settings(max_examples=300)
def test_the_eigenvalue_in_plain_floats_is_that_of_numpy(matrix: list[list[float]]) -> None:
    ours, theirs = dominant_of(matrix), dominant(np.array(matrix)[:, :, np.newaxis])[0]
    assert np.array_equal([ours.real, ours.imag], [theirs.real, theirs.imag])
