"""Specs: defaults, round trips, and every kind of bad input with its path and its words."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.spec import MOST_CHANGES
from tests.engine.strategies import NEARLY_SPECS, specs


def problems(data: Any) -> dict[str, str]:
    with pytest.raises(engine.SpecError) as caught:
        engine.RunSpec.from_dict(data)
    return {problem.path: str(problem.message) for problem in caught.value.problems}


def attempted(make: Callable[[], engine.RunSpec]) -> tuple[engine.RunSpec | None, tuple[engine.Problem, ...]]:
    """What `make` gives, or what is wrong; any other error is a failed test."""
    try:
        return make(), ()
    except engine.SpecError as error:
        return None, error.problems


def test_every_key_has_a_default() -> None:
    expected = {
        "dataset": {"name": "offset-beans", "count": 100, "seed": 0},
        "model": "line",
        "loss": "squared-error",
        "optimizer": {"name": "gradient-descent", "learning_rate": 0.1},
        "batch": {"size": 1, "order": "sequential"},
        "start": {"w": 0.1, "b": 0.1},
        "steps": 10_000,
        "seed": 0,
        "changes": [],
        "stop": None,
    }
    assert engine.RunSpec.from_dict({}).to_dict() == expected
    assert engine.RunSpec.from_dict().to_dict() == expected
    nothing = dict.fromkeys(("dataset", "optimizer", "batch", "start", "changes", "stop"))
    assert engine.RunSpec.from_dict(nothing).to_dict() == expected


@given(specs())
def test_round_trip(spec: dict[str, Any]) -> None:
    read = engine.RunSpec.from_dict(spec)
    again = engine.RunSpec.from_dict(json.loads(json.dumps(read.to_dict())))
    assert again == read
    assert hash(again) == hash(read)
    assert again.to_dict() == read.to_dict()


def test_round_trip_of_own_points() -> None:
    points = {"name": "points", "x": np.array([0.1, 0.2]), "y": np.array([1, 2])}
    read = engine.RunSpec.from_dict({"dataset": points})
    assert read.to_dict()["dataset"] == {"name": "points", "x": [[0.1], [0.2]], "y": [1.0, 2.0]}
    assert engine.RunSpec.from_dict(read.to_dict()) == read
    assert read != engine.RunSpec.from_dict({})
    assert read != "a spec"


@given(NEARLY_SPECS)
def test_any_json_is_a_spec_or_an_error_with_paths(data: Any) -> None:
    spec, found = attempted(lambda: engine.RunSpec.from_dict(data))
    assert (spec is None) is bool(found)
    if spec is not None:
        assert engine.RunSpec.from_dict(spec.to_dict()) == spec


@given(st.integers() | st.floats(), st.dictionaries(st.sampled_from(["learning_rate", "step", "x"]), st.floats()))
def test_any_change_is_a_change_or_an_error_with_paths(step: Any, optimizer: dict[str, float]) -> None:
    changed, found = attempted(lambda: engine.RunSpec.from_dict({}).with_change(step, optimizer))
    assert {problem.path.partition(".")[0] for problem in found} <= {"step", "optimizer"}
    if changed is not None:
        assert engine.RunSpec.from_dict(changed.to_dict()) == changed


KEYS = "dataset, model, loss, optimizer, batch, start, steps, seed, changes, stop"
METHODS = "gradient-descent, fixed-step, momentum, nesterov, adagrad, rmsprop, adam"
BAD: list[tuple[Any, str, str]] = [
    (3, "", "expected an object, got 3"),
    ([], "", "expected an object, got a list of 0"),
    ({"rate": 1}, "rate", f"unknown key; expected one of {KEYS}"),
    ({7: 1}, "7", f"unknown key; expected one of {KEYS}"),
    ({"model": "lime"}, "model", 'unknown model: "lime"; expected one of proportional, line'),
    ({"model": 5}, "model", "expected a name, got 5"),
    ({"loss": "mse"}, "loss", 'unknown loss: "mse"; expected one of squared-error, absolute-error'),
    ({"loss": None}, "loss", "expected a name, got null"),
    ({"optimizer": {"name": "adm"}}, "optimizer.name", f'unknown optimizer: "adm"; expected one of {METHODS}'),
    ({"optimizer": "adam"}, "optimizer", 'expected an object, got "adam"'),
    ({"optimizer": {"learning_rate": 0}}, "optimizer.learning_rate", "expected 1e-30 to 1000, got 0"),
    ({"optimizer": {"learning_rate": True}}, "optimizer.learning_rate", "expected a finite number, got true"),
    ({"optimizer": {"learning_rate": "1"}}, "optimizer.learning_rate", 'expected a finite number, got "1"'),
    ({"optimizer": {"learning_rate": float("nan")}}, "optimizer.learning_rate", "expected a finite number, got nan"),
    ({"optimizer": {"learning_rate": 10**400}}, "optimizer.learning_rate",
     "expected a finite number, got an integer of more than 77 digits"),
    ({"optimizer": {"step": 1}}, "optimizer.step", "unknown key; expected one of learning_rate"),
    ({"dataset": "beans"}, "dataset", 'expected an object, got "beans"'),
    ({"dataset": {"name": "peas"}}, "dataset.name",
     'unknown dataset: "peas"; expected one of proportional-beans, offset-beans, points'),
    ({"dataset": {"count": 0}}, "dataset.count", "expected 1 to 10000000, got 0"),
    ({"dataset": {"count": 10**9}}, "dataset.count", "expected 1 to 10000000, got 1000000000"),
    ({"dataset": {"count": 2.5}}, "dataset.count", "expected an integer, got 2.5"),
    ({"dataset": {"count": float("inf")}}, "dataset.count", "expected an integer, got inf"),
    ({"dataset": {"seed": -1}}, "dataset.seed", "expected 0 to 9007199254740991, got -1"),
    ({"dataset": {"x": [1]}}, "dataset.x", "unknown key; expected one of name, count, seed"),
    ({"dataset": {"name": "points", "y": [1]}}, "dataset.x", "missing; expected a list of numbers"),
    ({"dataset": {"name": "points", "x": [1, 2], "y": [1]}}, "dataset.y",
     "expected as many values as x has rows (2), got 1"),
    ({"dataset": {"name": "points", "x": [[1, 2]], "y": [1]}}, "dataset.x",
     "expected x with 1 column(s) for this model, got 2"),
    ({"dataset": {"name": "points", "x": [1], "y": [1], "count": 1}}, "dataset.count",
     "unknown key; expected one of name, x, y"),
    ({"batch": {"size": 0}}, "batch.size", "expected 1 to 10000000, got 0"),
    ({"batch": {"size": 101}}, "batch.size", "expected at most the number of rows (100), got 101"),
    ({"batch": {"size": "some"}}, "batch.size", 'expected an integer or "all", got "some"'),
    ({"batch": {"size": None}}, "batch.size", 'expected an integer or "all", got null'),
    ({"batch": {"size": 1.5}}, "batch.size", "expected an integer, got 1.5"),
    ({"batch": {"order": "backwards"}}, "batch.order",
     'unknown order: "backwards"; expected one of sequential, shuffled, random'),
    ({"start": {"w": 1e7}}, "start.w", "expected -1000000 to 1000000, got 10000000.0"),
    ({"model": "proportional", "start": {"b": 1}}, "start.b", "unknown key; expected one of w"),
    ({"steps": -1}, "steps", "expected 0 to 1000000000, got -1"),
    ({"steps": 10**9 + 1}, "steps", "expected 0 to 1000000000, got 1000000001"),
    ({"steps": "10"}, "steps", 'expected an integer, got "10"'),
    ({"seed": 2**53}, "seed", "expected 0 to 9007199254740991, got 9007199254740992"),
    ({"changes": {}}, "changes", "expected a list, got an object"),
    ({"changes": [5]}, "changes.0", "expected an object, got 5"),
    ({"changes": [{"optimizer": {}}]}, "changes.0.step", "missing; expected an integer"),
    ({"changes": [{"step": 1, "optimizer": {"momentum": 0.5}}]}, "changes.0.optimizer.momentum",
     "unknown key; expected one of learning_rate"),
    ({"changes": [{"step": 1}] * (MOST_CHANGES + 1)}, "changes", "expected 0 to 10000, got 10001"),
    ({"stop": 1e-8}, "stop", "expected an object, got 1e-08"),
    ({"stop": {"gradient_norm": 0}}, "stop.gradient_norm", "expected more than 0, got 0"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "path", "words"), BAD, ids=[f"{path}-{i}" for i, (_, path, _) in enumerate(BAD)])
def test_bad_input_is_named(data: Any, path: str, words: str) -> None:
    assert problems(data) | {path: words} == problems(data)


def test_everything_wrong_is_said_at_once() -> None:
    found = problems(
        {"model": "x", "steps": -1, "batch": {"size": 0, "order": 3}, "optimizer": {"name": "adam", "eps": 2}}
    )
    assert list(found) == ["model", "optimizer.eps", "batch.order", "batch.size", "steps"]


def test_very_many_problems_are_cut() -> None:
    assert len(problems({"changes": [{"step": -1}] * 1000})) == 20


def test_long_values_are_shortened() -> None:
    assert len(problems({"model": "x" * 10_000})["model"]) < 120
    assert list(problems({"k" * 1000: 1})) == ["k" * 40]


def test_whole_floats_are_integers() -> None:
    spec = engine.RunSpec.from_dict({"steps": 10.0, "batch": {"size": np.int64(5)}, "seed": np.float64(3)})
    assert (spec.steps, spec.batch.size, spec.seed) == (10, 5, 3)
    assert all(type(value) is int for value in (spec.steps, spec.batch.size, spec.seed))


def test_changes_are_sorted_and_merged() -> None:
    changes = [
        {"step": 9, "optimizer": {"learning_rate": 0.3}},
        {"step": 5, "optimizer": {"momentum": 0.5}},
        {"step": 9, "optimizer": {"momentum": 0.6}},
        {"step": 9, "optimizer": {"learning_rate": 0.4}},
    ]
    spec = engine.RunSpec.from_dict({"optimizer": {"name": "momentum"}, "changes": changes})
    assert [(change.step, change.optimizer) for change in spec.changes] == [
        (5, {"momentum": 0.5}),
        (9, {"learning_rate": 0.4, "momentum": 0.6}),
    ]
    assert spec.at(4).optimizer.params == {"learning_rate": 0.01, "momentum": 0.9}
    assert spec.at(5).optimizer.params == {"learning_rate": 0.01, "momentum": 0.5}
    assert spec.at(9).optimizer.params == {"learning_rate": 0.4, "momentum": 0.6}
    assert spec.at(9).changes == ()


def test_with_change_forgets_the_future() -> None:
    spec = engine.RunSpec.from_dict({"optimizer": {"name": "momentum"}})
    for step, params in ((5, {"momentum": 0.5}), (9, {"learning_rate": 0.2}), (5, {"learning_rate": 0.3})):
        spec = spec.with_change(step, params)
    assert [(change.step, change.optimizer) for change in spec.changes] == [
        (5, {"momentum": 0.5, "learning_rate": 0.3})
    ]


def test_bad_changes_are_named() -> None:
    spec = engine.RunSpec.from_dict({})
    with pytest.raises(engine.SpecError) as caught:
        spec.with_change(-1, {"learning_rate": 0, "speed": 3})
    assert [problem.path for problem in caught.value.problems] == ["optimizer.speed", "optimizer.learning_rate", "step"]


def test_stretches_lie_between_changes() -> None:
    def changed(*steps: int) -> list[tuple[int, int, float]]:
        changes = [{"step": step, "optimizer": {"learning_rate": (200 + step) / 1000}} for step in steps]
        spec = engine.RunSpec.from_dict({"steps": 10, "changes": changes})
        return [(first, last, params["learning_rate"]) for first, last, params in spec.stretches()]

    assert changed() == [(0, 10, 0.1)]
    assert changed(0) == [(0, 10, 0.2)]
    assert changed(0, 4, 9, 10, 50) == [(0, 4, 0.2), (4, 9, 0.204), (9, 10, 0.209)]


@pytest.mark.parametrize(
    "ask",
    [
        engine.run,
        engine.Run,
        engine.analyse,
        engine.loss_surface,
        engine.surface,
        lambda spec: engine.sweep(spec, {"batch.size": [1, 2]}),
    ],
)
def test_a_dict_in_place_of_a_spec_is_told_what_to_do(ask: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=r"expected a RunSpec, got dict: RunSpec\.from_dict makes one"):
        ask({"steps": 3})
