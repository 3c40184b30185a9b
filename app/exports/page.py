"""html: a run as a page of its own, with the lab's figures, to turn and to play without a network.

The lab's own modules are written into it as `data:` addresses under names of an import map. Its policy forbids it to
ask anybody for anything.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

import engine
from app import answers, locales
from app.exports.drawing import story, wording
from app.exports.drawing.numbers import count
from app.exports.drawing.story import Story
from app.exports.options import Options
from app.exports.progress import Progress
from app.exports.words import label, say, words
from app.resources import Resource, folder, package_file
from engine import RunSpec, Status

MOST_ROWS = 4000
START = "player.js"
SHEETS = ("theme.css", "player.css")
WORDS = ("player.", "plot.", "readout.")  # that the figures and the player use, by how their keys begin
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' data: blob:; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)

_IMPORT = re.compile(r"""^((?:import|export)\b[^;"']*?)(["'])(\.{1,2}/[^"']+)\2""", flags=re.MULTILINE)


def write(spec: RunSpec, options: Options, progress: Progress) -> Iterator[bytes]:
    """The page."""
    told = story.tell(spec, progress)
    steps = story.frames(told, MOST_ROWS)
    language = options.lang
    note = ""
    if len(steps) <= told.end:
        note = say(language, "picture.shown", shown=count(len(steps)), steps=count(told.end))
    html = _template().render(
        language=language,
        theme=options.theme,
        policy=POLICY,
        t=words(language).__getitem__,
        title=label(language, "optimizers", spec.optimizer.name),
        details=wording.details(spec, language),
        note=note,
        diverged=told.outcome.status is Status.DIVERGED,
        style=Markup("\n".join(_text(f"css/{name}") for name in SHEETS)),  # noqa: S704 - our own files
        imports=_json({"imports": _modules()}),
        story=_json(_story(told, steps, language)),
        plotter=Markup(b64encode(_plotly().compressed).decode()),  # noqa: S704 - letters and digits
        start=Markup(f'import "{START}";'),  # noqa: S704
    )
    yield html.encode()


def _story(told: Story, steps: story.Steps, language: str) -> dict[str, Any]:
    """What the player shows; its shape stands in static/js/player.js."""
    spec, trajectory = told.spec, told.trajectory
    axes, loss = engine.surface(spec)
    return {
        "run": {
            "spec": spec.to_dict() | {"dataset": {"name": spec.dataset.name}},
            "parameters": trajectory.names,
            "data": answers.data(spec.data),
            "surface": answers.surface(axes, loss),
            "theory": answers.theory(told.theory, language),
        },
        "step": steps,
        "columns": [trajectory.column(name)[steps] for name in (*trajectory.names, "loss")],
        "rates": [(step, wording.rate(spec.at(step))) for step in (0, *told.changes)],
        "words": {key: text for key, text in words(language).items() if key.startswith(WORDS)},
        "sentence": locales.say(told.outcome.message, language),
    }


def _json(content: Any) -> Markup:
    """JSON that cannot end the script element that it stands in."""
    text = answers.dumps(content).decode()
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - JSON has "<" in strings alone


@cache
def _modules() -> dict[str, str]:
    """The player and all that it imports, as `data:` addresses by name."""
    root = folder("static") / "js"
    found: dict[str, str] = {}
    waiting = [root / START]
    while waiting:
        path = waiting.pop()
        name = path.relative_to(root).as_posix()
        if name in found:
            continue
        text = path.read_text(encoding="utf-8")
        imported = {match[3]: (path.parent / match[3]).resolve() for match in _IMPORT.finditer(text)}
        waiting += imported.values()
        text = _IMPORT.sub(lambda match, names=imported: f'{match[1]}"{_named(names[match[3]], root)}"', text)  # type: ignore[misc]
        found[name] = f"data:text/javascript;base64,{b64encode(text.encode()).decode()}"
    return found


def _named(path: Path, root: Path) -> str:
    return path.relative_to(root.resolve()).as_posix()


def _text(name: str) -> str:
    return (folder("static") / name).read_text(encoding="utf-8")


@cache
def _plotly() -> Resource:
    return Resource.read(package_file("plotly", "package_data/plotly.min.js"))


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(folder("templates"))
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined).get_template(
        "player.html"
    )
