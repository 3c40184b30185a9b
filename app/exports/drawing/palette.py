"""Pictures in few colours: the theme's own exactly, and those that serve the rest best."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from app.exports.drawing.canvas import Pixels
from app.exports.drawing.theme import SURFACE, colours

Indices = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.uint32]  # red, green and blue in one number

# Differences of green are seen best, those of blue worst.
_SEEN = np.array([2, 4, 3])
_REFINEMENTS = 3


def codes(frame: Pixels) -> Codes:
    """The colours of a picture as numbers, (height, width)."""
    red, green, blue = np.moveaxis(frame.astype(np.uint32), -1, 0)
    packed: Codes = red << 16 | green << 8 | blue
    return packed


class Palette:
    """At most so many colours for pictures like the samples; `colours` (n, 3)."""

    def __init__(self, samples: Sequence[Codes], most: int, theme: str) -> None:
        found = np.unique(np.concatenate([sample.ravel() for sample in samples]))
        own = _theme(theme)
        # Every colour counts once: the few pixels of a ball matter as much as a wide background.
        each = Image.fromarray(_unpacked(found)[np.newaxis])
        rest = each.quantize(most - len(own), Image.Quantize.MAXCOVERAGE, kmeans=_REFINEMENTS, dither=Image.Dither.NONE)
        self.colours = np.concatenate([own, np.array(rest.getpalette("RGB"), dtype=np.uint8).reshape(-1, 3)])[:most]

    def indices(self, wanted: Codes) -> Indices:
        """The nearest colour for each colour wanted, (…) → (…)."""
        different, where = np.unique(wanted, return_inverse=True)
        distance = (_unpacked(different)[:, np.newaxis].astype(np.int32) - self.colours.astype(np.int32)) ** 2
        nearest = (distance @ _SEEN).argmin(axis=1).astype(np.uint8)
        found: Indices = nearest[where].reshape(wanted.shape)
        return found

    def __bytes__(self) -> bytes:
        """The palette as 256 colours of three bytes."""
        return self.colours.tobytes().ljust(3 * 256, b"\0")


def _theme(theme: str) -> Pixels:
    """The colours of text, lines and panels."""
    tokens = {colour for token, colour in colours(theme).items() if token not in SURFACE}
    return np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in sorted(tokens)], dtype=np.uint8)


def _unpacked(packed: Codes) -> Pixels:
    return np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=-1).astype(np.uint8)
