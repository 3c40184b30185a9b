"""mp4: a run as a video (H.264, 4:2:0, ready to play from its first bytes), as browsers and slides take it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from platform import machine
from tempfile import TemporaryDirectory

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from app.exports import fitting
from app.exports.drawing import story
from app.exports.drawing.scene import Scene
from app.exports.fitting import Effort, TooLarge
from app.exports.options import Options
from app.exports.progress import Progress
from engine import RunSpec

PER_SECOND = 30
LAST_STAYS = 2 * PER_SECOND  # frames
SLOWEST = PER_SECOND // 2  # frames that a step stays at most
RATE_FACTORS = (18, 24, 30, 36)  # of x264, by quality
EFFORTS = (
    Effort(0, cost=1.0),
    Effort(1, cost=0.6),
    Effort(2, cost=0.4),
    Effort(2, cost=0.25, frames=0.7, side=0.8),
    Effort(3, cost=0.12, frames=0.5, side=0.65),
    Effort(3, cost=0.08, frames=0.4, side=0.5),
    Effort(3, cost=0.05, frames=0.2, side=0.35),
)
BT709 = 1
# On a busy machine, x264's code for newer processors makes of the same pictures now and then another file. That for
# what every processor of this kind has does not, and takes as long: most of the time goes to the drawing.
ASSEMBLY = {"x264-params": "asm=MMX,MMXEXT,SSE,SSE2"} if machine().lower() in {"x86_64", "amd64"} else {}


def write(spec: RunSpec, options: Options, progress: Progress) -> Iterator[bytes]:
    """The video."""
    told = story.tell(spec, progress)

    def make(options: Options, quality: int) -> bytes:
        # Colours are stored for two by two pixels.
        options = replace(options, width=options.width // 2 * 2, height=options.height // 2 * 2)
        with TemporaryDirectory(prefix="beanbowl-") as folder:
            # The index goes to the front when all is written, for which the file must be on a disk.
            path = Path(folder) / "film.mp4"
            _film(path, told, options, quality, progress)
            return path.read_bytes()

    yield fitting.fitted(make, options, EFFORTS)


def _film(path: Path, told: story.Story, options: Options, quality: int, progress: Progress) -> None:
    steps = story.frames(told, options.frames)
    scene = Scene(told, steps, options)
    with av.open(path, "w", format="mp4", options={"movflags": "+faststart"}) as file:
        video = file.add_stream("libx264", rate=PER_SECOND)
        video.width, video.height, video.pix_fmt = options.width, options.height, "yuv420p"
        video.options = {"crf": str(RATE_FACTORS[quality]), "preset": "veryfast", "tune": "stillimage", **ASSEMBLY}
        context = video.codec_context
        context.color_primaries = context.color_trc = context.colorspace = BT709
        context.color_range = ColorRange.MPEG
        size = first = 0
        ends = _ends(len(steps), options.seconds)
        for number, (step, start, end) in enumerate(zip(steps.tolist(), [0, *ends], ends, strict=False)):
            progress(number, len(steps))
            picture = av.VideoFrame.from_ndarray(scene.frame(step), format="rgb24")
            frame = picture.reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            for at in range(start, end):
                frame.pts = at
                for packet in video.encode(frame):
                    size += packet.size
                    first = first or size
                    file.mux(packet)
            if size > options.max_bytes:
                raise TooLarge(first + (size - first) * len(steps) / (number + 1))
        file.mux(video.encode())


def _ends(steps: int, seconds: int) -> list[int]:
    """The frame before which each step gives way to the next."""
    total = min(max(seconds * PER_SECOND, steps), steps * SLOWEST)
    ends = np.linspace(0, total, steps + 1)[1:].round().astype(int)
    ends[-1] += LAST_STAYS
    found: list[int] = ends.tolist()
    return found
