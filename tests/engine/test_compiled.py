"""Rows made in machine code have the bits of the plain path."""

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine import compiled, course, extra, machine
from engine.compiled import CompiledStepper
from engine.course import Course
from engine.paths import is_affine
from engine.stepping import PlainStepper, Stepper
from tests.engine.strategies import specs

KINDS = [
    kind
    for kind in itertools.product(engine.MODELS, engine.LOSSES, engine.OPTIMIZERS)
    if not is_affine(engine.RunSpec.from_dict({"model": kind[0], "loss": kind[1], "optimizer": {"name": kind[2]}}))
]
# On both sides of where NumPy sums in another way.
SIZES = (1, 2, 7, 8, 9, 17, 127, 128, 129, 300)


@pytest.fixture
def no_kernels_yet() -> Iterator[None]:
    compiled._kernel.cache_clear()
    yield
    compiled._kernel.cache_clear()


def both(spec: dict[str, Any]) -> tuple[Stepper, PlainStepper]:
    """The stepper that the spec gets, and the plain one of the same stretch."""
    made = Course.of(engine.RunSpec.from_dict(spec))
    made.columns(0, 0)
    assert isinstance(made._made[0], CompiledStepper)
    return made._made[0], PlainStepper(made._made[0]._stretch)


def rows_of(stepper: Stepper, first: int, last: int, every: int = 1) -> np.ndarray[Any, Any]:
    rows = np.empty((3, len(range(first, last + 1, every))))
    stepper.fill(first, last, rows, every)
    return rows


@pytest.mark.parametrize(("model", "loss", "name"), KINDS)
def test_every_kind_has_the_bits_of_the_plain_path(model: str, loss: str, name: str) -> None:
    for size, order in itertools.product((*SIZES, "all"), engine.ORDERS):
        spec: dict[str, Any] = {
            "dataset": {"name": "offset-beans", "count": 300},
            "model": model,
            "loss": loss,
            "optimizer": {"name": name},
            "batch": {"size": size, "order": order},
        }
        ours, plain = both(spec)
        rows = [np.empty((len(engine.MODELS[model].value.parameters) + 1, 201)) for _ in range(2)]
        ours.fill(0, 200, rows[0])
        plain.fill(0, 200, rows[1])
        assert rows[0].tolist() == rows[1].tolist()
        assert ours.point(77) == plain.point(77)


@settings(max_examples=80)
@given(specs(rates=(1e-3, 1.0)))
def test_runs_are_those_of_the_plain_path(spec: dict[str, Any]) -> None:
    read = engine.RunSpec.from_dict(spec)
    if is_affine(read):
        return
    ours = engine.run(read)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(course, "stepper_of", PlainStepper)
        plain = engine.run(read)
    assert ours.outcome == plain.outcome
    np.testing.assert_array_equal(ours.trajectory.theta, plain.trajectory.theta)
    np.testing.assert_array_equal(ours.trajectory.loss, plain.trajectory.loss)


LONG: dict[str, Any] = {"optimizer": {"name": "adam", "learning_rate": 0.01}, "batch": {"order": "shuffled", "size": 3}}


@given(st.lists(st.tuples(st.integers(0, 30_000), st.integers(0, 300), st.sampled_from([1, 2, 64])), max_size=8))
@settings(max_examples=25)
def test_any_part_has_the_same_bits(parts: list[tuple[int, int, int]]) -> None:
    whole = engine.run(engine.RunSpec.from_dict({**LONG, "steps": 30_300})).trajectory
    ours, _ = both({**LONG, "steps": 30_300})
    for first, more, every in parts:
        rows = rows_of(ours, first, first + more, every)
        expected = whole[first : first + more + 1 : every]
        assert rows[:-1].T.tolist() == expected.theta.tolist()
        assert rows[-1].tolist() == expected.loss.tolist()


def test_counts_stay_whole_numbers() -> None:
    ours, _ = both(LONG)
    counts = [memory[-1] for _, memory in ours.point(5000)]
    assert counts == [5000, 5000]
    assert all(type(count) is int for count in counts)


LEAVING: dict[str, Any] = {
    "dataset": {"name": "points", "x": [1, 5, 10], "y": [1, 2, 3]},
    "optimizer": {"name": "rmsprop"},
    "changes": [{"step": 20_000, "optimizer": {"learning_rate": 1000.0, "alpha": 1 - 2**-20}}],
    "steps": 30_000,
}


def test_who_leaves_all_bounds_ends_at_the_same_step() -> None:
    spec = engine.RunSpec.from_dict(LEAVING)
    ours = engine.run(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(course, "stepper_of", PlainStepper)
        assert engine.run(spec).outcome == ours.outcome
    assert ours.outcome.status == "diverged"
    assert 20_000 < ours.outcome.step < 20_100


def test_only_who_stays_within_bounds_is_called_tame() -> None:
    made = Course.of(engine.RunSpec.from_dict(LEAVING))
    assert made.tame_until(0, 19_000) == 19_000
    assert made.tame_until(7, 30_000) == 20_000
    before, after = made._made
    assert before.tame(3, 20_000)
    assert before.tame(5, 4)
    assert not after.tame(0, 10_000)
    assert not after.tame(0, 10_000)


@pytest.mark.usefixtures("no_kernels_yet")
def test_without_the_extra_the_plain_path_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "is_there", lambda: False)
    made = Course.of(engine.RunSpec.from_dict(LONG))
    made.columns(0, 0)
    assert type(made._made[0]) is PlainStepper


@pytest.mark.usefixtures("no_kernels_yet")
@pytest.mark.parametrize("error", [OSError, RuntimeError])
def test_where_it_does_not_work_the_plain_path_is_taken(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: Any) -> None:
        raise error("no such processor")

    monkeypatch.setattr("engine.kernels.compiled", fail)
    made = Course.of(engine.RunSpec.from_dict(LONG))
    made.columns(0, 0)
    assert type(made._made[0]) is PlainStepper


@pytest.mark.usefixtures("no_kernels_yet")
def test_a_kernel_with_other_bits_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a processor that fuses operations, or of a NumPy that sums in another order."""
    instruction = machine._INSTRUCTIONS["*"]

    def nearly(build: Any, left: Any, right: Any) -> Any:
        return build.fmul(instruction(build, left, right), machine.DOUBLE(1 + 2**-52))

    monkeypatch.setitem(machine._INSTRUCTIONS, "*", nearly)
    made = Course.of(engine.RunSpec.from_dict(LONG))
    made.columns(0, 0)
    assert type(made._made[0]) is PlainStepper


@given(st.integers(1, 2000), st.integers(0, 10))
@settings(max_examples=40)
def test_sums_are_taken_as_numpy_takes_them(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=n) * 10.0 ** rng.integers(-8, 8, n), rng.normal(size=n)
    points = {"name": "points", "x": x.tolist(), "y": y.tolist()}
    ours, plain = both({"dataset": points, "batch": {"size": "all"}, "optimizer": {"name": "rmsprop"}})
    assert rows_of(ours, 0, 3).tolist() == rows_of(plain, 0, 3).tolist()
