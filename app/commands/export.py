"""`beanbowl export`: one run as a file: a picture, a film, a page, a script, a notebook, a table."""

import sys
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace
from typing import Any

from app import exports
from app.commands import output, specs
from app.commands.failures import Failed
from app.commands.progress import Bar
from app.exports import FORMATS
from app.queries import Query
from app.settings import Settings
from app.texts import fail
from engine import RunSpec, SpecError

HELP = "write one run as a file"


def add(parser: ArgumentParser) -> None:
    """What it takes."""
    kinds = "; ".join(f"{kind.name}: {kind.help.rstrip('.')}" for kind in FORMATS.values())
    parser.add_argument("kind", metavar="FORMAT", choices=FORMATS, help=kinds)
    specs.add_file(parser, "the run as JSON", optional=True)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        default="",
        help="file to write; - is standard output (default: a name of its own, which is said)",
    )
    group = parser.add_argument_group("the file")
    for query, formats in _queries().values():
        words = f" One of {', '.join(query.schema['enum'])}." if "enum" in query.schema else ""
        meaning = f"{query.help}{words} ({', '.join(formats)})".replace("%", "%%")
        flag = f"--{query.name.replace('_', '-')}"
        group.add_argument(
            flag, dest=f"option:{query.name}", default=SUPPRESS, metavar="X", type=_type(query), help=meaning
        )
    specs.add_flags(parser)


def main(options: Namespace, _: Settings) -> int:
    """Make the file and write it."""
    kind = FORMATS[options.kind]
    given = {name.removeprefix("option:"): value for name, value in vars(options).items() if name.startswith("option:")}
    for name in given.keys() - {query.name for query in kind.options}:
        raise fail(name, "unknown-key", expected=", ".join(query.name for query in kind.options))
    output.check_ending(options.output, kind.name, {*FORMATS, *output.MEDIA_TYPES})
    spec = RunSpec.from_dict(specs.read(options))
    chosen = kind.read(given)
    chosen.check(spec)
    named = bool(options.output)
    options.output = options.output or exports.file_name(spec, kind.name)
    if not kind.available:
        raise Failed(f"{kind.name} needs the extra: pip install 'beanbowl[export]'")
    bar = Bar("frames" if "frames" in {query.name for query in kind.options} else "steps")
    try:
        output.write(options, exports.stream(spec, kind.name, chosen, bar.show))
    finally:
        bar.close()
    if not named:
        print(options.output, file=sys.stderr)
    return 0


def _queries() -> dict[str, tuple[Query, list[str]]]:
    """Every option once, with the formats that have it."""
    found: dict[str, tuple[Query, list[str]]] = {}
    for kind in FORMATS.values():
        for query in kind.options:
            found.setdefault(query.name, (query, []))[1].append(kind.name)
    return found


def _type(query: Query) -> Any:
    def parse(text: str) -> Any:
        try:
            return query.read(text, query.name)
        except SpecError as error:
            raise ArgumentTypeError(str(error).partition(": ")[2]) from None

    return parse
