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
