"""The loss over two parameters as the pictures draw it: its height, and what is hidden behind it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

import engine
from app.exports.drawing.camera import EYE, SIDES, Camera
from engine import RunSpec
from engine.arrays import Array

CELLS = 80  # to a side
FINE = 160  # the same, where it is looked at what is hidden
LIFT = 0.012  # of a path above the surface, of its greatest height
RAY = np.linspace(0.01, 1.2, 60)  # how far towards the eye something is looked for that stands before a point
AT_ONCE = 20_000  # rays

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Landscape:
    """w (n,), b (m,), height (m, n): the root of a squared error, which has the units of y, else the loss."""

    w: Array
    b: Array
    height: Array
    root: bool

    @property
    def title(self) -> str:
        """The key of the height's name."""
        return "plot.height.root" if self.root else "plot.height.linear"

    @property
    def top(self) -> float:
        """The greatest height."""
        return float(self.height.max()) or 1.0

    @property
    def lift(self) -> float:
        """How far a path runs above the surface."""
        return LIFT * self.top

    @property
    def camera(self) -> Camera:
        """The camera that sees it whole."""
        return Camera(np.array([self.w[[0, -1]], self.b[[0, -1]], [0.0, 1.02 * self.top]]))

    def at(self, points: Array) -> Array:
        """The height between the grid's points, (…, 2) → (…); outside, that of the nearest edge; NaN at NaN."""
        u, v = np.moveaxis(np.clip(self._shares(points), 0, 1) * CELLS, -1, 0)
        i, j = (np.minimum(np.nan_to_num(each).astype(int), CELLS - 1) for each in (u, v))
        u, v = u - i, v - j
        low = self.height[j, i] * (1 - u) + self.height[j, i + 1] * u
        high = self.height[j + 1, i] * (1 - u) + self.height[j + 1, i + 1] * u
        found: Array = low * (1 - v) + high * v
        return found

    def hidden(self, points: Array) -> Mask:
        """Whether the surface stands between the eye and points (…, 3) on it or above it, (…)."""
        found = self._hides_itself(points[..., :2])
        above = points[..., 2] > self.at(points[..., :2]) + 1.5 * self.lift
        aloft = points[above]
        parts = [self._hides(aloft[i : i + AT_ONCE]) for i in range(0, len(aloft), AT_ONCE)]
        found[above] = np.concatenate([*parts, np.empty(0, dtype=np.bool_)])
        return found

    def _hides_itself(self, points: Array) -> Mask:
        """The same for points (w, b) on the surface, (…, 2) → (…)."""
        u, v = np.moveaxis(np.nan_to_num(np.clip(self._shares(points), 0, 1)) * FINE, -1, 0)
        found: Mask = self._shade[np.rint(v).astype(int), np.rint(u).astype(int)]
        return found

    @cached_property
    def _shade(self) -> Mask:
        """The same on a grid, (FINE + 1, FINE + 1)."""
        ends = self.camera.ranges[:2]
        w, b = np.meshgrid(*(np.linspace(low, high, FINE + 1) for low, high in ends.tolist()))
        return self._hides(self.raised(np.stack([w, b], axis=-1)))

    def _hides(self, points: Array) -> Mask:
        """The same by a look along the ray from each point to the eye."""
        box = self.camera.to_box(points)
        rays = box[..., np.newaxis, :] + RAY[:, np.newaxis] * (EYE - box)[..., np.newaxis, :]
        low, high = self.camera.ranges.T
        inside = (np.abs(rays[..., :2]) <= 0.5).all(axis=-1)
        below = (rays / SIDES + 0.5) * (high - low) + low
        shade: Mask = (inside & (self.at(below[..., :2]) > below[..., 2])).any(axis=-1)
        return shade

    def _shares(self, points: Array) -> Array:
        """Points (…, 2) as shares of the window."""
        shares: Array = (points - [self.w[0], self.b[0]]) / [np.ptp(self.w), np.ptp(self.b)]
        return shares

    def raised(self, points: Array) -> Array:
        """Points (…, 2) with the height at which a path runs above the surface, (…, 3)."""
        return np.concatenate([points, (self.at(points) + self.lift)[..., np.newaxis]], axis=-1)


def landscape(spec: RunSpec, window: dict[str, tuple[float, float]]) -> Landscape:
    """The landscape of a run of two parameters, over a window."""
    axes = {name: (*limits, CELLS + 1) for name, limits in window.items()}
    values, loss = engine.surface(spec, **axes)
    root = spec.loss == "squared-error"
    return Landscape(values["w"], values["b"], np.sqrt(loss) if root else loss, root)


def to_rim(place: Array, low: Array, high: Array) -> tuple[Array, bool]:
    """A place (P,), or where the way to it from the middle of the window leaves it; and whether it is inside."""
    middle, reach = (low + high) / 2, (high - low) / 2
    beyond = float((np.abs(place - middle) / reach).max())
    return (place, True) if beyond <= 1 else (middle + (place - middle) / beyond, False)
