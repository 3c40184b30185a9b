"""What a request prefers: its Accept, Accept-Language and Accept-Encoding headers, with their q-values (RFC 9110)."""

from collections.abc import Sequence
from functools import lru_cache

from starlette.types import Scope


def qualities(header: str) -> list[tuple[str, float]]:
    """The choices of a header in lower case with their q-values; what makes no sense is left out."""
    choices = []
    for part in header.lower().split(","):
        choice, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                quality = _quality(value.strip())
        if choice and 0 <= quality <= 1:
            choices.append((choice, quality))
    return choices


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0


def media_type(header: str | None, offered: Sequence[str]) -> str | None:
    """The media type of those offered that is liked best, the first of equals; None if none is acceptable.

    The most specific range that fits decides: `text/csv;q=0, */*` takes anything but CSV.
    """
    if header is None or not header.strip():
        return offered[0]
    ranges = dict(reversed(qualities(header)))
    liking = {offer: _liking(offer, ranges) for offer in offered}
    best = max(offered, key=lambda offer: liking[offer])
    return best if liking[best] > 0 else None


def _liking(offer: str, ranges: dict[str, float]) -> float:
    for candidate in (offer, offer.partition("/")[0] + "/*", "*/*"):
        if candidate in ranges:
            return ranges[candidate]
    return 0.0


def language(header: str | None, offered: Sequence[str]) -> str:
    """The language of those offered that is liked best, `zh-CN` counting as `zh`; the first if none is asked for."""
    liking = dict.fromkeys(offered, 0.0)
    for choice, quality in qualities(header or ""):
        for offer in offered:
            if choice == offer or choice.startswith(offer + "-"):
                liking[offer] = max(liking[offer], quality)
    best = max(offered, key=lambda offer: liking[offer])
    return best if liking[best] > 0 else offered[0]


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of a name, in lower case, without making anything of the others."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


@lru_cache(maxsize=64)
def takes_gzip(header: str | None) -> bool:
    """Whether an Accept-Encoding header takes gzip."""
    if header is None:
        return False
    choices = dict(reversed(qualities(header)))
    return choices.get("gzip", choices.get("*", 0.0)) > 0
