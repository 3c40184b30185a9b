"""ipynb: the script in cells with text, and a picture of the line and the loss; notebook format 4."""

from collections.abc import Iterator
from typing import Any

import orjson

from app.exports import recipe, script
from app.exports.options import Options
from app.exports.progress import Progress
from app.exports.words import say
from engine import RunSpec

PICTURE = """\
import plotly.graph_objects as go
from plotly.subplots import make_subplots

rows = history if history[-1][0] == final[0] else [*history, final]
ends = np.array([min(x.min(), 0.0), x.max()])
picture = make_subplots(cols=2, subplot_titles=[{beans}, {loss}])
picture.add_trace(go.Scatter(x=x, y=y, mode="markers", marker={{"color": "#4d7c6f"}}), row=1, col=1)
picture.add_trace(go.Scatter(x=ends, y=predict(final[1:-1], ends), line={{"color": "#c2410c"}}), row=1, col=1)
picture.add_trace(
    go.Scatter(x=[row[0] for row in rows], y=[row[-1] for row in rows], line={{"color": "#c2410c"}}), row=1, col=2
)
picture.update_xaxes(title="x", col=1)
picture.update_yaxes(title="y", col=1)
picture.update_xaxes(title={step}, col=2)
picture.update_yaxes(type="log", exponentformat="power", col=2)
picture.update_layout(template="plotly_white", showlegend=False)
picture.show()
"""


def write(spec: RunSpec, options: Options, progress: Progress) -> Iterator[bytes]:
    """The notebook, as JSON."""
    language = options.lang
    title = f"# {say(language, 'script.title')}\n\n{script.facts(spec, language)} {say(language, 'script.run-with')}"
    cells = [_markdown(title)]
    for part in recipe.parts(spec, history=True):
        cells += [_markdown(_text(part, language)), _code(part.code)]
    quoted = {
        "beans": say(language, "script.heading.data"),
        "loss": say(language, "script.heading.loss"),
        "step": say(language, "script.step"),
    }
    picture = PICTURE.format(**{name: f'"{word}"' for name, word in quoted.items()})
    heading = say(language, "script.heading.picture")
    cells += [_markdown(f"## {heading}\n\n{say(language, 'script.picture')}"), _code(picture)]
    notebook = {
        "cells": [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    yield orjson.dumps(notebook, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _text(part: recipe.Part, language: str) -> str:
    """A part's text below its heading, if it has one."""
    text = script.text(part, language)
    subject = part.key.partition(".")[0]
    if subject in {"import", "changes"}:
        return text
    return f"## {say(language, f'script.heading.{subject}')}\n\n{text}"


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _lines(text)}


def _code(text: str) -> dict[str, Any]:
    source = _lines(text.rstrip("\n"))
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
