"""One update taken apart equals a plain loop's, and the lines that are shown are the lines that are computed."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine import LOSSES, MODELS, OPTIMIZERS, formulas
from tests.engine import oracles
from tests.engine.strategies import specs

CODES = [code for each in MODELS.values() for code in (each.value.forward, each.value.backward)]
CODES += [code for each in LOSSES.values() for code in (each.value.forward, each.value.backward)]
CODES += [each.value.code for each in OPTIMIZERS.values()]


def near(value: Any) -> Any:
    """The same but for rounding."""
    return pytest.approx(value, rel=1e-9, abs=1e-12)


def explained(spec: dict[str, Any], step: int, most: int | None = None) -> engine.Update:
    update = engine.explain(engine.Run(engine.RunSpec.from_dict(spec)), step, most)
    assert update is not None
    return update


@given(specs(most_steps=60), st.integers(0, 70))
def test_an_update_is_the_one_of_a_plain_loop(spec: dict[str, Any], asked: int) -> None:
    filled = engine.RunSpec.from_dict(spec)
    rows = engine.run(filled).trajectory
    update = engine.explain(engine.Run(filled), asked)
    if update is None:
        assert rows.last == 0
        return
    assert update.step == min(asked, rows.last - 1)
    # The parameters are the run's own, bit for bit; everything else is what the formulas say of the batch.
    assert update.before.tobytes() == rows.theta[update.step].tobytes()
    assert update.after.tobytes() == rows.theta[update.step + 1].tobytes()
    x, y = filled.data.x[:, 0].tolist(), filled.data.y.tolist()
    drawn = oracles.batches(len(x), filled.batch.size, filled.batch.order, filled.seed)
    batch = [next(drawn) for _ in range(update.step + 1)][-1]
    assert update.rows.tolist() == batch
    assert update.count == len(batch)
    theta, kind = update.before.tolist(), spec["loss"]
    assert update.gradient == near(oracles.gradient(kind, theta, x, y, batch))
    assert update.data_gradient == near(oracles.gradient(kind, theta, x, y, range(len(x))))
    for place, row in enumerate(batch):
        told = {name: column[place] for name, column in update.columns.items()}
        assert (told["x"], told["y"]) == (x[row], y[row])
        assert told["r"] == near(oracles.residuals(theta, [x[row]], [y[row]])[0])
        assert told["y_hat"] == near(told["r"] + y[row])
        assert told["loss"] == near(oracles.loss(kind, theta, [x[row]], [y[row]]))
        own = oracles.gradient(kind, theta, x, y, [row])
        assert [told[f"g_{name}"] for name in update.names] == near(own)
        assert update.data_gradients[row] == near(own)


@given(specs(most_steps=40))
def test_the_lines_of_the_method_lead_from_update_to_update(spec: dict[str, Any]) -> None:
    run = engine.Run(engine.RunSpec.from_dict(spec))
    last = run.rows(spec["steps"], spec["steps"]).last
    hyper = {name: value for name, value in run.spec.to_dict()["optimizer"].items() if name != "name"}
    methods = [oracles.Method(spec["optimizer"]["name"], **hyper) for _ in run.parameters]
    changes = {change.step: change.optimizer for change in run.spec.changes}
    for step in range(last):
        update = engine.explain(run, step)
        assert update is not None
        for method in methods:
            method.hyper.update(changes.get(step, {}))
        moved = [method.step(*pair) for method, *pair in zip(methods, update.before, update.gradient, strict=True)]
        assert update.after == near(moved)
        for move in update.moves:
            found = formulas.evaluate(move.line.formula, move.values)
            assert found == near(move.result)
            for name in method.hyper.keys() & move.values.keys():
                assert move.values[name] == method.hyper[name]


@pytest.mark.parametrize(("model", "loss", "size"), list(product(MODELS, LOSSES, [1, 3, 64, 1000])))
def test_forward_and_backward_are_the_functions_of_model_and_loss(model: str, loss: str, size: int) -> None:
    """Run as a script, the lines give the bits of the functions that the engine descends with."""
    spec = engine.RunSpec.from_dict({"model": model, "loss": loss, "dataset": {"name": "offset-beans", "count": size}})
    objective, theta = spec.objective(), np.array([0.3, -0.2][: len(spec.parameters)])
    x, y = spec.data.x[:, 0], spec.data.y
    named: dict[str, Any] = {"np": np, "x": x, "y": y, **dict(zip(spec.parameters, theta, strict=True))}
    for part in (objective.model.forward, objective.loss.forward, objective.loss.backward, objective.model.backward):
        exec(part, named)  # noqa: S102
    prediction = objective.model.predict(theta, spec.data.x)
    assert named["y_hat"].tobytes() == prediction.tobytes()
    assert named["r"].tobytes() == (prediction - y).tobytes()
    assert named["loss"] == objective.loss.value(prediction, y).mean()
    assert named["slope"].tobytes() == objective.loss.slope(prediction, y).tobytes()
    assert named["g"].tobytes() == objective.slope(theta, spec.data.x, y).tobytes()
    start = dict(zip(spec.parameters, theta.tolist(), strict=True))
    update = explained(spec.to_dict() | {"start": start, "batch": {"size": "all"}}, 0)
    assert update.gradient.tobytes() == named["g"].tobytes()
    assert update.means["loss"] == named["loss"]
    assert [update.means[f"g_{name}"] for name in update.names] == named["g"].tolist()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_code_of_a_method_is_its_update(name: str) -> None:
    """Step by step, the lines give the bits of the function that the engine steps with."""
    method = OPTIMIZERS[name].value
    hyper = {parameter.name: parameter.default for parameter in OPTIMIZERS[name].parameters}
    theta = np.array([0.1, -3.0, 0.0])
    state = method.init(theta)
    named: dict[str, Any] = {"np": np, "theta": theta, **hyper, **dict(zip(method.memory, state, strict=True))}
    rng = np.random.default_rng(0)
    for _ in range(5):
        named["g"] = rng.normal(size=3) * [1, 100, 0]
        theta, state = method.update(theta, named["g"], state, hyper)
        exec(method.code, named)  # noqa: S102
        assert named["theta"].tobytes() == theta.tobytes()
        for memory, field in zip(method.memory, state, strict=True):
            assert np.array_equal(named[memory], field)


def test_an_update_is_the_same_whenever_it_is_asked_for() -> None:
    spec = {"optimizer": {"name": "adam"}, "batch": {"size": 7, "order": "shuffled"}, "changes": [
        {"step": 50, "optimizer": {"beta1": 0.5}}
    ]}  # fmt: skip
    run = engine.Run(engine.RunSpec.from_dict(spec))
    run.rows(0, 400)
    for step in (300, 49, 0, 50, 51, 300):
        late, fresh = engine.explain(run, step), explained(spec, step)
        assert late is not None
        assert late.rows.tolist() == fresh.rows.tolist()
        for ours, theirs in zip(late.moves, fresh.moves, strict=True):
            assert ours.values.keys() == theirs.values.keys()
            assert all(np.array_equal(ours.values[name], theirs.values[name]) for name in ours.values)


def test_the_parameters_in_force_are_used() -> None:
    spec = {"changes": [{"step": 10, "optimizer": {"learning_rate": 0.3}}]}
    assert [explained(spec, step).moves[0].values["learning_rate"] for step in (9, 10)] == [0.1, 0.3]


def test_at_the_end_the_last_update_is_told() -> None:
    assert explained({"steps": 20}, 20).step == 19
    assert explained({"steps": 20}, 10**9).step == 19
    diverged = explained({"optimizer": {"learning_rate": 3}, "batch": {"size": "all"}}, 10**6)
    assert np.isfinite(diverged.after).all()
    assert engine.explain(engine.Run(engine.RunSpec.from_dict({"steps": 0})), 0) is None


def test_of_many_rows_some_are_told_but_all_are_meant() -> None:
    spec = {"batch": {"size": "all"}, "dataset": {"name": "offset-beans", "count": 1000}}
    whole, some = explained(spec, 3), explained(spec, 3, most=50)
    assert some.count == 1000
    assert len(some.rows) == len(some.data_rows) == len(some.columns["x"]) == 50
    assert (some.rows[0], some.rows[-1]) == (0, 999)
    assert set(np.diff(some.rows)) <= {20, 21}
    assert some.means == whole.means
    assert some.gradient.tobytes() == whole.gradient.tobytes()
    assert some.columns["r"].tolist() == whole.columns["r"][some.rows].tolist()
    assert some.data_gradients.tolist() == whole.data_gradients[some.data_rows].tolist()


@pytest.mark.parametrize("code", CODES)
def test_lines_are_kept_as_they_are_written(code: str) -> None:
    assert "\n".join(line.code for line in formulas.read(code)) == code


@pytest.mark.parametrize("code", ["theta", "a, b = c", "a = open(b)", "a = b @ c", "a = 'b'", "a = b < c", "a = b[0]"])
def test_what_is_no_formula_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        formulas.read(code)
