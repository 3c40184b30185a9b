"""Results in a notebook: a small table by themselves, a Plotly figure on request."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

import engine
from app.notebook import MOST_POINTS, figure


def run(**spec: Any) -> engine.RunResult:
    return engine.run(engine.RunSpec.from_dict(spec))


def test_a_run_shows_its_ends_as_a_table() -> None:
    result = run(steps=100)
    shown = result._repr_html_()
    assert shown.count("<tr>") == 1 + 9
    assert "<th>step</th><th>w</th><th>b</th><th>loss</th>" in shown
    assert f"{result.final['loss']:.6g}" in shown
    assert result.outcome.sentence in shown
    assert "101 rows" in shown


def test_a_short_run_is_shown_whole() -> None:
    shown = run(steps=8, model="proportional")._repr_html_()
    assert shown.count("<tr>") == 1 + 9
    assert "…" not in shown


@pytest.mark.parametrize("model", ["line", "proportional"])
def test_a_figure_shows_the_way_and_the_loss(model: str) -> None:
    result = run(model=model, steps=5000, optimizer={"learning_rate": 0.3})
    shown = figure(result)
    assert isinstance(shown, go.Figure)
    assert shown.layout.title.text == result.outcome.sentence
    lines = [trace for trace in shown.data if trace.type == "scatter" and trace.mode == "lines"]
    way, loss = lines[-2:]
    assert len(loss.x) <= MOST_POINTS + 1
    assert (loss.x[0], loss.x[-1]) == (0, 5000)
    np.testing.assert_array_equal(loss.y[-1], result.final["loss"])
    assert way.x[-1] == result.final["w"]
    assert way.y[-1] == result.final["b" if model == "line" else "loss"]


def test_a_diverged_run_has_a_figure_too() -> None:
    result = run(optimizer={"learning_rate": 3}, batch={"size": "all"})
    assert "Diverged" in figure(result).layout.title.text
    assert figure(run(steps=0)).data


RATES = {"from": 0.01, "to": 1, "count": 30, "scale": "log"}


def swept(vary: dict[str, Any], goal: float | None = 1e-3, **spec: Any) -> engine.Table:
    return engine.sweep(engine.RunSpec.from_dict(spec), vary, None if goal is None else {"excess_loss": goal})


def test_a_sweep_shows_a_few_rows_and_how_many_there_are() -> None:
    table = swept({"optimizer.learning_rate": RATES}, steps=300)
    shown = table._repr_html_()
    assert shown.count("<tr>") == 1 + 9
    assert "<th>optimizer.learning_rate</th><th>w</th><th>b</th><th>loss</th><th>excess_loss</th>" in shown
    assert f"{table['loss'][-1]:.6g}" in shown
    diverged = int((table["status"] == "diverged").sum())
    assert 0 < diverged < 30
    assert f"30 runs: {30 - diverged} finished, {diverged} diverged. 30 rows" in shown


def test_a_sweep_is_drawn_against_the_rate_with_the_limit() -> None:
    table = swept({"optimizer.learning_rate": RATES}, steps=300)
    shown = figure(table)
    assert (shown.layout.xaxis.type, shown.layout.yaxis.type) == ("log", "log")
    assert shown.layout.xaxis.title.text == "optimizer.learning_rate"
    excess, steps = shown.data
    well = table["status"] == "finished"
    np.testing.assert_array_equal(excess.x, table["optimizer.learning_rate"])
    np.testing.assert_array_equal(excess.y[well], table["excess_loss"][well])
    assert np.isnan(excess.y[~well]).all()
    reached = table["steps_to_goal"] >= 0
    np.testing.assert_array_equal(steps.y[reached & well], table["steps_to_goal"][reached & well])
    theory = engine.analyse(table.spec)
    assert theory is not None
    assert {line.x0 for line in shown.layout.shapes} == {theory.learning_rate_limit}
    assert [line.name for line in shown.data] == [f"limit {theory.learning_rate_limit:.3g}", None]


def test_a_sweep_of_more_keys_has_a_line_for_each_combination_of_the_others() -> None:
    vary = {"batch.size": [1, 10, "all"], "optimizer.learning_rate": RATES, "batch.order": ["sequential", "random"]}
    table = swept(vary, goal=None, steps=50)
    shown = figure(table)
    assert len(shown.data) == 6
    line = next(line for line in shown.data if line.name.startswith("batch.size 10, batch.order random"))
    own = (table["batch.order"] == "random") & (table["batch.size"] == 10)
    well = table["status"][own] == "finished"
    np.testing.assert_array_equal(line.x, table["optimizer.learning_rate"][own])
    np.testing.assert_array_equal(line.y[well], table["excess_loss"][own][well])
    # Each line has the limit of its own batches.
    assert len({mark.x0 for mark in shown.layout.shapes}) > 3


def test_what_is_left_out_of_a_figure_is_said() -> None:
    shown = figure(swept({"start.w": [*range(3000)], "seed": [*range(20)]}, steps=0))
    assert (len(shown.data), len(shown.data[0].x)) == (2 * 14, 1500)
    assert "the first 14 of 20 lines" in shown.layout.title.text


def test_each_run_of_a_sweep_has_its_spec() -> None:
    table = swept({"model": ["line", "proportional"], "seed": [3, 4], "start.w": [0.0, 1.0, 2.0]}, steps=20)
    for row in (0, 5, 7, 11):
        alone = run(**{key: value for key, value in table.run_spec(row).to_dict().items() if value is not None})
        assert alone.spec.model == table["model"][row]
        assert alone.final["w"] == pytest.approx(table["w"][row], rel=1e-12)


@pytest.mark.parametrize("vary", [{}, {"optimizer.name": ["adam", "momentum"]}, {"steps": [0, 10]}])
def test_any_sweep_has_a_figure(vary: dict[str, Any]) -> None:
    assert figure(swept(vary, steps=10)).data
    assert figure(swept(vary, steps=10, loss="absolute-error")).data[0].y[0] > 0
