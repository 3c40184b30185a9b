"""The loss over the steps: a logarithmic height, and changes of the method marked."""

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedFormatter, FixedLocator

from app.exports.drawing import fonts, wording
from app.exports.drawing.canvas import POINT, Box, Canvas
from app.exports.drawing.numbers import count, power_of_ten, round_ticks, short
from app.exports.drawing.story import Steps, Story
from app.exports.words import say
from engine.arrays import Array

LONG = 200  # steps; a longer run has a logarithmic axis of steps too, as its first steps are the eventful ones
BOUNDS = (1e-300, 1e300)  # of what has a logarithm


class Losses:
    """The panel of the loss."""

    def __init__(self, canvas: Canvas, box: Box, story: Story, language: str, size: float) -> None:
        self._story, self._canvas, self._size = story, canvas, size
        self._long = story.end > LONG
        plot = box.inside(4.6 * size, 1.7 * size, 2 * size, 3.2 * size)
        axes = canvas.axes(plot, size)
        low, high = _range(story)
        end = float(self._across(np.array([max(story.end, 1)]))[0])
        axes.set(xlim=(0, end), ylim=(low, high))
        self._label_steps(axes.xaxis)
        _label_losses(axes.yaxis, low, high, max(int(plot.height / (1.6 * size)), 2))
        key = "picture.axis.step.log" if self._long else "plot.axis.step"
        canvas.title(axes, say(language, key), say(language, "plot.axis.loss"), size)
        self._mark_changes(axes, end / plot.width)
        [self._grown] = axes.plot([], [], linewidth=1.5 * POINT, **canvas.pen("line"))
        [self._ball] = axes.plot([], [], "o", markersize=8 * POINT, clip_on=False, **canvas.ball())

    def grown(self, first: int, last: int) -> Sequence[Artist]:
        """The loss from one step to a later one."""
        steps = self._story.between(first, last)
        self._grown.set_data(self._across(steps), self._up(steps))
        return [self._grown]

    def moving(self, step: int) -> Sequence[Artist]:
        """The ball at a step."""
        at = np.array([step])
        self._ball.set_data(self._across(at), self._up(at))
        return [self._ball]

    def _across(self, steps: Steps) -> Array:
        return np.log10(1.0 + steps) if self._long else steps.astype(np.float64)

    def _up(self, steps: Steps) -> Array:
        return np.log10(np.clip(self._story.trajectory.loss[steps], *BOUNDS))

    def _label_steps(self, axis: Axis) -> None:
        end = max(self._story.end, 1)
        if self._long:
            ticks = np.array([0, *(10 ** np.arange(int(np.log10(end)) + 1))])
        else:
            ticks = np.array([int(tick) for tick in round_ticks(0, end, 5) if tick == int(tick)])
        axis.set_major_locator(FixedLocator(self._across(ticks).tolist()))
        axis.set_major_formatter(FixedFormatter([count(tick) for tick in ticks.tolist()]))

    def _mark_changes(self, axes: Axes, per_unit: float) -> None:
        """A line at each change, and what was changed, wherever that is legible."""
        size, colour = 0.85 * self._size, self._canvas.colours["muted"]
        free = 0.0
        for step, changed in self._story.changes.items():
            at = float(self._across(np.array([step]))[0])
            axes.axvline(at, color=colour, linewidth=POINT, linestyle=(0, (2, 2)))
            text = wording.values(self._story.spec, changed)
            width = 0.55 * size * len(text) * per_unit
            start = min(at, axes.get_xlim()[1] - width)
            if start >= free:
                axes.text(
                    start, 1.02, text, transform=axes.get_xaxis_transform(),
                    fontsize=size * POINT, family=fonts.FAMILY, color=colour,
                )  # fmt: skip
                free = start + width + size * per_unit


def _range(story: Story) -> tuple[float, float]:
    """Decimal logarithms of the losses drawn, with some air."""
    loss = np.clip(story.trajectory.loss[story.drawn], *BOUNDS)
    low, high = float(np.log10(loss.min())), float(np.log10(loss.max()))
    air = max(0.06 * (high - low), 0.05)
    return low - air, high + air


def _label_losses(axis: Axis, low: float, high: float, most: int) -> None:
    """Powers of ten where there are enough of them, else round numbers between."""
    first, last = int(np.ceil(low)), int(np.floor(high))
    if last - first >= 2:
        every = -(-(last - first + 1) // min(most, 6))
        marks = [(float(exponent), power_of_ten(exponent)) for exponent in range(first, last + 1, every)]
    else:
        values = [k * 10.0**exponent for exponent in range(first - 1, last + 1) for k in (1, 2, 5)]
        values = [value for value in values if 10**low <= value <= 10**high]
        if len(values) < 2:
            values = [value for value in round_ticks(10**low, 10**high, 4).tolist() if value > 0]
        marks = [(float(np.log10(value)), short(value)) for value in values[:: -(-len(values) // most)]]
    axis.set_major_locator(FixedLocator([at for at, _ in marks]))
    axis.set_major_formatter(FixedFormatter([text for _, text in marks]))
