"""Sweeps: every row is what a run of its own gives, whichever way it was computed."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine import epochs
from engine.costs import Cost
from tests.engine.strategies import specs


def one(base: dict[str, Any], chosen: dict[str, Any]) -> engine.RunSpec:
    spec = engine.RunSpec.from_dict(base).to_dict()
    for key, value in chosen.items():
        group, _, name = key.partition(".")
        if name:
            spec[group][name] = value
        else:
            spec[group] = value
            spec["start"] = {"w": 0.1} if value == "proportional" else spec["start"]
    return engine.RunSpec.from_dict(spec)


def steps_to_goal(spec: engine.RunSpec, rows: engine.Trajectory, goal: dict[str, float] | None) -> int:
    bowl = spec.objective().quadratic
    if goal is None or bowl is None:
        return -1
    hits = np.flatnonzero(bowl.excess(rows.theta) <= goal["excess_loss"])
    return int(hits[0]) if len(hits) else -1


def assert_rows_are_runs(
    base: dict[str, Any], vary: dict[str, list[Any]], goal: dict[str, float] | None
) -> engine.Table:
    table = engine.sweep(engine.RunSpec.from_dict(base), vary, goal)
    for row, values in enumerate(product(*vary.values())):
        chosen = dict(zip(vary, values, strict=True))
        spec = one(base, chosen)
        run = engine.Run(spec)
        rows = run.rows(0, spec.steps)
        found = {name: table[name][row] for name in table}
        assert {key: found["loss.name" if key == "loss" else key] for key in vary} == chosen
        assert found["steps_to_goal"] == steps_to_goal(spec, rows, goal), chosen
        for name in (*rows.names, "loss"):
            assert found[name] == pytest.approx(rows.column(name)[-1], rel=1e-9, abs=1e-12), chosen
        outcome = run.outcome_at(spec.steps)
        assert (found["status"], found["step"]) == (str(outcome.status), outcome.step), chosen
    return table


RATES = np.geomspace(1e-3, 1.2, 24).tolist()
BASES: dict[str, dict[str, Any]] = {
    "one by one": {"steps": 3000},
    "all rows": {"steps": 3000, "batch": {"size": "all"}},
    "mini-batches": {"steps": 3001, "batch": {"size": 7}, "model": "proportional"},
    "momentum": {"steps": 2000, "batch": {"size": 7}, "optimizer": {"name": "momentum"}},
    "nesterov": {"steps": 2000, "optimizer": {"name": "nesterov", "momentum": 0.5}},
    "changes": {"steps": 3000, "changes": [{"step": s, "optimizer": {"learning_rate": 0.02}} for s in (5, 1234, 2990)]},
    "momentum changed": {
        "steps": 2000,
        "optimizer": {"name": "momentum"},
        "changes": [{"step": 700, "optimizer": {"momentum": 0.2}}],
    },
    "perfect fit": {"steps": 2000, "dataset": {"name": "points", "x": [0, 0.5, 1], "y": [1, 2, 3]}},
    "one bean": {"steps": 2000, "dataset": {"name": "points", "x": [0.5], "y": [1]}},
    "no curvature": {"steps": 1000, "model": "proportional", "dataset": {"name": "points", "x": [0, 0], "y": [1, 2]}},
    "diverged from the start": {"steps": 2000, "dataset": {"name": "points", "x": [1e9] * 3, "y": [1e9] * 3}},
}


@pytest.mark.parametrize("goal", [1e-1, 1e-3, 1e-6])
@pytest.mark.parametrize("name", BASES)
def test_rates_by_epochs(name: str, goal: float) -> None:
    assert_rows_are_runs(BASES[name], {"optimizer.learning_rate": RATES}, {"excess_loss": goal})


def test_that_epochs_are_leapt_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way by epochs, not one that is as right and slower."""
    seen = []
    leaps = epochs._Leaps.ends

    def noted(self: epochs._Leaps) -> Any:
        seen.append(1)
        return leaps(self)

    monkeypatch.setattr(epochs._Leaps, "ends", noted)
    engine.sweep(engine.RunSpec.from_dict(BASES["one by one"]), {"optimizer.learning_rate": RATES})
    assert seen == [1]


VARIED: list[tuple[dict[str, Any], dict[str, list[Any]]]] = [
    ({"steps": 500}, {"batch.size": [1, 10, "all"], "optimizer.learning_rate": RATES[::4]}),
    ({"steps": 500}, {"optimizer.learning_rate": RATES[::4], "batch.size": [1, 10]}),
    ({"steps": 300}, {"batch.order": ["sequential", "shuffled", "random"], "seed": [0, 1]}),
    ({"steps": 900}, {"start.w": np.linspace(-4, 4, 9).tolist(), "start.b": [0.1, 3.0]}),
    ({}, {"steps": [0, 1, 10, 1000], "model": ["line", "proportional"]}),
    ({"steps": 200}, {"dataset.count": [1, 50], "dataset.seed": [0, 5], "dataset.name": ["proportional-beans"]}),
    ({"steps": 200}, {"loss": ["squared-error", "absolute-error"], "optimizer.learning_rate": RATES[::6]}),
    ({"steps": 400, "optimizer": {"name": "adam"}}, {"optimizer.learning_rate": RATES, "optimizer.beta1": [0.5, 0.9]}),
    ({"steps": 400, "optimizer": {"name": "fixed-step"}, "loss": "absolute-error"}, {"optimizer.step": RATES}),
    (
        {"steps": 400, "optimizer": {"name": "adagrad"}, "stop": {"gradient_norm": 1e-2}},
        {"optimizer.learning_rate": RATES},
    ),
    ({"steps": 400, "batch": {"size": "all"}, "stop": {"gradient_norm": 1e-2}}, {"optimizer.learning_rate": RATES}),
    ({"steps": 300, "batch": {"order": "random"}}, {"optimizer.learning_rate": np.geomspace(1e-3, 2, 260).tolist()}),
]


@pytest.mark.parametrize("cost", [None, Cost(0, 0, 1), Cost(1, 1, 0)], ids=["faster", "side by side", "one by one"])
@pytest.mark.parametrize(("base", "vary"), VARIED, ids=[" ".join(vary) for _, vary in VARIED])
def test_every_combination_is_a_run(
    base: dict[str, Any], vary: dict[str, list[Any]], cost: Cost | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way that is faster, and both ways."""
    if cost is not None:
        monkeypatch.setattr("engine.sweeps._cost", lambda _: cost)
    assert_rows_are_runs(base, vary, {"excess_loss": 1e-3})


def test_methods_keep_what_they_share() -> None:
    base = engine.RunSpec.from_dict({"steps": 100, "optimizer": {"name": "momentum", "learning_rate": 0.03}})
    table = engine.sweep(base, {"optimizer.name": ["momentum", "adam", "fixed-step"], "loss": ["squared-error"]})
    for row, optimizer in enumerate(
        [
            {"name": "momentum", "learning_rate": 0.03},
            {"name": "adam", "learning_rate": 0.03},
            {"name": "fixed-step"},
        ]
    ):
        final = engine.run(engine.RunSpec.from_dict({"steps": 100, "optimizer": optimizer})).final
        assert {name: table[name][row] for name in final} == pytest.approx(final, rel=1e-12)


def test_a_parameter_that_a_run_does_not_have() -> None:
    table = engine.sweep(engine.RunSpec.from_dict({"steps": 5}), {"model": ["proportional", "line"]})
    assert list(table) == ["model", "w", "b", "loss", "excess_loss", "status", "step", "steps_to_goal"]
    assert np.isnan(table["b"]).tolist() == [True, False]
    assert table["steps_to_goal"].tolist() == [-1, -1]


@settings(max_examples=60)
@given(
    specs(most_steps=400), st.lists(st.floats(1e-3, 1.5), min_size=1, max_size=12), st.sampled_from([None, 1e-1, 1e-4])
)
def test_any_sweep(spec: dict[str, Any], rates: list[float], goal: float | None) -> None:
    rate = engine.OPTIMIZERS[spec["optimizer"]["name"]].value.rate
    aim = None if goal is None else {"excess_loss": goal}
    assert_rows_are_runs(spec, {f"optimizer.{rate}": rates}, aim)


def test_ranges_and_arrays() -> None:
    spec = engine.RunSpec.from_dict({"steps": 10})
    rates = {"from": 0.001, "to": 1, "count": 4, "scale": "log"}
    table = engine.sweep(spec, {"optimizer.learning_rate": rates, "batch.size": {"from": 1, "to": 3, "count": 9}})
    assert table["optimizer.learning_rate"][::3] == pytest.approx([0.001, 0.01, 0.1, 1])
    assert table["batch.size"].tolist() == [1, 2, 3] * 4
    again = engine.sweep(spec, {"optimizer.learning_rate": np.geomspace(0.001, 1, 4), "batch.size": (1, 2, 3)})
    assert again["loss"].tolist() == table["loss"].tolist()


def test_nothing_varied_is_one_run() -> None:
    table = engine.sweep(engine.RunSpec.from_dict({"steps": 10}), {})
    assert table["step"].tolist() == [10]


BAD: list[tuple[dict[str, Any], dict[str, float] | None, str, str]] = [
    ({"optimizer.speed": [1]}, None, "vary.optimizer.speed", "unknown key; expected one of dataset.name, model"),
    ({"speed": [1]}, None, "vary.speed", "unknown key; expected one of dataset.name, model"),
    ({"optimizer.learning_rate": 3}, None, "vary.optimizer.learning_rate", "expected a list, or an object with"),
    ({"optimizer.learning_rate": []}, None, "vary.optimizer.learning_rate", "got 0 values"),
    ({"optimizer.learning_rate": [0.1, -1]}, None, "vary.optimizer.learning_rate.1", "expected 1e-30 to 1000, got -1"),
    ({"optimizer.name": ["adm"]}, None, "vary.optimizer.name.0", 'unknown optimizer: "adm"'),
    ({"batch.size": [1, 101]}, None, "vary.batch.size", "expected at most the number of rows (100), got 101"),
    ({"steps": {"from": 1, "count": 3}}, None, "vary.steps.to", "missing; expected a number"),
    ({"steps": {"from": 0, "to": 1, "count": 3, "scale": "log"}}, None, "vary.steps.scale", "both ends above 0"),
    ({"steps": {"from": 0, "to": 1, "count": 3, "scale": "x"}}, None, "vary.steps.scale", 'unknown scale: "x"'),
    ({"steps": {"from": 0, "to": 1, "count": 10**9}}, None, "vary.steps.count", "expected 1 to 10000000"),
    ({"seed": list(range(5000)), "steps": list(range(5000))}, None, "vary", "got 25000000 runs"),
    ({"steps": [1]}, {}, "goal.excess_loss", "missing; expected a number"),
    ({"steps": [1]}, {"excess_loss": 0}, "goal.excess_loss", "got 0"),
    ({"steps": [1]}, {"loss": 1}, "goal.loss", "unknown key; expected one of excess_loss"),
]


@pytest.mark.parametrize(("vary", "goal", "path", "words"), BAD)
def test_bad_sweeps_are_named(vary: dict[str, Any], goal: dict[str, float] | None, path: str, words: str) -> None:
    with pytest.raises(engine.SpecError) as caught:
        engine.sweep(engine.RunSpec.from_dict({}), vary, goal)
    assert words in {problem.path: str(problem.message) for problem in caught.value.problems}[path]
