"""Sweeps as values: what a request means, what is wrong with it, and how it is cut into parts."""

from itertools import product
from math import prod
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.jobs import plan as plans
from app.jobs import tables
from app.jobs.boxes import boxes
from app.jobs.compute import pack, unpack
from app.settings import Settings
from engine import RunSpec, SpecError
from engine.costs import cost
from engine.keys import renamed

RATES = {"optimizer.learning_rate": [0.1, 0.2, 0.3]}


def read(vary: Any, base: Any = None, goal: Any = None, **settings: Any) -> plans.Plan:
    request = {"base": base or {}, "vary": vary} | ({} if goal is None else {"goal": goal})
    return plans.read(request, Settings(**settings))


def rows(plan: plans.Plan) -> list[dict[str, Any]]:
    """The varied values of every run, put together from the parts as a table is."""
    shape = [len(values) for values in plan.vary.values()]
    places = [tables.rows_of(part, shape) for part in plan.parts]
    for part, place in zip(plan.parts, places, strict=True):
        assert len(place) == part.runs == prod(len(values) for values in part.values.values())
    order = np.concatenate(places)
    assert sorted(order.tolist()) == list(range(plan.runs)), "every run is in one part"
    combinations = [
        dict(zip(part.values, row, strict=True)) for part in plan.parts for row in product(*part.values.values())
    ]
    return [combinations[i] for i in np.argsort(order)]


@given(st.lists(st.integers(1, 12), min_size=0, max_size=4), st.integers(1, 30))
def test_boxes_fill_the_grid_in_order(shape: list[int], most: int) -> None:
    cells = np.arange(prod(shape)).reshape(shape)
    found = [cells[box].ravel() for box in boxes(shape, most)]
    assert np.concatenate(found).tolist() == list(range(prod(shape)))
    assert all(1 <= len(box) <= most for box in found)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=3), st.integers(8, 50))
def test_boxes_are_as_large_as_they_can_be(shape: list[int], most: int) -> None:
    sizes = [prod(cut.stop - cut.start for cut in box) for box in boxes(shape, most)]
    # Merging two neighbours of the axis that is cut would make a box too large, or there is nothing to merge.
    assert len(sizes) <= 2 * prod(shape) / most + prod(shape[:-1])


def test_every_combination_is_a_run_the_last_key_fastest() -> None:
    vary: dict[str, list[Any]] = {
        "optimizer.learning_rate": [0.1, 0.2],
        "batch.size": [1, 10, "all"],
        "start.w": [0.0, 1.0],
    }
    plan = read(vary)
    expected = [dict(zip(vary, values, strict=True)) for values in product(*vary.values())]
    assert rows(plan) == expected
    assert plan.runs == 12
    assert plan.steps == 12 * 10_000


def test_many_parts_are_still_all_combinations_in_order() -> None:
    vary = {
        "optimizer.learning_rate": list(np.geomspace(0.001, 1, 50)),
        "seed": list(range(30)),
        "batch.order": ["shuffled", "random"],
    }
    plan = read(vary, {"steps": 100_000})
    assert len(plan.parts) > 10
    assert rows(plan) == [dict(zip(vary, values, strict=True)) for values in product(*vary.values())]


def test_parts_together_are_the_whole_and_bounded() -> None:
    vary = {"optimizer.learning_rate": {"from": 0.001, "to": 1, "count": 700}, "seed": list(range(30))}
    plan = read(vary, {"steps": 1000})
    assert len(plan.parts) > 1
    assert sum(part.runs for part in plan.parts) == plan.runs == 21_000
    assert sum(part.steps for part in plan.parts) == plan.steps
    assert [part.number for part in plan.parts] == list(range(len(plan.parts)))


def test_runs_that_go_side_by_side_stay_together() -> None:
    plan = read(
        {"optimizer.learning_rate": list(np.geomspace(0.001, 1, 400)), "seed": list(range(100))},
        {"batch": {"order": "random"}},
    )
    assert len(plan.parts) > 1
    assert all(len(part.values["optimizer.learning_rate"]) == 400 for part in plan.parts)


def test_long_runs_share_what_they_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.jobs.plan.is_there", lambda: False)
    rates = {"from": 0.001, "to": 1, "count": 2000}
    plan = read({"optimizer.learning_rate": rates}, {"optimizer": {"name": "adam"}, "steps": 1_000_000})
    assert 2 <= len(plan.parts) <= 10


def test_long_runs_in_machine_code_are_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a sweep is seen to go on, and little is lost when it is stopped."""
    monkeypatch.setattr("app.jobs.plan.is_there", lambda: True)
    rates = {"from": 0.001, "to": 1, "count": 300}
    plan = read({"optimizer.learning_rate": rates}, {"optimizer": {"name": "adam"}, "steps": 1_000_000})
    assert len(plan.parts) >= 20


@pytest.mark.parametrize("runs", [100, 1000, 5000])
def test_what_is_faster_side_by_side_is_not_cut_into_less(runs: int) -> None:
    base = {"optimizer": {"name": "momentum"}, "batch": {"size": 10, "order": "shuffled"}, "steps": 100_000}
    plan = read({"optimizer.learning_rate": {"from": 0.001, "to": 1, "count": runs}}, base)
    many = cost(100_000, affine=True, periodic=False, rows=10, drawn=True).many
    assert many < 100
    assert all(part.runs >= many for part in plan.parts)


def seconds(base: dict[str, Any], steps: int = 10_000, rates: int = 1000) -> float:
    vary = {"optimizer.learning_rate": {"from": 0.001, "to": 0.1, "count": rates}}
    return read(vary, {"steps": steps} | base).seconds


def test_the_cost_that_is_foreseen_grows_as_the_work_does() -> None:
    adam = {"optimizer": {"name": "adam"}}
    # An adaptive method looks at every row of its batch, whatever the loss; a linear one leaps over epochs.
    assert seconds(adam | {"batch": {"size": "all"}}) > 3 * seconds(adam)
    assert seconds(adam, steps=20_000) == pytest.approx(2 * seconds(adam), rel=0.01)
    assert seconds({}, steps=1_000_000) < 3 * seconds({})
    assert seconds({}, steps=200) < seconds({"batch": {"order": "random"}})
    assert seconds({}) < seconds({"batch": {"order": "random"}}) < seconds(adam)
    assert seconds(adam, rates=5) > seconds({"batch": {"order": "random"}}, rates=5) > seconds({}, rates=5)


def test_without_machine_code_it_takes_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = {"optimizer.learning_rate": {"from": 0.001, "to": 0.1, "count": 9}}
    costs = []
    for there in (True, False):
        monkeypatch.setattr("app.jobs.plan.is_there", lambda there=there: there)
        costs.append(read(rates, {"optimizer": {"name": "adam"}, "steps": 100_000}).seconds)
    assert costs[1] > 10 * costs[0]


def test_a_sweep_that_is_taken_up_again_has_the_same_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine: what is done of it is known by the numbers of its parts."""
    rates = {"optimizer.learning_rate": {"from": 0.001, "to": 0.1, "count": 90}}
    monkeypatch.setattr("app.jobs.plan.is_there", lambda: True)
    plan = read(rates, {"optimizer": {"name": "adam"}, "steps": 1_000_000})
    monkeypatch.setattr("app.jobs.plan.is_there", lambda: False)
    again = plans.restore(plan.dumps())
    assert again == plan
    assert again.parts == plan.parts
    # As it was kept before there was a choice.
    old = {name: value for name, value in orjson.loads(plan.dumps()).items() if name != "compiled"}
    assert len(plans.restore(orjson.dumps(old)).parts) < len(plan.parts)


def test_steps_are_counted_where_they_vary() -> None:
    assert read({"steps": [10, 100, 1000], "seed": [1, 2]}).steps == 2 * 1110


def test_ranges_are_spaced_as_said() -> None:
    rates = read({"optimizer.learning_rate": {"from": 0.001, "to": 1, "count": 4, "scale": "log"}}).vary
    np.testing.assert_allclose(rates["optimizer.learning_rate"], [0.001, 0.01, 0.1, 1], rtol=1e-15)
    assert rates["optimizer.learning_rate"][-1] == 1.0
    starts = read({"start.w": {"from": 1, "to": -1, "count": 5}}).vary
    assert starts["start.w"] == [1, 0.5, 0, -0.5, -1]


def test_a_range_is_even_unless_said() -> None:
    usual = read({"optimizer.learning_rate": {"from": 0.1, "to": 0.5, "count": 3}}).vary["optimizer.learning_rate"]
    np.testing.assert_allclose(usual, [0.1, 0.3, 0.5])


def test_whole_numbers_stay_whole_and_come_once() -> None:
    plan = read({"batch.size": {"from": 1, "to": 5, "count": 20, "scale": "log"}})
    assert plan.vary["batch.size"] == [1, 2, 3, 4, 5]
    assert all(type(size) is int for size in plan.vary["batch.size"])


def test_a_stored_plan_is_the_same_plan_again() -> None:
    plan = read(
        {"optimizer.learning_rate": {"from": 1e-3, "to": 1, "count": 7}, "batch.size": [1, "all"]},
        goal={"excess_loss": 1},
    )
    again = plans.restore(plan.dumps())
    assert again == plan
    assert again.parts == plan.parts
    assert plans.read(plan.request, Settings()).vary == plan.vary


def test_another_name_brings_its_own_defaults_and_keeps_what_was_chosen() -> None:
    base = RunSpec.from_dict({"optimizer": {"name": "momentum", "momentum": 0.5, "learning_rate": 0.01}}).to_dict()
    assert renamed(base, {"optimizer.name": "nesterov"})["optimizer"] == {
        "name": "nesterov",
        "momentum": 0.5,
        "learning_rate": 0.01,
    }
    assert renamed(base, {"optimizer.name": "adam"})["optimizer"]["learning_rate"] == 0.001
    assert renamed(base, {"model": "proportional"})["start"] == {"w": 0.1}
    chosen = base | {"optimizer": {"name": "momentum", "momentum": 0.5, "learning_rate": 0.3}}
    assert renamed(chosen, {"optimizer.name": "adam"})["optimizer"]["learning_rate"] == 0.3


BAD: list[tuple[Any, set[str]]] = [
    ({}, {"vary"}),
    (None, {"vary"}),
    ([1], {"vary"}),
    ({"optimizer.learning_rat": [1]}, {"vary.optimizer.learning_rat"}),
    ({"optimizer.step": [1]}, {"vary.optimizer.step"}),
    ({"optimizer.learning_rate": []}, {"vary.optimizer.learning_rate"}),
    ({"optimizer.learning_rate": 0.1}, {"vary.optimizer.learning_rate"}),
    (
        {"optimizer.learning_rate": [0.1, -1, "x", True, None]},
        {f"vary.optimizer.learning_rate.{i}" for i in (1, 2, 3, 4)},
    ),
    ({"optimizer.name": ["adam", "adm"]}, {"vary.optimizer.name.1"}),
    ({"optimizer.name": {"from": 1, "to": 2, "count": 3}}, {"vary.optimizer.name"}),
    ({"batch.size": [1, "al"]}, {"vary.batch.size.1"}),
    ({"batch.size": [1, 101, "all"]}, {"vary.batch.size.1"}),
    ({"batch.size": [50], "dataset.count": [10, 100]}, {"vary.batch.size.0"}),
    ({"seed": [0.5]}, {"vary.seed.0"}),
    ({"start.w": {"from": 0, "to": 1, "count": 3, "scale": "log"}}, {"vary.start.w.scale"}),
    ({"start.w": {"from": 0, "to": 1, "count": 3, "scale": "cubic"}}, {"vary.start.w.scale"}),
    ({"start.w": {"from": 0, "step": 1}}, {"vary.start.w.step", "vary.start.w.to", "vary.start.w.count"}),
    ({"start.w": {"from": "a", "to": 1e9, "count": 0}}, {f"vary.start.w.{key}" for key in ("from", "to", "count")}),
    ({"optimizer.name": ["adam", "fixed-step"], "optimizer.learning_rate": [0.1]}, {"vary.optimizer.learning_rate"}),
    ({"optimizer.name": ["gradient-descent", "adam"], "optimizer.beta1": [0.1]}, {"vary.optimizer.beta1"}),
]


@pytest.mark.parametrize(("vary", "paths"), BAD)
def test_everything_that_is_wrong_is_named(vary: Any, paths: set[str]) -> None:
    with pytest.raises(SpecError) as caught:
        read(vary)
    assert {problem.path for problem in caught.value.problems} == paths


def test_problems_of_all_three_members_come_together() -> None:
    with pytest.raises(SpecError) as caught:
        plans.read({"base": {"model": "lin"}, "vary": None, "goal": {"excess_loss": 0}, "more": 1}, Settings())
    assert {problem.path for problem in caught.value.problems} == {"base.model", "vary", "goal.excess_loss", "more"}


@pytest.mark.parametrize("request_", [None, 3, [], "x"])
def test_a_request_is_an_object(request_: Any) -> None:
    with pytest.raises(SpecError):
        plans.read(request_, Settings())


def test_a_base_that_fits_no_name_is_refused() -> None:
    with pytest.raises(SpecError) as caught:
        read(
            {"optimizer.name": ["adam"]},
            {"changes": [{"step": 5, "optimizer": {"momentum": 0.5}}], "optimizer": {"name": "momentum"}},
        )
    assert {problem.path for problem in caught.value.problems} == {"base.changes.0.optimizer.momentum"}


@pytest.mark.parametrize(
    ("vary", "base", "settings", "path"),
    [
        (RATES, {"steps": 2000}, {"max_steps": 1000}, "base.steps"),
        ({"steps": [10, 2000]}, {"steps": 10}, {"max_steps": 1000}, "vary.steps.1"),
        ({"dataset.count": [10, 2000]}, {}, {"max_points": 1000}, "vary.dataset.count.1"),
        ({"seed": list(range(20)), "start.w": {"from": 0, "to": 1, "count": 20}}, {}, {"max_sweep_runs": 399}, "vary"),
        (RATES, {"steps": 1000}, {"max_sweep_steps": 2999}, "vary"),
    ],
)
def test_what_is_too_large_is_refused_with_its_numbers(vary: Any, base: Any, settings: Any, path: str) -> None:
    with pytest.raises(Refused) as caught:
        read(vary, base, **settings)
    assert caught.value.status == 413
    [problem] = caught.value.problems
    assert problem.path == path
    assert str(next(iter(settings.values()))) in problem.message.facts.values()


def test_columns_survive_packing() -> None:
    columns = {
        "w": np.array([0.1, np.nan, -np.inf]),
        "status": np.array(["finished", "diverged", "converged"]),
        "step": np.array([1, 2, 2**40]),
    }
    again = unpack(pack(columns))
    assert list(again) == list(columns)
    for name, column in columns.items():
        np.testing.assert_array_equal(again[name], column)
        assert again[name].dtype.kind == column.dtype.kind
