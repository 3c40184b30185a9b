"""The box around the bowl: a grid on its floor and on the two walls at the back, and the labels of its three axes."""

from collections.abc import Callable

import numpy as np
from matplotlib.collections import LineCollection

from app.exports.drawing.canvas import POINT, Canvas
from app.exports.drawing.landscape import Landscape
from app.exports.drawing.numbers import round_ticks, short
from engine.arrays import Array

ToSheet = Callable[[Array], Array]


def draw_walls(canvas: Canvas, land: Landscape, to_sheet: ToSheet, names: tuple[str, str, str], size: float) -> None:
    """Draw grid and labels; `names` of w, b and height."""
    ranges = land.camera.ranges
    (w0, w1), (b0, b1), (z0, z1) = ranges
    across, along, up = round_ticks(w0, w1, 5), round_ticks(b0, b1, 5), _heights(land)
    lines = [[(w, b0, z0), (w, b1, z0), (w, b1, z1)] for w in across]
    lines += [[(w1, b, z0), (w0, b, z0), (w0, b, z1)] for b in along]
    lines += [[(w0, b0, z), (w0, b1, z), (w1, b1, z)] for z, _ in up]
    lines += [[(w0, b0, z0), (w0, b1, z0), (w1, b1, z0)], [(w0, b1, z0), (w0, b1, z1), (w0, b1, z1)]]
    grid = LineCollection(
        [to_sheet(np.array(line)) for line in lines], colors=canvas.colours["grid"], linewidths=POINT, zorder=1
    )
    canvas.sheet.add_collection(grid, autolim=False)

    dw, db = 0.07 * (w1 - w0), 0.07 * (b1 - b0)
    labels = [((w, b0 - db, z0), short(w)) for w in across] + [((w1 + dw, b, z0), short(b)) for b in along]
    labels += [((w0 - 0.5 * dw, b0 - 0.5 * db, z), text) for z, text in up]
    for place, text in labels:
        _label(canvas, to_sheet, place, text, size, "muted")
    _label(canvas, to_sheet, ((w0 + w1) / 2, b0 - 2 * db, z0), names[0], size, "ink", "right")
    _label(canvas, to_sheet, (w1 + 2 * dw, (b0 + b1) / 2, z0), names[1], size, "ink", "left")
    x, y = to_sheet(np.array([w0, b0, z1]))
    canvas.text(x - 2 * size, y - 1.4 * size, names[2], size, "ink")


def _heights(land: Landscape) -> list[tuple[float, str]]:
    """Heights to mark, with the loss that each stands for; of a root, losses of one digit that stand well apart.

    Not zero: its label would stand on that of w.
    """
    top = land.top
    if not land.root:
        return [(float(value), short(value)) for value in round_ticks(0, top, 5)[1:]]
    found: list[tuple[float, str]] = []
    for height in round_ticks(0, top, 5)[1:]:
        loss = float(f"{height * height:.0e}")
        at = float(np.sqrt(loss))
        if at <= top and (not found or at - found[-1][0] > top / 9):
            found.append((at, short(loss)))
    return found


def _label(
    canvas: Canvas,
    to_sheet: ToSheet,
    place: tuple[float, float, float],
    text: str,
    size: float,
    colour: str,
    align: str = "center",
) -> None:
    x, y = to_sheet(np.array(place))
    canvas.text(x, y, text, size, colour, ha=align, va="center")
