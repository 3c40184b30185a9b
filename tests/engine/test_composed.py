"""Updates composed in machine code are those that NumPy composes, bit for bit, and it is there once it pays."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import engine
from engine import composer, extra, limits, machine, periodic
from engine.affinekernels import AffineKernel
from engine.background import Worthwhile
from engine.composed import Composing, InNumPy, Opening, Repeating
from engine.course import Course
from engine.limits import Law, Ordered, Weights
from engine.matrices import dominant, product, times
from engine.optimizers import OPTIMIZERS
from engine.paths import is_affine
from engine.periodic import PeriodicStepper
from engine.productkernels import ProductKernel
from tests.engine.strategies import RATES, specs

KINDS = list(itertools.product(engine.MODELS, sorted(RATES)))
kernels: dict[tuple[str, str], AffineKernel] = {}


@pytest.fixture
def nothing_made_yet() -> Iterator[None]:
    composer.composer_for.cache_clear()
    limits._multiplier.cache_clear()
    yield
    composer.composer_for.cache_clear()
    limits._multiplier.cache_clear()


def repeating(**spec: Any) -> Repeating:
    """The stretch that a spec begins with."""
    made = Course.of(engine.RunSpec.from_dict(spec))
    made.columns(0, 0)
    assert isinstance(made._made[0], PeriodicStepper)
    return made._made[0]._repeating


def kernel_for(stretch: Repeating, kind: tuple[str, str]) -> AffineKernel:
    if kind not in kernels:
        made = composer.kernel_for(stretch)
        assert made is not None
        kernels[kind] = made
    return kernels[kind]


def assert_same(ours: Any, theirs: Any) -> None:
    assert np.array_equal(np.array(ours), np.array(theirs), equal_nan=True)


@pytest.mark.parametrize("kind", KINDS)
@given(st.data())
@settings(max_examples=30)
def test_machine_code_composes_what_numpy_composes(kind: tuple[str, str], data: st.DataObject) -> None:
    """Rates far beyond every limit, too: what overflows must overflow at the same place."""
    n = data.draw(st.integers(1, 300))
    stretch = repeating(
        dataset={"name": "offset-beans", "count": n, "seed": n},
        model=kind[0],
        optimizer={"name": kind[1], "learning_rate": data.draw(st.floats(1e-5, 10))},
        batch={"size": data.draw(st.just("all") | st.integers(1, n))},
        start={"w": data.draw(st.floats(-3, 3))},
    )
    ours: Composing = kernel_for(stretch, kind)
    plain, blocks = InNumPy(), data.draw(st.integers(1, 9))
    opened, expected = ours.open(stretch, blocks), plain.open(stretch, blocks)
    for each in fields(Opening):
        assert_same(getattr(opened, each.name), getattr(expected, each.name))
    count = data.draw(st.integers(1, 100))
    assert_same(ours.powers(opened.steps, count), plain.powers(expected.steps, count))
    last = (blocks + 1) * stretch.block
    inside = data.draw(st.integers(0, last - 1))
    rows = np.empty((2, len(stretch.stretch.start) + 1, data.draw(st.integers(1, last - inside))))
    ours.write(stretch, opened, opened.state, inside, rows[0])
    plain.write(stretch, expected, expected.state, inside, rows[1])
    assert_same(*rows)


@pytest.mark.parametrize("kind", KINDS)
@given(spec=specs(linear=True, most_steps=2500))
@settings(max_examples=15)
def test_runs_have_the_same_bits_either_way(kind: tuple[str, str], spec: dict[str, Any]) -> None:
    spec = {**spec, "model": kind[0], "optimizer": {"name": kind[1], "learning_rate": 0.05}}
    read = engine.RunSpec.from_dict(spec)
    assume(is_affine(read) and read.batches().order == "sequential")
    kernel = kernel_for(repeating(**{**spec, "changes": []}), kind)
    found = []
    for by in (kernel, InNumPy()):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(periodic, "composer_of", lambda _, by=by: by)
            found.append(engine.run(read))
    ours, plain = found
    assert ours.outcome == plain.outcome
    assert_same(ours.trajectory.theta, plain.trajectory.theta)
    assert_same(ours.trajectory.loss, plain.trajectory.loss)


@pytest.mark.usefixtures("nothing_made_yet")
def test_machine_code_takes_over_once_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "_COST", 1_000.0)
    spec = engine.RunSpec.from_dict({"steps": 1000})
    first = engine.run(spec)
    ours = composer.composer_of(repeating(steps=1000))
    until = time.monotonic() + 60
    while ours.kernel is None and time.monotonic() < until:
        last = engine.run(spec)
        assert_same(last.trajectory.theta, first.trajectory.theta)
    assert isinstance(ours._by(repeating(steps=1000), 0.0), AffineKernel)
    assert_same(engine.run(spec).trajectory.theta, first.trajectory.theta)


@pytest.mark.usefixtures("nothing_made_yet")
def test_without_the_extra_numpy_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "is_there", lambda: False)
    assert composer.kernel_for(repeating()) is None
    assert limits.product_kernel(2, False) is None


@pytest.mark.parametrize("error", [OSError, RuntimeError])
def test_where_it_does_not_work_numpy_goes_on(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def fail(*_: Any) -> None:
        raise error("no such processor")

    monkeypatch.setattr("engine.affinekernels.compiled", fail)
    monkeypatch.setattr("engine.productkernels.compiled", fail)
    assert composer.kernel_for(repeating()) is None
    assert limits.product_kernel(2, False) is None


def test_a_kernel_with_other_bits_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    instruction = machine._INSTRUCTIONS["*"]

    def nearly(build: Any, left: Any, right: Any) -> Any:
        return build.fmul(instruction(build, left, right), machine.DOUBLE(1 + 2**-52))

    monkeypatch.setitem(machine._INSTRUCTIONS, "*", nearly)
    assert composer.kernel_for(repeating()) is None


def test_what_pays_is_made_once_in_the_background() -> None:
    made: list[int] = []

    def make() -> str:
        made.append(1)
        return "it"

    thing = Worthwhile[str](cost=10.0)
    assert [thing.find(4.0, make) for _ in range(2)] == [None, None]
    assert not made, "it has not paid yet"
    thing.find(4.0, make)
    until = time.monotonic() + 30
    while thing.find(4.0, make) is None and time.monotonic() < until:
        time.sleep(0.001)
    assert thing.find(4.0, make) == "it"
    assert made == [1]


products: dict[tuple[int, bool], ProductKernel] = {}


@given(st.sampled_from(sorted(RATES)), st.integers(1, 2), st.integers(2, 300), st.floats(1e-4, 1e3), st.integers(0, 99))
@settings(max_examples=60)
def test_products_have_the_bits_of_numpy(name: str, size: int, count: int, rate: float, seed: int) -> None:
    method = OPTIMIZERS[name].value
    assert method.linear is not None
    law = Law(method.linear, {p.name: p.default for p in OPTIMIZERS[name].parameters}, method.rate)
    kernel = products.setdefault((size, law.glides), ProductKernel(size, law.glides))
    curvatures = np.random.default_rng(seed).normal(size=(size, size, count))
    before, kick, look = law.parts(np.array([rate]), size)
    with np.errstate(all="ignore"):
        moved = times(kick[:, :, np.newaxis], times(curvatures[..., np.newaxis], look[:, :, np.newaxis]))
        expected = product(before[:, :, np.newaxis] + moved)[:, :, 0]
    assert_same(kernel(curvatures, *law.weights(rate)), expected)


def test_theory_is_the_same_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    for model, name in KINDS:
        spec = engine.RunSpec.from_dict({"model": model, "optimizer": {"name": name}, "batch": {"size": 3}})
        found = []
        for use in (lambda self: ProductKernel(len(self.curvatures), self.law.glides), lambda _: None):
            monkeypatch.setattr(Ordered, "_kernel", use)
            theory = engine.analyse(spec)
            assert theory is not None
            found.append(theory.to_dict())
        assert found[0] == found[1]


def test_weights_are_those_of_the_formulas() -> None:
    """θ ← θ − a(p·g + q·v), v ← βv + g: the slope counts a(p + q), the velocity of before a·q·β."""
    nesterov = OPTIMIZERS["nesterov"].value
    assert nesterov.linear is not None
    law = Law(nesterov.linear, {"learning_rate": 0.1, "momentum": 0.5}, "learning_rate")
    assert law.weights(0.2) == Weights(pytest.approx(-0.2 * 1.5), pytest.approx(-0.2 * 0.5 * 0.5), 0.5)


ENTRIES = st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([0.0, -0.0, 1.0, 1e308, -1e308, 1e-308])


@given(st.lists(st.tuples(ENTRIES, ENTRIES, ENTRIES, ENTRIES), min_size=2, max_size=20))
def test_the_eigenvalue_of_one_matrix_is_that_of_many(entries: list[tuple[float, float, float, float]]) -> None:
    matrices = np.array(entries).T.reshape(2, 2, -1)
    together = dominant(matrices)
    alone = np.array([dominant(matrices[:, :, i : i + 1])[0] for i in range(matrices.shape[2])])
    assert_same(alone.real, together.real)
    assert_same(alone.imag, together.imag)
