"""A sweep as a Plotly figure: how far its runs came, and how fast, against what was varied."""

from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from engine import Table, analyse
from engine.keys import all_keys, column

# Told apart with any kind of colour vision: Okabe and Ito's, without the yellow.
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
MOST_LINES = 14
MOST_POINTS = 2000
LAYOUT: dict[str, Any] = {
    "template": "plotly_white",
    "height": 380,
    "margin": {"l": 60, "r": 20, "t": 80, "b": 50},
}
Grid = npt.NDArray[Any]


def sweep_figure(table: Table) -> go.Figure:
    """The excess loss at the end, and the steps to the goal if there was one, against the learning rate.

    If that does not vary, against the first number that does. A line for each combination of the other keys, with its
    learning rate's limit where that is known; of very many lines the first ones, as the title says.
    """
    panels = {"excess_loss": "Excess loss at the end", "steps_to_goal": "Steps to the goal"}
    if np.isnan(table["excess_loss"]).all():
        panels = {"loss": "Loss at the end"}
    elif table.goal is None:
        del panels["steps_to_goal"]
    shown = make_subplots(cols=len(panels), subplot_titles=list(panels.values()))
    along = _along(table)
    rows = _rows(table, along)
    drawn = rows[:MOST_LINES, :: -(-rows.shape[1] // MOST_POINTS)]
    for line, own in enumerate(drawn):
        color, limit = COLORS[line % len(COLORS)], _limit(table, along, own)
        label = _label(table, along, own, limit)
        for col, name in enumerate(panels, start=1):
            shown.add_trace(_line(table, along, own, name, color, label if col == 1 else None), row=1, col=col)
        if limit is not None:
            shown.add_vline(limit, line_dash="dot", line_color=color, row=1, col="all")
    left_out = f"; the first {len(drawn)} of {len(rows)} lines" if len(drawn) < len(rows) else ""
    shown.update_layout(title=table.sentence + left_out, showlegend=True, **LAYOUT)
    shown.update_xaxes(title=along or "run", type=_scale(table, along))
    shown.update_yaxes(type="log", exponentformat="power")
    return shown


def _along(table: Table) -> str | None:
    """The key of the horizontal axis: the rate, else the first of numbers, else the first; None if nothing varies."""
    rate = f"optimizer.{table.spec.method.rate}"
    numbers = [key for key, values in table.vary.items() if not any(isinstance(value, str) for value in values)]
    return rate if rate in table.vary else next(iter(numbers or table.vary), None)


def _rows(table: Table, along: str | None) -> Grid:
    """The rows of the table by the combinations of the other keys, and along that key: (lines, values)."""
    places = np.arange(table.runs).reshape(table.shape or (1,))
    axis = 0 if along is None else list(table.vary).index(along)
    return np.moveaxis(places, axis, -1).reshape(-1, places.shape[axis])


def _scale(table: Table, along: str | None) -> str:
    """The kind of the horizontal axis: as the catalogue spaces this number."""
    parameter = None if along is None else all_keys()[along]
    values = [] if along is None else table.vary[along]
    if parameter is None or any(isinstance(value, str) for value in values):
        return "linear" if along is None else "category"
    return "log" if parameter.scale == "log" and min(values) > 0 else "linear"


def _line(table: Table, along: str | None, rows: Grid, name: str, color: str, label: str | None) -> Any:
    """One curve; what did not come to the goal, or has no finite loss, is left out of it."""
    x = rows if along is None else table[column(along)][rows]
    y = table[name][rows].astype(np.float64)
    usable = np.isfinite(y) & (y >= 0) & (table["status"][rows] != "diverged")
    return go.Scatter(
        x=x,
        y=np.where(usable, y, np.nan),
        mode="lines+markers",
        marker={"size": 4},
        line={"color": color, "width": 2},
        name=label,
        showlegend=bool(label),
    )


def _label(table: Table, along: str | None, rows: Grid, limit: float | None) -> str:
    """What a line has of the other keys, and its limit."""
    columns = (column(key) for key in table.vary if key != along)
    named = [f"{name} {table[name][rows[0]]}" for name in columns]
    return ", ".join([*named, *([] if limit is None else [f"limit {limit:.3g}"])])


def _limit(table: Table, along: str | None, rows: Grid) -> float | None:
    """The learning rate at which the runs of a line stop contracting, where the line is over learning rates."""
    spec = table.run_spec(int(rows[0]))
    if along != f"optimizer.{spec.method.rate}":
        return None
    theory = analyse(spec)
    return None if theory is None else theory.learning_rate_limit
