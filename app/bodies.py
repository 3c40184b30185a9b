"""Bodies of requests: read up to a bound, then parsed as strict JSON."""

import json
from collections import Counter
from typing import Any

import orjson
from starlette.requests import Request

from app.errors import Refused
from app.negotiation import header
from app.texts import fail, problem
from engine.messages import brief


async def read(request: Request, most: int) -> bytes:
    """The body of a JSON request; Refused with 415 if it is something else, 413 beyond `most` bytes."""
    _check_type(header(request.scope, b"content-type"), header(request.scope, b"content-encoding"))
    if _announced(header(request.scope, b"content-length") or "") > most:
        raise _too_long(most)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise _too_long(most)
    return bytes(body)


def parse(text: bytes | str) -> Any:
    """The value of a JSON text; SpecError unless it is strict JSON: UTF-8, no NaN, no key twice, not too deep."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise fail("", "not-json", reason=str(error)) from None
    # orjson is strict except that of a repeated key the last one wins, silently.
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


def _distinct(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) < len(pairs):
        ((repeated, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise fail(repeated[:40], "repeated-key")


_KEYS = json.JSONDecoder(object_pairs_hook=_distinct)


def _check_type(content_type: str | None, encoding: str | None) -> None:
    if content_type is None:
        raise Refused(415, problem("", "no-type"))
    media_type, _, parameters = content_type.lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    if media_type.strip() != "application/json" or charset not in {"", "charset=utf-8"}:
        raise Refused(415, problem("", "wrong-type", got=content_type[:80]))
    if encoding is not None and encoding.lower() != "identity":
        raise Refused(415, problem("", "compressed", got=encoding[:80]))


def _announced(length: str) -> int:
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


def _too_long(most: int) -> Refused:
    # What is still to come is not read, so the connection cannot be used again.
    return Refused(413, problem("", "too-long", limit=most), headers={"connection": "close"})
