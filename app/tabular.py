"""Tables in every form in which they can be had: columns in, bytes out, piece by piece so that memory stays bounded."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from starlette.requests import Request

from app import negotiation
from app.answers import Columns, dumps
from app.errors import Refused
from app.texts import problem

# A message of no length ends a stream: https://arrow.apache.org/docs/format/Columnar.html
END_OF_ARROW = b"\xff\xff\xff\xff\0\0\0\0"
ROWS_AS_TEXT, ROWS_AS_NUMBERS = 2**10, 2**16  # at a time: neither memory nor the event loop is held for long


def pieces(tables: Iterable[Columns], most: int = ROWS_AS_TEXT) -> Iterator[Columns]:
    """The same rows, at most so many of them at a time; of a table without rows, its columns."""
    for table in tables:
        for first in range(0, max(rows(table), 1), most):
            yield {name: column[first : first + most] for name, column in table.items()}


def rows(table: Columns) -> int:
    """How many rows a table has."""
    return len(next(iter(table.values())))


def csv(tables: Iterable[Columns]) -> Iterator[bytes]:
    """Lines of CSV (RFC 4180) below a line with the names; a field is empty where a number is masked or not finite."""
    named = False
    for piece in pieces(tables):
        if not named:
            yield ",".join(piece).encode() + b"\r\n"
            named = True
        if rows(piece):
            yield b"".join(b",".join(row) + b"\r\n" for row in _rows(piece, _csv_texts))


def ndjson(tables: Iterable[Columns]) -> Iterator[bytes]:
    """One object of JSON on each line."""
    for piece in pieces(tables):
        template = b"{" + b",".join(orjson.dumps(name) + b":%b" for name in piece) + b"}\n"
        if rows(piece):
            yield b"".join(template % row for row in _rows(piece, _json_texts))


def arrow(tables: Iterable[Columns]) -> Iterator[bytes]:
    """A stream of Arrow record batches; a number that is masked or not finite is null, as in the other forms."""
    import pyarrow as pa

    named = False
    for piece in pieces(tables, ROWS_AS_NUMBERS):
        batch = pa.record_batch({name: _arrow_column(pa, column) for name, column in piece.items()})
        if not named:
            yield batch.schema.serialize().to_pybytes()
            named = True
        yield batch.serialize().to_pybytes()
    if named:
        yield END_OF_ARROW


def json(table: Columns) -> Iterator[bytes]:
    """An object of JSON with an array for each column."""
    yield b"{"
    for i, (name, column) in enumerate(table.items()):
        yield (b"," if i else b"") + orjson.dumps(name) + b":["
        for j, piece in enumerate(pieces([{name: column}])):
            yield (b"," if j else b"") + b",".join(_json_texts(piece[name]))
        yield b"]"
    yield b"}"


def written(table: Columns, media_type: str) -> Iterator[bytes]:
    """A table in one of the forms, JSON among them."""
    return json(table) if media_type == JSON else FORMS[media_type].write([table])


def _arrow_column(pa: Any, column: npt.NDArray[Any]) -> Any:
    if column.dtype.kind in "fiu":
        missing = _missing(column)
        return pa.array(np.ma.getdata(column), mask=missing if missing.any() else None)
    return pa.array([str(value) for value in column.tolist()], pa.string())


def _missing(column: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Where a column of numbers has none: masked, or not finite."""
    missing: npt.NDArray[np.bool_] = np.ma.getmaskarray(column) | ~np.isfinite(np.ma.getdata(column))
    return missing


def _rows(piece: Columns, texts: Callable[[npt.NDArray[Any]], list[bytes]]) -> Iterator[tuple[bytes, ...]]:
    return zip(*map(texts, piece.values()), strict=True)


def _json_texts(column: npt.NDArray[Any], missing: bytes = b"null") -> list[bytes]:
    """Each value as JSON that gives back the same bits; `missing` where a number is masked or not finite."""
    if column.dtype.kind not in "fiu" or not column.size:
        return [orjson.dumps(value) for value in column.tolist()]
    texts = dumps(np.ascontiguousarray(np.ma.getdata(column)))[1:-1].split(b",")
    for i in np.flatnonzero(_missing(column)):
        texts[i] = missing
    return texts


def _csv_texts(column: npt.NDArray[Any]) -> list[bytes]:
    if column.dtype.kind in "fiu":
        return _json_texts(column, b"")
    return [_quoted(str(value)).encode() for value in column.tolist()]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a table: how it is written, its content type, and the extra that it needs with the module it brings."""

    write: Callable[[Iterable[Columns]], Iterator[bytes]]
    content_type: str
    extra: str = ""
    module: str = ""

    @property
    def available(self) -> bool:
        """Whether what it needs is installed."""
        return not self.module or find_spec(self.module) is not None


FORMS = {
    "text/csv": Form(csv, "text/csv; charset=utf-8; header=present"),
    "application/x-ndjson": Form(ndjson, "application/x-ndjson"),
    "application/vnd.apache.arrow.stream": Form(
        arrow, "application/vnd.apache.arrow.stream", extra="arrow", module="pyarrow"
    ),
}
JSON = "application/json"


def negotiate(request: Request) -> str:
    """The form in which a table is wanted; Refused with 406 if there is none, or not without an extra."""
    offered = (JSON, *FORMS)
    chosen = negotiation.media_type(request.headers.get("accept"), offered)
    if chosen is None:
        raise Refused(406, problem("", "not-acceptable", expected=", ".join(offered)))
    if chosen in FORMS and not FORMS[chosen].available:
        raise Refused(406, problem("", "needs-extra", type=chosen, extra=FORMS[chosen].extra))
    return chosen


def content_type(media_type: str) -> str:
    """What the Content-Type says of a form."""
    return FORMS[media_type].content_type if media_type in FORMS else media_type
