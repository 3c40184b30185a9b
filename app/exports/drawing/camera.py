"""From a point of the bowl's box to the picture: a perspective camera that stands where that of the lab stands."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import Array

EYE = np.array([1.28, -0.98, 1.02])
CENTER = np.array([0.0, 0.0, -0.1])
SIDES = np.array([1.0, 1.0, 0.72])  # of the box: w, b, height


@dataclass(frozen=True, slots=True)
class Camera:
    """Ranges (3, 2) of w, b and height fill a box around the origin, which is seen from `EYE`."""

    ranges: Array

    def to_box(self, points: Array) -> Array:
        """Points (…, 3) in the box."""
        low, high = self.ranges[:, 0], self.ranges[:, 1]
        return SIDES * ((points - low) / (high - low) - 0.5)

    def project(self, points: Array) -> Array:
        """Points (…, 3) → (…, 3): across, up, and how far from the eye."""
        box = self.to_box(points) - EYE
        x, y, z = (box @ axis for axis in _axes())
        return np.stack([x / z, y / z, z], axis=-1)


def _axes() -> tuple[Array, Array, Array]:
    """Right, up and forward as the camera has them."""
    forward = _unit(CENTER - EYE)
    right = _unit(np.cross(forward, [0.0, 0.0, 1.0]))
    return right, np.cross(right, forward), forward


def _unit(vector: Array) -> Array:
    return vector / np.linalg.norm(vector)
