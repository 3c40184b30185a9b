"""The loss over two parameters as a bowl: the surface, the path of the run over it, the ball and the optimum."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from app.exports.drawing.canvas import POINT, Box, Canvas
from app.exports.drawing.landscape import landscape, to_rim
from app.exports.drawing.story import Story
from app.exports.drawing.theme import SURFACE
from app.exports.drawing.walls import draw_walls
from app.exports.drawing.way import over
from app.exports.words import say
from engine.arrays import Array

CONTOURS = 14
LIGHT = np.array([0.35, -0.5, 0.8])


class Bowl:
    """The panel of the bowl."""

    def __init__(self, canvas: Canvas, box: Box, story: Story, language: str, size: float) -> None:
        self._canvas, self._size = canvas, size
        self._land = landscape(story.spec, story.window)
        self._camera = self._land.camera
        self._fit(box.inside(3.2 * size, 0.6 * size, 3.2 * size, 2.6 * size))
        names = (say(language, "plot.axis.w"), say(language, "plot.axis.b"), say(language, self._land.title))
        draw_walls(canvas, self._land, self._to_sheet, names, size)
        self._surface()
        self._optimum(story, say(language, "plot.optimum"))
        self._path(story)
        [self._ball] = canvas.sheet.plot([], [], "o", markersize=13 * POINT)

    def grown(self, first: int, last: int) -> Sequence[Artist]:
        """The path from one step to a later one: pale where the bowl's wall stands before it."""
        start, stop = np.searchsorted(self._steps, [first, last], side="right")
        part = slice(max(int(start) - 1, 0), int(stop))
        for line, shown in ((self._behind, self._hidden), (self._before, ~self._hidden)):
            points = np.where(shown[part, np.newaxis], self._points[part], np.nan)
            line.set_data(points[:, 0], points[:, 1])
        return [self._behind, self._before]

    def moving(self, step: int) -> Sequence[Artist]:
        """The ball at a step; hollow at the rim if it has left the picture."""
        low, high = self._camera.ranges[:2].T
        place, inside = to_rim(self._way[step], low, high)
        self._ball.set(**self._canvas.ball(hollow=not inside))
        [[x, y]] = self._to_sheet(self._land.raised(place[np.newaxis]))
        self._ball.set_data([x], [y])
        return [self._ball]

    def _fit(self, box: Box) -> None:
        """Make the box of the bowl as large as fits."""
        corners = np.stack(np.meshgrid(*self._camera.ranges, indexing="ij"), axis=-1).reshape(-1, 3)
        places = self._camera.project(corners)[:, :2]
        low, high = places.min(axis=0), places.max(axis=0)
        self._scale = min(box.width / (high - low)[0], box.height / (high - low)[1])
        middle = np.array([box.x + box.width / 2, box.y + box.height / 2])
        self._shift = middle - self._scale * np.array([1, -1]) * (low + high) / 2

    def _to_sheet(self, points: Array) -> Array:
        """Points (…, 3) of w, b and height in units of the sheet, (…, 2)."""
        places: Array = self._shift + self._scale * np.array([1, -1]) * self._camera.project(points)[..., :2]
        return places

    def _surface(self) -> None:
        """The surface from the far side to the near one, and lines of equal loss on it."""
        land, colours = self._land, self._canvas.colours
        w, b = np.meshgrid(land.w, land.b)
        points = np.stack([w, b, land.height], axis=-1)
        flat = self._to_sheet(points)
        corners = np.stack([flat[:-1, :-1], flat[:-1, 1:], flat[1:, 1:], flat[1:, :-1]], axis=2).reshape(-1, 4, 2)
        height = (land.height[:-1, :-1] + land.height[1:, 1:] + land.height[:-1, 1:] + land.height[1:, :-1]) / 4
        shades = LinearSegmentedColormap.from_list("surface", [colours[stop] for stop in SURFACE])
        faces = shades(height.ravel() / land.top)
        faces[:, :3] = np.clip(faces[:, :3] * _light(self._camera.to_box(points)).reshape(-1, 1), 0, 1)
        distance = self._camera.project(points)[..., 2]
        far_first = np.argsort(-(distance[:-1, :-1] + distance[1:, 1:]).ravel(), kind="stable")
        # Each face is drawn with an edge of its own colour, or the background would shine through between them.
        self._canvas.sheet.add_collection(
            PolyCollection(
                list(corners[far_first]),
                facecolors=faces[far_first],
                edgecolors=faces[far_first],
                linewidths=0.5 * POINT,
                zorder=2,
            ),
            autolim=False,
        )
        lines = [self._to_sheet(part) for part in self._equal_losses()]
        self._canvas.sheet.add_collection(
            LineCollection(lines, colors=colours["ink"], alpha=0.4, linewidths=0.7 * POINT, zorder=2), autolim=False
        )

    def _equal_losses(self) -> list[Array]:
        """Lines of equal loss, only where they can be seen."""
        land = self._land
        levels = land.top * np.arange(1, CONTOURS) / CONTOURS
        drawn = Figure().add_subplot().contour(land.w, land.b, land.height, levels=levels)
        parts = []
        for level, segments in zip(levels, drawn.allsegs, strict=True):
            for segment in filter(len, segments):
                line = np.concatenate([segment, np.full((len(segment), 1), level)], axis=-1)
                seen = ~land.hidden(line)
                cuts = np.flatnonzero(np.diff(seen)) + 1
                parts += [
                    part for part, shown in zip(np.split(line, cuts), np.split(seen, cuts), strict=True) if shown[0]
                ]
        return parts

    def _optimum(self, story: Story, label: str) -> None:
        """Where the loss is least, if it is known and in the picture."""
        if story.theory is None:
            return
        place = np.array([[story.theory.optimum[name] for name in story.trajectory.names]])
        low, high = self._camera.ranges[:2].T
        if not ((place >= low) & (place <= high)).all():
            return
        [[x, y]] = self._to_sheet(self._land.raised(place))
        colours, size = self._canvas.colours, self._size
        ring: dict[str, Any] = {"markeredgecolor": colours["optimum"], "markeredgewidth": 1.6 * POINT}
        self._canvas.sheet.plot([x], [y], "o", color="none", markersize=17 * POINT, **ring)
        self._canvas.sheet.plot([x], [y], "o", color=colours["optimum"], markersize=2.5 * POINT)
        halo = [withStroke(linewidth=2.5 * POINT, foreground=colours["surface-0"])]
        self._canvas.text(x + size, y + 2 * size, label, size, "optimum", path_effects=halo)

    def _path(self, story: Story) -> None:
        """Lay out the path: its points on the sheet, which of them are hidden, and the step that each leads to."""
        self._way = story.trajectory.theta
        way = over(self._land, self._way[story.drawn])
        self._points, self._steps, self._hidden = self._to_sheet(way.points), story.drawn[way.rows], way.hidden
        pen = self._canvas.pen("path")
        [self._before] = self._canvas.sheet.plot([], [], linewidth=1.8 * POINT, **pen)
        [self._behind] = self._canvas.sheet.plot([], [], linewidth=1.4 * POINT, alpha=0.3, **pen)
        start = self._points[0]
        if not np.isnan(start).any():
            self._canvas.sheet.plot(
                [start[0]], [start[1]], "o", color="none", markersize=7 * POINT,
                markeredgecolor=self._canvas.colours["path"], markeredgewidth=1.4 * POINT,
            )  # fmt: skip


def _light(box: Array) -> Array:
    """How bright each face of the surface is, (rows, columns)."""
    across, along = box[:-1, 1:] - box[:-1, :-1], box[1:, :-1] - box[:-1, :-1]
    normal = np.cross(across, along)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    towards = LIGHT / np.linalg.norm(LIGHT)
    brightness: Array = 0.84 + 0.22 * np.clip(normal @ towards, 0, 1)
    return brightness
