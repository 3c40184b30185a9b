"""The loss over a single parameter: the curve, the steps from point to point on it, the ball and the optimum."""

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

import engine
from app.exports.drawing import fonts
from app.exports.drawing.canvas import POINT, Box, Canvas
from app.exports.drawing.numbers import round_ticks, short
from app.exports.drawing.story import Steps, Story
from app.exports.words import say
from engine.arrays import Array

POINTS = 241


class Parabola:
    """The panel of the curve."""

    def __init__(self, canvas: Canvas, box: Box, story: Story, language: str, size: float) -> None:
        self._story, self._canvas = story, canvas
        [name] = story.trajectory.names
        values, loss = engine.surface(story.spec, **{name: (*story.window[name], POINTS)})
        low, high = float(loss.min()), float(loss.max())
        self._across = story.window[name]
        air = (high - low) or 1.0
        self._up = (low - 0.12 * air, high + 0.04 * air)
        axes = canvas.axes(box.inside(4.4 * size, 0.9 * size, 1.2 * size, 3.3 * size), size)
        axes.set(xlim=self._across, ylim=self._up)
        axes.set_xticks(ticks := round_ticks(*self._across, 6), [short(tick) for tick in ticks])
        axes.set_yticks(ticks := round_ticks(*self._up, 6), [short(tick) for tick in ticks])
        canvas.title(axes, say(language, f"plot.axis.{name}"), say(language, "plot.axis.loss"), size)
        axes.plot(values[name], loss, color=canvas.colours["surface-4"], linewidth=3 * POINT, solid_capstyle="round")
        self._mark_optimum(axes, story, say(language, "plot.optimum"), size)
        [self._path] = axes.plot([], [], linewidth=1.4 * POINT, alpha=0.8, **canvas.pen("path"))
        [self._ball] = axes.plot([], [], "o", markersize=14 * POINT, clip_on=False)

    def grown(self, first: int, last: int) -> Sequence[Artist]:
        """The steps from one row to a later one."""
        self._path.set_data(self._places(self._story.between(first, last)))
        return [self._path]

    def moving(self, step: int) -> Sequence[Artist]:
        """The ball at a step; hollow at the rim if it has left the picture."""
        x, y = (float(values[0]) for values in self._places(np.array([step])))
        place = (float(np.clip(x, *self._across)), float(np.clip(y, *self._up)))
        inside = place == (x, y)
        self._ball.set(**self._canvas.ball(hollow=not inside))
        self._ball.set_data([place[0]], [place[1]])
        return [self._ball]

    def _places(self, steps: Steps) -> tuple[Array, ...]:
        trajectory = self._story.trajectory
        return np.clip(trajectory.theta[steps, 0], -1e30, 1e30), np.clip(trajectory.loss[steps], -1e30, 1e30)

    def _mark_optimum(self, axes: Axes, story: Story, label: str, size: float) -> None:
        theory = story.theory
        if theory is None:
            return
        [at] = theory.optimum.values()
        if self._across[0] <= at <= self._across[1]:
            axes.plot(
                [at],
                [theory.optimum_loss],
                "o",
                color="none",
                markersize=17 * POINT,
                markeredgecolor=self._canvas.colours["optimum"],
                markeredgewidth=1.6 * POINT,
            )
            axes.annotate(
                label, (at, theory.optimum_loss), (0, -2.2 * size * POINT), textcoords="offset points", ha="center",
                fontsize=size * POINT, family=fonts.FAMILY, color=self._canvas.colours["optimum"],
            )  # fmt: skip
