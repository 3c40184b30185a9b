"""The beans, size across and toxicity up, with the line that has been learnt so far."""

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist

from app.exports.drawing.canvas import POINT, Box, Canvas
from app.exports.drawing.numbers import round_ticks, short
from app.exports.drawing.story import Story
from app.exports.words import quantity, say
from engine import MODELS
from engine.arrays import Array

MOST_BEANS = 5000


class Beans:
    """The panel of the beans."""

    def __init__(self, canvas: Canvas, box: Box, story: Story, language: str, size: float) -> None:
        data = story.spec.data
        x, y = data.x[:, 0], data.y
        self._across, up = _around(x), _around(y)
        axes = canvas.axes(box.inside(4.6 * size, size, 2 * size, 3.2 * size), size)
        axes.set(xlim=self._across, ylim=up)
        axes.set_xticks(ticks := round_ticks(*self._across, 5), [short(tick) for tick in ticks])
        axes.set_yticks(ticks := round_ticks(*up, 5), [short(tick) for tick in ticks])
        canvas.title(axes, quantity(language, data.x_names[0]), quantity(language, data.y_name), size)
        shown = np.unique(np.linspace(0, len(y) - 1, min(len(y), MOST_BEANS)).round().astype(int))
        crowd = min(np.sqrt(100 / len(shown)), 1.0)
        axes.plot(
            x[shown], y[shown], "o", markersize=(3 + 3 * crowd) * POINT, alpha=0.35 + 0.5 * crowd,
            color=canvas.colours["bean"], markeredgewidth=0,
        )  # fmt: skip
        if len(shown) < len(y):
            note = say(language, "plot.thinned", shown=len(shown), count=len(y))
            canvas.text(box.x + 3.9 * size, box.y + 1.7 * size, note, 0.9 * size, "muted")
        [self._line] = axes.plot([], [], color=canvas.colours["line"], linewidth=2.6 * POINT, solid_capstyle="round")
        self._predict = MODELS[story.spec.model].value.predict
        self._theta = story.trajectory.theta

    def grown(self, first: int, last: int) -> Sequence[Artist]:  # noqa: ARG002 - panels are asked alike
        """Nothing stays."""
        return ()

    def moving(self, step: int) -> Sequence[Artist]:
        """The line at a step."""
        ends = np.array(self._across)
        # A line as steep as it gets is drawn no further than the picture can tell.
        self._line.set_data(ends, np.clip(self._predict(self._theta[step], ends[:, np.newaxis]), -1e30, 1e30))
        return [self._line]


def _around(values: Array) -> tuple[float, float]:
    """All values and zero, with some air, so that b can be read where the line meets the axis."""
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    air = 0.06 * ((high - low) or 1.0)
    return low - air, high + air
