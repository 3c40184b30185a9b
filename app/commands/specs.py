"""Runs and sweeps as they are given on the command line: a JSON file, `-` for standard input, or flags."""

import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections import Counter
from pathlib import Path
from typing import Any

from app import bodies
from app.texts import fail
from engine.keys import NAMES, all_keys, put
from engine.registry import show

PREFIX = "spec:"


def add_file(parser: ArgumentParser, what: str, *, optional: bool) -> None:
    """A positional argument for the JSON."""
    meaning = f"{what}; - reads it from a pipe"
    parser.add_argument("file", metavar="SPEC.json", nargs="?" if optional else None, help=meaning)


def add_flags(parser: ArgumentParser) -> None:
    """A flag for everything that makes a run, named by its path in the JSON and shorter where that is clear."""
    group = parser.add_argument_group("the run", "Each overrides what the file says.")
    keys = all_keys()
    ends = Counter(key.rpartition(".")[2] for key in keys)
    for key, parameter in keys.items():
        end = key.rpartition(".")[2]
        names = [_flag(key.removesuffix(".name"))]
        names += [_flag(end)] if ends[end] == 1 and _flag(end) not in names else []
        if parameter is None:
            meaning = "one of " + ", ".join(NAMES[key])
        else:
            words = ", or all" if key == "batch.size" else ""
            meaning = f"{parameter.help} {show(parameter.low)} to {show(parameter.high)}{words}"
        group.add_argument(
            *names, dest=PREFIX + key, default=SUPPRESS, metavar="X", type=_value, help=meaning.replace("%", "%%")
        )


def read(options: Namespace) -> dict[str, Any]:
    """The JSON of the file with what the flags say; SpecError or OSError if it cannot be had."""
    spec = {} if options.file is None else bodies.parse_object(_text(options.file))
    for name, value in vars(options).items():
        if name.startswith(PREFIX):
            key = name.removeprefix(PREFIX)
            group, _, inner = key.partition(".")
            if inner and not isinstance(spec.get(group, {}), dict | None):
                raise fail(group, "expected-object", got=str(spec[group])[:40])
            put(spec, key, value)
    return spec


def _text(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _flag(name: str) -> str:
    return "--" + name.replace(".", "-").replace("_", "-")


def _value(text: str) -> Any:
    """A number if it looks like one, else a word: what may stand there is for the engine to say."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
