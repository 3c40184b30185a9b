"""A run as a file: a table, a picture, a film, a page, a script, a notebook; one module for each format.

    exports.export(spec, "gif")                                        # bytes
    exports.export(spec, "py", exports.Options(lang="zh"))

Pictures and films need the extra `export`; without it `SpecError` says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from app.exports import options as choices
from app.exports.options import Options
from app.exports.progress import Progress, silent
from app.queries import LANG, Query
from app.texts import fail
from engine import RunSpec

__all__ = ["FORMATS", "Format", "Options", "Progress", "export", "file_name", "stream"]

_EXTRA = ("matplotlib", "PIL", "pylopdf_fonts_zh_cn")


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the module that writes it, its media type, its options, and the packages of the extra that it needs.

    A format that `computes` does the run, which may take long; the others only write of it.
    """

    name: str
    module: str
    media_type: str
    help: str
    options: tuple[Query, ...] = ()
    needs: tuple[str, ...] = ()
    computes: bool = True

    @property
    def available(self) -> bool:
        """Whether what it needs is installed."""
        return all(find_spec(package) is not None for package in self.needs)

    def read(self, given: dict[str, Any]) -> Options:
        """The options given, over the defaults of this format."""
        known = {field.name for field in fields(Options)}
        defaults = {query.name: query.default for query in self.options}
        chosen = defaults | {name: value for name, value in given.items() if value is not None}
        return Options(**{name: value for name, value in chosen.items() if name in known and value is not None})


_TEXT = (LANG, *choices.NAMES)
_PICTURE = (*_TEXT, choices.THEME, choices.MAX_BYTES)
_FILM = (*_PICTURE, *choices.size(960, 540), choices.SECONDS)
FORMATS = {
    kind.name: kind
    for kind in (
        Format("csv", "table", "text/csv; charset=utf-8; header=present", "every row of it.", (choices.EVERY,)),
        Format(
            "png",
            "png",
            "image/png",
            "a picture of one step.",
            (*_PICTURE, *choices.size(1600, 900), choices.AT),
            _EXTRA,
        ),
        Format("gif", "gif", "image/gif", "a film that plays everywhere.", (*_FILM, choices.frames(100)), _EXTRA),
        Format(
            "mp4", "mp4", "video/mp4", "a film for slides and browsers.", (*_FILM, choices.frames(240)), (*_EXTRA, "av")
        ),
        Format(
            "html",
            "page",
            "text/html; charset=utf-8",
            "a page of its own, to turn and to play, without a network.",
            (*_TEXT, choices.THEME),
        ),
        Format(
            "py", "script", "text/x-python; charset=utf-8", "a script that needs NumPy alone.", _TEXT, computes=False
        ),
        Format("ipynb", "notebook", "application/x-ipynb+json", "a notebook.", _TEXT, computes=False),
    )
}


def stream(spec: RunSpec, name: str, options: Options | None = None, progress: Progress = silent) -> Iterator[bytes]:
    """The file in pieces, as they are made.

    SpecError for an unknown format, a missing extra, or a file that cannot be as small as it is asked to be.
    """
    if name not in FORMATS:
        raise fail("format", "unknown-name", kind="format", got=name[:40], expected=", ".join(FORMATS))
    kind = FORMATS[name]
    if not kind.available:
        raise fail("", "needs-extra", type=name, extra="export")
    options = options or kind.read({})
    written: Iterator[bytes] = import_module(f"app.exports.{kind.module}").write(
        _named(spec, options), options, progress
    )
    return written


def _named(spec: RunSpec, options: Options) -> RunSpec:
    """The run with points of one's own called as they are to be called; what is computed is the same."""
    points = spec.dataset.points
    if points is None:
        return spec
    x, y = options.x_name or points.x_names[0], options.y_name or points.y_name
    return replace(spec, dataset=replace(spec.dataset, points=replace(points, x_names=(x,), y_name=y)))


def export(spec: RunSpec, name: str, options: Options | None = None, progress: Progress = silent) -> bytes:
    """The whole file; see `stream`."""
    return b"".join(stream(spec, name, options, progress))


def file_name(spec: RunSpec, name: str) -> str:
    """A name that says what is in the file: bean-bowl-offset-beans-adam.gif."""
    return f"bean-bowl-{spec.dataset.name}-{spec.optimizer.name}.{name}"
