"""The whole picture: the three panels, what is run above them, and the numbers of a step below them."""

from collections.abc import Sequence
from typing import Protocol

from matplotlib.artist import Artist

from app import locales
from app.exports.drawing import wording
from app.exports.drawing.beans import Beans
from app.exports.drawing.bowl import Bowl
from app.exports.drawing.canvas import Canvas, Pixels
from app.exports.drawing.layout import NARROW, layout, unit_of
from app.exports.drawing.losses import Losses
from app.exports.drawing.numbers import count, significant
from app.exports.drawing.parabola import Parabola
from app.exports.drawing.story import Steps, Story
from app.exports.drawing.theme import colours
from app.exports.options import Options
from app.exports.words import label, say
from engine import Status

TEXT = 12.0  # units


class Panel(Protocol):
    """One of the three views."""

    def grown(self, first: int, last: int) -> Sequence[Artist]:
        """What the steps from `first` to `last` add for good."""

    def moving(self, step: int) -> Sequence[Artist]:
        """What is only there at this step."""


class Scene:
    """Draws steps of a story, later and later ones."""

    def __init__(self, story: Story, steps: Steps, options: Options) -> None:
        self._story, self._language = story, options.lang
        unit = unit_of(options.width, options.height)
        canvas = self.canvas = Canvas(options.width, options.height, unit, colours(options.theme))
        boxes = layout(canvas.width, canvas.height)
        for box in boxes.values():
            canvas.panel(box)
        bowl = Bowl if len(story.trajectory.names) == 2 else Parabola
        self._panels: list[Panel] = [
            Beans(canvas, boxes["beans"], story, options.lang, TEXT),
            Losses(canvas, boxes["loss"], story, options.lang, TEXT),
            bowl(canvas, boxes["bowl"], story, options.lang, TEXT),
        ]
        self._head(len(steps))
        self._foot()
        self._at = 0
        canvas.begin()

    def frame(self, step: int) -> Pixels:
        """The picture of a step, which must not lie before those drawn already."""
        self.canvas.stay([artist for panel in self._panels for artist in panel.grown(self._at, step)])
        self._at = step
        moving = [artist for panel in self._panels for artist in panel.moving(step)]
        return self.canvas.frame([*moving, *self._caption(step)])

    def rewind(self) -> None:
        """Begin again with the first step."""
        self.canvas.rewind()
        self._at = 0

    def _head(self, shown: int) -> None:
        """What is run, and how many of its steps are shown."""
        canvas, spec, language = self.canvas, self._story.spec, self._language
        title = canvas.text(16, 17, label(language, "optimizers", spec.optimizer.name), 17, "ink", va="center")
        canvas.text(16, 37, wording.details(spec, language), 11, "muted", va="center")
        self._rate = canvas.text(16 + canvas.length(title) + 12, 17, "", 17, "accent", va="center")
        self._step = canvas.text(canvas.width - 16, 17, "", 15, "ink", va="center", ha="right")
        if 1 < shown <= self._story.end:
            note = say(language, "picture.shown", shown=count(shown), steps=count(self._story.end))
            canvas.text(canvas.width - 16, 37, note, 11, "muted", va="center", ha="right")

    def _foot(self) -> None:
        """Places for the numbers, and for how the run ended."""
        canvas = self.canvas
        narrow = canvas.width < NARROW
        y = canvas.height - (38 if narrow else 18)
        names = (*self._story.trajectory.names, "loss")
        self._numbers = {name: canvas.text(16 + 138 * i, y, "", 15, "ink", va="center") for i, name in enumerate(names)}
        said = locales.say(self._story.outcome.message, self._language)
        colour = "warn" if self._story.outcome.status is Status.DIVERGED else "ink"
        place, align = (16, "left") if narrow else (canvas.width - 16, "right")
        self._sentence = canvas.text(place, canvas.height - 18, said, 13, colour, va="center", ha=align, animated=True)
        canvas.shrink(self._sentence, canvas.width - (32 if narrow else 40 + 138 * len(names)))

    def _caption(self, step: int) -> list[Artist]:
        """Step, rate, parameters and loss; at the last step, how the run ended."""
        story, language = self._story, self._language
        for name, text in self._numbers.items():
            said = say(language, "plot.axis.loss") if name == "loss" else name
            text.set_text(f"{said} = {significant(float(story.trajectory.column(name)[step]))}")
        self._step.set_text(say(language, "picture.step", step=count(step), steps=count(story.steps)))
        self._rate.set_text(wording.rate(story.spec.at(step)))
        ending = [self._sentence] if step == story.end else []
        return [*self._numbers.values(), self._step, self._rate, *ending]
