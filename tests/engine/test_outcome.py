"""How runs end, in words with their numbers."""

from typing import Any

import numpy as np
import pytest

import engine
from tests.engine.oracles import descend

ALL_ROWS = {"batch": {"size": "all"}}


def run(spec: dict[str, Any]) -> engine.RunResult:
    return engine.run(engine.RunSpec.from_dict(spec))


DIVERGED: list[tuple[dict[str, Any], str]] = [
    ({**ALL_ROWS, "optimizer": {"learning_rate": 0.9}}, "0.90 > 0.756: every step multiplies the error by 1.38."),
    (
        {"optimizer": {"learning_rate": 0.62}},
        "0.62 > 0.606: every epoch multiplies the error by 6.44, each of its steps by 1.019 on average.",
    ),
    (
        {"batch": {"size": 1, "order": "random"}, "optimizer": {"learning_rate": 1.2}},
        "1.20 > 0.675: every step multiplies the mean error by 2.36.",
    ),
    (
        {"batch": {"size": 1, "order": "shuffled"}, "optimizer": {"learning_rate": 1.2}},
        "the loss grew beyond all bounds.",
    ),
    (
        {**ALL_ROWS, "changes": [{"step": 9, "optimizer": {"learning_rate": 0.76}}]},
        "0.76 > 0.756: every step multiplies the error by 1.01.",
    ),
]


@pytest.mark.parametrize(("spec", "why"), DIVERGED)
def test_diverged_at_the_right_step_and_why(spec: dict[str, Any], why: str) -> None:
    result = run(spec)
    loss = descend(result.spec.to_dict(), 2000)[:, -1]
    step = int(np.argmin(loss <= 1e12))
    assert result.outcome.sentence == f"Diverged at step {step}: {why}"
    assert (result.outcome.status, result.outcome.step) == ("diverged", step)


def test_rate_just_above_the_limit_is_told_apart() -> None:
    theory = engine.analyse(engine.RunSpec.from_dict(ALL_ROWS))
    assert theory is not None
    assert theory.learning_rate_limit is not None
    rate = theory.learning_rate_limit * (1 + 2e-5)
    result = run({**ALL_ROWS, "optimizer": {"learning_rate": rate}, "start": {"w": 1e6, "b": -1e6}, "steps": 10**6})
    assert result.outcome.message.facts | {"rate": "0.75584", "limit": "0.75583"} == result.outcome.message.facts


FINISHED: list[tuple[dict[str, Any], str]] = [
    ({"steps": 100, "loss": "absolute-error"}, "All 100 steps done: loss {loss:.6g}."),
    ({**ALL_ROWS, "steps": 200}, "All 200 steps done: loss {loss:.6g}, {excess:.3g} above the least possible."),
    ({**ALL_ROWS, "steps": 0}, "All 0 steps done: loss {loss:.6g}, {excess:.3g} above the least possible."),
]


@pytest.mark.parametrize(("spec", "words"), FINISHED)
def test_finished(spec: dict[str, Any], words: str) -> None:
    result = run(spec)
    loss = descend(result.spec.to_dict(), result.spec.steps)[-1, -1]
    assert result.outcome.sentence == words.format(loss=loss, excess=loss - 0.0035554603)
    assert (result.outcome.status, result.outcome.step) == ("finished", result.spec.steps)


def test_finished_at_the_optimum() -> None:
    """Rounding never takes the loss below the least possible."""
    assert run({**ALL_ROWS, "steps": 20_000}).outcome.message.facts["excess"] in {"0", "4.34e-19"}


def test_converged() -> None:
    result = run({**ALL_ROWS, "stop": {"gradient_norm": 1e-6}})
    facts = result.outcome.message.facts
    assert result.outcome.sentence == (
        f"Converged at step {result.trajectory.last}: the gradient's length {facts['norm']} is at most 1e-06."
    )
    assert 0 < float(facts["norm"]) <= 1e-6


def test_running() -> None:
    outcome = engine.Run(engine.RunSpec.from_dict({"steps": 50})).outcome_at(0)
    assert outcome.sentence == f"Step 0 of 50: loss {descend(engine.RunSpec.from_dict({}).to_dict(), 0)[0, -1]:.6g}."
