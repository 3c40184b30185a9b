"""gif: a run as a film that plays everywhere, over and over.

Each frame holds only what differs from the one before: the rest is transparent. That makes the file ten times smaller
than whole frames would.
"""

import struct
from collections.abc import Iterator

import numpy as np
from PIL import GifImagePlugin, Image

from app.exports import fitting
from app.exports.drawing import story
from app.exports.drawing.canvas import Pixels
from app.exports.drawing.palette import Codes, Indices, Palette, codes
from app.exports.drawing.scene import Scene
from app.exports.drawing.story import Steps
from app.exports.fitting import Effort, TooLarge
from app.exports.options import Options
from app.exports.progress import Progress
from engine import RunSpec

COLOURS = (255, 127, 63, 31)  # by quality; one more is the transparent one
SAMPLES = 5  # frames that the palette is made from
TRANSPARENT = 255
LAST_STAYS = 2000  # milliseconds
SLOWEST, FASTEST, TICK = 500, 20, 10  # milliseconds; browsers slow down what is faster
EFFORTS = (
    Effort(0, cost=1.0),
    Effort(1, cost=0.9),
    Effort(2, cost=0.8),
    Effort(2, cost=0.6, frames=0.7, side=0.9),
    Effort(2, cost=0.45, frames=0.6, side=0.8),
    Effort(2, cost=0.3, frames=0.5, side=0.65),
    Effort(3, cost=0.2, frames=0.4, side=0.5),
    Effort(3, cost=0.1, frames=0.2, side=0.4),
    Effort(3, cost=0.05, frames=0.1, side=0.3),
)


def write(spec: RunSpec, options: Options, progress: Progress) -> Iterator[bytes]:
    """The film."""
    told = story.tell(spec, progress)

    def make(options: Options, quality: int) -> bytes:
        steps = story.frames(told, options.frames)
        scene = Scene(told, steps, options)
        palette = _palette(scene, steps, COLOURS[quality], options.theme)
        film = Film(palette, _delay(len(steps), options.seconds))
        for number, step in enumerate(steps.tolist()):
            progress(number, len(steps))
            film.add(scene.frame(step), last=number == len(steps) - 1)
            if len(film) > options.max_bytes:
                raise TooLarge(film.expected(number + 1, len(steps)))
        return film.finish()

    yield fitting.fitted(make, options, EFFORTS)


def _delay(frames: int, seconds: int) -> int:
    """How long each frame stays, in milliseconds."""
    delay = round(1000 * seconds / frames / TICK) * TICK
    return min(max(delay, FASTEST), SLOWEST)


def _palette(scene: Scene, steps: Steps, colours: int, theme: str) -> Palette:
    """The colours that serve all frames, found from some of them."""
    some = steps[np.unique(np.linspace(0, len(steps) - 1, SAMPLES).round().astype(int))]
    samples = [codes(scene.frame(step)) for step in some.tolist()]
    scene.rewind()
    return Palette(samples, colours, theme)


class Film:
    """A GIF that grows frame by frame."""

    def __init__(self, palette: Palette, delay: int) -> None:
        self._palette = palette
        self._delay = delay
        self._pieces: list[bytes] = []
        self._length = self._first = 0
        self._codes: Codes | None = None
        self._indices: Indices

    def __len__(self) -> int:
        """Bytes so far."""
        return self._length

    def expected(self, done: int, frames: int) -> float:
        """How long the file will be, now that so many of its frames are done; the first one weighs the most."""
        return self._first + (self._length - self._first) * (frames - 1) / max(done - 1, 1)

    def add(self, frame: Pixels, *, last: bool) -> None:
        """One more frame."""
        wanted = codes(frame)
        if self._codes is None:
            self._append(_header(frame, self._palette))
            self._indices = self._palette.indices(wanted)
            corner, part = (0, 0), self._indices
        else:
            # Only what has changed is looked up.
            changed = wanted != self._codes
            indices = self._indices.copy()
            indices[changed] = self._palette.indices(wanted[changed])
            corner, part = _difference(self._indices, indices)
            self._indices = indices
        self._codes = wanted
        piece = Image.fromarray(part)
        piece.putpalette(bytes(self._palette))
        delay = self._delay + (LAST_STAYS if last else 0)
        self._append(*GifImagePlugin.getdata(piece, corner, duration=delay, transparency=TRANSPARENT, disposal=1))
        self._first = self._first or self._length

    def finish(self) -> bytes:
        """The whole file."""
        return b"".join([*self._pieces, b";"])

    def _append(self, *pieces: bytes) -> None:
        self._pieces += pieces
        self._length += sum(len(piece) for piece in pieces)


def _difference(before: Indices, after: Indices) -> tuple[tuple[int, int], Indices]:
    """The smallest rectangle that holds all that differs, the rest transparent: its corner and its content."""
    differs = before != after
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return (0, 0), np.full((1, 1), TRANSPARENT, dtype=np.uint8)
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return (int(columns[0]), int(rows[0])), np.where(differs[part], after[part], np.uint8(TRANSPARENT))


def _header(frame: Pixels, palette: Palette) -> bytes:
    """What stands before the frames: size, colours, and that it plays for ever."""
    height, width, _ = frame.shape
    screen = struct.pack("<6sHHBBB", b"GIF89a", width, height, 0b11110111, 0, 0)
    forever = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
    return screen + bytes(palette) + forever
