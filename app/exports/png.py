"""png: one step of a run as a picture."""

from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image

from app.exports import fitting
from app.exports.drawing import story
from app.exports.drawing.canvas import Pixels
from app.exports.drawing.palette import Palette, codes
from app.exports.drawing.scene import Scene
from app.exports.fitting import Effort
from app.exports.options import END, Options
from app.exports.progress import Progress
from engine import RunSpec

COLOURS = (None, 256, 64)  # by quality; None: all of them
EFFORTS = (
    Effort(0, cost=1.0),
    Effort(1, cost=0.4),
    Effort(1, cost=0.25, side=0.7),
    Effort(2, cost=0.2, side=0.7),
    Effort(2, cost=0.12, side=0.5),
    Effort(2, cost=0.05, side=0.3),
)


def write(spec: RunSpec, options: Options, progress: Progress) -> Iterator[bytes]:
    """The picture of the step asked for, or of the last one."""
    told = story.tell(spec, progress, None if options.at == END else options.at)

    def make(options: Options, quality: int) -> bytes:
        frame = Scene(told, np.array([told.end]), options).frame(told.end)
        colours = COLOURS[quality]
        picture = Image.fromarray(frame) if colours is None else _in_few(frame, colours, options.theme)
        file = BytesIO()
        picture.save(file, "PNG", optimize=True)
        return file.getvalue()

    yield fitting.fitted(make, options, EFFORTS)


def _in_few(frame: Pixels, colours: int, theme: str) -> Image.Image:
    palette = Palette([codes(frame)], colours, theme)
    picture = Image.fromarray(palette.indices(codes(frame)))
    picture.putpalette(bytes(palette))
    return picture
