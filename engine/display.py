"""How results show themselves in a notebook: a small table of HTML, made without any library."""

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_ROWS = 8


def table(columns: Mapping[str, npt.NDArray[Any]], caption: str = "") -> str:
    """The columns as an HTML table; of many rows the first and the last few, and how many there are is said below."""
    count = len(next(iter(columns.values())))
    half = MOST_ROWS // 2
    shown = [*range(half), None, *range(count - half, count)] if count > MOST_ROWS + 1 else [*range(count)]
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    rows = "".join(f"<tr>{_cells(columns, row)}</tr>" for row in shown)
    parts = [escape(caption)] if caption else []
    parts += [f"{count} rows"] if None in shown else []
    foot = f"<p>{' '.join(parts)}</p>" if parts else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{foot}"


def _cells(columns: Mapping[str, npt.NDArray[Any]], row: int | None) -> str:
    texts = ("…" if row is None else _text(column[row]) for column in columns.values())
    return "".join(f'<td style="text-align: right">{text}</td>' for text in texts)


def _text(value: Any) -> str:
    if isinstance(value, float | np.floating):
        return f"{value:.6g}"
    return escape(str(value))
