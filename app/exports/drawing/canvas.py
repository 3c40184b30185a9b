"""A figure with a size in pixels, a theme and a typeface, and axes that look like those of the lab."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text

from app.exports.drawing import fonts

Pixels = npt.NDArray[np.uint8]  # (height, width, 3)
PER_INCH = 100  # units of length in an inch; a unit is a pixel in a picture of 960×540
POINT = 72 / PER_INCH


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in units, y downward from the top."""

    x: float
    y: float
    width: float
    height: float

    def inside(self, left: float, top: float, right: float, bottom: float) -> "Box":
        """What is left within these margins."""
        return Box(self.x + left, self.y + top, self.width - left - right, self.height - top - bottom)


class Canvas:
    """Draws on a background that only ever gains; what moves is drawn above it and is gone with the next frame."""

    def __init__(self, width: int, height: int, unit: float, colours: Mapping[str, str]) -> None:
        fonts.install()
        self.colours = colours
        self.width, self.height = width / unit, height / unit  # in units
        size = (self.width / PER_INCH, self.height / PER_INCH)
        self.figure = Figure(figsize=size, dpi=PER_INCH * unit, facecolor=colours["paper"])
        self._agg: Any = FigureCanvasAgg(self.figure)  # which has no types
        self._background: Any = None
        self._bare: Any = None
        self._unit = unit
        # Axes over the whole figure in units, for texts and for what belongs to no panel.
        self.sheet = self.figure.add_axes((0, 0, 1, 1))
        self.sheet.set(xlim=(0, self.width), ylim=(self.height, 0))
        self.sheet.set_axis_off()

    def panel(self, box: Box) -> None:
        """A panel to draw on."""
        rounding = "round,pad=0,rounding_size=6"
        self.sheet.add_patch(
            FancyBboxPatch(
                (box.x, box.y), box.width, box.height, boxstyle=rounding,
                facecolor=self.colours["panel"], edgecolor=self.colours["hairline"], linewidth=POINT,
            )
        )  # fmt: skip

    def text(self, x: float, y: float, text: str, size: float, colour: str, **more: Any) -> Text:
        """A text at a point in units; `size` in units, `colour` a token."""
        return self.sheet.text(
            x, y, text, fontsize=size * POINT, family=fonts.FAMILY, color=self.colours[colour], **more
        )

    def length(self, text: Text) -> float:
        """How long a text is, in units."""
        return float(text.get_window_extent(self._agg.get_renderer()).width) / self._unit

    def shrink(self, text: Text, most: float) -> None:
        """Make a text smaller if it is longer than `most`."""
        text.set_fontsize(float(text.get_fontsize()) * min(1.0, most / self.length(text)))

    def axes(self, box: Box, size: float) -> Axes:
        """Axes with a quiet grid and tick labels of this size."""
        height = self.height
        place = (box.x / self.width, 1 - (box.y + box.height) / height, box.width / self.width, box.height / height)
        axes = self.figure.add_axes(place)
        axes.set_facecolor("none")
        for side in axes.spines.values():
            side.set_visible(False)
        axes.grid(color=self.colours["grid"], linewidth=POINT)
        axes.set_axisbelow(True)
        axes.tick_params(
            length=0, pad=3, labelsize=size * POINT, labelcolor=self.colours["muted"], labelfontfamily=fonts.FAMILY
        )
        return axes

    def title(self, axes: Axes, across: str, up: str, size: float) -> None:
        """Name both axes, by words: what stands between dollar signs is no formula."""
        style: dict[str, Any] = {"fontsize": size * POINT, "family": fonts.FAMILY, "color": self.colours["ink"]}
        style["parse_math"] = False
        axes.set_xlabel(across, labelpad=2, **style)
        axes.set_ylabel(up, labelpad=3, **style)

    def pen(self, colour: str) -> dict[str, Any]:
        """How a line looks that is drawn piece by piece."""
        return {"color": self.colours[colour], "solid_capstyle": "round", "solid_joinstyle": "round"}

    def ball(self, *, hollow: bool = False) -> dict[str, Any]:
        """How a ball looks; hollow where it stands for one that has left the picture."""
        face, edge = ("panel", "ball") if hollow else ("ball", "panel")
        return {
            "markerfacecolor": self.colours[face],
            "markeredgecolor": self.colours[edge],
            "markeredgewidth": 1.6 * POINT,
        }

    def begin(self) -> None:
        """Draw all that stands; after this only `stay` and `frame` draw."""
        self._agg.draw()
        self._keep()
        self._bare = self._background

    def rewind(self) -> None:
        """Forget all that was drawn since `begin`."""
        self._background = self._bare

    def stay(self, artists: Sequence[Artist]) -> None:
        """Draw artists so that they stay in every further frame."""
        if artists:
            self._restore()
            self._draw(artists)
            self._keep()

    def frame(self, artists: Sequence[Artist]) -> Pixels:
        """The picture with these artists above all that stays."""
        self._restore()
        self._draw(artists)
        shown = np.asarray(self._agg.buffer_rgba())[..., :3]
        return np.ascontiguousarray(shown)

    def _draw(self, artists: Sequence[Artist]) -> None:
        renderer = self._agg.get_renderer()
        for artist in artists:
            artist.draw(renderer)

    def _keep(self) -> None:
        self._background = self._agg.copy_from_bbox(self.figure.bbox)

    def _restore(self) -> None:
        self._agg.restore_region(self._background)
