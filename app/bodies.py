"""Bodies of requests: read up to a bound, then parsed as strict JSON."""

import json
from collections import Counter
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from app.errors import Refused
from app.texts import fail, problem
from engine.messages import brief

# In a text of so many characters, as many colons as keys mean that no key is there twice; it cannot be deep, either.
_SHORT = 500


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
    """The value of a JSON text; SpecError unless it is strict JSON: UTF-8, no NaN, no key twice, not too deep."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise fail("", "not-json", reason=str(error)) from None
    # orjson is strict except that of a repeated key the last one wins, silently.
    colons = text.count(":") if isinstance(text, str) else text.count(b":")
    if len(text) <= _SHORT and _keys(value) == colons:
        return value
    try:
        _KEYS.decode(text if isinstance(text, str) else text.decode())
    except RecursionError:
        raise fail("", "not-json", reason="nested too deeply") from None
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


def _distinct(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) < len(pairs):
        ((repeated, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise fail(repeated[:40], "repeated-key")


_KEYS = json.JSONDecoder(object_pairs_hook=_distinct)


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
