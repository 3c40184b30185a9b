"""Files that must not be larger than asked for: drawn as well as possible first, then ever more modestly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.exports.options import Options
from app.texts import fail

LEAST_SIDE = 240  # pixels; smaller pictures cannot be read
DOUBT = 1.3  # how far a guess of a size may be off


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is spent: quality from 0 (best), and shares of the frames and of the pixels' side that were asked for.

    cost: about how large the file becomes, beside that of the first effort.
    """

    quality: int
    cost: float
    frames: float = 1.0
    side: float = 1.0

    def of(self, options: Options) -> Options:
        """The options with that many frames and pixels."""
        least = min(LEAST_SIDE / min(options.width, options.height), 1.0)
        side = max(self.side, least)
        return replace(
            options,
            width=round(options.width * side),
            height=round(options.height * side),
            frames=max(2, round(options.frames * self.frames)),
        )


class TooLarge(Exception):
    """Raised while a file is made that is too large already; `size` is what it would come to."""

    def __init__(self, size: float) -> None:
        self.size = size
        super().__init__(size)


def fitted(make: Callable[[Options, int], bytes], options: Options, efforts: Sequence[Effort]) -> bytes:
    """The first file that fits, made with options and a quality; SpecError says so if none does.

    Efforts that are sure to be too large are not made; the last one always is.
    """
    whole = 0.0  # what the first effort would come to, judged by the last one made
    for effort in efforts:
        if whole * effort.cost > DOUBT * options.max_bytes and effort is not efforts[-1]:
            continue
        try:
            made = make(effort.of(options), effort.quality)
        except TooLarge as error:
            whole = error.size / effort.cost
            continue
        if len(made) <= options.max_bytes:
            return made
        whole = len(made) / effort.cost
    raise fail("max_bytes", "too-small", got=options.max_bytes, least=round(whole * efforts[-1].cost))
