"""Where a command writes its result: to a file that is there whole or not at all, or to standard output."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from errno import EISDIR, ENOENT
from pathlib import Path
from tempfile import NamedTemporaryFile

from app import tabular
from app.commands.failures import Failed
from app.texts import fail

MEDIA_TYPES = {
    "json": tabular.JSON,
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "arrow": "application/vnd.apache.arrow.stream",
}


def add(parser: ArgumentParser) -> None:
    """The arguments that say where to and in which form."""
    meaning = "form of the result (default: by the name of the file, or json)"
    parser.add_argument("--format", choices=MEDIA_TYPES, help=meaning)
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help="file to write; - is standard output")


def media_type(options: Namespace) -> str:
    """The form that is asked for; SpecError if there is no such, Failed if it cannot be had."""
    suffix = _ending(options.output)
    check_ending(options.output, options.format or suffix, MEDIA_TYPES)
    if options.format is None and suffix and suffix not in MEDIA_TYPES:
        raise fail("--output", "unknown-name", kind="ending", got=f".{suffix}", expected=", ".join(MEDIA_TYPES))
    chosen = MEDIA_TYPES[options.format or suffix or "json"]
    form = tabular.FORMS.get(chosen)
    if form is not None and not form.available:
        raise Failed(f"this form needs the extra: pip install 'beanbowl[{form.extra}]'")
    return chosen


def check_ending(name: str, form: str, forms: Container[str]) -> None:
    """SpecError if the name of a file says that it is in one of these forms, and that is another one."""
    ending = _ending(name)
    if ending in forms and ending != form:
        raise fail("--output", "other-form", got=f".{ending}", expected=f".{form}")


def _ending(name: str) -> str:
    return Path(name).suffix.removeprefix(".").lower()


def write(options: Namespace, pieces: Iterable[bytes]) -> None:
    """Write all pieces; BrokenPipeError if the reader has had enough, OSError names what cannot be written."""
    if options.output == "-":
        with _named("standard output"):
            sys.stdout.buffer.writelines(pieces)
            sys.stdout.buffer.flush()
        return
    path = Path(options.output)
    if path.is_symlink():
        path = path.resolve()
    if not path.parent.is_dir():
        raise FileNotFoundError(ENOENT, "no such folder", str(path.parent))
    if path.is_dir():
        raise IsADirectoryError(EISDIR, "this is a folder, and no file", str(path))
    with _named(options.output):
        if path.exists() and not path.is_file():
            # A device or a pipe takes what comes; a file in its place would be another thing.
            with path.open("wb") as taker:
                taker.writelines(pieces)
        else:
            _replace(path, pieces)


@contextmanager
def _named(output: str) -> Iterator[None]:
    """Let what goes wrong be of the output, as it was given, and not of whatever file is used for it."""
    try:
        yield
    except OSError as error:
        error.filename = output
        raise


def _replace(path: Path, pieces: Iterable[bytes]) -> None:
    """Make the file, or make it anew once all of it is there."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.writelines(pieces)
            file.close()
            # Made for its owner alone; what is kept is to be as readable as any file.
            Path(file.name).chmod(0o666 & ~_umask())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
