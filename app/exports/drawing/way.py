"""The way of a run over a landscape: each step straight from here to there, but never below the surface."""

from dataclasses import dataclass

import numpy as np

from app.exports.drawing.landscape import Landscape, Mask
from app.exports.drawing.story import Steps
from engine.arrays import Array

LONGEST = 0.025  # piece of a way, as a share of the window: a longer one is bent where the surface is
MOST_PIECES = 100_000


@dataclass(frozen=True, slots=True)
class Way:
    """points (N, 3), NaN where the way has left the window; the row that each leads to; whether it is hidden."""

    points: Array
    rows: Steps
    hidden: Mask


def over(land: Landscape, places: Array) -> Way:
    """The way through places (rows, 2)."""
    corner, size = np.array([land.w[0], land.b[0]]), np.array([np.ptp(land.w), np.ptp(land.b)])
    shares = (places - corner) / size
    start, end = shares[:-1], shares[1:]
    enter, leave = _clipped(start, end)
    with np.errstate(all="ignore"):
        lengths = np.nan_to_num(np.maximum(leave - enter, 0) * np.abs(end - start).max(axis=-1), posinf=0)
    # Each segment becomes the ends of its pieces, from where it enters to where it leaves, and a NaN if it does leave.
    counts = np.maximum(np.ceil(lengths / max(LONGEST, lengths.sum() / MOST_PIECES)), 1).astype(np.int64)
    of = np.repeat(np.arange(len(start)), counts + 2)
    within = np.arange(len(of)) - np.repeat(np.cumsum(counts + 2) - (counts + 2), counts + 2)
    along = np.minimum(within / counts[of], 1.0)
    first, last = (_at(land, corner, size, start, end, share) for share in (enter, leave))
    straight = first[of] + along[:, np.newaxis] * (last - first)[of]
    points = land.raised(straight[:, :2])
    points[:, 2] = np.maximum(points[:, 2], straight[:, 2])
    points[(within > counts[of]) & (leave[of] < 1) | (enter >= leave)[of]] = np.nan
    points = np.concatenate([_first(land, places, corner, size), points])
    return Way(points, np.concatenate([[0], of + 1]), land.hidden(points))


def _at(land: Landscape, corner: Array, size: Array, start: Array, end: Array, share: Array) -> Array:
    """Where segments are at a share of their length, raised above the surface; outside, at the nearest edge."""
    with np.errstate(all="ignore"):
        places = start + share[:, np.newaxis] * (end - start)
    return land.raised(corner + size * np.clip(np.nan_to_num(places), 0, 1))


def _first(land: Landscape, places: Array, corner: Array, size: Array) -> Array:
    inside = bool(((places[0] >= corner) & (places[0] <= corner + size)).all())
    return land.raised(places[:1]) if inside else np.full((1, 3), np.nan)


def _clipped(start: Array, end: Array) -> tuple[Array, Array]:
    """From and up to which share segments lie in the unit square (Liang and Barsky); none does if from ≥ up to."""
    with np.errstate(all="ignore"):
        step = end - start
        to_low, to_high = -start / step, (1 - start) / step
    still = step == 0
    outside = still & ((start < 0) | (start > 1))
    enter = np.where(still, np.where(outside, np.inf, -np.inf), np.minimum(to_low, to_high)).max(axis=-1)
    leave = np.where(still, np.inf, np.maximum(to_low, to_high)).min(axis=-1)
    return np.clip(enter, 0, 1), np.clip(leave, 0, 1)
