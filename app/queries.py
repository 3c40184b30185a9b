"""Query parameters: each defined once, read strictly, and described for OpenAPI."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection

from app.locales import LANGUAGES
from app.texts import fail
from engine import Problem, SpecError
from engine.messages import brief
from engine.registry import ParamSpec

MOST_DIGITS = 4000  # in a whole number: Python reads no more than 4300


@dataclass(frozen=True, slots=True)
class Query:
    """A query parameter: its name, how it is read, its default, its JSON Schema and what it means."""

    name: str
    read: Callable[[str, str], Any]
    default: Any
    schema: dict[str, Any]
    help: str

    def to_openapi(self) -> dict[str, Any]:
        """The parameter object of OpenAPI."""
        return {
            "name": self.name,
            "in": "query",
            "required": False,
            "description": self.help,
            "schema": self.schema,
        }


def whole(name: str, default: int, low: int, high: int, meaning: str) -> Query:
    """A whole number."""
    parameter = ParamSpec(name, name, default, low, high, meaning, integer=True)

    def read(text: str, path: str) -> int:
        digits = text[1:] if text[:1] == "-" else text
        number = int(text) if digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS else text
        return int(parameter.read(number, path))

    schema = {"type": "integer", "minimum": low, "maximum": high, "default": default}
    return Query(name, read, default, schema, meaning)


def number(name: str, parameter: ParamSpec, meaning: str) -> Query:
    """A number within the bounds of a parameter, or None."""

    def read(text: str, path: str) -> float:
        try:
            value: float | str = float(text)
        except ValueError:
            value = text[:40]
        return float(parameter.read(value, path))

    schema = {"type": "number", "minimum": parameter.low, "maximum": parameter.high}
    return Query(name, read, None, schema, meaning)


def line(name: str, longest: int, meaning: str) -> Query:
    """A line of text, or None."""

    def read(text: str, path: str) -> str:
        text = text.strip()
        if not 1 <= len(text) <= longest or not text.isprintable():
            raise fail(path, "expected-line", limit=longest, got=brief(text))
        return text

    return Query(name, read, None, {"type": "string", "minLength": 1, "maxLength": longest}, meaning)


def flag(name: str, default: bool, meaning: str) -> Query:
    """True or false."""
    words = {"true": True, "false": False}

    def read(text: str, path: str) -> bool:
        if text not in words:
            raise fail(path, "expected-boolean", got=f'"{text[:40]}"')
        return words[text]

    return Query(name, read, default, {"type": "boolean", "default": default}, meaning)


def one_of(name: str, words: tuple[str, ...], kind: str, meaning: str) -> Query:
    """One of some words, or None."""

    def read(text: str, path: str) -> str:
        if text not in words:
            raise fail(path, "unknown-name", kind=kind, got=text[:40], expected=", ".join(words))
        return text

    return Query(name, read, None, {"type": "string", "enum": list(words)}, meaning)


LANG = one_of("lang", LANGUAGES, "language", "Language of labels and sentences; else that which the client prefers.")


def read(request: HTTPConnection, *queries: Query) -> dict[str, Any]:
    """The query of `request` by name, defaults filled in; SpecError for what is unknown, repeated or wrong."""
    known = {query.name: query for query in queries}
    values = {query.name: query.default for query in queries}
    problems: list[Problem] = []
    seen = set()
    for name, text in request.query_params.multi_items():
        try:
            if name not in known:
                raise fail(name[:40], "unknown-key", expected=", ".join(known) or "none")
            if name in seen:
                raise fail(name, "repeated-query")
            values[name] = known[name].read(text, name)
        except SpecError as error:
            problems.extend(error.problems)
        seen.add(name)
    if problems:
        raise SpecError(*problems[:20])
    return values
