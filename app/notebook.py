"""Results in a notebook as a Plotly figure; the small table they show by themselves is the engine's.

from app.notebook import figure

figure(engine.run(spec))
"""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from app.sweepfigure import sweep_figure
from engine import RunResult, Table, Trajectory, loss_surface, window

PATH, BALL, BEST, BEANS = "#9a2a10", "#e0570f", "#1f3a5f", "#4d7c6f"
SURFACE = [[0.0, "#fbf4da"], [0.25, "#c3dfbd"], [0.5, "#80c9bf"], [0.75, "#5ba9c1"], [1.0, "#4d87b7"]]
CELLS = 80
MOST_POINTS = 2000
LAYOUT: dict[str, Any] = {
    "template": "plotly_white",
    "height": 380,
    "showlegend": False,
    "margin": {"l": 60, "r": 20, "t": 80, "b": 50},
}


def figure(result: RunResult | Table) -> go.Figure:
    """The way of a run down its bowl beside its loss over the steps; of a sweep, how its runs ended."""
    return sweep_figure(result) if isinstance(result, Table) else _run_figure(result)


def _run_figure(result: RunResult) -> go.Figure:
    rows = _thinned(result.trajectory)
    shown = make_subplots(cols=2, subplot_titles=[_title(result), "Loss over steps"])
    draw = _bowl if len(rows.names) == 2 else _parabola
    for trace in draw(result, rows):
        shown.add_trace(trace, row=1, col=1)
    shown.add_trace(_line(rows.step, rows.loss, PATH), row=1, col=2)
    if result.theory is not None and result.theory.optimum_loss > 0:
        shown.add_hline(result.theory.optimum_loss, line_dash="dot", line_color=BEST, row=1, col=2)
    shown.update_layout(title=result.outcome.sentence, **LAYOUT)
    names = [*rows.names, "loss"]
    shown.update_xaxes(title=names[0], row=1, col=1)
    shown.update_yaxes(title=names[1], row=1, col=1)
    shown.update_xaxes(title="step", row=1, col=2)
    shown.update_yaxes(title="loss", type="log", row=1, col=2)
    return shown


def _title(result: RunResult) -> str:
    return f"{result.spec.optimizer.name} on {result.spec.dataset.name}"


def _bowl(result: RunResult, rows: Trajectory) -> list[Any]:
    """Contours of the loss, the path over them, the ball at its end and the optimum."""
    w, b = (np.linspace(*window(result.spec)[name], CELLS) for name in rows.names)
    loss = loss_surface(
        result.spec, **{name: (axis[0], axis[-1], CELLS) for name, axis in zip(rows.names, (w, b), strict=True)}
    )
    contours = go.Contour(
        x=w, y=b, z=np.sqrt(loss), colorscale=SURFACE, showscale=False, hoverinfo="skip", ncontours=24
    )
    marks = [
        contours,
        _line(rows.theta[:, 0], rows.theta[:, 1], PATH),
        _mark(rows.theta[-1, 0], rows.theta[-1, 1], BALL),
    ]
    if result.theory is not None:
        optimum = result.theory.optimum
        marks.append(_mark(optimum[rows.names[0]], optimum[rows.names[1]], BEST, symbol="circle-open", size=14))
    return marks


def _parabola(result: RunResult, rows: Trajectory) -> list[Any]:
    """The loss over the one parameter there is, with the way of the run on it."""
    [name] = rows.names
    low, high = window(result.spec)[name]
    curve = loss_surface(result.spec, **{name: (low, high, 2 * CELLS)})
    w, loss = rows.column(name), rows.loss
    return [_line(np.linspace(low, high, 2 * CELLS), curve, BEANS), _line(w, loss, PATH), _mark(w[-1], loss[-1], BALL)]


def _line(x: Any, y: Any, color: str) -> Any:
    return go.Scatter(x=x, y=y, mode="lines", line={"color": color, "width": 2})


def _mark(x: float, y: float, color: str, **more: Any) -> Any:
    style = {"color": color, "size": 11, "line": {"width": 2, "color": color}} | more
    return go.Scatter(x=[x], y=[y], mode="markers", marker=style)


def _thinned(rows: Trajectory) -> Trajectory:
    """As many rows as a figure can show, the last one among them."""
    every = -(-len(rows) // MOST_POINTS)
    kept = np.append(np.arange(0, len(rows) - 1, every), len(rows) - 1)
    return Trajectory(rows.names, rows.step[kept], rows.theta[kept], rows.loss[kept])
