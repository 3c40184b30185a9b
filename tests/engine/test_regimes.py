"""Crawling, good, oscillating, diverging: the rates between against closed forms and against what runs do there."""

import math
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pytest

import engine
from tests.engine.oracles import Floats, Method, batches, gradient

Spec = dict[str, Any]

KINDS: dict[str, Spec] = {
    "all rows": {"batch": {"size": "all"}},
    "momentum": {"batch": {"size": "all"}, "optimizer": {"name": "momentum", "momentum": 0.8}},
    "nesterov": {"batch": {"size": "all"}, "optimizer": {"name": "nesterov", "momentum": 0.8}},
    "one by one": {"batch": {"size": 1}},
    "mini-batches": {"batch": {"size": 3}},
    "momentum, mini-batches": {"batch": {"size": 3}, "optimizer": {"name": "momentum", "momentum": 0.8}},
}


def theory_of(spec: Spec, rate: float | None = None) -> engine.Theory:
    optimizer = spec.get("optimizer", {}) | ({} if rate is None else {"learning_rate": rate})
    theory = engine.analyse(engine.RunSpec.from_dict({**spec, "optimizer": optimizer}))
    assert theory is not None
    return theory


def errors(spec: Spec, rate: float, epochs: int) -> list[Floats]:
    """What is left of an error (0.7, −0.4) after every epoch: a run on the same x, whose optimum is 0."""
    filled = engine.RunSpec.from_dict({**spec, "optimizer": spec.get("optimizer", {}) | {"learning_rate": rate}})
    x = filled.data.x[:, 0].tolist()
    methods = [Method(filled.optimizer.name, **filled.optimizer.params) for _ in range(2)]
    per_epoch = filled.batches().per_epoch
    theta = [0.7, -0.4]
    found = []
    for rows in islice(batches(len(x), filled.batch.size, "sequential", 0), epochs * per_epoch):
        slope = gradient("squared-error", theta, x, [0.0] * len(x), rows)
        theta = [method.step(p, g) for method, p, g in zip(methods, theta, slope, strict=True)]
        found.append(theta)
    return found[per_epoch - 1 :: per_epoch]


def length(theta: Floats) -> float:
    return math.hypot(*theta)


def flips(path: list[Floats]) -> int:
    """How often the larger component changes its sign."""
    return sum(before[0] * after[0] < 0 for before, after in pairwise(path))


def data(seed: int) -> Spec:
    return {"dataset": {"name": "offset-beans", "count": 6 + 2 * seed, "seed": seed}}


def test_closed_forms_of_all_rows() -> None:
    for seed in range(20):
        theory = theory_of({**data(seed), "batch": {"size": "all"}})
        least, most = theory.eigenvalues
        assert theory.oscillates_above == pytest.approx(2 / (least + most), rel=1e-8)
        assert theory.oscillates_above == pytest.approx(theory.best_learning_rate, rel=1e-8)
        assert theory.crawls_below == pytest.approx((1 - 0.01 ** (1 / 1000)) / least, rel=1e-8)


def test_closed_form_of_momentum() -> None:
    for beta in (0.5, 0.9):
        theory = theory_of({"batch": {"size": "all"}, "optimizer": {"name": "momentum", "momentum": beta}})
        assert theory.oscillates_above == pytest.approx((1 - math.sqrt(beta)) ** 2 / theory.eigenvalues[0], rel=1e-8)


@pytest.mark.parametrize("beta", [0.0, 0.2, 0.38, 0.42, 0.7, 0.9])
def test_no_rate_contracts_faster_than_the_best_and_no_smaller_one_as_fast(beta: float) -> None:
    """The data have κ = 19, so that the valley begins to swing first for β above 0.39."""
    spec: Spec = {"batch": {"size": "all"}, "optimizer": {"name": "momentum", "momentum": beta}}
    theory = theory_of(spec)
    assert theory.radius is not None
    assert theory.best_learning_rate is not None
    assert theory.learning_rate_limit is not None
    rates = np.linspace(0, theory.learning_rate_limit, 5001)[1:]
    factors = theory.radius(rates)
    (least,) = theory.radius(np.array([theory.best_learning_rate]))
    assert least <= factors.min() + 1e-7
    assert (factors[rates < 0.99 * theory.best_learning_rate] > least).all()


@pytest.mark.parametrize("kind", KINDS)
def test_slower_runs_crawl_and_faster_ones_do_not(kind: str) -> None:
    for seed in range(4):
        spec = KINDS[kind] | data(seed)
        theory = theory_of(spec)
        assert theory.crawls_below is not None
        per_epoch = engine.RunSpec.from_dict(spec).batches().per_epoch
        epochs = max(1000 / per_epoch, 20 if per_epoch > 1 else 0)
        for share, crawls in ((0.97, True), (1.03, False)):
            path = errors(spec, share * theory.crawls_below, 900)
            factor = (length(path[-1]) / length(path[-401])) ** (1 / 400)
            assert (factor**epochs > 0.01) is crawls, (seed, share, factor)


@pytest.mark.parametrize("kind", KINDS)
def test_errors_swing_from_the_boundary_on(kind: str) -> None:
    for seed in range(4):
        spec = KINDS[kind] | data(seed)
        theory = theory_of(spec)
        limit, boundary = theory.learning_rate_limit, theory.oscillates_above
        assert limit is not None
        assert boundary is not None
        assert boundary <= limit
        assert flips(errors(spec, 0.97 * boundary, 700)[300:]) == 0
        if boundary < 0.999 * limit:
            above = errors(spec, min(1.03 * boundary, (boundary + limit) / 2), 1200)[300:]
            assert flips(above) >= 2, (seed, boundary, limit)


SENTENCES = [
    (
        {"batch": {"size": "all"}},
        0.001,
        "Crawling: at rate 0.001 every step shrinks the error by 0.0139 %; steps to 1 %",
    ),
    ({"batch": {"size": "all"}}, 0.1, "At rate 0.1 every step shrinks the error by 1.39 %; steps to 1 % of it: 330."),
    (
        {"batch": {"size": "all"}},
        0.7,
        "At rate 0.70 every step shrinks the error by 9.72 %; steps to 1 % of it: 46. Above 0.378 its steepest part",
    ),
    (
        {"batch": {"size": "all"}},
        0.74,
        "Oscillating: 0.74 > 0.718: the error flips its sign every step, shrinking by 4.19 %",
    ),
    ({"batch": {"size": "all"}}, 0.9, "Diverging: 0.90 > 0.756: every step multiplies the error by 1.38."),
    ({"batch": {"size": 1}}, 0.001, "Crawling: at rate 0.001 every epoch shrinks what is left of the start by 1.38 %"),
    ({"batch": {"size": 1}}, 0.65, "Diverging: 0.65 > 0.606: every epoch multiplies the error by"),
    ({"batch": {"size": 1}}, 0.58, "Wandering: 0.58 > 0.56: every epoch shrinks what is left of the start by"),
    ({"batch": {"size": "all"}}, 0.756, "Diverging: 0.756 > 0.7558: every step multiplies the error by 1.0005."),
    ({"batch": {"size": 10, "order": "random"}}, 0.74, "Oscillating: 0.74 > 0.718: the mean error flips"),
    (
        {"batch": {"size": "all"}, "optimizer": {"name": "momentum"}},
        0.5,
        "Oscillating: 0.50 > 0.019: the error swings once",
    ),
]


@pytest.mark.parametrize(("spec", "rate", "said"), SENTENCES)
def test_sentences_say_the_numbers(spec: Spec, rate: float, said: str) -> None:
    outlook = theory_of(spec, rate).outlook
    assert outlook is not None
    assert str(outlook.message).startswith(said)


def test_the_sentence_counts_the_steps_that_a_run_takes() -> None:
    """To 1 % of the error in the long run: as many steps as a run takes for each factor of a hundred."""
    for rate in (0.05, 0.3, 0.74):
        outlook = theory_of({"batch": {"size": "all"}}, rate).outlook
        assert outlook is not None
        count = int(outlook.message.facts["count"])
        path = errors({"batch": {"size": "all"}}, rate, 3 * count)
        assert length(path[-1]) / length(path[-1 - count]) == pytest.approx(0.01, rel=0.15)


def test_where_no_limit_is_known_nothing_is_said() -> None:
    for spec in ({"optimizer": {"name": "adam"}}, {"batch": {"size": 3, "order": "shuffled"}}):
        theory = theory_of(spec)
        assert (theory.crawls_below, theory.oscillates_above, theory.outlook) == (None, None, None)


def test_the_swing_that_is_told_is_the_slowest() -> None:
    """With a velocity, all directions shrink alike from some rate on, and each has a period of its own."""
    periods = []
    for rate in (0.03, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2):
        theory = theory_of({"batch": {"size": "all"}, "optimizer": {"name": "momentum"}}, rate)
        assert theory.outlook is not None
        periods.append(float(theory.outlook.message.facts["period"]))
        # z² − (1 + β − aλ)z + β = 0 along the valley.
        turn = math.acos((1.9 - rate * theory.eigenvalues[0]) / (2 * math.sqrt(0.9)))
        assert periods[-1] == pytest.approx(2 * math.pi / turn, rel=2e-3)
    assert periods == sorted(periods, reverse=True)
