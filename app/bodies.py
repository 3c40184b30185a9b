"""Bodies of requests: read up to a bound, then parsed as strict JSON."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from app.errors import Refused
from app.texts import fail, problem
from engine import SpecError
from engine.messages import brief

# In a text of so many characters, as many colons as keys mean that no key is there twice; it cannot be deep, either.
_SHORT = 500
_BRIEF = 40  # characters of a key in a path
_INFINITE = "number is infinity"  # as orjson says of one that is too large


async def read(request: Request, most: int) -> bytes:
    """The body of a JSON request; Refused with 415 if it is something else, 413 beyond `most` bytes."""
    said = dict(reversed(request.scope["headers"]))
    _check_type(said.get(b"content-type"), said.get(b"content-encoding"))
    if _announced(said.get(b"content-length", b"")) > most:
        raise _too_long(most)
    pieces: list[bytes] = []
    left, more = most, True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        left, more = left - len(pieces[-1]), message.get("more_body", False)
        if left < 0:
            raise _too_long(most)
    return b"".join(pieces)


def parse(text: bytes | str) -> Any:
    """The value of a JSON text; SpecError unless it is strict JSON: UTF-8, no NaN, no key twice, not too deep.

    A number that is too large for a float is named, too.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if _INFINITE in str(error):
            with suppress(json.JSONDecodeError):  # what comes after it is no JSON
                _find_misfit(text, numbers=True)
        raise fail("", "not-json", reason=str(error)) from None
    # orjson is strict except that of a repeated key the last one wins, silently.
    colons = text.count(":") if isinstance(text, str) else text.count(b":")
    if len(text) > _SHORT or _keys(value) != colons:
        _find_misfit(text)
    return value


def parse_object(text: bytes | str) -> dict[str, Any]:
    """The object of a JSON text; SpecError as `parse`, or if the text is something else."""
    value = parse(text)
    if not isinstance(value, dict):
        raise fail("", "expected-object", got=brief(value))
    return value


def _keys(value: Any) -> int:
    """How many keys a value has, within each other too."""
    if type(value) is dict:
        return len(value) + sum(map(_keys, value.values()))
    return sum(map(_keys, value)) if type(value) is list else 0


@dataclass(frozen=True, slots=True)
class _Misfit:
    """What JSON can write and nothing here can take: a key that is there twice, or a number beyond all floats."""

    key: str
    facts: dict[str, str] = field(default_factory=dict)
    name: tuple[str, ...] = ()


def _find_misfit(text: bytes | str, *, numbers: bool = False) -> None:
    """Raise SpecError for the first misfit, with its path, or for a text that is nested too deeply.

    numbers: whether to look at these, too; that takes a call for each.
    """
    found: list[_Misfit] = []

    def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Misfit:
        whole = dict(pairs)
        if len(whole) == len(pairs):
            return whole
        ((repeated, _),) = Counter(key for key, _ in pairs).most_common(1)
        found.append(_Misfit("repeated-key", name=(repeated[:_BRIEF],)))
        return found[-1]

    def number(text: str) -> float | _Misfit:
        value = float(text)
        if isfinite(value):
            return value
        found.append(_Misfit("expected-number", {"got": brief(text)[1:-1]}))
        return found[-1]

    readers: dict[str, Any] = {"parse_float": number, "parse_int": number} if numbers else {}
    decoder = json.JSONDecoder(object_pairs_hook=distinct, **readers)
    try:
        whole = decoder.decode(text if isinstance(text, str) else text.decode())
        if found:
            raise next(_misfits(whole))
    except RecursionError:
        raise fail("", "not-json", reason="nested too deeply") from None


def _misfits(value: Any, path: tuple[str, ...] = ()) -> Iterator[SpecError]:
    match value:
        case _Misfit(key, facts, name):
            yield fail(".".join(path + name), key, **facts)
        case dict():
            for name, each in value.items():
                yield from _misfits(each, (*path, name[:_BRIEF]))
        case list():
            for i, each in enumerate(value):
                yield from _misfits(each, (*path, str(i)))


def _check_type(content_type: bytes | None, encoding: bytes | None) -> None:
    if content_type == b"application/json" and encoding is None:
        return
    if content_type is None:
        raise Refused(415, problem("", "no-type"))
    told = content_type.decode("latin-1")
    media_type, _, parameters = told.lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    if media_type.strip() != "application/json" or charset not in {"", "charset=utf-8"}:
        raise Refused(415, problem("", "wrong-type", got=told[:80]))
    if encoding is not None and encoding.lower() != b"identity":
        raise Refused(415, problem("", "compressed", got=encoding.decode("latin-1")[:80]))


def _announced(length: bytes) -> int:
    return int(length) if length.isdigit() and len(length) < 20 else 0


def _too_long(most: int) -> Refused:
    # What is still to come is not read, so the connection cannot be used again.
    return Refused(413, problem("", "too-long", limit=most), headers={"connection": "close"})
