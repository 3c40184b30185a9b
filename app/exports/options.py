"""What can be said of an export beside the run: each option defined once, for REST, the command line and Python."""

from dataclasses import dataclass

from app import queries
from app.locales import LANGUAGES
from app.queries import Query
from engine import RunSpec
from engine.messages import fail

THEMES = ("light", "dark", "projector")
LEAST_SIDE, MOST_SIDE = 400, 1920
END = -1  # as a step: the last one

EVERY = queries.whole("every", 1, 1, 10**9, "Keep rows 0, K, 2·K, … and always the last one.")
AT = queries.whole("at", END, END, 10**9, "The step to show; −1 for the last one.")
SECONDS = queries.whole("seconds", 8, 1, 120, "How long the film is, about; the last step stays two seconds more.")
NAMES = (
    queries.line("x_name", 60, "What x of points of one's own is called; else size."),
    queries.line("y_name", 60, "What y of points of one's own is called; else toxicity."),
)
THEME = queries.one_of("theme", THEMES, "theme", "Colours of the picture.")
MAX_BYTES = queries.whole(
    "max_bytes", 5_000_000, 10_000, 10**9, "Largest file; fewer colours, frames and pixels are used until it fits."
)


def frames(default: int) -> Query:
    """How many steps are shown."""
    return queries.whole("frames", default, 2, 1000, "Most steps shown; of a longer run, more where more happens.")


def size(width: int, height: int) -> tuple[Query, Query]:
    """How large the picture is."""
    return (
        queries.whole("width", width, LEAST_SIDE, MOST_SIDE, "Width in pixels."),
        queries.whole("height", height, LEAST_SIDE // 2, MOST_SIDE, "Height in pixels."),
    )


@dataclass(frozen=True, slots=True)
class Options:
    """The options of all formats; a format looks at those that concern it."""

    lang: str = LANGUAGES[0]
    x_name: str = ""
    y_name: str = ""
    theme: str = THEMES[0]
    width: int = 960
    height: int = 540
    frames: int = 100
    seconds: int = SECONDS.default
    max_bytes: int = MAX_BYTES.default
    every: int = EVERY.default
    at: int = AT.default

    def check(self, spec: RunSpec) -> None:
        """SpecError where they ask for what the run does not have."""
        if self.at > spec.steps:
            raise fail("at", "out-of-range", low=0, high=spec.steps, got=self.at)
